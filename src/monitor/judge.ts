import type {View} from './act.js';
import type {Hold, Memory} from './memory.js';
import {isFresh, ripe} from './suspicion.js';
import type {Reason} from './verdict.js';

/** Questions the table asks. Each is a pure reading of what is known. */

export const ok = ({seen}: View) => seen.on === 'probe' && seen.probe.class === 'ok';
/** The newest probe was bad. */
export const bad = ({m}: View) => m.suspicion !== null;

/** The answers of those who were asked about this suspicion, while they are recent enough to act on. */
const answers = ({m, nowMs}: View) =>
  m.suspicion && isFresh(m.inquiry, m.suspicion, nowMs) ? m.inquiry : null;

/**
 * The verdict: a reason has held for its time, and somebody has been asked. After a reboot in the middle of a
 * takeover one bad probe is enough, as long as nothing says that the primary lives; else its reason has to hold too.
 */
export function dead(view: View): boolean {
  const {m, s, nowMs, rules} = view;
  if (!answers(view)) return false;
  if (m.resume && !['isolated', 'partition'].includes(m.suspicion?.reason ?? 'isolated')) return true;
  return ripe(m, s, nowMs, rules) !== undefined;
}

/** What the signs mean has changed since it was told last. */
const meansSomethingNew = ({m}: View) =>
  m.suspicion !== null && m.inquiry !== null && m.suspicion.reason !== m.suspicion.told;
/** These want an operator, whatever becomes of them. */
const wantsOperator: readonly Reason[] = ['wrong', 'partition', 'isolated', 'other-host'];
const troublesome = ({m}: View) =>
  wantsOperator.includes(m.suspicion?.reason ?? 'plain') ||
  (m.suspicion?.reason === 'unbound' && answersItself(m));
/** Its gateway is well on its own host: then it is the address it is bound to, or a firewall. */
export const answersItself = ({inquiry}: Memory) =>
  inquiry?.asked.kind === 'report' && inquiry.asked.report.loopback === 'ok';
export const newTrouble = (view: View) => meansSomethingNew(view) && troublesome(view);
export const newReason = (view: View) =>
  meansSomethingNew(view) && !troublesome(view) && answers(view) !== null;

/** The primary is well and has been for a while. */
export function risen({m, s, nowMs}: View): boolean {
  return (
    m.good !== null && m.good.count >= s.thresholds.rise && nowMs - m.good.firstMs >= s.thresholds.riseMs
  );
}

type Now = Pick<View, 'm' | 's' | 'nowMs'>;

/** The promotions that count towards the limit: those within its window, oldest first. */
export function promotionsInWindow({m, s, nowMs}: Now): number[] {
  return m.promotions.filter((ms) => nowMs - ms < s.promotion.windowMs);
}

/** Until when the limit of promotions allows no further one, monotonic ms; null while it allows one. */
export function limitEndsMs(now: Now): number | null {
  const {max, windowMs} = now.s.promotion;
  const oldest = promotionsInWindow(now).at(-max);
  return oldest === undefined ? null : oldest + windowMs;
}

/** What stands between a dead primary and a promotion. */
export function promotionHeld(view: View): Hold | null {
  const {m, nowMs} = view;
  if (m.pause) return 'paused';
  if (m.probe?.class === 'own-network-bad' || !answers(view)?.witness.alive) return 'isolated';
  if (crashesInWindow(view).length > 2) return 'unclean';
  if (m.resume) return null;
  if (m.bootGraceMs !== null && nowMs < m.bootGraceMs) return 'booting';
  return limitEndsMs(view) === null ? null : 'limit';
}

/** What stands between a primary that is well again and the demotion. An operator's word outweighs the rules. */
export function demotionHeld({m, s}: Pick<View, 'm' | 's'>): Hold | null {
  if (m.pause) return 'paused';
  if (m.failbackAsked) return null;
  if (m.byHand) return 'by-hand';
  if (m.latch !== null) return 'latched';
  if (s.failback === 'manual') return 'manual';
  return null;
}

export function activeLongEnough({m, s, nowMs}: View): boolean {
  return m.failbackAsked || nowMs - (m.takeover?.activeMs ?? nowMs) >= s.thresholds.minActiveMs;
}

/** Root has acted on the newest wish, so what the unit shows is an answer to it. */
export const answered = ({m}: View) => m.handled?.seq === m.role.seq && m.handled.role === m.role.want;

/** Stopped, or asleep, for certain. Where systemd cannot be asked, what root's script came back with has to do. */
export function gatewayDown(view: View): boolean {
  const {unit, handled, role} = view.m;
  if (!unit || !answered(view)) return false;
  // A warm standby keeps its gateway without its channel: asleep is what root says it is.
  if (view.s.standby === 'warm' && role.want === 'standby') return handled?.code === 0;
  if (unit.state !== 'unknown') return unit.state === 'stopped' || unit.state === 'failed';
  return (role.want === 'standby') === (handled?.code === 0);
}
/** A clean stop during a pause is an operator's, who will start it again, or end the pause. */
export const stoppedInPause = ({m}: View) => m.pause !== null && m.unit?.state === 'stopped';
/** Down without anybody's wish. */
export const gatewayLost = (view: View) => gatewayDown(view) && !stoppedInPause(view);
/**
 * Its process is there and has answered nothing for as long as a hung primary is given. Where the network of this
 * host failed it may be well: then its address is what is gone.
 */
export const gatewayHangs = (view: View) =>
  answered(view) &&
  gatewayRuns(view) &&
  view.m.probe?.class !== 'own-network-bad' &&
  view.nowMs - (view.m.gateway?.silentMs ?? view.nowMs) >= view.s.holds.hungMs;
export const gatewayRuns = ({m}: View) => m.unit?.state === 'running';

export const trying = ({m}: View) => m.takeover !== null && m.takeover.retryMs === null;
export const lastTry = ({m, s}: View) => (m.takeover?.attempt ?? 0) >= s.promotion.tries;
export const tryIsOver = (view: View) =>
  trying(view) && view.nowMs - (view.m.takeover?.attemptMs ?? 0) >= view.s.promotion.attemptMs;

/** The channel account was seen connected by the gateway of this very role. */
export const connected = ({m}: View) => m.channel?.connected === true && m.channel.seq === m.role.seq;
/** The bot is there: readyz alone proves no channel. */
export const arrived = (view: View) =>
  (gatewayRuns(view) || view.m.unit?.state === 'unknown') &&
  view.m.gateway?.ready === true &&
  connected(view);

/** Unclean ends of the standby's gateway that OpenClaw still counts. */
export const crashesInWindow = ({m, s, nowMs}: Now) =>
  m.crashes.filter((ms) => nowMs - ms < s.promotion.blockedRetryMs);

/**
 * OpenClaw starts no channel after three unclean ends within five minutes: two losses within `blockedRetryMs`
 * may be answered with a start, the third has to wait.
 */
export const crashBudgetSpent = (now: Now) => crashesInWindow(now).length >= 2;
