import type {MonitorSettings} from '../../src/monitor/settings.js';
import type {Pair} from '../../src/pair/schema.js';
import {monitorSettings} from '../../src/templates/monitor-settings.js';
import {Dice, minutes, seconds} from './dice.js';
import {faults, type Fault} from './faults/index.js';

/** One fault of a sequence: `dice` decides what the fault itself leaves open. */
export interface Planned {
  row: string;
  atMs: number;
  /** Infinity: it is never repaired. */
  forMs: number;
  dice: number;
}

/** Everything a run depends on. */
export interface Sequence {
  seed: number;
  variant: Variant;
  faults: readonly Planned[];
}

const addresses = {private: '100.64.0.11', public: '203.0.113.10'} as const;

/** What setup writes for a pair, with the shipped numbers. */
function shipped(
  monitor: Partial<Pair['monitor']>,
  paths: readonly ('private' | 'public')[] = ['private', 'public'],
): MonitorSettings {
  const pair = {
    name: 'default',
    channel: {type: 'irc', account: 'backup'},
    monitor: {profile: 'default', failback: 'auto', onPartition: 'hold', standby: 'cold', ...monitor},
  } as Pair;
  return monitorSettings(pair, {
    primary: {address: addresses.private, port: 18_789},
    ...(paths.length > 0 && {
      interrogation: {
        user: 'openclaw',
        addresses: paths.map((path) => ({address: addresses[path], port: 22, path})),
      },
    }),
  });
}

/** How pairs are set up. */
export const variants = {
  usual: shipped({}),
  'no report': shipped({}, []),
  'private only': shipped({}, ['private']),
  'private only, warm': shipped({standby: 'warm'}, ['private']),
  warm: shipped({standby: 'warm'}),
  'manual failback': shipped({failback: 'manual'}),
  'promote on partition': shipped({onPartition: 'promote'}),
  classic: shipped({profile: 'classic'}, []),
} as const satisfies Record<string, MonitorSettings>;
export type Variant = keyof typeof variants;

/** Short ones are as likely as long ones: 5 s and 50 s are as far apart as 50 s and 500 s. */
function lasting({lasts}: Fault, dice: Dice): number {
  if (!lasts) return 0;
  const [least, most] = lasts;
  return Math.round(seconds(Math.exp(dice.between(Math.log(least), Math.log(most)))));
}

function drawFault(from: readonly Fault[], dice: Dice): Fault {
  let left = dice.next() * from.reduce((sum, {weight = 1}) => sum + weight, 0);
  return from.find(({weight = 1}) => (left -= weight) < 0) ?? from[0]!;
}

/** The sequence of a seed: from one fault to eight, one after the other or at the same time. */
export function draw(seed: number, pool: readonly Fault[] = faults): Sequence {
  const dice = new Dice(seed);
  const count = dice.pick([1, 1, 2, 2, 2, 3, 3, 4, 5, 8]);
  const planned: Planned[] = [];
  let atMs = seconds(dice.between(8, 30));
  for (let n = 0; n < count; n++) {
    const fault = drawFault(pool, dice);
    const forMs = lasting(fault, dice);
    planned.push({row: fault.row, atMs: Math.round(atMs), forMs, dice: dice.whole(0, 1e6)});
    // Some come on top of the one before, some when it is over.
    const startsMs = dice.chance(0.5) ? 0 : forMs;
    atMs += startsMs + seconds(dice.chance(0.5) ? dice.between(0, 20) : dice.between(20, 200));
    if (atMs > minutes(40)) break;
  }
  if (dice.chance(0.3)) planned.push(last(dice, atMs));
  const variant = dice.chance(0.75) ? 'usual' : dice.pick(Object.keys(variants) as Variant[]);
  return {seed, variant, faults: planned};
}

/** Some stories end with a primary that does not come back. */
function last(dice: Dice, atMs: number): Planned {
  const row = dice.pick(['2', '3', '4', '5', '8', '9', '14', '16', '18', '20', '20b', '21', '26', '36']);
  return {row, atMs: Math.round(atMs), forMs: Number.POSITIVE_INFINITY, dice: dice.whole(0, 1e6)};
}

/** Only what is no reason to take over, each alone and with time to recover in between (I4). */
export function drawHarmless(seed: number): Sequence {
  const dice = new Dice(seed);
  const harmless = faults.filter((fault) => fault.harmless);
  const planned: Planned[] = [];
  let atMs = seconds(dice.between(8, 30));
  while (atMs < minutes(60)) {
    const fault = drawFault(harmless, dice);
    const forMs = lasting(fault, dice);
    planned.push({row: fault.row, atMs: Math.round(atMs), forMs, dice: dice.whole(0, 1e6)});
    atMs += forMs + minutes(dice.between(5, 8));
  }
  return {seed, variant: 'usual', faults: planned};
}
