import type {Level, MonitorEvent} from '../events.js';
import {oneLine} from '../files.js';
import {advice as advices, type OwnEvent} from './advice.js';
import {whyOf} from './why.js';

/** What is told. It holds no secret, and everything that came from outside is one clean line. */
export interface Message {
  /** The same for each attempt to deliver it: receivers can drop the second copy. */
  id: string;
  /** ISO */
  time: string;
  pair: string;
  /** Name of the standby. */
  host: string;
  level: Level;
  /** Name of the monitor's event, or `test`, `digest`, `dropped`. */
  event: string;
  title: string;
  /** What happened. */
  what: string;
  /** The evidence in words; may be empty. */
  why: string;
  /** What the operator should do. */
  advice: string;
  /** It waits for a person. */
  act: boolean;
  from?: string;
  to?: string;
}

/** Who tells. */
export interface Teller {
  pair: string;
  host: string;
}

/** Characters; ntfy cuts at 4096 bytes, chats at 2000 characters. */
const longest = {what: 600, why: 500, title: 120};

/**
 * An event as a message. Pure.
 * @param test the takeover in force is a test
 * @param again how often it happened since it was told last
 */
export function messageOf(
  event: MonitorEvent,
  {pair, host}: Teller,
  {test = false, again = 0}: {test?: boolean; again?: number} = {},
): Message {
  const {title, advice, more, act = false} = advices[event.event];
  const calm = event.level === 'info';
  const repeated =
    again > 0 ? ` (${again === 1 ? 'once' : `${again} times`} more since it was told last)` : '';
  return {
    id: `${event.boot.slice(0, 8)}-${event.seq}`,
    time: event.time,
    pair,
    host: oneLine(host, 64),
    level: event.level,
    event: event.event,
    title: oneLine(`${test ? 'Test: ' : ''}${title}`, longest.title),
    what: oneLine(`${event.say}${repeated}`, longest.what),
    why: oneLine(whyOf(event), longest.why),
    advice: calm ? 'Nothing to do.' : [advice, more?.(event.evidence)].filter(Boolean).join(' '),
    act: act && !calm,
    from: event.from,
    to: event.to,
  };
}

/** A message of ours about telling itself. Pure. */
export function ownMessage(
  event: OwnEvent,
  {pair, host}: Teller,
  about: {id: string; time: string; level: Level; what: string; why?: string},
): Message {
  const {title, advice} = advices[event];
  return {
    pair,
    host: oneLine(host, 64),
    event,
    title,
    advice,
    act: false,
    ...about,
    what: oneLine(about.what, 1000),
    why: oneLine(about.why ?? '', longest.why),
  };
}

/** For a chat or a push message. Pure. */
export function textOf({pair, host, title, what, why, advice, act}: Message): string {
  return [
    `${title} (pair ${pair}, told by ${host})`,
    what,
    ...(why ? [`Why: ${why}`] : []),
    `${act ? 'Please do' : 'What to do'}: ${advice}`,
  ].join('\n');
}
