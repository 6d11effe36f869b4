import {acts, type Act, type View} from './act.js';
import type {EventName, Level} from './events.js';
import type {Happening, HappeningName} from './happening.js';
import * as is from './judge.js';
import type {Memory, StateName} from './memory.js';
import {observe} from './observe.js';
import {readyAgain, unreadyTooLong} from './readiness.js';
import {inWords} from './say.js';
import type {MonitorSettings} from './settings.js';
import {quickAgain, slowTooLong} from './slowness.js';
import {rules, type Rule} from './verdict.js';

/**
 * One row: in one of `from`, when `on` happens and `when` holds, go `to`, do `act` in order, and say so.
 * The first row that fits wins. `to: 'same'` keeps the state (and its age).
 */
export interface Row {
  event: EventName;
  level: Level;
  from: readonly StateName[];
  on: readonly HappeningName[];
  /** `when` in words, for the printed table; absent: always. */
  if?: string;
  when: (view: View) => boolean;
  to: StateName | 'same';
  act: readonly Act[];
  /** The sentence; `{words}` are filled in by say.ts. */
  say: string;
}

const all = ['watching', 'suspect', 'promoting', 'active', 'recovering', 'demoting', 'blocked'] as const;
const inForce = ['active', 'recovering'] as const;
const asleep = ['watching', 'suspect', 'blocked'] as const;
const always = () => true;
const rebooted = ({seen}: View) => seen.on === 'start' && seen.rebooted;
const signs = ['probe', 'answers'] as const;

// prettier-ignore
export const table: readonly Row[] = [
  // Coming up
  {event: 'resuming', level: 'warning', from: ['promoting', 'active', 'recovering'], on: ['start'],
    if: 'this host rebooted', when: rebooted, to: 'suspect', act: ['ask-nothing', 'set-resume'],
    say: 'This host rebooted while it was {state}; it takes over again if the primary is still gone.'},
  {event: 'started', level: 'info', from: all, on: ['start'], when: always, to: 'same', act: [],
    say: 'The monitor started and goes on as {state}.'},

  // Flags
  {event: 'paused', level: 'info', from: all, on: ['pause'], when: always, to: 'same', act: ['set-pause'],
    say: 'Paused for {pauseLeft}: {pauseWhy}.'},
  {event: 'resumed', level: 'info', from: all, on: ['resume'], if: 'paused', when: ({m}) => m.pause !== null,
    to: 'same', act: ['clear-pause'], say: 'The pause was ended.'},
  {event: 'resumed', level: 'info', from: all, on: ['tick'], if: 'the pause has run out',
    when: ({m, nowMs}) => m.pause !== null && nowMs >= m.pause.untilMs,
    to: 'same', act: ['clear-pause'], say: 'The pause is over.'},
  {event: 'failback-asked', level: 'info', from: ['promoting', 'active', 'recovering'], on: ['failback'], when: always,
    to: 'same', act: [], say: 'An operator asked to give back: it happens as soon as the primary is well.'},
  {event: 'failback-refused', level: 'info', from: all, on: ['failback'], when: always,
    to: 'same', act: ['drop-failback'], say: 'An operator asked to give back, but the standby is {state}: nothing to do.'},
  {event: 'promoting', level: 'alert', from: asleep, on: ['promote'], when: always, to: 'promoting',
    act: ['by-hand', 'first-attempt', 'ask-active'],
    say: 'An operator asked the standby to take over ({promoteWhy}): it does, and stays until somebody gives back.'},
  {event: 'failback-dropped', level: 'info', from: ['promoting', 'active', 'recovering'], on: ['promote'],
    if: 'giving back was asked for', when: ({m}) => m.failbackAsked, to: 'same', act: ['stay'],
    say: 'An operator took back the wish to give back ({promoteWhy}): the standby stays until somebody gives back.'},
  {event: 'promote-refused', level: 'info', from: all, on: ['promote'], when: always, to: 'same', act: [],
    say: 'An operator asked the standby to take over, but it is {state}: nothing to do.'},
  {event: 'tested', level: 'info', from: all, on: ['tested'], if: 'it has taken over lately', when: ({m}) => m.promotions.length > 0,
    to: 'same', act: ['forget-promotion'], say: 'This takeover is a test: it does not count towards the limit of takeovers.'},
  {event: 'unlatched', level: 'info', from: inForce, on: ['tick'], if: 'the window of takeovers has passed',
    when: ({m, nowMs}) => m.latch !== null && nowMs >= m.latch.untilMs,
    to: 'same', act: ['unlatch'], say: 'The last takeovers are long enough ago: the standby may give back again.'},

  // Whether the primary could be asked, found out while it is well
  {event: 'interrogation', level: 'info', from: ['watching'], on: ['answers'], if: 'it gives its report again',
    when: ({m}) => m.reach.works === true && m.reach.told === false, to: 'same', act: ['note-reach'],
    say: 'The primary can be asked again how it is, {reach}.'},
  {event: 'interrogation', level: 'warning', from: ['watching'], on: ['answers'], if: 'it gave no report twice in a row',
    when: ({m}) => m.reach.works === false && m.reach.told !== false, to: 'same', act: ['note-reach'],
    say: 'The primary cannot be asked how it is ({reach}): until it can, takeovers go by plain timers.'},

  // The primary is alive, and its bot is perhaps not there: told, and never a reason to take over
  {event: 'not-ready', level: 'alert', from: ['watching'], on: ['answers'], if: 'alive, and not ready for longer than a start takes',
    when: unreadyTooLong, to: 'same', act: ['note-ready-told'],
    say: "The primary's gateway is alive and has not been ready for {notReadyFor} ({notReady}): its bot may be deaf. The standby does not take over for that."},
  {event: 'not-ready', level: 'info', from: ['watching'], on: ['answers'], if: 'it is ready again', when: readyAgain,
    to: 'same', act: ['note-ready-told'], say: "The primary's gateway is ready again."},

  {event: 'latency', level: 'warning', from: ['watching'], on: ['probe'], if: 'ok, and slow for 10 min',
    when: slowTooLong, to: 'same', act: ['note-slowness'],
    say: 'The primary is well, and has taken about {usualTime} to answer for {slowFor}: a little more would look like an outage.'},
  {event: 'latency', level: 'info', from: ['watching'], on: ['probe'], if: 'ok, and quick again', when: quickAgain,
    to: 'same', act: ['note-slowness'], say: 'The primary answers quickly again, in about {usualTime}.'},

  // The host stood still: what was counted before says nothing
  {event: 'gap', level: 'warning', from: ['suspect'], on: ['gap'], if: 'not going on after a reboot', when: ({m}) => !m.resume,
    to: 'watching', act: [], say: 'This host stood still for {gap}; counting starts again.'},
  {event: 'gap', level: 'warning', from: ['recovering'], on: ['gap'], when: always, to: 'active', act: [],
    say: 'This host stood still for {gap}; counting starts again.'},
  {event: 'gap', level: 'warning', from: all, on: ['gap'], when: always, to: 'same', act: [],
    say: 'This host stood still for {gap}; counting starts again.'},

  // Watching
  {event: 'suspected', level: 'warning', from: ['watching'], on: ['probe'], if: 'bad', when: is.bad, to: 'suspect', act: [],
    say: '{primary}.'},
  {event: 'resuming', level: 'alert', from: ['suspect'], on: ['probe'], if: 'ok, this host rebooted while active, and something holds the give-back',
    when: (v) => is.ok(v) && v.m.resume && is.demotionHeld(v) !== null, to: 'promoting', act: ['resume', 'first-attempt', 'ask-active'],
    say: 'The primary is well, but the standby does not give back: {demotionHeld}. It takes over again after the reboot of this host.'},
  {event: 'demoting', level: 'alert', from: ['suspect'], on: ['probe'], if: 'ok, and this host rebooted while active',
    when: (v) => is.ok(v) && v.m.resume, to: 'demoting', act: ['begin-demotion', 'ask-standby'],
    say: 'The primary is well again after the reboot of this host; what the standby changed is handed back.'},
  {event: 'cleared', level: 'info', from: ['suspect'], on: ['probe'], if: 'ok', when: is.ok, to: 'watching', act: [],
    say: 'The primary answers again after {outage}; no takeover was needed.'},
  {event: 'promoting', level: 'alert', from: ['suspect'], on: signs, if: 'dead, and nothing holds it',
    when: (v) => is.bad(v) && is.dead(v) && is.promotionHeld(v) === null,
    to: 'promoting', act: ['count-promotion', 'first-attempt', 'ask-active'],
    say: '{primary} for {badFor}; {means}. The standby takes over.'},
  {event: 'held', level: 'alert', from: ['suspect'], on: signs, if: 'dead, and something else holds it than before',
    when: (v) => is.bad(v) && is.dead(v) && is.promotionHeld(v) !== v.m.held,
    to: 'same', act: ['note-told'], say: '{primary} for {badFor}; {means}. The standby does not take over: {promotionHeld}.'},
  {event: 'trouble', level: 'alert', from: ['suspect', 'blocked'], on: signs, if: 'it means something new that wants an operator',
    when: is.newTrouble, to: 'same', act: ['note-told'], say: '{primary}; {means}. {verdictIn}'},
  {event: 'asked', level: 'warning', from: ['suspect'], on: signs, if: 'it means something new',
    when: is.newReason, to: 'same', act: ['note-told'], say: '{primary}; {means}. {verdictIn}'},

  // Promoting: until the bot is there
  {event: 'promoted', level: 'alert', from: ['promoting'], on: ['gateway', 'channel', 'unit'],
    if: 'running, ready, and the channel account is connected', when: is.arrived,
    to: 'active', act: ['arrive', 'clear-degraded'], say: 'Taken over: {account} is connected, {took} after the decision.'},
  {event: 'gateway-started', level: 'info', from: ['promoting'], on: ['unit'], if: 'its process runs',
    when: (v) => is.answered(v) && is.gatewayRuns(v) && v.m.takeover?.started === false,
    to: 'same', act: ['note-started'], say: "The standby's gateway process runs, {took} after the decision."},
  {event: 'gateway-ready', level: 'info', from: ['promoting'], on: ['gateway'], if: '/readyz says ready',
    when: ({m}) => m.gateway?.ready === true && m.takeover?.ready === false,
    to: 'same', act: ['note-ready'], say: "The standby's gateway is ready, {took} after the decision."},
  {event: 'attempt-failed', level: 'warning', from: ['promoting'], on: ['unit'], if: 'it ended, and there is another try',
    when: (v) => is.trying(v) && is.gatewayDown(v) && !is.lastTry(v) && !is.crashBudgetSpent(v),
    to: 'same', act: ['count-crash', 'plan-retry'],
    say: "The standby's gateway did not start ({unit}): trying again in {backoff}. See: journalctl -u openclaw.service"},
  {event: 'blocked', level: 'alert', from: ['promoting'], on: ['unit'], if: 'it ended, and that was the last try',
    when: (v) => is.trying(v) && is.gatewayDown(v),
    to: 'blocked', act: ['count-crash', 'ask-standby'],
    say: 'The standby cannot take over: its gateway does not stay up ({unit}). Next try in {blockedRetry} while the primary is gone. See: journalctl -u openclaw.service'},
  {event: 'attempt-failed', level: 'warning', from: ['promoting'], on: ['tick'], if: 'the try took too long, and there is another',
    when: (v) => is.tryIsOver(v) && !is.lastTry(v),
    to: 'same', act: ['plan-retry', 'ask-standby'],
    say: "The standby's gateway was not there after {attemptTime} (unit {unit}): it is stopped and started once more."},
  {event: 'promoted', level: 'alert', from: ['promoting'], on: ['tick'], if: 'the last try took too long, and the gateway lives',
    when: (v) => is.tryIsOver(v) && v.m.gateway?.live === true,
    to: 'active', act: ['arrive', 'mark-degraded'],
    say: "The standby's gateway runs, but {account} is not seen connected: {channel}."},
  {event: 'blocked', level: 'alert', from: ['promoting'], on: ['tick'], if: 'the last try took too long', when: is.tryIsOver,
    to: 'blocked', act: ['ask-standby'],
    say: 'The standby cannot take over: its gateway does not come up ({unit}). Next try in {blockedRetry} while the primary is gone. See: journalctl -u openclaw.service'},
  {event: 'retrying', level: 'warning', from: ['promoting'], on: ['tick'], if: 'the pause between two tries is over',
    when: ({m, nowMs}) => m.takeover !== null && m.takeover.retryMs !== null && nowMs >= m.takeover.retryMs,
    to: 'same', act: ['next-attempt', 'ask-active'], say: "Starting the standby's gateway again, try {nextTry} of {tries}."},

  // Active
  {event: 'latched', level: 'alert', from: ['active', 'recovering'], on: ['tick'], if: 'that was the last takeover of the window',
    when: ({m}) => m.latch?.told === false,
    to: 'same', act: ['tell-latch'],
    say: 'Too many takeovers in a short time: the standby stays active for {latchLeft}. Look at why the primary comes and goes.'},
  {event: 'gateway-lost', level: 'alert', from: inForce, on: ['unit'], if: 'it ended once too often, and not by a clean stop in a pause',
    when: (v) => is.gatewayLost(v) && is.crashBudgetSpent(v),
    to: 'blocked', act: ['count-crash', 'ask-standby'],
    say: "The standby's gateway keeps stopping ({unit}); it is left alone for {blockedRetry}, or OpenClaw would mute its channels. See: journalctl -u openclaw.service"},
  {event: 'gateway-lost', level: 'alert', from: inForce, on: ['unit'], if: 'it ended, and not by a clean stop in a pause',
    when: is.gatewayLost,
    to: 'promoting', act: ['count-crash', 'first-attempt', 'ask-active'],
    say: "The standby's gateway stopped ({unit}); it is started again."},
  {event: 'gateway-lost', level: 'alert', from: inForce, on: ['unit'], if: 'somebody stopped it in a pause, and that was not told',
    when: (v) => is.gatewayDown(v) && !v.m.pause?.stopTold,
    to: 'same', act: ['note-stop'],
    say: "Somebody stopped the standby's gateway ({unit}): it stays so until the pause is over. To have the bot back before that, on the standby as root: systemctl start openclaw.service"},
  {event: 'gateway-hung', level: 'alert', from: inForce, on: ['gateway'], if: 'it runs, has answered nothing for long, and ended too often before',
    when: (v) => is.gatewayHangs(v) && is.crashBudgetSpent(v),
    to: 'blocked', act: ['count-crash', 'ask-standby', 'kill-first'],
    say: "The standby's gateway runs and has not answered for {silentFor}, after it had ended twice: it is killed and left alone for {blockedRetry}, or OpenClaw would mute its channels. See: journalctl -u openclaw.service"},
  {event: 'gateway-hung', level: 'alert', from: inForce, on: ['gateway'], if: 'it runs, and has answered nothing for long',
    when: is.gatewayHangs,
    to: 'promoting', act: ['count-crash', 'first-attempt', 'ask-active', 'kill-first'],
    say: "The standby's gateway runs and has not answered for {silentFor}: it is killed and started again. See: journalctl -u openclaw.service"},
  {event: 'channel-back', level: 'info', from: inForce, on: ['channel'], if: 'connected again',
    when: (v) => v.m.degraded !== null && is.connected(v),
    to: 'same', act: ['clear-degraded'], say: '{Account} is connected.'},
  {event: 'channel-lost', level: 'alert', from: inForce, on: ['channel'], if: 'no longer connected',
    when: (v) => v.m.degraded === null && v.m.channel?.seq === v.m.role.seq && !is.connected(v),
    to: 'same', act: ['mark-degraded'], say: '{Account} is not connected: {channel}.'},
  {event: 'primary-back', level: 'info', from: ['active'], on: ['probe'], if: 'ok', when: is.ok, to: 'recovering', act: [],
    say: 'The primary answers again; the standby gives back {whenGivenBack}.'},
  {event: 'primary-gone', level: 'warning', from: ['recovering'], on: ['probe'], if: 'bad', when: is.bad, to: 'active', act: [],
    say: '{primary} again.'},
  {event: 'demoting', level: 'alert', from: ['recovering'], on: ['probe'],
    if: 'well for long enough, active for long enough, and nothing holds it',
    when: (v) => is.risen(v) && is.activeLongEnough(v) && is.demotionHeld(v) === null,
    to: 'demoting', act: ['begin-demotion', 'ask-standby'],
    say: 'The primary has been well for {wellFor}: the standby gives back.'},
  {event: 'held', level: 'info', from: ['recovering'], on: ['probe'], if: 'the same, and something else holds it than before',
    when: (v) => is.risen(v) && is.activeLongEnough(v) && is.demotionHeld(v) !== v.m.held,
    to: 'same', act: [], say: 'The primary is well, but the standby does not give back: {demotionHeld}.'},

  // Demoting: until the gateway is stopped and the workspace handed back
  {event: 'demoted', level: 'alert', from: ['demoting'], on: ['unit'], if: 'stopped for certain', when: is.gatewayDown,
    to: 'watching', act: ['count-forced-stop', 'rest'], say: "Given back: the standby's gateway is stopped, {demotingFor} after the decision."},
  {event: 'demotion-unseen', level: 'alert', from: ['demoting'], on: ['tick'], if: 'it took too long',
    when: ({m, s, nowMs}) => m.demotingMs !== null && nowMs - m.demotingMs >= s.demotion.timeoutMs,
    to: 'watching', act: ['rest'],
    say: "The standby's gateway was not seen to stop within {demotionTimeout}. See: systemctl status openclaw.service openclaw-failover-role.service"},

  // Blocked: two tries failed
  {event: 'unblocked', level: 'info', from: ['blocked'], on: ['probe'], if: 'well for long enough', when: is.risen,
    to: 'watching', act: ['rest'], say: 'The primary is well again before the standby could take over.'},
  {event: 'retrying', level: 'alert', from: ['blocked'], on: signs, if: 'dead, long enough after the last try, and nothing holds it',
    when: (v) => is.bad(v) && is.dead(v) && is.promotionHeld({...v, m: {...v.m, resume: true}}) === null
      && v.nowMs - v.m.sinceMs >= v.s.promotion.blockedRetryMs,
    to: 'promoting', act: ['first-attempt', 'ask-active'], say: '{primary}: the standby tries once more to take over.'},

  // Asleep, and yet it runs
  {event: 'drift', level: 'alert', from: asleep, on: ['unit'], if: 'the gateway runs, and the standby is not a warm one',
    when: (v) => v.s.standby !== 'warm' && is.answered(v) && v.m.role.want === 'standby' && is.gatewayRuns(v)
      && v.nowMs - (v.m.driftMs ?? -Infinity) >= driftEveryMs,
    to: 'same', act: ['note-drift', 'ask-standby'],
    say: "The standby's gateway runs although the primary is in charge; it is stopped."},
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

export type Decide = (before: Memory, seen: Happening, s: MonitorSettings, nowMs: number) => Decision;

/** The decision over these tables; others than the real ones are what tests break on purpose. */
export function decideWith(
  transitions: readonly Row[],
  rules: readonly Rule[],
  takeIn: typeof observe = observe,
): Decide {
  return (before, seen, s, nowMs) => {
    const from = before.state;
    const view = {m: takeIn(before, seen, s, nowMs, rules), seen, s, nowMs, rules};
    const row = transitions.find(
      (row) => row.from.includes(from) && row.on.includes(seen.on) && row.when(view),
    );
    if (!row) return {memory: view.m, from};
    const sentence = inWords(row.say, view);
    let memory = view.m;
    for (const act of row.act) memory = acts[act]({...view, m: memory});
    if (row.to !== 'same' && row.to !== from) memory = {...memory, state: row.to, sinceMs: nowMs, held: null};
    memory = {...memory, held: heldAfter(row, view, memory), sequence: memory.sequence + 1};
    return {memory, row, from, sentence};
  };
}

/**
 * The failover decision: what was known, what happened, what the settings say, and the monotonic time in ms, to
 * what is known now. Pure; the only place where a state changes.
 */
export const decide = decideWith(table, rules);

/** A reason is told once: it is remembered until it changes. */
function heldAfter(row: Row, view: View, memory: Memory): Memory['held'] {
  if (row.event !== 'held') return memory.held;
  return memory.state === 'suspect' ? is.promotionHeld(view) : is.demotionHeld(view);
}
