import {clean} from '../../screens/clip.js';
import {age} from '../../screens/format.js';
import type {Due} from '../due.js';
import {dateText, momentText} from './when.js';
import {closeOf, nextOpening, type Window} from './window.js';

export interface Reminder {
  /** Something is to be said. */
  speak: boolean;
  /** One sentence. */
  say: string;
  /** When the window opens next by which a drill begins without being asked for; null: there is none. */
  windowMs: number | null;
}

/**
 * Whether the operator is to be reminded, and with which words. A drill that failed is a reason until one has passed.
 * With a window the drill has until the first one after it is due, because it begins by itself then. Pure.
 */
export function reminderOf(
  due: Due,
  {nowMs, aheadMs = 0, window}: {nowMs: number; aheadMs?: number; window?: Window | undefined},
): Reminder {
  const windowMs = window ? nextOpening(window, new Date(nowMs)).getTime() : null;
  const next = windowMs === null ? '' : ` Its window opens ${momentText(new Date(windowMs))}.`;
  const {newest, passedMs, dueMs, isDue} = due;
  if (newest?.result === 'failed') {
    const why = clean(newest.say).trim();
    const say = `failed on ${dateText(new Date(newest.endedMs))}${why === '' ? '' : ` ("${why.replace(/\.$/, '')}")`}; put right what failed, and run it again.`;
    return {speak: true, say: `The newest drill ${say}`, windowMs};
  }
  if (passedMs === null || dueMs === null)
    return {
      speak: true,
      say: `No drill with a takeover has passed yet: nobody knows whether the standby can take over.${next}`,
      windowMs,
    };
  const last = `the last one passed ${age(nowMs - passedMs)} ago, on ${dateText(new Date(passedMs))}.`;
  if (!isDue)
    return {
      speak: nowMs + aheadMs >= dueMs && aheadMs > 0,
      say: `The drill is due in ${age(dueMs - nowMs)}, on ${dateText(new Date(dueMs))}; ${last}${next}`,
      windowMs,
    };
  const overMs = nowMs - dueMs;
  const state = overMs < 86_400_000 ? 'The drill is due' : `The drill is overdue by ${age(overMs)}`;
  const chance = window ? closeOf(window, nextOpening(window, new Date(dueMs - 1))).getTime() : dueMs;
  return {speak: nowMs >= chance, say: `${state}; ${last}${next}`, windowMs};
}
