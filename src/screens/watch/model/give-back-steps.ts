import {measured} from '../../format.js';
import {begun, ended, has, heldWords, marked, timeOf, type Episode} from './episode.js';
import type {PlacedEvent} from './event-list.js';

const wayBack = ['well', 'demoting', 'rest'] as const;

/** ms after its end in which the workspace's way back is still told as part of it. */
const handBackMs = 60_000;

/** It may stay so for days, until an operator says otherwise: nothing that goes on. */
export function heldBack(current: Episode | undefined, event: PlacedEvent): Episode {
  const episode = goingBack(current) ?? back(event);
  const well = has(episode, 'well') ? episode : marked(episode, event, {id: 'well'});
  return ended(well, event, {words: `not given back: ${heldWords(event)}`, tone: 'warn'});
}

/** One that was held goes on. */
const goingBack = (current: Episode | undefined) =>
  current?.kind === 'give-back' && !has(current, 'rest') ? current : undefined;

export function back(event: PlacedEvent): Episode {
  const {sinceLastOkMs = 0} = event.durations;
  const beganMs = event.event === 'primary-back' ? event.localMs - sinceLastOkMs : event.localMs;
  const episode = begun('give-back', event, beganMs, null, wayBack);
  return {...episode, marks: [{id: 'back', atMs: beganMs}]};
}

export function demoting(current: Episode | undefined, event: PlacedEvent): Episode {
  // After a reboot of the standby it begins here.
  const before = goingBack(current) ?? back(event);
  const well = has(before, 'well') ? before : marked(before, event, {id: 'well'});
  return {...marked(well, event, {id: 'demoting'}), endedMs: null, outcome: null, ahead: ['rest']};
}

export function handedBack(current: Episode | undefined, event: PlacedEvent): Episode | undefined {
  if (current?.kind !== 'give-back') return current;
  if (current.endedMs !== null && timeOf(current, event) - current.endedMs > handBackMs) return current;
  const failed = event.level === 'alert' ? ({failed: true} as const) : {};
  const note = /: (.+?)\.?$/.exec(event.say)?.[1] ?? '';
  const mark = {
    id: 'beside',
    name: failed.failed ? 'not handed back' : 'handed back',
    note,
    ...failed,
  } as const;
  return {...marked(current, event, mark), ahead: current.ahead};
}

export function rested(episode: Episode, event: PlacedEvent): Episode {
  const took = measured(timeOf(episode, event) - episode.beganMs);
  return ended(marked(episode, event, {id: 'rest'}), event, {
    words: `at rest again, ${took} after the primary was back`,
    tone: 'good',
  });
}
