import {rename} from 'node:fs/promises';
import type {MonitorEvent} from './events.js';
import {readSmall, replaceFile} from './files.js';
import {holds, stateNames, type Memory} from './memory.js';
import type {HeardRequests} from './operator.js';
import type {Retold} from './retell.js';

/** state.json: what a restarted monitor goes on from. */
export interface Saved {
  version: 2;
  header: string;
  /** ISO time of writing, for people. */
  time: string;
  /** ISO time of the last change of state, for people. */
  since: string;
  /** Random per boot of the host: times in `memory` are only comparable within one. */
  boot: string;
  /** The newest sentence. */
  say: string;
  /** ISO time until which a further promotion is over the limit; null while one is allowed. */
  noTakeoverUntil: string | null;
  /** Events that are perhaps not in events.jsonl yet. */
  outbox: MonitorEvent[];
  /** Reports of the jobs that were told already. */
  retold: Retold;
  /** Requests of an operator that were heard; absent in a file of an older version. */
  heard?: HeardRequests;
  memory: Memory;
}

export type Loaded =
  {kind: 'saved'; saved: Saved} | {kind: 'none'} | {kind: 'broken'; reason: string; keptAs: string};

/** bytes; the outbox is the only part that grows, and it is bounded. */
const maxBytes = 1 << 20;

/** @throws the system's error when the disk is full or read-only. */
export const saveState = (file: string, saved: Saved) =>
  replaceFile(file, `${JSON.stringify(saved, undefined, 1)}\n`);

/** Reads the state; one that cannot be trusted is put aside under a name of its own. Never throws. */
export async function loadState(file: string): Promise<Loaded> {
  const text = await readSmall(file, maxBytes);
  // A file that cannot even be read (a folder, a link, too large) fails the rename below or goes aside as well.
  const reason = text === undefined ? undefined : whyBroken(text);
  if (text !== undefined && reason === undefined) return {kind: 'saved', saved: JSON.parse(text) as Saved};
  const keptAs = `${file}.broken-${Date.now()}`;
  try {
    await rename(file, keptAs);
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {kind: 'none'};
    return {kind: 'broken', reason: reason ?? 'it cannot be read', keptAs: `${file} (${code})`};
  }
  return {kind: 'broken', reason: reason ?? 'it cannot be read', keptAs};
}

function whyBroken(text: string): string | undefined {
  let tree: unknown;
  try {
    tree = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (!isObject(tree)) return 'it is not an object';
  if (tree['version'] !== 2) return `its version is ${JSON.stringify(tree['version'])}, not 2`;
  if (typeof tree['boot'] !== 'string' || !Array.isArray(tree['outbox']) || !isObject(tree['retold']))
    return 'fields are missing';
  return isMemory(tree['memory']) ? undefined : 'its memory is not complete';
}

type Guard = (value: unknown) => boolean;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber: Guard = (value) => typeof value === 'number' && Number.isFinite(value);
const isText: Guard = (value) => typeof value === 'string';
const isFlag: Guard = (value) => typeof value === 'boolean';
const orNull =
  (guard: Guard): Guard =>
  (value) =>
    value === null || guard(value);
const orAbsent =
  (guard: Guard): Guard =>
  (value) =>
    value === undefined || guard(value);
const listOf =
  (guard: Guard): Guard =>
  (value) =>
    Array.isArray(value) && value.every(guard);
const having =
  (fields: Record<string, Guard>): Guard =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, guard]) => guard(value[name]));
const mapOf =
  (guard: Guard): Guard =>
  (value) =>
    isObject(value) && Object.values(value).every(guard);
const word =
  (...words: string[]): Guard =>
  (value) =>
    words.includes(value as string);

const view = (fields: Record<string, Guard>) => orNull(having({...fields, atMs: isNumber}));

/** Whether it is all there, so that a decision can be made from it. */
export const isMemory = having({
  state: word(...stateNames),
  sinceMs: isNumber,
  sequence: isNumber,
  role: having({want: word('active', 'standby', 'none'), seq: isNumber}),
  probe: view({class: isText, tookMs: isNumber, detail: isText}),
  suspicion: orNull(
    having({
      firstMs: isNumber,
      count: isNumber,
      class: isText,
      classSinceMs: isNumber,
      lastMs: isNumber,
      changedMs: isNumber,
      verdictMs: orNull(isNumber),
      reason: orNull(isText),
      startingMs: orNull(isNumber),
      told: orNull(isText),
      timers: mapOf(having({sinceMs: isNumber, looks: isNumber, look: isNumber})),
      broken: mapOf(isNumber),
    }),
  ),
  inquiry: orNull(
    having({
      startedMs: isNumber,
      asked: having({kind: word('report', 'refused', 'slow', 'other-host', 'mute', 'silent', 'unavailable')}),
      publicPath: orNull(having({alive: isFlag, detail: isText})),
      witness: having({alive: isFlag, by: isText}),
    }),
  ),
  reach: having({
    works: orNull(isFlag),
    failures: isNumber,
    detail: isText,
    tookMs: orNull(isNumber),
    told: orNull(isFlag),
  }),
  // Not there in the state of an older version, as the next one.
  readiness: orAbsent(having({badMs: orNull(isNumber), why: isText, told: isFlag})),
  slowness: orAbsent(having({usualMs: orNull(isNumber), sinceMs: orNull(isNumber), told: isFlag})),
  restarts: listOf(isNumber),
  good: orNull(having({count: isNumber, firstMs: isNumber})),
  lastOkMs: orNull(isNumber),
  unit: view({state: isText, result: isText, exitCode: isNumber}),
  handled: orNull(having({role: isText, seq: isNumber, code: isNumber})),
  gateway: view({live: isFlag, ready: isFlag}),
  channel: view({connected: isFlag, detail: isText, seq: isNumber}),
  takeover: orNull(
    having({
      promotingMs: isNumber,
      attempt: isNumber,
      attemptMs: isNumber,
      retryMs: orNull(isNumber),
      activeMs: orNull(isNumber),
      started: isFlag,
      ready: isFlag,
    }),
  ),
  demotingMs: orNull(isNumber),
  promotions: listOf(isNumber),
  crashes: listOf(isNumber),
  held: orNull(word(...holds)),
  pause: orNull(having({untilMs: isNumber, why: isText, id: isText})),
  latch: orNull(having({untilMs: isNumber, told: isFlag})),
  failbackAsked: isFlag,
  byHand: isFlag,
  degraded: orNull(isText),
  resume: isFlag,
  driftMs: orNull(isNumber),
  bootGraceMs: orNull(isNumber),
});
