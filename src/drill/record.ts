import {readFileSync} from 'node:fs';
import {rm, readFile} from 'node:fs/promises';
import {uptime} from 'node:os';
import {z} from 'zod';
import {writeWhole} from '../pair/store.js';
import {stripControl} from '../ssh/strip.js';
import {drillReport, faultNames} from './report.js';
import {soFar} from './so-far.js';

const name = z.string().max(200).transform(stripControl);

/** What is written on the primary beside the timer: whose drill it is. */
export const drillMark = z.object({
  id: z
    .string()
    .max(40)
    .regex(/^[\w-]+$/),
  fault: z.enum(faultNames),
  /** ISO, by the clock of the operator's machine. */
  startedAt: z.iso.datetime(),
  who: name,
  machine: name,
});
export type DrillMark = z.infer<typeof drillMark>;

/** Parses what the primary says; undefined where it is nothing of ours. Pure. */
export function parseMark(text: string): DrillMark | undefined {
  try {
    const read = drillMark.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** What the operator's machine remembers of a drill while it is under way: enough to finish it, or to tell of it. */
export const drillRecord = drillMark.extend({
  version: z.literal(1),
  pair: z.string(),
  pid: z.number().int(),
  /** epoch ms of this machine when the fault took effect; null: it was not made yet, or nobody knows. */
  faultAtMs: z.number().nullable(),
  /** ms that the stop took. */
  stoppingMs: z.number().nullable(),
  /** epoch ms of this machine at which the primary undoes it by itself; null: its timer is disarmed. */
  revertAtMs: z.number().nullable(),
  /** As they were when it began: what is changed meanwhile is for the next one. */
  targets: drillReport.shape.targets,
  checks: drillReport.shape.preflight.shape.checks,
  forced: z.boolean(),
  /** How the workspaces stood when the fault was made (parts.ts). */
  workspace: z.object({
    rpoMs: z.number().nullable(),
    behind: z.number().nullable(),
    dirty: z.number().nullable(),
  }),
  /** Absent, and where it cannot be read: as of one that was begun by an older version. */
  soFar: soFar.optional().catch(undefined),
});
export type DrillRecord = z.infer<typeof drillRecord>;

/** The drill that is under way or was cut off; undefined: none. A broken file is none: what is in force the hosts say. */
export async function loadRecord(path: string): Promise<DrillRecord | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const read = drillRecord.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** @throws Abort when it cannot be written: nothing is broken that nobody would remember */
export const saveRecord = (path: string, record: DrillRecord) =>
  writeWhole(path, `${JSON.stringify(record, null, 2)}\n`);

export const dropRecord = (path: string) => rm(path, {force: true});

/**
 * Whether whoever began it still runs on this machine. Numbers of processes come round: one that began before this
 * machine was started is gone, and where the system tells what a process is, it has to be this program.
 */
export function isRunning({pid, startedAt}: Pick<DrillRecord, 'pid' | 'startedAt'>): boolean {
  if (pid === process.pid) return false;
  if (Date.parse(startedAt) < Date.now() - uptime() * 1000) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('failover-wizard');
  } catch {
    return true;
  }
}
