import {measured} from '../../format.js';
import {
  begun,
  ended,
  has,
  heldWords,
  marked,
  timeOf,
  type Episode,
  type Mark,
  type StageId,
} from './episode.js';
import type {PlacedEvent} from './event-list.js';
import {reasonWords, verdictWords} from './reason-words.js';
import {isByHand} from './takeover-limit.js';

const wayUp = ['asked', 'verdict', 'started', 'ready', 'connected'] as const;
const ownStart = ['started', 'ready', 'connected'] as const;

/** From an event that says how long ago the last good and the first bad probe were. */
export function suspicion(event: PlacedEvent): Episode {
  const {sinceLastOkMs, sinceFirstBadMs = 0} = event.durations;
  const badMs = event.localMs - sinceFirstBadMs;
  // After a start of the monitor no good probe is known of.
  const okMs = sinceLastOkMs === undefined ? badMs : Math.min(badMs, event.localMs - sinceLastOkMs);
  const episode = begun('takeover', event, okMs, null, wayUp);
  const seen: Mark[] = sinceLastOkMs === undefined ? [] : [{id: 'last-ok', atMs: okMs}];
  return {...episode, marks: [...seen, {id: 'first-bad', atMs: badMs}]};
}

/** The first answers make the stage; what later ones mean is its note. */
export function asked(episode: Episode, event: PlacedEvent): Episode {
  const note = event.reason === null ? '' : reasonWords(event.reason);
  const known = {...episode, reason: event.reason, newest: event};
  if (!has(episode, 'asked'))
    return has(episode, 'verdict') ? known : marked(known, event, {id: 'asked', note});
  return {...known, marks: episode.marks.map((mark) => (mark.id === 'asked' ? {...mark, note} : mark))};
}

const verdictName = ({reason}: PlacedEvent) =>
  reason === null ? 'verdict' : `verdict: ${verdictWords(reason)}`;

export function heldUp(episode: Episode, event: PlacedEvent): Episode {
  const note = heldWords(event);
  const known = has(episode, 'verdict')
    ? {...episode, newest: event}
    : marked(episode, event, {id: 'verdict', name: verdictName(event)});
  const held = marked({...known, ahead: ownStart}, event, {
    id: 'beside',
    name: 'held back',
    lasts: true,
    note,
  });
  return {...held, ahead: ownStart, reason: event.reason};
}

export function decided(current: Episode | undefined, event: PlacedEvent): Episode {
  const open = current?.endedMs === null && current.kind === 'takeover' ? current : undefined;
  const sinceMs = event.durations['sincePromotingMs'] ?? 0;
  if (isByHand(event) && !open) return ownBegin(event, event.localMs - sinceMs, 'an operator asked');
  // The log may begin in the middle.
  const episode = open ?? suspicion(event);
  const decidedMs = timeOf(episode, event) - sinceMs;
  const [id, name] = verdictMark(episode, event);
  const marks = [...episode.marks, {id, name, atMs: decidedMs}];
  return {...episode, reason: event.reason, marks, ahead: ownStart, decidedMs, newest: event};
}

function verdictMark(episode: Episode, event: PlacedEvent): [StageId, string] {
  if (has(episode, 'verdict')) return ['beside', isByHand(event) ? 'an operator asked' : 'not held any more'];
  return ['verdict', isByHand(event) ? 'an operator asked' : verdictName(event)];
}

/** One that begins with the decision. */
function ownBegin(event: PlacedEvent, atMs: number, name: string): Episode {
  return {...begun('takeover', event, atMs, name, ownStart), decidedMs: atMs};
}

/** The standby rebooted while it was in charge: it asks for the primary first, or goes on at once. */
export function rebooted(event: PlacedEvent): Episode {
  if (event.to === 'promoting') return ownBegin(event, event.localMs, 'goes on after its reboot');
  return begun('takeover', event, event.localMs, 'standby rebooted while active', wayUp.slice(1));
}

/** Within a takeover the next try; after a blocked one it goes on. */
export function retried(current: Episode | undefined, event: PlacedEvent): Episode {
  const episode = current?.kind === 'takeover' ? current : decided(undefined, event);
  const again = marked(episode, event, {id: 'beside', name: 'tried again'});
  return {...again, ahead: ownStart, decidedMs: timeOf(again, event), endedMs: null, outcome: null};
}

/** What the gateway starts from, as the job that brings it up to date says. */
export function workspace(episode: Episode, event: PlacedEvent): Episode {
  const known = has(episode, 'workspace');
  return known
    ? episode
    : {...marked(episode, event, {id: 'workspace', note: trimmed(event.say)}), ahead: episode.ahead};
}

const trimmed = (say: string) => say.replace(/\.$/, '');

export const reached = (episode: Episode, event: PlacedEvent, id: StageId): Episode =>
  marked(episode, event, {id});

export function arrived(episode: Episode, event: PlacedEvent): Episode {
  const took = measured(timeOf(episode, event) - episode.beganMs);
  if (event.connected === false) {
    const note = 'its channel is not connected';
    const there = marked(episode, event, {id: 'connected', name: 'gateway runs', failed: true, note});
    return ended(there, event, {words: `taken over in ${took}, and ${note}`, tone: 'warn'});
  }
  return ended(marked(episode, event, {id: 'connected'}), event, {
    words: `taken over in ${took}`,
    tone: 'good',
  });
}

/** Why is in the brackets of the sentence: `(unit failed, exit-code, exit code 1)`. */
const unitWords = ({say}: PlacedEvent) => /\((?:unit )?([^()]+)\)/.exec(say)?.[1] ?? '';

export function failedOnce(episode: Episode, event: PlacedEvent): Episode {
  const name = event.say.includes('was not there') ? 'not there in time' : 'gateway did not come up';
  const mark = {id: 'beside', name, failed: true, note: unitWords(event)} as const;
  return {...marked(episode, event, mark), ahead: ownStart};
}

/** The standby's own gateway ended while it was in charge. */
export function ownLoss(current: Episode | undefined, event: PlacedEvent): Episode | undefined {
  if (event.to === event.from) return current;
  const name = event.event === 'gateway-hung' ? "standby's gateway hangs" : "standby's gateway ended";
  const lost = ownBegin(event, event.localMs, name);
  if (event.to !== 'blocked') return lost;
  return ended(lost, event, {words: 'it ended too often, and is left alone for a while', tone: 'bad'});
}
