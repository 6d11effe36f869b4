import {rename} from 'node:fs/promises';
import {readSmall, replaceFile} from '../files.js';
import type {News} from './news.js';
import type {Queue} from './queue.js';

/** tell-queue.json: what a restarted monitor goes on telling. It holds no secret; `watch` and `status` may read it. */
export interface Kept {
  version: 1;
  header: string;
  news: News;
  queue: Queue;
  /** Target → how it went last, for `status`. */
  last: Record<string, {delivered: string | null; error: string | null}>;
}

/** bytes; the queue is bounded, and so is everything else in it. */
const maxBytes = 2 << 20;

/** @throws the system's error when the disk is full or read-only. */
export const saveKept = (file: string, kept: Omit<Kept, 'version' | 'header'>) =>
  replaceFile(
    file,
    `${JSON.stringify({version: 1, header: 'Written by the health monitor of failover-wizard. Do not edit.', ...kept} satisfies Kept)}\n`,
  );

/** undefined: there is none. One that cannot be trusted is put aside, and `broken` says where. Never throws. */
export async function loadKept(file: string): Promise<{kept?: Kept; broken?: string}> {
  const text = await readSmall(file, maxBytes);
  const kept = text === undefined ? undefined : parseKept(text);
  if (kept) return {kept};
  const aside = `${file}.broken-${Date.now()}`;
  try {
    await rename(file, aside);
    return {broken: `the queue of messages was broken and is kept as ${aside}`};
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? {} : {broken: `the queue of messages cannot be read (${code})`};
  }
}

function parseKept(text: string): Kept | undefined {
  try {
    const tree: unknown = JSON.parse(text);
    return isKept(tree) ? tree : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const every = (value: unknown, check: (one: unknown) => boolean) =>
  isObject(value) && Object.values(value).every((one) => check(one));
const isText = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
const isStamp = (value: unknown) =>
  isObject(value) && isText(value['boot']) && isNumber(value['ms']) && isNumber(value['wallMs']);
const isLevel = (value: unknown) => value === 'info' || value === 'warning' || value === 'alert';

const isMessage = (value: unknown) =>
  isObject(value) &&
  ['id', 'time', 'pair', 'host', 'event', 'title', 'what', 'why', 'advice'].every((key) =>
    isText(value[key]),
  ) &&
  isLevel(value['level']);

const isEntry = (value: unknown) =>
  isObject(value) &&
  isMessage(value['message']) &&
  isStamp(value['at']) &&
  Array.isArray(value['to']) &&
  value['to'].every(isText) &&
  every(value['refused'], isNumber);

const isFlood = (value: unknown) =>
  isObject(value) &&
  Array.isArray(value['sent']) &&
  value['sent'].every((one) => isObject(one) && isStamp(one['at']) && isLevel(one['level'])) &&
  (value['digest'] === null || isDigest(value['digest']));

const isDigest = (value: unknown) =>
  isObject(value) &&
  isText(value['id']) &&
  isStamp(value['since']) &&
  isNumber(value['count']) &&
  isLevel(value['level']) &&
  Array.isArray(value['newest']) &&
  value['newest'].every(isText);

const isTold = (value: unknown) =>
  isObject(value) &&
  isText(value['event']) &&
  isLevel(value['level']) &&
  isStamp(value['at']) &&
  isNumber(value['again']);

function isKept(tree: unknown): tree is Kept {
  if (!isObject(tree) || tree['version'] !== 1) return false;
  const {news, queue, last} = tree;
  return (
    isObject(news) &&
    isNumber(news['seq']) &&
    typeof news['test'] === 'boolean' &&
    every(news['told'], isTold) &&
    every(news['flood'], isFlood) &&
    isObject(queue) &&
    Array.isArray(queue['entries']) &&
    queue['entries'].every(isEntry) &&
    every(queue['dropped'], isNumber) &&
    every(last, isObject)
  );
}
