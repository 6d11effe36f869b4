import type {View} from './act.js';
import type {ProbeClass} from './evidence.js';
import {demotionHeld, promotionHeld, promotionsInWindow} from './judge.js';
import type {Hold} from './memory.js';

/** ms as a person reads it: `4.2 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  const s = ms / 1000;
  if (s < 60) return `${s < 10 ? s.toFixed(1) : Math.round(s)} s`;
  const min = Math.floor(s / 60);
  return min < 60 ? `${min} min ${Math.floor(s % 60)} s` : `${Math.floor(min / 60)} h ${min % 60} min`;
}

const meaning: Record<ProbeClass, string> = {
  ok: 'is well',
  starting: 'is starting',
  draining: 'is draining',
  'http-bad': 'answers with an error',
  'wrong-service': 'does not answer like an OpenClaw gateway: something else has its port',
  hung: 'accepts connections and does not answer',
  refused: 'is not running: its port is refused',
  unreachable: 'cannot be reached',
  'own-network-bad': 'cannot be asked: the network of this host failed',
};

const primary = ({m}: View) => {
  const {probe} = m;
  return probe
    ? `The primary's gateway ${meaning[probe.class]}${probe.detail ? ` (${probe.detail})` : ''}`
    : '';
};
const sinceFirstBad = ({m, nowMs}: View) => (m.bad ? ` for ${duration(nowMs - m.bad.firstMs)}` : '');
const failures = ({m}: View) => `${m.bad?.count ?? 0} failed ${m.bad?.count === 1 ? 'probe' : 'probes'}`;
const account = ({s}: View) => `the ${s.channel.type} account "${s.channel.account}"`;
const unit = ({m}: View) =>
  m.unit
    ? `${m.unit.state}, ${m.unit.result}${m.unit.exitCode ? `, exit code ${m.unit.exitCode}` : ''}`
    : 'unknown';
const took = ({m, nowMs}: View) => duration(nowMs - (m.takeover?.promotingMs ?? nowMs));
const heldBecause: Record<Hold, (view: View) => string> = {
  paused: ({m}) => `the failover is paused: ${m.pause?.why ?? ''}`,
  isolated: ({m}) =>
    `this host itself is cut off: ${m.witness?.by ?? m.probe?.detail ?? 'nothing was asked yet'}`,
  limit: (view) =>
    `there were ${promotionsInWindow(view).length} promotions within ${duration(view.s.promotion.windowMs)} already`,
  latched: ({m, nowMs}) =>
    `too many takeovers in a short time: staying active for another ${duration(Math.max(0, (m.latch?.untilMs ?? nowMs) - nowMs))}`,
  manual: () => 'failback is manual: run "monitor.mjs failback" on the standby as root to give back',
};
const because = (hold: Hold | null, view: View) => (hold ? heldBecause[hold](view) : 'nothing holds it');

/** What has still to be waited for once the primary is back. */
function whenGivenBack({m, s, nowMs}: View): string {
  const {riseMs, minActiveMs} = s.thresholds;
  const leftMs = minActiveMs - (nowMs - (m.takeover?.activeMs ?? nowMs));
  const well = `when it has been well for ${duration(riseMs)}`;
  return leftMs > riseMs ? `${well} and the standby active for ${duration(minActiveMs)}` : well;
}

/** The sentence of every row of the table. */
export const say = {
  started: ({m}: View) => `The monitor started and goes on as ${m.state}.`,
  resuming: ({m}: View) =>
    `This host rebooted while it was ${m.state}; it takes over again if the primary is still gone.`,
  notResumed: () =>
    'The primary is well again after the reboot of this host; what the standby changed is handed back.',

  paused: ({seen, nowMs}: View) =>
    seen.on === 'pause' ? `Paused for ${duration(seen.untilMs - nowMs)}: ${seen.why}.` : 'Paused.',
  resumed: () => 'The pause was ended.',
  pauseOver: () => 'The pause is over.',
  tested: () => 'This takeover is a test: it does not count towards the limit of takeovers.',
  failbackAsked: () => 'An operator asked to give back: it happens as soon as the primary is well.',
  failbackRefused: ({m}: View) =>
    `An operator asked to give back, but the standby is ${m.state}: nothing to do.`,
  latched: ({m, nowMs}: View) =>
    `Too many takeovers in a short time: the standby stays active for ${duration((m.latch?.untilMs ?? nowMs) - nowMs)}. Look at why the primary comes and goes.`,
  unlatched: () => 'The last takeovers are long enough ago: the standby may give back again.',

  gap: ({seen}: View) =>
    `This host stood still for ${duration(seen.on === 'gap' ? seen.ms : 0)}; counting starts again.`,

  suspected: (view: View) => `${primary(view)}.`,
  cleared: () => 'The primary answers again; no takeover was needed.',
  promoting: (view: View) =>
    `${primary(view)}${sinceFirstBad(view)}, ${failures(view)}: the standby takes over.`,
  promotionHeld: (view: View) =>
    `${primary(view)}, ${failures(view)}, but the standby does not take over: ${because(promotionHeld(view), view)}.`,

  gatewayStarted: (view: View) => `The standby's gateway process runs, ${took(view)} after the decision.`,
  gatewayReady: (view: View) => `The standby's gateway is ready, ${took(view)} after the decision.`,
  promoted: (view: View) => `Taken over: ${account(view)} is connected, ${took(view)} after the decision.`,
  promotedDegraded: (view: View) =>
    `The standby's gateway runs, but ${account(view)} is not seen connected: ${view.m.channel?.detail ?? 'the gateway gave no channel status'}.`,
  attemptFailed: (view: View) =>
    `The standby's gateway did not start (${unit(view)}): trying again in ${duration(view.s.promotion.backoffMs)}. See: journalctl -u openclaw.service`,
  attemptTooLong: (view: View) =>
    `The standby's gateway was not there after ${duration(view.s.promotion.attemptMs)} (unit ${unit(view)}): it is stopped and started once more.`,
  retrying: (view: View) =>
    `Starting the standby's gateway again, try ${(view.m.takeover?.attempt ?? 0) + 1} of ${view.s.promotion.tries}.`,
  blocked: (view: View) =>
    `The standby cannot take over: its gateway does not stay up (${unit(view)}). Next try in ${duration(view.s.promotion.blockedRetryMs)} while the primary is gone. See: journalctl -u openclaw.service`,

  gatewayLost: (view: View) => `The standby's gateway stopped (${unit(view)}); it is started again.`,
  gatewayLostAgain: (view: View) =>
    `The standby's gateway keeps stopping (${unit(view)}); it is left alone for ${duration(view.s.promotion.blockedRetryMs)}, or OpenClaw would mute its channels. See: journalctl -u openclaw.service`,
  channelBack: (view: View) => `${capital(account(view))} is connected.`,
  channelLost: (view: View) =>
    `${capital(account(view))} is not connected: ${view.m.channel?.detail ?? 'unknown'}.`,
  primaryBack: (view: View) => `The primary answers again; the standby gives back ${whenGivenBack(view)}.`,
  primaryGone: (view: View) => `${primary(view)} again.`,
  demoting: ({m, nowMs}: View) =>
    `The primary has been well for ${duration(nowMs - (m.good?.firstMs ?? nowMs))}: the standby gives back.`,
  demotionHeld: (view: View) =>
    `The primary is well, but the standby does not give back: ${because(demotionHeld(view), view)}.`,

  demoted: ({m, nowMs}: View) =>
    `Given back: the standby's gateway is stopped, ${duration(nowMs - (m.demotingMs ?? nowMs))} after the decision.`,
  demotionUnseen: ({s}: View) =>
    `The standby's gateway was not seen to stop within ${duration(s.demotion.timeoutMs)}. See: systemctl status openclaw.service openclaw-failover-role.service`,

  unblocked: () => 'The primary is well again before the standby could take over.',
  unblockedRetry: (view: View) => `${primary(view)}: the standby tries once more to take over.`,
  drift: () => "The standby's gateway runs although the primary is in charge; it is stopped.",
};

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
