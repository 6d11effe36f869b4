import type {View} from './act.js';
import type {Hold} from './memory.js';

/** Questions the table asks. Each is a pure reading of what is known. */

export const ok = ({seen}: View) => seen.on === 'probe' && seen.probe.class === 'ok';
export const bad = ({seen}: View) => seen.on === 'probe' && seen.probe.class !== 'ok';

/** The primary is dead by the thresholds. After a reboot in the middle of a takeover one failure is enough. */
export function dead({m, s}: View): boolean {
  return (m.bad?.count ?? 0) >= (m.resume ? 1 : s.thresholds.fall);
}

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

/** Nothing answers this host, or its own network failed: then it knows nothing about the primary. */
function isolated({m}: View): boolean {
  if (m.probe?.class === 'own-network-bad') return true;
  const fresh = m.witness !== null && m.bad !== null && m.witness.atMs >= (m.bad.countedMs ?? m.bad.firstMs);
  return !fresh || !m.witness?.alive;
}

/** What stands between a dead primary and a promotion. */
export function promotionHeld(view: View): Hold | null {
  if (view.m.pause) return 'paused';
  if (isolated(view)) return 'isolated';
  if (!view.m.resume && limitEndsMs(view) !== null) return 'limit';
  return null;
}

/** What stands between a primary that is well again and the demotion. An operator's word outweighs the rules. */
export function demotionHeld({m, s}: View): Hold | null {
  if (m.pause) return 'paused';
  if (m.failbackAsked) return null;
  if (m.latch !== null) return 'latched';
  if (s.failback === 'manual') return 'manual';
  return null;
}

export function activeLongEnough({m, s, nowMs}: View): boolean {
  return m.failbackAsked || nowMs - (m.takeover?.activeMs ?? nowMs) >= s.thresholds.minActiveMs;
}

/** Root has acted on the newest wish, so what the unit shows is an answer to it. */
export const answered = ({m}: View) => m.handled?.seq === m.role.seq && m.handled.role === m.role.want;

/** Stopped for certain. Where systemd cannot be asked, what root's script came back with has to do. */
export function gatewayDown(view: View): boolean {
  const {unit, handled, role} = view.m;
  if (!unit || !answered(view)) return false;
  if (unit.state !== 'unknown') return unit.state === 'stopped' || unit.state === 'failed';
  return (role.want === 'standby') === (handled?.code === 0);
}
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

/**
 * OpenClaw starts no channel after three unclean starts within five minutes: two losses within `blockedRetryMs`
 * may be answered with a start, the third has to wait.
 */
export const crashBudgetSpent = ({m, s, nowMs}: View) =>
  m.crashes.filter((ms) => nowMs - ms < s.promotion.blockedRetryMs).length >= 2;
