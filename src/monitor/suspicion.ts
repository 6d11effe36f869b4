import type {ProbeClass} from './evidence.js';
import type {Inquiry, Memory, Suspicion, Timer} from './memory.js';
import type {MonitorSettings} from './settings.js';
import {ruleOf, type Reason, type Rule, type Signs} from './verdict.js';

/** ms between two rounds of questions: dense where something has just changed, or a verdict is near. */
const denseMs = 700;
const middlingMs = 3_000;
const sparseMs = 15_000;
/** ms for which a change keeps them dense, and for which a suspicion as such does. */
const changeMs = 10_000;
const youngMs = 120_000;
/** ms before a verdict, and after one that something holds, in which answers must not be old. */
const nearMs = 20_000;
/** ms that a round may take, beyond twice the cadence, before its answers are too old. */
const answerRoomMs = 4_600;

/** ms between two rounds of questions about this suspicion. */
export function inquiryEveryMs({firstMs, changedMs, verdictMs}: Suspicion, nowMs: number): number {
  if (nowMs - changedMs < changeMs) return denseMs;
  const near = verdictMs !== null && Math.abs(verdictMs - nowMs) < nearMs;
  return near || nowMs - firstMs < youngMs ? middlingMs : sparseMs;
}

/** Whether answers are recent enough to decide from: from this suspicion, and not older than two rounds. */
export function isFresh(inquiry: Inquiry | null, suspicion: Suspicion, nowMs: number): boolean {
  if (!inquiry || inquiry.startedMs < suspicion.firstMs) return false;
  return nowMs - inquiry.startedMs <= 2 * inquiryEveryMs(suspicion, nowMs) + answerRoomMs;
}

/** Takes in a bad probe. `startedMs`: when it was sent. */
export function afterBadProbe(
  {suspicion}: Memory,
  seen: ProbeClass,
  startedMs: number,
): Pick<Memory, 'suspicion'> {
  if (!suspicion)
    return {
      suspicion: {
        firstMs: startedMs,
        count: 1,
        class: seen,
        classSinceMs: startedMs,
        lastMs: startedMs,
        changedMs: startedMs,
        verdictMs: null,
        reason: null,
        startingMs: null,
        told: null,
        timers: {},
        broken: {},
      },
    };
  const changed = suspicion.class !== seen && {class: seen, classSinceMs: startedMs, changedMs: startedMs};
  return {suspicion: {...suspicion, count: suspicion.count + 1, lastMs: startedMs, ...changed}};
}

/**
 * Weighs everything that is known: which reason holds now, and for how long each has held without a break. What
 * points to death more clearly (a shorter hold) also counts for everything less clear, so a primary that fails in
 * changing ways is dead after the longest of their times, never later; a milder sign breaks the clearer ones.
 */
export function weigh(
  memory: Memory,
  settings: MonitorSettings,
  nowMs: number,
  table: readonly Rule[],
): Memory {
  const {suspicion} = memory;
  if (!suspicion) return memory;
  const fresh = isFresh(memory.inquiry, suspicion, nowMs) ? memory.inquiry : null;
  const rule = ruleOf(signsOf(memory, suspicion, fresh, settings), table);
  const holdMs = rule.holdMs(settings, memory);
  // The same answers, or the same probe, are one look however often they are weighed.
  const look = Math.max(fresh?.startedMs ?? 0, needsAnswers(rule.reason) ? 0 : suspicion.lastMs);
  const timers: Suspicion['timers'] = {};
  const broken = {...suspicion.broken};
  for (const {reason, holdMs: hold} of table) {
    const own = hold(settings, memory);
    const timer = suspicion.timers[reason];
    if (holdMs <= own && own !== Number.POSITIVE_INFINITY)
      timers[reason] ??= oneMoreLook(timer, look, Math.max(suspicion.classSinceMs, broken[reason] ?? 0));
    // Not to have been told anything yet contradicts nothing that others said.
    else if (!fresh && rule.reason !== 'isolated' && needsAnswers(reason)) {
      if (timer) timers[reason] = timer;
    } else broken[reason] = nowMs;
  }
  const startingMs = startSeen(suspicion, rule.reason);
  const changedMs = rule.reason === suspicion.reason ? suspicion.changedMs : nowMs;
  const weighed = {...suspicion, reason: rule.reason, startingMs, changedMs, timers, broken};
  const atMs = verdictAtMs({...memory, suspicion: weighed}, settings, table);
  return {...memory, suspicion: {...weighed, verdictMs: Number.isFinite(atMs) ? atMs : null}};
}

/** Since when it starts. Whoever was stopped, or has given up, or is silent, is not starting any more. */
function startSeen({startingMs, classSinceMs}: Suspicion, reason: Reason): number | null {
  if (reason === 'starting') return startingMs ?? classSinceMs;
  return ['stopped', 'failed', 'silent', 'frozen'].includes(reason) ? null : startingMs;
}

/** Reasons that probes alone do not carry: as many rounds of answers are needed as the rule has looks. */
const needsAnswers = (reason: Reason) =>
  ['failed', 'stopped', 'silent', 'frozen', 'partition', 'other-host'].includes(reason);

function oneMoreLook(timer: Timer | undefined, look: number, sinceMs: number): Timer {
  if (!timer) return {sinceMs, looks: 1, look};
  return timer.look === look ? timer : {...timer, looks: timer.looks + 1, look};
}

function signsOf(
  memory: Memory,
  suspicion: Suspicion,
  inquiry: Inquiry | null,
  settings: MonitorSettings,
): Signs {
  return {
    probe: suspicion.class,
    inquiry,
    reporting: memory.reach.works === true,
    classic: settings.profile === 'classic',
  };
}

/** The reason that has held long enough, the clearest first; undefined: none has. */
export function ripe(
  memory: Memory,
  settings: MonitorSettings,
  nowMs: number,
  table: readonly Rule[],
): Reason | undefined {
  const {suspicion} = memory;
  if (!suspicion) return undefined;
  return table
    .filter((rule) => {
      const timer = suspicion.timers[rule.reason];
      const holdMs = rule.holdMs(settings, memory);
      return timer !== undefined && timer.looks >= rule.looks && nowMs - timer.sinceMs >= holdMs;
    })
    .toSorted((a, b) => a.holdMs(settings, memory) - b.holdMs(settings, memory))
    .at(0)?.reason;
}

/** When the reason that holds now is a verdict, monotonic ms; Infinity: it waits for something else. */
function verdictAtMs(memory: Memory, settings: MonitorSettings, table: readonly Rule[]): number {
  const {suspicion} = memory;
  return Math.min(
    ...table.map((rule) => {
      const timer = suspicion?.timers[rule.reason];
      return timer ? timer.sinceMs + rule.holdMs(settings, memory) : Number.POSITIVE_INFINITY;
    }),
  );
}
