import type {EventName, Level, MonitorEvent} from '../events.js';
import {messageOf, ownMessage, type Message, type Teller} from './message.js';
import {sinceMs, type Stamp} from './moment.js';
import type {Listener} from './targets.js';

/** What was told already, so that nothing is told twice and flapping does not flood. Part of the queue's file. */
export interface News {
  /** Of the newest event that was looked at. */
  seq: number;
  /** The takeover in force is a test. */
  test: boolean;
  /** What was told and has not ended, by what it says. */
  told: Record<string, Told>;
  /** Per target. */
  flood: Record<string, Flood>;
}
interface Told {
  event: EventName;
  level: Level;
  at: Stamp;
  /** How often it happened since. */
  again: number;
}
interface Flood {
  sent: {at: Stamp; level: Level}[];
  /** What waits until there is room again. */
  digest: {id: string; since: Stamp; count: number; level: Level; newest: string[]} | null;
}

/** A message and the targets it is for. */
export interface Parcel {
  message: Message;
  to: string[];
}

export const noNews = (seq: number): News => ({seq, test: false, told: {}, flood: {}});

/** ms until the same news is told once more, if it has not ended. */
const remindMs = 60 * 60_000;
/** At most so many messages to a target within the window; what is more becomes one digest. */
const most = 8;
const windowMs = 10 * 60_000;
/** A digest waits at least this long, so that a burst is one. */
const gatherMs = 60_000;
const mostTold = 50;
const digestLines = 5;

const rank: Record<Level, number> = {info: 0, warning: 1, alert: 2};
const higher = (a: Level, b: Level) => (rank[a] >= rank[b] ? a : b);

// prettier-ignore
const ofRole: readonly EventName[] = [
  'suspected', 'asked', 'trouble', 'held', 'promoting', 'promoted', 'attempt-failed', 'retrying', 'blocked',
  'gateway-lost', 'gateway-hung', 'channel-lost', 'demoting', 'demoted', 'demotion-unseen', 'resuming', 'primary-gone', 'drift',
];

/** Event → earlier news that it puts an end to; the same name on another level always does. */
const ends: Partial<Record<EventName, readonly EventName[]>> = {
  promoted: ofRole,
  // The bot that was told to be there is gone: when it is back, that is news again.
  resuming: ['promoted'],
  promoting: ['promoted'],
  'gateway-lost': ['promoted'],
  'gateway-hung': ['promoted'],
  blocked: ['promoted'],
  // By hand it goes past a latch, which nothing else ends then.
  demoting: ['promoted', 'latched'],
  demoted: ofRole,
  cleared: ofRole,
  unblocked: ofRole,
  'channel-back': ['channel-lost'],
  unlatched: ['latched'],
  resumed: ['paused'],
};

/** The ends of a takeover, however it went. */
const asleepAgain: readonly EventName[] = ['demoted', 'demotion-unseen', 'unblocked'];

/** The events that say: what you were told of is over. Whoever heard the one hears the other. */
const allClear: readonly EventName[] = ['cleared', 'unblocked', 'channel-back', 'unlatched'];

/**
 * One event of the monitor → the messages it makes. Pure.
 */
export function takeEvent(
  before: News,
  event: MonitorEvent,
  targets: readonly Listener[],
  teller: Teller,
): {news: News; parcels: Parcel[]} {
  const now: Stamp = {boot: event.boot, ms: event.ms, wallMs: Date.parse(event.time)};
  const over = Object.entries(before.told).filter(([, told]) => isOver(told, event));
  const told = Object.fromEntries(Object.entries(before.told).filter(([, one]) => !isOver(one, event)));
  const level = isAllClear(event)
    ? over.reduce((all, [, one]) => higher(all, one.level), event.level)
    : event.level;

  const key = newsKey(event);
  const known = told[key];
  const silent = known !== undefined && event.level !== 'info' && sinceMs(known.at, now) < remindMs;
  // A takeover is called a test after it was decided.
  const test = event.event === 'tested' || (before.test && event.event !== 'promoting');
  const base = {
    ...before,
    seq: Math.max(before.seq, event.seq),
    test: test && !asleepAgain.includes(event.event),
  };
  if (silent) {
    told[key] = {...known, again: known.again + 1};
    return {news: {...base, told}, parcels: []};
  }
  if (event.level !== 'info') told[key] = {event: event.event, level: event.level, at: now, again: 0};
  const message = messageOf(event, teller, {test, ...(known && {again: known.again})});
  const news = {...base, told: newest(told)};
  const to = targets.filter((target) => rank[level] >= rank[target.level]).map(({name}) => name);
  return rationed(news, message, level, to, now);
}

const isOver = (told: Told, {event, level}: MonitorEvent) =>
  (told.event === event && told.level !== level) ||
  (told.event !== event && (ends[event]?.includes(told.event) ?? false));

const isAllClear = ({event, level}: MonitorEvent) =>
  allClear.includes(event) || (level === 'info' && !Object.hasOwn(ends, event));

/** What an event says, without the figures that differ each time. */
const newsKey = ({event, level, say}: MonitorEvent) =>
  `${event} ${level} ${say.replace(/\d+(?:[.:]\d+)*(?: (?:ms|s|min|h)\b)?(?: \d+ (?:s|min)\b)?/g, '#').slice(0, 160)}`;

function newest(told: Record<string, Told>): Record<string, Told> {
  const all = Object.entries(told);
  return all.length <= mostTold ? told : Object.fromEntries(all.slice(-mostTold));
}

/** To each target at once while there is room; else into its digest. Alerts have room of their own. */
function rationed(
  news: News,
  message: Message,
  level: Level,
  to: readonly string[],
  now: Stamp,
): {news: News; parcels: Parcel[]} {
  const flood = {...news.flood};
  const direct: string[] = [];
  for (const name of to) {
    const {sent, digest} = recent(flood[name], now);
    const used = sent.filter((one) => rank[one.level] >= rank[level]).length;
    if (used < most && (digest === null || rank[digest.level] < rank[level])) {
      direct.push(name);
      flood[name] = {sent: [...sent, {at: now, level}], digest};
    } else {
      const line = `${message.title}: ${message.what}`;
      const old = digest ?? {id: `${message.id}-digest`, since: now, count: 0, level, newest: []};
      flood[name] = {
        sent,
        digest: {
          ...old,
          count: old.count + 1,
          level: higher(old.level, level),
          newest: [...old.newest, line].slice(-digestLines),
        },
      };
    }
  }
  return {news: {...news, flood}, parcels: direct.length === 0 ? [] : [{message, to: direct}]};
}

function recent(flood: Flood | undefined, now: Stamp): Flood {
  const {sent, digest} = flood ?? {sent: [], digest: null};
  return {sent: sent.filter(({at}) => sinceMs(at, now) < windowMs), digest};
}

/** The digests that may go now. Pure. */
export function takeDigests(before: News, teller: Teller, now: Stamp): {news: News; parcels: Parcel[]} {
  const parcels: Parcel[] = [];
  const flood = {...before.flood};
  for (const [name, one] of Object.entries(before.flood)) {
    const {sent, digest} = recent(one, now);
    if (!digest || sinceMs(digest.since, now) < gatherMs || sent.length >= most) continue;
    const {id, count, level, newest: lines} = digest;
    parcels.push({
      to: [name],
      message: ownMessage('digest', teller, {
        id,
        time: new Date(now.wallMs).toISOString(),
        level,
        what: `${count} more messages. The newest: ${lines.toReversed().join(' — ')}`,
      }),
    });
    flood[name] = {sent: [...sent, {at: now, level}], digest: null};
  }
  return parcels.length === 0 ? {news: before, parcels} : {news: {...before, flood}, parcels};
}
