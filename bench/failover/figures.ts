// What the runs come to. Pure: times in ms in, medians, differences, ratios and a page of text out.

import type {Takes} from '../../test/lab/faults/asleep.js';

export const faultNames = ['failed', 'lost', 'hung'] as const;
export type FaultName = (typeof faultNames)[number];

/** Moments of a takeover in their order. */
export const moments = ['suspected', 'verdict', 'asked', 'process', 'ready', 'online', 'answer'] as const;
export type Moment = (typeof moments)[number];

/**
 * ms of each moment from the fault; for the floor from the start of the gateway's process. Absent: not within the
 * cap, or nothing that this contender has.
 */
export type Times = Partial<Record<Moment, number>>;

export interface Report {
  /** ISO */
  date: string;
  cores: number;
  /** Load of the last minute when the measurement began, and when it ended. */
  load: [number, number];
  /** Longest that a takeover was waited for, ms. */
  capMs: number;
  standby: 'cold' | 'warm';
  /** What a warm one takes while it sleeps. */
  takes?: Takes;
  /** The standby's gateway alone, nothing else to do. */
  floor: Times[];
  ours: Partial<Record<FaultName, Times[]>>;
  plain: Partial<Record<FaultName, Times[]>>;
}

export interface Spread {
  /** Infinity: never. */
  p50: number;
  min: number;
  max: number;
}

/** What never came counts as later than everything that did. */
export function spread(list: readonly (number | undefined)[]): Spread {
  const sorted = list.map((ms) => ms ?? Infinity).toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Infinity;
  const half = sorted.length / 2;
  return {p50: (at(Math.ceil(half) - 1) + at(Math.floor(half))) / 2, min: at(0), max: at(sorted.length - 1)};
}

export interface Summary {
  floor: {ready: Spread; online: Spread; answer: Spread};
  faults: {
    fault: FaultName;
    ours: Record<Moment, Spread>;
    plain: Record<Moment, Spread> | undefined;
    /** Plain rule / ours, of the medians until the bot is there; Infinity: the plain rule never took over. */
    ratio: number | undefined;
    /** From the verdict to the bot, of each run. */
    takeover: Spread;
    /** Its median without the gateway's own start, ms. */
    beyondFloorMs: number;
  }[];
}

/** Where the numbers should be: ms from fault to verdict, and beyond the gateway's own start. */
export const goals = {verdictMs: {failed: 4_000, lost: 17_000, hung: 65_000}, beyondFloorMs: 500} as const;

export function summarize({floor, ours, plain}: Report): Summary {
  const own = each(floor);
  return {
    floor: {ready: own.ready, online: own.online, answer: own.answer},
    faults: faultNames.flatMap((fault) => {
      const runs = ours[fault] ?? [];
      if (runs.length === 0) return [];
      const mine = each(runs);
      const theirs = plain[fault]?.length ? each(plain[fault]) : undefined;
      const takeover = spread(runs.map((run) => between(run, 'verdict', 'online')));
      return {
        fault,
        ours: mine,
        plain: theirs,
        ratio: theirs && theirs.online.p50 / mine.online.p50,
        takeover,
        beyondFloorMs: takeover.p50 - own.online.p50,
      };
    }),
  };
}

function each(runs: readonly Times[]): Record<Moment, Spread> {
  const entries = moments.map((moment) => [moment, spread(runs.map((run) => run[moment]))] as const);
  return Object.fromEntries(entries) as Record<Moment, Spread>;
}

export function between(run: Times, from: Moment, to: Moment): number | undefined {
  const [start, end] = [run[from], run[to]];
  return start === undefined || end === undefined ? undefined : end - start;
}
