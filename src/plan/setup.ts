import type {SplitConflict} from '../channels/types.js';
import {Abort, Exit} from '../errors.js';
import type {Pair} from '../pair/schema.js';
import {isHandedOver, lastingConflicts} from '../phases/5-disable.js';
import {phases} from '../phases/index.js';
import type {Finding, Phase, PhaseId, PlanInput} from '../phases/phase.js';
import type {Secret} from '../secret.js';
import type {Change} from './change.js';
import type {Measure, PhaseSummary, SetupEvent, SetupPort, SetupSummary} from './events.js';
import {applyKind} from './kinds/index.js';
import {awaitLeftovers} from './leftovers.js';
import {countingWaits} from './patience.js';
import {lock, type Lock} from './lock.js';
import {runPhase} from './run-phase.js';
import {readPair, type Hosts, type Reading} from './read.js';
import {isUnsettled, settle} from './settle.js';
import {viewChange} from './view.js';

export interface SetupInput {
  hosts: Hosts;
  pair: Pair;
  /** Secrets supplied in this run, by their name in the standby's env file. */
  secrets: Readonly<Record<string, Secret>>;
  /** Public key line for `openclaw` on the standby. */
  operatorKey?: string;
  /** How both hosts are reached from here; the standby reaches the primary's SSH by it. */
  reached?: PlanInput['reached'];
  programs: {monitor: string; accounts: string};
  version: string;
  /** Plan all six phases, change nothing. */
  dryRun: boolean;
  /** A reading made just before (for the questions); saves a round trip. */
  reading?: Reading;
  /** Take the lock of a run that cannot be running any more. */
  breakLock?: boolean;
  /** Default: all six. */
  phases?: readonly Phase[];
  /** What the lock says; default: `setup`. */
  purpose?: string;
  /**
   * Asked before anything is shown or changed, and again with the lock in hand. With it, nothing that an interrupted run
   * left is settled: whoever minds refuses. @throws Abort
   */
  mayBegin?: (current: PlanInput) => void;
  /** How hosts are read; tests put recorded facts here. */
  read?: typeof readPair;
  /** How a change is applied; tests put a model of the hosts here. */
  apply?: typeof applyKind;
}

function read(
  {hosts, pair, secrets, programs, read: how = readPair}: SetupInput,
  known?: Reading,
): Promise<Reading> {
  return how(hosts, pair, secrets, programs.accounts, known);
}

/** What the phases get to see of a reading. */
export function planInput(
  input: Pick<SetupInput, 'pair' | 'secrets' | 'operatorKey' | 'reached' | 'programs' | 'version'>,
  reading: Reading,
): PlanInput {
  const {pair, secrets, operatorKey, reached, programs, version} = input;
  return {
    ...reading,
    pair,
    secrets,
    programs,
    version,
    ...(operatorKey !== undefined && {operatorKey}),
    ...(reached && {reached}),
  };
}

/** All that differs, phase by phase. */
export function planAll(
  input: PlanInput,
  among: readonly Phase[] = phases,
): {phase: Phase; changes: Change[]}[] {
  return among.map((phase) => ({phase, changes: [...phase.plan(input)]}));
}

export function allFindings(input: PlanInput, among: readonly Phase[] = phases): Finding[] {
  return among.flatMap((phase) => phase.findings?.(input) ?? []);
}

/**
 * Setup as a story: read, refuse what cannot end well, then phase by phase plan, apply and verify. Re-running
 * it is always safe; a finished pair costs one round trip per host.
 * @throws Abort with the exit code of what went wrong (5 for a split conflict)
 */
export async function runSetup(input: SetupInput, outer: SetupPort): Promise<SetupSummary> {
  const started = performance.now();
  const {port, waitedMs} = countingWaits(outer);
  let reading = input.reading ?? (await read(input));
  let current = planInput(input, reading);
  port.emit({type: 'facts', host: 'primary', facts: reading.primary});
  port.emit({type: 'facts', host: 'standby', facts: reading.standby});
  port.emit({type: 'split', split: reading.split, at: 'start'});
  input.mayBegin?.(current);
  const findings = allFindings(current, input.phases);
  if (findings.length > 0) port.emit({type: 'findings', findings});
  const plan = planAll(current, input.phases);
  const measures: Measure[] = [];
  const done = (summaries: PhaseSummary[], nothingToDo: boolean): SetupSummary => {
    const complete = summaries.every(({status}) => status === 'done' || status === 'unchanged');
    const summary: SetupSummary = {
      pair: input.pair.name,
      nothingToDo,
      phases: summaries,
      split: reading.split,
      measures,
      tookMs: performance.now() - started - waitedMs(),
      complete,
    };
    port.emit({type: 'done', summary});
    return summary;
  };

  if (input.dryRun) {
    for (const {phase, changes} of plan)
      port.emit({type: 'phase', phase: phase.id, status: 'planning', changes: changes.map(viewChange)});
    refuseConflicts(current);
    return done(
      plan.map(({phase, changes}) =>
        summaryOf(phase, changes.length === 0 ? 'unchanged' : 'skipped', changes.length, 0),
      ),
      false,
    );
  }
  refuseConflicts(current);
  const unsettled = input.mayBegin === undefined && isUnsettled(reading);
  if (!unsettled && plan.every(({changes}) => changes.length === 0)) {
    refuseUnknown(current);
    refuseActual(current);
    return done(
      plan.map(({phase}) => summaryOf(phase, 'unchanged', 0, 0)),
      true,
    );
  }
  if (!unsettled) refuseBlocking(findings);

  const locks: Lock[] = [];
  try {
    for (const host of [input.hosts.standby, input.hosts.primary]) {
      // In this order on every machine, so that two runs cannot hold one lock each.
      // oxlint-disable-next-line no-await-in-loop
      locks.push(
        await lock(host, `${input.purpose ?? 'setup'} of the pair ${input.pair.name}`, {
          breakIt: input.breakLock ?? false,
        }),
      );
    }
    await awaitLeftovers(input.hosts, (event) => port.emit(event));
    if (unsettled) {
      const stop = AbortSignal.any([port.stop, port.force]);
      await settle(input.hosts, reading, (event) => port.emit(event), stop);
    }
    // Whoever held the lock before may have changed what was read.
    reading = await read(input, reading);
    current = planInput(input, reading);
    input.mayBegin?.(current);
    refuseConflicts(current);
    refuseBlocking(allFindings(current, input.phases));
    const listening: SetupPort = {
      ...port,
      emit(event: SetupEvent) {
        // A test that is tried again begins anew.
        if (event.type === 'stages') measures.length = 0;
        if (event.type === 'measure') measures.push(event.measure);
        port.emit(event);
      },
    };
    const summaries: PhaseSummary[] = [];
    let skipped: PhaseId | undefined;
    for (const {phase} of plan) {
      port.emit({type: 'split', split: reading.split, at: 'before', phase: phase.id});
      if (skipped === undefined) gate(phase.id, current);
      // Phases build on each other, so they run one after the other.
      // oxlint-disable-next-line no-await-in-loop
      const ended = await runPhase(phase, input, reading, skipped !== undefined, listening);
      reading = ended.reading;
      current = planInput(input, reading);
      summaries.push(ended.summary);
      port.emit({type: 'split', split: reading.split, at: 'after', phase: phase.id});
      port.emit({type: 'phase-end', summary: ended.summary});
      if (ended.summary.status === 'skipped') skipped ??= phase.id;
      refuseConflicts(current);
    }
    return done(summaries, false);
  } finally {
    await Promise.allSettled(locks.map((held) => held.release()));
  }
}

export function summaryOf(
  phase: Phase,
  status: PhaseSummary['status'],
  changes: number,
  tookMs: number,
): PhaseSummary {
  return {phase: phase.id, number: phase.number, title: phase.title, status, changes, tookMs};
}

/** The same login on both nodes, and no phase that ends it. Reading is never blocked by this, changing is. */
function refuseConflicts(current: PlanInput): void {
  const conflicts = lastingConflicts(current);
  if (conflicts.length === 0) return;
  throw new Abort(sentenceOf(conflicts[0]!), {
    detail: conflicts
      .slice(1)
      .map(({sentence}) => sentence)
      .join('\n'),
    next: [
      'Give the standby an account of its own (channel in the answers), or remove the login from the primary.',
      `To move a login of the primary to the standby, give it the name that the primary uses: channel.account "${conflicts[0]!.primaryAccount}".`,
    ],
    exit: Exit.split,
  });
}

function sentenceOf({sentence}: SplitConflict): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function refuseUnknown({split}: PlanInput): void {
  if (split.state !== 'unknown') return;
  const {host, reason} = split.reasons[0]!;
  throw new Abort(`The channel split is unknown, which is not disjoint: ${reason} (${host}).`, {
    detail: split.reasons
      .slice(1)
      .map((other) => `${other.host}: ${other.reason}`)
      .join('\n'),
    next: [
      'Make the credential readable on the host (env or file instead of exec or store), then run the same command again.',
    ],
    exit: Exit.split,
  });
}

/** The phases that let the standby log in, or try it for real, wait until the split is known and disjoint. */
function gate(phase: PhaseId, current: PlanInput): void {
  if (phase === 'disable' || phase === 'test') refuseUnknown(current);
  if (phase !== 'test') return;
  refuseActual(current);
}

/** What both nodes really have in common now, and what phase 5 has not ended. */
function refuseActual(current: PlanInput): void {
  const open = current.planned.filter((conflict) => isHandedOver(conflict, current));
  const actual = current.split.state === 'conflict' ? current.split.conflicts : [];
  const [first] = [...actual, ...open];
  if (!first) return;
  throw new Abort(sentenceOf(first), {
    next: [
      'Disable the account on one of the nodes (openclaw config), or remove the credential from its env file.',
      'Then run the same command again.',
    ],
    exit: Exit.split,
  });
}

function refuseBlocking(findings: readonly Finding[]): void {
  const blocking = findings.filter(({level}) => level === 'blocks');
  if (blocking.length === 0) return;
  throw new Abort(blocking[0]!.sentence, {
    detail: blocking
      .slice(1)
      .map(({sentence, fix}) => (fix ? `${sentence} ${fix}` : sentence))
      .join('\n'),
    next: blocking[0]!.fix ? [blocking[0]!.fix] : [],
  });
}
