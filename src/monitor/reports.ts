import path from 'node:path';
import type {ChannelView, WorkReport} from './evidence.js';
import {oneLine, readSmall} from './files.js';

/**
 * What the jobs of the gateway's user left in their folder, and root's word on a warm standby. That user runs an
 * agent, so nothing is trusted beyond its form: small regular files, known words, one line of text.
 */
export async function readReports(folder: string, warmFile: string): Promise<WorkReport[]> {
  const jobs = ['sync', 'handback', 'handback-push', 'prepare', 'secrets'] as const;
  const files = [
    ...jobs.map((job) => [job, path.join(folder, `${job}.json`)] as const),
    ['warm', warmFile] as const,
  ];
  const reports = await Promise.all(
    files.map(async ([job, file]) => parseReport(job, await readSmall(file, 2048))),
  );
  return reports.filter((report) => report !== undefined);
}

/** What the verify job saw last; undefined: nothing, or nothing well-formed. */
export async function readChannel(folder: string): Promise<ChannelView | undefined> {
  return parseChannel(await readSmall(path.join(folder, 'verify.json'), 2048));
}

export function parseReport(job: WorkReport['job'], text: string | undefined): WorkReport | undefined {
  const tree = parseObject(text);
  const {at, result, detail} = tree;
  if (typeof at !== 'string' || !/^[\dT:.Z+-]{10,40}$/.test(at)) return undefined;
  if (typeof result !== 'string' || !/^[a-z][a-z-]{0,31}$/.test(result)) return undefined;
  return {job, at, result, detail: typeof detail === 'string' ? oneLine(detail) : ''};
}

export function parseChannel(text: string | undefined): ChannelView | undefined {
  const {connected, detail, seq, connectedAtMs} = parseObject(text);
  if (typeof connected !== 'boolean' || !Number.isSafeInteger(seq)) return undefined;
  return {
    connected,
    detail: typeof detail === 'string' ? oneLine(detail) : '',
    seq: seq as number,
    ...(Number.isSafeInteger(connectedAtMs) && {connectedAtMs: connectedAtMs as number}),
  };
}

function parseObject(text: string | undefined): Record<string, unknown> {
  try {
    const tree: unknown = JSON.parse(text ?? '');
    return typeof tree === 'object' && tree !== null ? (tree as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
