import {Exit, type ExitCode} from '../errors.js';
import type {Health} from '../plan/health.js';
import type {HostName} from '../ssh/host.js';

/** What is known when it is decided whether the pair may be taken apart now. */
export interface Situation {
  pair: string;
  only: HostName | undefined;
  /** The primary's gateway, asked on its own host. `unreached`: nobody could ask. */
  primary: Health | 'unreached';
  /** undefined: the standby was not reached. */
  standby:
    | {
        /** State of the monitor, while its unit runs; undefined: it does not run. */
        monitor: string | undefined;
        /** Its gateway's unit is up. */
        gateway: boolean;
        /** Of a warm standby: up, and logged in nowhere. */
        asleep: boolean;
        /** A pause is in force, and why. */
        paused: string | undefined;
      }
    | undefined;
  /** Dead-man timers that are armed on the primary. */
  armed: readonly ('edit' | 'test' | 'drill')[];
  /** This machine has begun a drill that has not ended. */
  drillHere: boolean;
  /** The operator has said that the bot may be silent. */
  allowSilence: boolean;
}

export type Verdict =
  | {may: true; notes: string[]}
  | {
      may: false;
      sentence: string;
      next: string[];
      exit: ExitCode;
      /** Giving back first would do: the primary is well. */
      giveBack?: true;
    };

const awake: ReadonlySet<string> = new Set(['promoting', 'active', 'recovering', 'demoting']);

/**
 * Whether the pair may be taken apart now: not during a drill or a test, and not while the standby is the only voice
 * that the bot has. What the operator allows by name is silence; nothing else is up to them.
 */
export function judge(now: Situation): Verdict {
  const busy = busyWith(now);
  if (busy) return {may: false, exit: Exit.failed, ...busy};
  const {standby, primary, only, allowSilence} = now;
  if (only === 'primary' || standby === undefined) return {may: true, notes: []};
  const notes =
    standby.paused === undefined ? [] : [`The monitor is paused: ${standby.paused}. The pause goes with it.`];
  const inForce = (standby.gateway && !standby.asleep) || awake.has(standby.monitor ?? '');
  const well = primary === 'ready';
  const gone = standby.monitor === undefined && !standby.gateway;
  if (well && !inForce && standby.monitor !== 'suspect') return {may: true, notes};
  // Nothing of it is left that could speak or take over: it is no voice any more.
  if (gone) return {may: true, notes};
  if (allowSilence) {
    return {
      may: true,
      notes: [...notes, inForce ? `The standby's bot falls silent now.` : 'Nothing takes over any more.'],
    };
  }
  const remove = 'failover-wizard remove';
  if (inForce) {
    return {
      may: false,
      exit: Exit.failed,
      sentence: well
        ? `The standby is in force (${standby.monitor ?? 'its gateway runs'}), and what it changed is not handed back.`
        : `The standby is in force (${standby.monitor ?? 'its gateway runs'}) and the primary is ${wordOf(primary)}: removing it takes away the only voice that the bot has.`,
      next: [
        well
          ? `Give back, then remove: failover-wizard demote, then ${remove}`
          : `Bring the primary back; the standby gives back. Then: ${remove}`,
        'If the bot may be silent: --allow-silence',
      ],
      ...(well && {giveBack: true as const}),
    };
  }
  return {
    may: false,
    exit: Exit.failed,
    sentence: `The primary is ${well ? 'suspected by the standby' : wordOf(primary)}, and without the standby nothing takes its place.`,
    next: [
      only === 'standby'
        ? 'If the primary is gone for good and the bot may be silent: --allow-silence'
        : `Bring the primary back, then: ${remove}`,
      ...(only === 'standby' ? [] : ['If the bot may be silent: --allow-silence']),
    ],
  };
}

function busyWith({armed, drillHere, pair, only}: Situation): {sentence: string; next: string[]} | undefined {
  if (armed.includes('drill') || (drillHere && only !== 'standby')) {
    return {
      sentence: 'A drill is under way, or was cut off: the primary may be broken on purpose.',
      next: [`Take it back first: failover-wizard drill --revert --pair ${pair}`],
    };
  }
  if (armed.includes('test')) {
    return {
      sentence:
        "Setup's failover test is under way, or was cut off: the primary's gateway may be stopped on purpose.",
      next: [
        'The primary starts it again by itself within minutes; then run the same command again.',
        'Or let setup put it right now: failover-wizard setup',
      ],
    };
  }
  return undefined;
}

const wordOf = (primary: Situation['primary']) =>
  ({
    ready: 'well',
    up: 'not ready',
    down: 'down',
    unreached: 'not reached',
  })[primary];
