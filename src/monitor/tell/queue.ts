import {ownMessage, type Message, type Teller} from './message.js';
import {sinceMs, type Stamp} from './moment.js';
import type {Parcel} from './news.js';

/** Messages that were not delivered to everybody yet, oldest first. Plain data. */
export interface Queue {
  entries: Entry[];
  /** Target → messages that were given up since it last heard anything. */
  dropped: Record<string, number>;
}
interface Entry {
  message: Message;
  at: Stamp;
  /** Who has still to hear of it. */
  to: string[];
  /** Target → how often it refused just this one. */
  refused: Record<string, number>;
}

/** ms; what is a day old is history, not news. */
export const longestMs = 24 * 60 * 60_000;
const mostEntries = 200;
/** Characters of all messages together. */
const mostText = 256 * 1024;
/** So many in one delivery, so that it ends in time. */
const mostAtOnce = 10;

export const emptyQueue: Queue = {entries: [], dropped: {}};

/** Adds messages; over the bounds the oldest that are no alerts go first, then the oldest. Pure. */
export function enqueue(queue: Queue, parcels: readonly Parcel[], at: Stamp): Queue {
  if (parcels.length === 0) return queue;
  let next = {...queue, entries: [...queue.entries, ...parcels.map((one) => ({...one, at, refused: {}}))]};
  while (next.entries.length > mostEntries || textOf(next) > mostText) {
    const lesser = next.entries.findIndex(({message}) => message.level !== 'alert');
    next = giveUp(next, (_entry, index) => index === Math.max(lesser, 0));
  }
  return next;
}

const textOf = ({entries}: Queue) =>
  entries.reduce(
    (sum, {message}) => sum + message.what.length + message.why.length + message.advice.length + 300,
    0,
  );

/** Gives up what is a day old, and what is for targets that are no more. Pure; the same object when nothing changed. */
export function prune(queue: Queue, targets: readonly string[], now: Stamp): Queue {
  const young = giveUp(queue, ({at}) => sinceMs(at, now) >= longestMs);
  if (young.entries.every(({to}) => to.every((name) => targets.includes(name)))) return young;
  const entries = young.entries
    .map((entry) => ({...entry, to: entry.to.filter((name) => targets.includes(name))}))
    .filter(({to}) => to.length > 0);
  return {...young, entries};
}

function giveUp(queue: Queue, which: (entry: Entry, index: number) => boolean): Queue {
  const gone = queue.entries.filter(which);
  if (gone.length === 0) return queue;
  const dropped = {...queue.dropped};
  for (const name of gone.flatMap(({to}) => to)) dropped[name] = (dropped[name] ?? 0) + 1;
  return {entries: queue.entries.filter((entry, index) => !which(entry, index)), dropped};
}

/** How many messages wait for a target. */
export const waitingFor = ({entries, dropped}: Queue, name: string): number =>
  entries.filter(({to}) => to.includes(name)).length + ((dropped[name] ?? 0) > 0 ? 1 : 0);

/**
 * What a target hears next: first how much it missed, then the oldest; one that it refused before comes after those
 * that it was not asked to take yet. Pure.
 */
export function nextFor(queue: Queue, name: string, teller: Teller, now: Stamp): Message[] {
  const missed = queue.dropped[name] ?? 0;
  const note = missed > 0 ? [droppedNote(missed, name, teller, now)] : [];
  const waiting = queue.entries
    .filter(({to}) => to.includes(name))
    .toSorted((a, b) => (a.refused[name] ?? 0) - (b.refused[name] ?? 0));
  return [...note, ...waiting.map(({message}) => message)].slice(0, mostAtOnce);
}

const noteId = (missed: number, name: string, boot: string) =>
  `${boot.slice(0, 8)}-dropped-${name}-${missed}`;

function droppedNote(missed: number, name: string, teller: Teller, now: Stamp): Message {
  return ownMessage('dropped', teller, {
    id: noteId(missed, name, now.boot),
    time: new Date(now.wallMs).toISOString(),
    level: 'warning',
    what: `${missed === 1 ? 'One message' : `${missed} messages`} for "${name}" could not be delivered and ${missed === 1 ? 'was' : 'were'} dropped.`,
  });
}

/** A target took a message. Pure. */
export function delivered(queue: Queue, name: string, id: string): Queue {
  const missed = queue.dropped[name] ?? 0;
  if (missed > 0 && id.endsWith(`-dropped-${name}-${missed}`)) {
    const {[name]: _told, ...dropped} = queue.dropped;
    return {...queue, dropped};
  }
  const entries = queue.entries
    .map((entry) =>
      entry.message.id === id ? {...entry, to: entry.to.filter((one) => one !== name)} : entry,
    )
    .filter(({to}) => to.length > 0);
  return {...queue, entries};
}

/** A target is there and does not want this one. Pure. */
export function refused(queue: Queue, name: string, id: string): Queue {
  const entries = queue.entries.map((entry) =>
    entry.message.id === id
      ? {...entry, refused: {...entry.refused, [name]: (entry.refused[name] ?? 0) + 1}}
      : entry,
  );
  return {...queue, entries};
}
