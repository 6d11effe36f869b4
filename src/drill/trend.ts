import {msOf} from './comparisons.js';
import {median} from './median.js';
import {faultNames, type DrillReport, type FaultName, type StageId} from './report.js';

/** What a drill is made of, one after the other: how long it took from one stage to the next. */
export const steps = [
  {id: 'noticed', from: 'fault', to: 'first-bad', words: 'noticing it'},
  {id: 'verdict', from: 'first-bad', to: 'verdict', words: 'the verdict'},
  {id: 'started', from: 'verdict', to: 'started', words: 'starting the gateway'},
  {id: 'ready', from: 'started', to: 'ready', words: 'ready'},
  {id: 'connected', from: 'ready', to: 'connected', words: 'connecting the bot'},
  {id: 'answered', from: 'connected', to: 'answered', words: 'the answer'},
  {id: 'rest', from: 'undone', to: 'rest', words: 'the way back'},
] as const satisfies readonly {id: string; from: StageId; to: StageId; words: string}[];
export type StepId = (typeof steps)[number]['id'];

/** A month of drills with one fault: medians, ms; null: not measured. */
export interface Month {
  /** `2026-11` */
  month: string;
  drills: number;
  rtoMs: number | null;
  /** ms that each step took. */
  steps: Readonly<Record<StepId, number | null>>;
}

/** Something that takes longer than it did. */
export interface Slower {
  step: StepId;
  beforeMs: number;
  nowMs: number;
  /** The month that it is compared with, and how many days ago that was. */
  month: string;
  daysAgo: number;
}

export interface Trend {
  fault: FaultName;
  /** From the first month with a drill to the last one, those without included. */
  months: readonly Month[];
  slower: readonly Slower[];
  /** Whether there were drills long enough ago to compare with. */
  compared: boolean;
}

/** ms that a drill needed for a step; null: one of its ends was not reached. */
export function stepMs(report: DrillReport, {from, to}: {from: StageId; to: StageId}): number | null {
  const [begin, end] = [from === 'fault' ? 0 : msOf(report, from), msOf(report, to)];
  return begin === null || end === null ? null : Math.max(0, end - begin);
}

/** The drills that say something, by fault; faults without any are left out. @param reports oldest first. Pure. */
export function trendsOf(reports: readonly DrillReport[]): Trend[] {
  return faultNames.flatMap((fault) => {
    const drills = reports.filter((each) => each.fault === fault && each.verdict.result !== 'stopped');
    if (drills.length === 0) return [];
    return [{fault, months: monthsOf(drills), ...slowerThan(drills)}];
  });
}

/** The IDs are in the operator's own time, and so are the months. */
const monthOf = ({id}: DrillReport) => id.slice(0, 7);

function monthsOf(drills: readonly DrillReport[]): Month[] {
  const names = monthNames(monthOf(drills[0]!), monthOf(drills.at(-1)!));
  return names.map((month) => {
    const of = drills.filter((each) => monthOf(each) === month);
    return {
      month,
      drills: of.length,
      rtoMs: median(of.flatMap(({rtoMs}) => rtoMs ?? [])),
      steps: Object.fromEntries(
        steps.map((step) => [step.id, median(of.flatMap((each) => stepMs(each, step) ?? []))]),
      ) as Month['steps'],
    };
  });
}

/** No clock of anybody's went on for longer. */
const mostMonths = 600;

function monthNames(first: string, last: string): string[] {
  const names: string[] = [];
  for (let name = first; name <= last && names.length < mostMonths; name = monthAfter(name)) names.push(name);
  return names.length === 0 ? [last] : names;
}

export function monthAfter(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return number === 12
    ? `${String(year + 1).padStart(4, '0')}-01`
    : `${String(year).padStart(4, '0')}-${String(number + 1).padStart(2, '0')}`;
}

const dayMs = 86_400_000;
/** Half a year is what one compares with; nothing younger than a quarter says how it was. */
const agoDays = 182;
const leastDays = 90;
/** One drill alone may have had a bad day. */
const few = 3;
/** Longer by less than this is noise. */
const leastMs = 2000;
const leastPart = 0.15;

function slowerThan(drills: readonly DrillReport[]): Pick<Trend, 'slower' | 'compared'> {
  const newestMs = Date.parse(drills.at(-1)!.startedAt);
  const ageOf = ({startedAt}: DrillReport) => (newestMs - Date.parse(startedAt)) / dayMs;
  const past = drills.filter((each) => ageOf(each) >= leastDays);
  const before = past
    .toSorted((a, b) => Math.abs(ageOf(a) - agoDays) - Math.abs(ageOf(b) - agoDays))
    .slice(0, few)
    .toSorted((a, b) => ageOf(b) - ageOf(a));
  const middle = before[Math.floor(before.length / 2)];
  if (middle === undefined) return {slower: [], compared: false};
  const now = drills.filter((each) => !past.includes(each)).slice(-few);
  const slower = steps.flatMap((step): Slower[] => {
    const of = (some: readonly DrillReport[]) => median(some.flatMap((each) => stepMs(each, step) ?? []));
    const [beforeMs, nowMs] = [of(before), of(now)];
    if (beforeMs === null || nowMs === null) return [];
    if (nowMs - beforeMs < Math.max(leastMs, beforeMs * leastPart)) return [];
    return [{step: step.id, beforeMs, nowMs, month: monthOf(middle), daysAgo: Math.round(ageOf(middle))}];
  });
  return {slower, compared: true};
}
