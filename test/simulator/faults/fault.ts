import type {Dice} from '../dice.js';
import type {World} from '../world.js';

/** What ends a fault. */
type End = () => void;

/** One row of the fault matrix, or one kind of it. */
export interface Fault {
  /** Number in the matrix; a letter where one row is several faults. */
  row: string;
  /** In the story: "At 0:20 …". */
  title: string;
  /** s, least and most; absent: it happens in a moment. */
  lasts?: readonly [number, number];
  /** How often it is drawn, against the others. Default 1. */
  weight?: number;
  /** Alone, and for as long as it lasts at most, it is no reason to take over (I4). */
  harmless?: boolean;
  /** `dice` are its own, so that it is the same whichever other faults there are. */
  start: (world: World, dice: Dice, forMs: number) => End | void;
}

type Counters<T> = {[K in keyof T]: T[K] extends number ? K : never}[keyof T];

/** Counted, because faults overlap: one that ends must not end another of its kind. */
export function holding<T extends object>(target: T, key: Counters<T>): End {
  const counters = target as Record<typeof key, number>;
  counters[key] += 1;
  return () => {
    counters[key] -= 1;
  };
}

/** The same for a value: the newest fault counts. */
export function lending<T>(list: T[], value: T): End {
  list.push(value);
  return () => {
    list.splice(list.lastIndexOf(value), 1);
  };
}

export const both =
  (...ends: End[]) =>
  () => {
    for (const end of ends) end();
  };
