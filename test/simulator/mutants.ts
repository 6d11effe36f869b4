import {decideWith, type Row, table} from '../../src/monitor/machine.js';
import * as is from '../../src/monitor/judge.js';
import {Monitor} from '../../src/monitor/loop.js';
import {observe} from '../../src/monitor/observe.js';
import type {PrimaryReport} from '../../src/monitor/evidence.js';
import {restore, type Found} from '../../src/monitor/restore.js';
import type {MonitorSettings} from '../../src/monitor/settings.js';
import {rules, type Reason, type Rule} from '../../src/monitor/verdict.js';
import type {Rule as Broken} from './auditors/auditor.js';
import {realReaders, type Readers} from './wire.js';
import type {Core, World} from './world.js';

/** A mistake that somebody could make in the core, and the rules of which one must be seen broken by it. */
export interface Mutant {
  mistake: string;
  breaks: readonly Broken[];
  core: Core;
  /** Rows of the fault matrix that have to meet for it; else it is looked for among all. */
  rows?: readonly string[];
}

type Decide = ReturnType<typeof decideWith>;

/** The real core but for what is given. */
const core = (parts: {
  decide?: Decide;
  restore?: typeof restore;
  settings?: (s: MonitorSettings) => MonitorSettings;
}): Core => ({
  monitor: (ports, settings) =>
    new Monitor(ports, parts.settings?.(settings) ?? settings, {
      decide: parts.decide ?? decideWith(table, rules),
      restore: parts.restore ?? restore,
    }),
});

/** Rows that are meant; there must be some, or the mutant is none. */
function rowsOf(event: Row['event'], from: Row['from'][number], rows: readonly Row[] = table): Row[] {
  const found = rows.filter((row) => row.event === event && row.from.includes(from));
  if (found.length === 0) throw new RangeError(`The table has no row ${event} from ${from}.`);
  return found;
}

const withRows = (
  event: Row['event'],
  from: Row['from'][number],
  change: (row: Row) => Row | undefined,
): Core => {
  const meant = new Set(rowsOf(event, from));
  const changed = table.flatMap((row) => (meant.has(row) ? (change(row) ?? []) : row));
  return core({decide: decideWith(changed, rules)});
};

const withRules = (reason: Reason, change: (rule: Rule) => Rule | undefined): Core => {
  if (!rules.some((rule) => rule.reason === reason)) throw new RangeError(`There is no reason ${reason}.`);
  const changed = rules.flatMap((rule) => (rule.reason === reason ? (change(rule) ?? []) : rule));
  return core({decide: decideWith(table, changed)});
};

/** A promotion that this hold does not keep back. */
const ignoringHold = (hold: string, changed: readonly Rule[] = rules): Core => {
  const meant = new Set(rowsOf('promoting', 'suspect').filter(({on}) => on.includes('probe')));
  const rows = table.map((row) =>
    meant.has(row)
      ? {
          ...row,
          when: (v: Parameters<Row['when']>[0]) =>
            is.bad(v) && is.dead(v) && [null, hold].includes(is.promotionHeld(v)),
        }
      : row,
  );
  return core({decide: decideWith(rows, changed)});
};

const holdsOf = (holds: Partial<MonitorSettings['holds']>): Core =>
  core({settings: (s) => ({...s, holds: {...s.holds, ...holds}})});

const forgetting = (part: (memory: ReturnType<typeof restore>) => object): Core =>
  core({
    restore: (found: Found, s, nowMs) => {
      const memory = restore(found, s, nowMs);
      return {...memory, ...part(memory)};
    },
  });

const withHold = (reason: Reason, holdMs: Rule['holdMs']): Rule[] =>
  rules.map((rule) => (rule.reason === reason ? {...rule, holdMs} : rule));
const learning = (holdMs: Rule['holdMs']): Core =>
  core({decide: decideWith(table, withHold('starting', holdMs))});
const longest = (restarts: readonly number[]) => 1.5 * Math.max(0, ...restarts);
const within = (least: number, most: number, ms: number) => Math.min(most, Math.max(least, ms));
/** Where starts of all kinds come soon after each other. */
const startRows = ['1', '1b', '4b'] as const;

/** However long a start took, it is remembered. */
const learningFromAll: typeof observe = (memory, seen, ...rest) => {
  const after = observe(memory, seen, ...rest);
  const fromMs = memory.suspicion?.startingMs ?? null;
  return fromMs !== null && seen.on === 'probe' && after.suspicion === null
    ? {...after, restarts: [...memory.restarts, seen.startedMs - fromMs]}
    : after;
};

const readingWith = (readers: Partial<Readers>): Core => ({...core({}), readers});
const spoiled = (spoil: (world: World) => void): Core => ({...core({}), spoil});

// prettier-ignore
export const mutants: readonly Mutant[] = [
  // Verdicts
  {mistake: 'the isolation check is dropped', breaks: ['I4'],
    core: ignoringHold('isolated', rules.filter(({reason}) => reason !== 'isolated'))},
  {mistake: 'a partition is taken for a death', breaks: ['I4'], core: withRules('partition', () => undefined)},
  {mistake: 'a gateway that somebody stopped is given no time', breaks: ['I4'], core: holdsOf({stoppedMs: 0})},
  {mistake: 'a start is given no time', breaks: ['I4'], core: withRules('starting', (rule) => ({...rule, holdMs: () => 0}))},
  {mistake: 'a drain is given as little time as a start', breaks: ['I4'], core: holdsOf({drainingMs: 45_000})},
  {mistake: 'a hung gateway is given 30 s', breaks: ['I4'], core: holdsOf({hungMs: 30_000, plainHungMs: 30_000})},
  {mistake: 'silence is given 3 s', breaks: ['I4'], core: holdsOf({silentMs: 3000})},
  {mistake: 'a failed unit is given as much time as one that was stopped', breaks: ['I5'], core: holdsOf({failedMs: 60_000})},
  {mistake: 'nobody ever takes over from a hung gateway', breaks: ['I5'],
    core: withRules('hung', (rule) => ({...rule, holdMs: () => Number.POSITIVE_INFINITY}))},
  {mistake: 'what was counted before the host stood still goes on counting', breaks: ['I4'], rows: ['21', '5', '4', '51', '51b'],
    core: core({decide: decideWith(
      table.filter(({event}) => event !== 'gap'), rules,
      (memory, seen, ...rest) => seen.on === 'gap' ? memory : observe(memory, seen, ...rest))})},
  {mistake: 'a good probe does not end a suspicion', breaks: ['I3', 'I4'], core: withRows('cleared', 'suspect', () => undefined)},
  {mistake: 'it takes over during a pause', breaks: ['I4'], core: ignoringHold('paused')},
  {mistake: 'a host that has just booted takes over at once', breaks: ['I4'], core: ignoringHold('booting')},

  {mistake: 'a host is taken for frozen the first time it takes a connection and says nothing', breaks: ['I4'],
    core: withRules('frozen', (rule) => ({...rule, holdMs: () => 0, looks: 1}))},
  {mistake: 'an SSH that greets and gets no further is taken for a frozen host', breaks: ['I4'], rows: ['32', '5', '6'],
    core: readingWith({
      answerOf: (ended) => {
        const answer = realReaders.answerOf(ended);
        return answer.kind === 'slow' ? {kind: 'mute', detail: answer.detail} : answer;
      },
    })},
  {mistake: 'nobody ever takes over from a frozen host', breaks: ['I5'],
    core: withRules('frozen', (rule) => ({...rule, holdMs: () => Number.POSITIVE_INFINITY}))},

  // What was learned of its starts
  {mistake: 'a start is given 20 s before it has shown anything', breaks: ['I4'], core: holdsOf({startingMs: 20_000})},
  {mistake: 'one quick start is enough to give the next one less time', breaks: ['I4'], rows: startRows,
    core: learning(({holds}, {restarts}) => restarts.length > 0 ? within(20_000, 120_000, longest(restarts)) : holds.startingMs)},
  {mistake: 'what was learned has no lower bound', breaks: ['I4'], rows: startRows,
    core: learning(({holds}, {restarts}) => restarts.length < 3 ? holds.startingMs : within(0, 120_000, longest(restarts)))},
  {mistake: 'what was learned has no upper bound', breaks: ['I5'], rows: startRows,
    core: core({decide: decideWith(table, withHold('starting', ({holds}, {restarts}) => Math.max(holds.startingMs, longest(restarts))),
      learningFromAll)})},
  {mistake: 'what was learned of slow starts is forgotten', breaks: ['I4'], rows: startRows,
    core: core({decide: decideWith(table, rules, (memory, ...rest) => ({...observe(memory, ...rest), restarts: []}))})},
  {mistake: 'a restart of the monitor forgets what was learned', breaks: ['I4'], rows: ['1b', '40'],
    core: forgetting(() => ({restarts: []}))},

  // Taking over
  {mistake: 'the limit of takeovers is dropped', breaks: ['I9'],
    core: core({settings: (s) => ({...s, promotion: {...s.promotion, max: 100}})})},
  {mistake: 'the takeover is decided, and nobody is told to start the gateway', breaks: ['I3', 'I5'],
    core: core({decide: decideWith(table.map((row) => ({...row, act: row.act.filter((act) => act !== 'ask-active')})), rules)})},
  {mistake: 'a start that never ends is waited for', breaks: ['I3'],
    core: core({settings: (s) => ({...s, promotion: {...s.promotion, attemptMs: 10 * 60_000}})})},
  {mistake: 'a gateway that runs is taken for a bot that is there', breaks: ['bot-there'],
    core: withRows('promoted', 'promoting', (row) => row.on.includes('tick') ? row : {...row, when: is.gatewayRuns})},
  {mistake: 'a blocked takeover is never tried again', breaks: ['I5'], core: withRows('retrying', 'blocked', () => undefined)},
  {mistake: 'a gateway that crashed is not started again', breaks: ['I1'], core: withRows('gateway-lost', 'active', () => undefined)},
  {mistake: 'a gateway that hangs is left alone', breaks: ['I1'], rows: ['21', '5', '63c'], core: withRows('gateway-hung', 'active', () => undefined)},
  {mistake: 'a gateway that crashed is not started again in a pause', breaks: ['I1'], rows: ['21', '5', '63b', 'pause'],
    core: withRows('gateway-lost', 'active', (row) => ({...row, when: (v) => row.when(v) && v.m.pause === null}))},
  {mistake: 'a gateway that keeps crashing is started again and again', breaks: ['crash-limit'], rows: ['21', '5', '63', '63b'],
    core: core({decide: decideWith(table, rules, (memory, ...rest) => ({...observe(memory, ...rest), crashes: []}))})},

  // Giving back
  {mistake: 'it gives back on one good probe', breaks: ['I6'],
    core: withRows('demoting', 'recovering', (row) => ({...row, when: is.ok}))},
  {mistake: 'it gives back before its time', breaks: ['I6'],
    core: core({settings: (s) => ({...s, thresholds: {...s.thresholds, minActiveMs: 0}})})},
  {mistake: 'it never gives back', breaks: ['I6'], core: withRows('demoting', 'recovering', () => undefined)},
  {mistake: 'it gives back, and nobody is told to stop the gateway', breaks: ['I1', 'I3', 'I6'],
    core: withRows('demoting', 'recovering', (row) => ({...row, act: row.act.filter((act) => act !== 'ask-standby')}))},
  {mistake: 'the latch is forgotten', breaks: ['I9'],
    core: withRows('demoting', 'recovering', (row) => ({...row,
      when: (v) => is.risen(v) && is.activeLongEnough(v) && [null, 'latched'].includes(is.demotionHeld(v))}))},
  {mistake: 'manual failback is done by itself', breaks: ['I6'], core: core({settings: (s) => ({...s, failback: 'auto'})})},
  {mistake: 'a gateway that runs although it should not is left alone', breaks: ['I1', 'I6'], core: withRows('drift', 'watching', () => undefined)},

  // Coming up again
  {mistake: 'a restart forgets the takeovers', breaks: ['I9'], core: forgetting(() => ({promotions: []}))},
  {mistake: 'a restart forgets that it is active', breaks: ['I10'],
    core: core({restore: (found, s, nowMs) => restore({...found, saved: undefined, role: undefined, unit: {state: 'stopped', result: 'success', exitCode: 0}}, s, nowMs)})},
  {mistake: 'a restart believes an old state file more than the role', breaks: ['I10'], rows: ['21', '2', '48', '40'],
    core: core({restore: (found, s, nowMs) => restore({...found, role: undefined}, s, nowMs)})},
  {mistake: 'a restart starts the gateway once more', breaks: ['I10'],
    core: forgetting(({role}) => ({role: {want: 'active', seq: role.seq + 1}}))},
  {mistake: 'a rebooted host starts its gateway before it has asked anybody', breaks: ['I4', 'I10'],
    core: withRows('resuming', 'active', (row) => ({...row, to: 'same', act: ['ask-active']}))},
  {mistake: 'a rebooted host forgets that it was active', breaks: ['I10'], core: withRows('resuming', 'active', () => undefined)},

  // Telling
  {mistake: 'a transition is not written down', breaks: ['I8'],
    core: core({decide: (...seen) => {
      const decision = decideWith(table, rules)(...seen);
      return decision.row?.event === 'suspected' ? {...decision, row: undefined} : decision;
    }})},
  {mistake: 'two transitions get the same number', breaks: ['I8'],
    core: core({decide: (...seen) => {
      const decision = decideWith(table, rules)(...seen);
      return decision.row?.event === 'promoting' ? {...decision, memory: {...decision.memory, sequence: decision.memory.sequence - 1}} : decision;
    }})},
  {mistake: 'a transition is decided from nothing', breaks: ['I8'],
    core: core({decide: (...seen) => {
      const decision = decideWith(table, rules)(...seen);
      return decision.row?.event === 'promoting' ? {...decision, memory: {...decision.memory, probe: null}} : decision;
    }})},

  // Around the monitor: what shows that the auditors of its surroundings look
  {mistake: 'the hand-back throws away what it finds', breaks: ['I7'],
    core: spoiled(({standby: {workspace}}) => { workspace.handBack = () => { workspace.here = 0; }; })},
  {mistake: "what a page says that answers in the gateway's place is quoted", breaks: ['I11'],
    core: readingWith({
      judgeHealth: (came) => {
        const judged = realReaders.judgeHealth(came);
        return came.kind === 'answer' ? {...judged, detail: came.body} : judged;
      },
    })},
  {mistake: 'what the primary prints is taken for a report without a look', breaks: ['I11'],
    core: readingWith({
      answerOf: (ended) =>
        ended.code === 0 ? {kind: 'report', report: JSON.parse(ended.stdout) as PrimaryReport} : realReaders.answerOf(ended),
    })},
  {mistake: 'all that ssh says is repeated, the banner of the primary too', breaks: ['I11'],
    core: readingWith({
      answerOf: (ended) => {
        const answer = realReaders.answerOf(ended);
        return answer.kind === 'report' ? answer : {...answer, detail: ended.stderr};
      },
    })},
  {mistake: 'a full disk is waited for', breaks: ['lives'],
    core: {monitor: (ports, settings) =>
      new Monitor({...ports, save: (saved) => ports.save(saved).catch(() => new Promise(() => {}))}, settings)}},
  {mistake: 'root starts the gateway unasked', breaks: ['by-wish'],
    core: spoiled(({standby, clock}) => clock.after(60_000, () => standby.gateway.startFor(99)))},
];
