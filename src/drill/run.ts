import {setTimeout as sleep} from 'node:timers/promises';
import {Abort, Exit} from '../errors.js';
import {lock, type Lock} from '../plan/lock.js';
import {timeOfDay} from '../screens/format.js';
import type {HostName} from '../ssh/host.js';
import {untilAborted} from '../ssh/until-aborted.js';
import {Drill} from './drill.js';
import type {PreflightCheck} from './checks.js';
import type {DrillPort} from './events.js';
import type {DrillParts, DrillPlan} from './parts.js';
import type {PrimaryLook} from './look.js';
import {prepare, type Wish} from './prepare.js';
import {mayGoOn} from './preflight.js';
import {isRunning, loadRecord, type DrillRecord} from './record.js';
import {mustScript} from '../plan/must.js';
import {undoScript} from './dead-man.js';
import type {DrillReport} from './report.js';

/** How a drill came to be none: nothing was broken. */
export type NoDrill = {none: 'not-wanted'} | {none: 'nothing'} | {none: 'red'; red: readonly string[]};

export interface RunOptions extends Wish {
  /** Only the checklist. */
  dryRun: boolean;
}

/**
 * A drill from the checklist to its report.
 * @throws Abort what keeps it from being begun; (130) when it was left in the middle
 */
export async function runDrill(
  parts: DrillParts,
  options: RunOptions,
  port: DrillPort,
): Promise<DrillReport | NoDrill> {
  port.emit({type: 'doing', say: 'looking at both hosts'});
  const first = await unlessStopped(prepare(parts, options), port);
  const goes = first.goes && first.checks.every(({sign}) => sign !== 'stop');
  port.emit({type: 'checks', checks: first.checks, impact: first.impact, goes: first.goes});
  if (!first.goes) return {none: 'red', red: redOf(first.checks)};
  if (options.dryRun || !(await port.confirm())) return {none: 'not-wanted'};
  return locked(parts, options, port, async () => {
    // Whoever read the checklist for an hour may have missed something.
    const now = await unlessStopped(prepare(parts, options), port);
    const turned = now.checks.filter(({sign}) => sign === 'stop');
    if (!mayGoOn(now.checks, options.force) || (goes && turned.length > 0)) {
      port.emit({type: 'checks', checks: now.checks, impact: now.impact, goes: false});
      return {none: 'red', red: redOf(now.checks)};
    }
    if (port.stop.aborted) throw ended();
    return new Drill(now.plan, parts, port).run();
  });
}

/** What stands against it, by the names of the checks. */
const redOf = (checks: readonly PreflightCheck[]) =>
  checks.filter(({sign}) => sign === 'stop').map(({id}) => id);

const ended = () => new Abort('Left. Nothing was broken by it.', {exit: Exit.interrupted});

/** ms; what is to be started again may still be draining, for up to 315 s. */
const takeBackLimitMs = 340_000;
/** ms for which somebody who leaves at once waits for the locks: a host may be out of reach. */
const leaveLimitMs = 2_000;

/** Both hosts, in the order in which setup locks them. */
async function locked<T>(
  parts: DrillParts,
  {fault, breakLock}: Pick<RunOptions, 'fault' | 'breakLock'>,
  {force}: DrillPort,
  act: () => Promise<T>,
): Promise<T> {
  const locks: {name: HostName; held: Lock}[] = [];
  try {
    for (const name of ['standby', 'primary'] as const) {
      const why = `drill (${fault}) of the pair ${parts.pair.name}`;
      // oxlint-disable-next-line no-await-in-loop
      locks.push({name, held: await lock(await parts.sources[name](), why, {breakIt: breakLock})});
    }
    return await act();
  } finally {
    // The connection of the beginning may be long gone.
    const released = Promise.allSettled(
      locks.map(async ({name, held}) => held.release(await parts.sources[name]())),
    );
    const over = new AbortController();
    const limit = sleep(leaveLimitMs, undefined, {signal: over.signal}).catch(() => undefined);
    await (force.aborted ? Promise.race([released, limit]) : released);
    over.abort();
  }
}

/**
 * The drill of this machine that did not come to its end, if there is one.
 * @throws Abort when it goes on in another terminal
 */
export async function halfDone(parts: Pick<DrillParts, 'files'>): Promise<DrillRecord | undefined> {
  const record = await loadRecord(parts.files.drillRunning);
  if (record && isRunning(record)) {
    throw new Abort(
      `A drill of this pair (${record.fault}) is under way on this machine since ${timeOfDay(Date.parse(record.startedAt))}, process ${record.pid}.`,
      {next: ['Wait for its end, or end it there with Ctrl+C.'], exit: Exit.failed},
    );
  }
  return record;
}

/**
 * Finishes it, or takes it back; with its report. The lock of whoever began it is broken where that is known to be gone.
 * @param record of this machine; undefined: one of another machine, which the primary tells of
 * @throws Abort when nothing can be seen of the pair beyond the primary; it is taken back there all the same
 */
export async function endHalfDone(
  parts: DrillParts,
  record: DrillRecord | undefined,
  how: 'finish' | 'revert',
  options: Omit<RunOptions, 'dryRun'>,
  port: DrillPort,
): Promise<DrillReport | NoDrill> {
  // Nothing else is needed for that, and the users of the primary have waited for long enough.
  if (how === 'revert') await takeBackOnHost(parts, options, port);
  port.emit({type: 'doing', say: 'looking at both hosts'});
  const wish = {...options, fault: record?.fault ?? options.fault, ...(record && {id: record.id})};
  const looking = prepare(parts, wish).catch((error: unknown) => {
    throw how === 'revert' ? takenBackBut(error) : error;
  });
  const {plan, look} = await unlessStopped(looking, port, () => leftHalfDone(how));
  if (!record && !look.mark && look.revertS === null && !look.cut) return {none: 'nothing'};
  const drill = new Drill(planOf(plan, record, look), parts, port);
  return locked(parts, wish, port, async () => {
    // Somebody else may have ended it while this one waited for an answer.
    if (record && !(await loadRecord(parts.files.drillRunning))) return {none: 'nothing'} as const;
    if (how === 'revert' || !record || record.faultAtMs === null)
      return drill.revert(record, 'It did not come to its end, was found half-done, and was taken back.');
    const armed = look.revertS !== null;
    // What was concluded holds, whoever took the fault back then.
    return !armed && !record.soFar?.concluded
      ? drill.revert(
          record,
          'It did not come to its end: the primary undid it by itself before it could be finished.',
        )
      : drill.finish(record, armed);
  });
}

/** What was decided when it began holds; what is seen of it on the primary says which fault it was. */
function planOf(plan: DrillPlan, record: DrillRecord | undefined, {mark, cut}: PrimaryLook): DrillPlan {
  if (record) {
    const {checks, forced, targets} = record;
    return {...plan, mark: markOf(record), checks, forced, targets};
  }
  const fault = mark?.fault ?? (cut ? 'partition' : plan.fault);
  // Its ID may be that of a report which is kept already, and the name of a file is nothing for a host to say.
  return {...plan, fault, forced: false, ...(mark && {mark: {...mark, id: plan.mark.id}})};
}

/** It is done where it matters, and not seen from here. */
function takenBackBut(error: unknown): unknown {
  if (!(error instanceof Abort)) return error;
  const {message, detail, next, exit} = error;
  return new Abort(`The fault was taken back on the primary. What became of it was not seen: ${message}`, {
    ...(detail !== undefined && {detail}),
    next,
    exit,
    cause: error,
  });
}

/** Left before both hosts were seen: what was done, and what stands. */
function leftHalfDone(how: 'finish' | 'revert'): Abort {
  return how === 'revert'
    ? new Abort('Left. The fault was taken back on the primary; whether all is well again was not seen.', {
        next: ['See it: failover-wizard status', 'The next drill goes on from there.'],
        exit: Exit.interrupted,
      })
    : new Abort('Left. The drill stands as it was: the primary undoes it when its timer says so.', {
        next: ['To take it back now: failover-wizard drill --revert'],
        exit: Exit.interrupted,
      });
}

/** @throws Abort (130) when the operator leaves first */
function unlessStopped<T>(promise: Promise<T>, port: DrillPort, left: () => Abort = ended): Promise<T> {
  return untilAborted(promise, AbortSignal.any([port.stop, port.force])).catch((error: unknown) => {
    throw port.stop.aborted || port.force.aborted ? left() : error;
  });
}

/** Whatever the primary keeps for that, run on the primary. */
async function takeBackOnHost(
  {pair, sources}: DrillParts,
  {breakLock}: Pick<RunOptions, 'breakLock'>,
  port: DrillPort,
): Promise<void> {
  port.emit({type: 'doing', say: 'taking the fault back on the primary'});
  const primary = await sources.primary();
  // Whoever still runs it is named, and is to end it.
  const held = await lock(primary, `taking back a drill of the pair ${pair.name}`, {breakIt: breakLock});
  try {
    await mustScript(
      primary,
      {label: `drill: run ${undoScript}`, text: `if [ -f ${undoScript} ]; then sh ${undoScript}; fi\n`},
      {doing: 'take the fault back', timeoutMs: takeBackLimitMs, signal: port.force},
    );
  } catch (error) {
    if (!port.force.aborted) throw error;
    throw new Abort('Left while the fault was being taken back; the timer on the primary does it as well.', {
      next: ['See it: failover-wizard status'],
      exit: Exit.interrupted,
    });
  } finally {
    await held.release();
  }
}

const markOf = ({id, fault, startedAt, who, machine}: DrillRecord) => ({id, fault, startedAt, who, machine});
