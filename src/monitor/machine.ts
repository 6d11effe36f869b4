import {acts, type Act, type View} from './act.js';
import type {EventName, Level} from './events.js';
import type {Happening, HappeningName} from './happening.js';
import * as is from './judge.js';
import type {Memory, StateName} from './memory.js';
import {observe} from './observe.js';
import {say} from './say.js';
import type {MonitorSettings} from './settings.js';

/**
 * One row: in one of `from`, when `on` happens and `when` holds, go `to`, do `act` in order, and say so.
 * The first row that fits wins. `to: 'same'` keeps the state (and its age).
 */
export interface Row {
  event: EventName;
  level: Level;
  from: readonly StateName[];
  on: readonly HappeningName[];
  when: (view: View) => boolean;
  to: StateName | 'same';
  act: readonly Act[];
  say: (view: View) => string;
}

const all = ['watching', 'suspect', 'promoting', 'active', 'recovering', 'demoting', 'blocked'] as const;
const inForce = ['active', 'recovering'] as const;
const asleep = ['watching', 'suspect', 'blocked'] as const;
const always = () => true;
const rebooted = ({seen}: View) => seen.on === 'start' && seen.rebooted;

// prettier-ignore
export const table: readonly Row[] = [
  // Coming up
  {event: 'resuming', level: 'warning', from: ['promoting', 'active', 'recovering'], on: ['start'], when: rebooted,
    to: 'suspect', act: ['ask-nothing', 'set-resume'], say: say.resuming},
  {event: 'started', level: 'info', from: all, on: ['start'], when: always, to: 'same', act: [], say: say.started},

  // Flags
  {event: 'paused', level: 'info', from: all, on: ['pause'], when: always, to: 'same', act: ['set-pause'], say: say.paused},
  {event: 'resumed', level: 'info', from: all, on: ['resume'], when: ({m}) => m.pause !== null,
    to: 'same', act: ['clear-pause'], say: say.resumed},
  {event: 'resumed', level: 'info', from: all, on: ['tick'], when: ({m, nowMs}) => m.pause !== null && nowMs >= m.pause.untilMs,
    to: 'same', act: ['clear-pause'], say: say.pauseOver},
  {event: 'failback-asked', level: 'info', from: ['promoting', 'active', 'recovering'], on: ['failback'], when: always,
    to: 'same', act: [], say: say.failbackAsked},
  {event: 'failback-refused', level: 'info', from: all, on: ['failback'], when: always,
    to: 'same', act: ['drop-failback'], say: say.failbackRefused},
  {event: 'tested', level: 'info', from: all, on: ['tested'], when: ({m}) => m.promotions.length > 0,
    to: 'same', act: ['forget-promotion'], say: say.tested},
  {event: 'unlatched', level: 'info', from: inForce, on: ['tick'],
    when: ({m, nowMs}) => m.latch !== null && nowMs >= m.latch.untilMs,
    to: 'same', act: ['unlatch'], say: say.unlatched},

  // The host stood still: what was counted before says nothing
  {event: 'gap', level: 'warning', from: ['suspect'], on: ['gap'], when: ({m}) => !m.resume, to: 'watching', act: [], say: say.gap},
  {event: 'gap', level: 'warning', from: ['recovering'], on: ['gap'], when: always, to: 'active', act: [], say: say.gap},
  {event: 'gap', level: 'warning', from: all, on: ['gap'], when: always, to: 'same', act: [], say: say.gap},

  // Watching
  {event: 'suspected', level: 'warning', from: ['watching'], on: ['probe'], when: is.bad, to: 'suspect', act: [], say: say.suspected},
  {event: 'demoting', level: 'info', from: ['suspect'], on: ['probe'], when: (v) => is.ok(v) && v.m.resume,
    to: 'demoting', act: ['begin-demotion', 'ask-standby'], say: say.notResumed},
  {event: 'cleared', level: 'info', from: ['suspect'], on: ['probe'], when: is.ok, to: 'watching', act: [], say: say.cleared},
  {event: 'promoting', level: 'alert', from: ['suspect'], on: ['probe'],
    when: (v) => is.bad(v) && is.dead(v) && is.promotionHeld(v) === null,
    to: 'promoting', act: ['count-promotion', 'first-attempt', 'ask-active'], say: say.promoting},
  {event: 'held', level: 'alert', from: ['suspect'], on: ['probe'],
    when: (v) => is.bad(v) && is.dead(v) && is.promotionHeld(v) !== v.m.held,
    to: 'same', act: [], say: say.promotionHeld},

  // Promoting: until the bot is there
  {event: 'promoted', level: 'alert', from: ['promoting'], on: ['gateway', 'channel', 'unit'], when: is.arrived,
    to: 'active', act: ['arrive', 'clear-degraded'], say: say.promoted},
  {event: 'gateway-started', level: 'info', from: ['promoting'], on: ['unit'],
    when: (v) => is.answered(v) && is.gatewayRuns(v) && v.m.takeover?.started === false,
    to: 'same', act: ['note-started'], say: say.gatewayStarted},
  {event: 'gateway-ready', level: 'info', from: ['promoting'], on: ['gateway'],
    when: ({m}) => m.gateway?.ready === true && m.takeover?.ready === false,
    to: 'same', act: ['note-ready'], say: say.gatewayReady},
  {event: 'attempt-failed', level: 'warning', from: ['promoting'], on: ['unit'],
    when: (v) => is.trying(v) && is.gatewayDown(v) && !is.lastTry(v) && !is.crashBudgetSpent(v),
    to: 'same', act: ['count-crash', 'plan-retry'], say: say.attemptFailed},
  {event: 'blocked', level: 'alert', from: ['promoting'], on: ['unit'],
    when: (v) => is.trying(v) && is.gatewayDown(v),
    to: 'blocked', act: ['ask-standby'], say: say.blocked},
  {event: 'attempt-failed', level: 'warning', from: ['promoting'], on: ['tick'],
    when: (v) => is.tryIsOver(v) && !is.lastTry(v),
    to: 'same', act: ['plan-retry', 'ask-standby'], say: say.attemptTooLong},
  {event: 'promoted', level: 'alert', from: ['promoting'], on: ['tick'],
    when: (v) => is.tryIsOver(v) && v.m.gateway?.live === true,
    to: 'active', act: ['arrive', 'mark-degraded'], say: say.promotedDegraded},
  {event: 'blocked', level: 'alert', from: ['promoting'], on: ['tick'], when: is.tryIsOver,
    to: 'blocked', act: ['ask-standby'], say: say.blocked},
  {event: 'retrying', level: 'warning', from: ['promoting'], on: ['tick'],
    when: ({m, nowMs}) => m.takeover !== null && m.takeover.retryMs !== null && nowMs >= m.takeover.retryMs,
    to: 'same', act: ['next-attempt', 'ask-active'], say: say.retrying},

  // Active
  {event: 'latched', level: 'alert', from: ['active', 'recovering'], on: ['tick'],
    when: ({m}) => m.latch?.told === false,
    to: 'same', act: ['tell-latch'], say: say.latched},
  {event: 'gateway-lost', level: 'alert', from: inForce, on: ['unit'],
    when: (v) => is.gatewayDown(v) && !v.m.pause && is.crashBudgetSpent(v),
    to: 'blocked', act: ['count-crash', 'ask-standby'], say: say.gatewayLostAgain},
  {event: 'gateway-lost', level: 'alert', from: inForce, on: ['unit'],
    when: (v) => is.gatewayDown(v) && !v.m.pause,
    to: 'promoting', act: ['count-crash', 'first-attempt', 'ask-active'], say: say.gatewayLost},
  {event: 'channel-back', level: 'info', from: inForce, on: ['channel'],
    when: (v) => v.m.degraded !== null && is.connected(v),
    to: 'same', act: ['clear-degraded'], say: say.channelBack},
  {event: 'channel-lost', level: 'alert', from: inForce, on: ['channel'],
    when: (v) => v.m.degraded === null && v.m.channel?.seq === v.m.role.seq && !is.connected(v),
    to: 'same', act: ['mark-degraded'], say: say.channelLost},
  {event: 'primary-back', level: 'info', from: ['active'], on: ['probe'], when: is.ok, to: 'recovering', act: [], say: say.primaryBack},
  {event: 'primary-gone', level: 'warning', from: ['recovering'], on: ['probe'], when: is.bad, to: 'active', act: [], say: say.primaryGone},
  {event: 'demoting', level: 'alert', from: ['recovering'], on: ['probe'],
    when: (v) => is.risen(v) && is.activeLongEnough(v) && is.demotionHeld(v) === null,
    to: 'demoting', act: ['begin-demotion', 'ask-standby'], say: say.demoting},
  {event: 'held', level: 'info', from: ['recovering'], on: ['probe'],
    when: (v) => is.risen(v) && is.activeLongEnough(v) && is.demotionHeld(v) !== v.m.held,
    to: 'same', act: [], say: say.demotionHeld},

  // Demoting: until the gateway is stopped and the workspace handed back
  {event: 'demoted', level: 'alert', from: ['demoting'], on: ['unit'], when: is.gatewayDown,
    to: 'watching', act: ['rest'], say: say.demoted},
  {event: 'demotion-unseen', level: 'alert', from: ['demoting'], on: ['tick'],
    when: ({m, s, nowMs}) => m.demotingMs !== null && nowMs - m.demotingMs >= s.demotion.timeoutMs,
    to: 'watching', act: ['rest'], say: say.demotionUnseen},

  // Blocked: two tries failed
  {event: 'unblocked', level: 'info', from: ['blocked'], on: ['probe'], when: is.risen,
    to: 'watching', act: ['rest'], say: say.unblocked},
  {event: 'retrying', level: 'alert', from: ['blocked'], on: ['probe'],
    when: (v) => is.bad(v) && is.promotionHeld({...v, m: {...v.m, resume: true}}) === null
      && v.nowMs - v.m.sinceMs >= v.s.promotion.blockedRetryMs,
    to: 'promoting', act: ['first-attempt', 'ask-active'], say: say.unblockedRetry},

  // Asleep, and yet it runs
  {event: 'drift', level: 'alert', from: asleep, on: ['unit'],
    when: (v) => is.answered(v) && v.m.role.want === 'standby' && is.gatewayRuns(v)
      && v.nowMs - (v.m.driftMs ?? -Infinity) >= driftEveryMs,
    to: 'same', act: ['note-drift', 'ask-standby'], say: say.drift},
];

/** A gateway that refuses to stay stopped is told about twice a minute, not at every look. */
const driftEveryMs = 30_000;

export interface Decision {
  memory: Memory;
  /** The row that fired; absent when nothing but the counters changed. */
  row?: Row;
  from: StateName;
  sentence?: string;
}

/**
 * The failover decision: what was known, what happened, what the settings say, and the monotonic time in ms, to
 * what is known now. Pure; the only place where a state changes.
 */
export function decide(before: Memory, seen: Happening, s: MonitorSettings, nowMs: number): Decision {
  const from = before.state;
  const view = {m: observe(before, seen, s, nowMs), seen, s, nowMs};
  const row = table.find((row) => row.from.includes(from) && row.on.includes(seen.on) && row.when(view));
  if (!row) return {memory: view.m, from};
  const sentence = row.say(view);
  let memory = view.m;
  for (const act of row.act) memory = acts[act]({...view, m: memory});
  if (row.to !== 'same' && row.to !== from) memory = {...memory, state: row.to, sinceMs: nowMs, held: null};
  memory = {...memory, held: heldAfter(row, view, memory), sequence: memory.sequence + 1};
  return {memory, row, from, sentence};
}

/** A reason is told once: it is remembered until it changes. */
function heldAfter(row: Row, view: View, memory: Memory): Memory['held'] {
  if (row.event !== 'held') return memory.held;
  return memory.state === 'suspect' ? is.promotionHeld(view) : is.demotionHeld(view);
}
