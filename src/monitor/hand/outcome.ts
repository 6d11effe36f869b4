import {isInCharge} from '../memory.js';
import {duration} from '../say.js';
import type {Act, ActName, End} from './act.js';
import type {LiveLook} from './look.js';

/** An event of the monitor, as far as it matters to whoever asked for something. */
export interface Heard {
  /** ISO time of the standby's clock. */
  time: string;
  event: string;
  say: string;
  /** Whether the channel account was seen connected; undefined: not looked at. */
  connected?: boolean | undefined;
}

/** What the operator is told as the end of it. */
type Said = Pick<Heard, 'say'>;

const done = ({say}: Said): End => ({result: 'done', exit: 0, say});
const failed = ({say}: Said): End => ({
  result: 'failed',
  exit: 1,
  say,
  next: ['On the standby: journalctl -u openclaw -u openclaw-health-monitor -n 50'],
});
const refused = ({say}: Said): End => ({result: 'refused', exit: 1, say});
const degraded = ({say}: Said): End => ({
  result: 'degraded',
  exit: 3,
  say,
  next: ['On the standby: journalctl -u openclaw -n 50'],
});

const ends: Readonly<Record<ActName, Readonly<Record<string, (heard: Heard) => End>>>> = {
  pause: {paused: done},
  resume: {resumed: done},
  promote: {
    promoted: (heard) => (heard.connected === true ? done(heard) : degraded(heard)),
    'promote-refused': refused,
    'failback-dropped': done,
    blocked: failed,
    demoting: failed,
  },
  demote: {
    demoted: done,
    'failback-refused': refused,
    'demotion-unseen': degraded,
    blocked: failed,
  },
};

/** The end of what was asked for, when this event is it. */
export function endOf(act: ActName, heard: Heard): End | undefined {
  const of = ends[act];
  return Object.hasOwn(of, heard.event) ? of[heard.event]!(heard) : undefined;
}

/** What the monitor's live state shows while its disk takes no events. */
export type Glance = Pick<LiveLook, 'state' | 'degraded' | 'pausedMs' | 'disk'>;

/**
 * The end of what was asked for, seen at the monitor's state: where the disk takes nothing, its events come later.
 * @param sinceMs since it was asked
 */
export function endSeen(
  act: Act,
  {state, degraded: notConnected, pausedMs, disk}: Glance,
  sinceMs: number,
): End | undefined {
  if (disk === null) return undefined;
  const shown = (say: string) => ({
    say: `${say} It is not written down: the disk of the standby takes nothing (${disk}).`,
  });
  switch (act.name) {
    case 'pause':
      // Not the one before it.
      return pausedMs !== null && Math.abs(act.ms - sinceMs - pausedMs) < 15_000
        ? done(shown('Paused.'))
        : undefined;
    case 'resume':
      return pausedMs === null ? done(shown('The pause was ended.')) : undefined;
    case 'promote':
      if (!isInCharge(state)) return undefined;
      return notConnected === null
        ? done(shown('Taken over: the bot of the standby is there.'))
        : degraded(shown(`Taken over, but the bot of the standby is not seen connected: ${notConnected}.`));
    case 'demote':
      return state === 'watching' || state === 'suspect'
        ? done(shown('Given back: the standby sleeps.'))
        : undefined;
  }
}

const waits: Readonly<Record<ActName, Readonly<Record<string, string>>>> = {
  pause: {'': 'waiting for the monitor to hear it'},
  resume: {'': 'waiting for the monitor to hear it'},
  promote: {
    '': 'waiting for the monitor to hear it',
    promoting: 'the gateway is being started; usually ready 10 to 20 s after the decision',
    'gateway-started': 'the gateway is loading; usually ready 10 to 20 s after the decision',
    'gateway-ready': 'waiting for the channel account to connect',
    'attempt-failed': 'waiting before the next try',
    retrying: 'the gateway is being started again',
  },
  demote: {
    '': 'waiting for the monitor to hear it',
    'failback-asked': 'waiting until the primary has been well for a while',
    held: 'waiting until nothing holds it any more',
    'primary-back': 'waiting until the primary has been well for a while',
    'primary-gone': 'waiting for the primary to be well',
    demoting: 'the gateway finishes what it does, then the workspace is handed back',
  },
};

/** What is waited for after these events, oldest first. */
export function waitingFor(act: ActName, events: readonly string[]): string {
  const of = waits[act];
  const last = events.findLast((event) => Object.hasOwn(of, event)) ?? '';
  return of[last] ?? '';
}

/**
 * ms that the outcome is waited for. A pause is heard at the monitor's next look; a promotion is bounded by the
 * monitor (180 s); giving back waits for the rise window and a turn in hand.
 */
export const limitMs: Readonly<Record<ActName, number>> = {
  pause: 20_000,
  resume: 20_000,
  promote: 240_000,
  demote: 600_000,
};

/** Whether one of these events belongs to what was asked for; the monitor tells of other things meanwhile. */
export const begun = (act: ActName, events: readonly string[]): boolean =>
  events.some((event) => event !== '' && Object.hasOwn(waits[act], event));

/** Nothing was heard of it, or not the end of it. */
export function silent(act: ActName, events: readonly string[], withdrawn: boolean): End {
  const waited = duration(limitMs[act]);
  const stands = begun(act, events) ? 'It did not come to an end' : 'The monitor said nothing about it';
  const say = `${stands} within ${waited}. ${withdrawn ? 'The request was taken back: nothing comes of it.' : 'What was asked for stands.'}`;
  return {
    result: 'silent',
    exit: 124,
    say,
    next: [
      'On the standby: openclaw-failover status',
      'On the standby: journalctl -u openclaw-health-monitor -n 50',
    ],
  };
}
