import type {HostFacts} from '../facts/types.js';
import type {Pair} from '../pair/schema.js';
import type {Comparison} from '../plan/compare.js';
import type {LiveTold} from '../sampler/told.js';
import type {HostSample, WatchSample} from '../screens/watch/model/sample.js';
import type {HostName} from '../ssh/host.js';
import type {Programs} from '../templates/programs.js';

export const hostNames = ['primary', 'standby'] as const satisfies readonly HostName[];

/** A drill that was begun on this machine and did not come to its end. */
export interface DrillLeft {
  fault: string;
  /** epoch ms */
  beganMs: number;
}

/** Everything that one look at a pair brought. */
export interface Seen {
  pair: Pair;
  /** This program's. */
  version: string;
  programs: Pick<Programs, 'monitor' | 'accounts'>;
  sample: WatchSample;
  /** Whole readings; a host that is missing has its reason in `unread`. */
  facts: Readonly<Partial<Record<HostName, HostFacts>>>;
  unread: Readonly<Partial<Record<HostName, string>>>;
  /** What setup would change; undefined: not known, because a host was not read. */
  comparison: Comparison | undefined;
  /** The monitor's newest sample as it was told; null: none. */
  live: LiveTold | null;
  /** Events of the monitor that were told. */
  events: number;
  drillLeft: DrillLeft | null;
}

/** One host of it, read. */
export interface SeenHost {
  facts: HostFacts;
  sample: HostSample;
}
