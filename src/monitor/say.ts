import type {View} from './act.js';
import type {ProbeClass} from './evidence.js';
import {answersItself, demotionHeld, promotionHeld, promotionsInWindow} from './judge.js';
import {learnedStartMs} from './learn.js';
import type {Hold} from './memory.js';
import type {Reason} from './verdict.js';

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
  refused: 'does not listen: its port is refused',
  unreachable: 'cannot be reached',
  'own-network-bad': 'cannot be asked: the network of this host failed',
};

/** What the signs mean, as the end of a sentence about the primary. */
const means: Record<Reason, (view: View) => string> = {
  isolated: (view) => `this host itself is cut off (${witness(view)})`,
  partition: () => 'its host lives, only the private network between the two is cut',
  draining: () => 'it finishes what it has begun before it stops',
  failed: (view) => `its unit has given up (${report(view)})`,
  starting: (view) => `it is starting (${report(view)})`,
  stopped: () => 'somebody stopped its unit',
  wrong: () => 'whatever answers there is not a gateway that works',
  hung: ({m}) => {
    const told = m.inquiry?.asked;
    if (told?.kind === 'slow')
      return 'its host lives, and is too slow to be asked (starved, or large packets are lost)';
    return told?.kind === 'report' && told.report.loopback === 'hung'
      ? 'it does not answer on its own host either'
      : 'its host lives, and the gateway does not answer';
  },
  unbound: ({m}) =>
    answersItself(m) ? unreachableBecause(m) : 'its unit is active, and its port is not open',
  'other-host': () => "another host answers at the primary's address, and is not believed",
  silent: () => 'its host is silent on every path, and the network of this host is fine',
  frozen: () => 'its host takes connections, and nothing on it answers, on any path',
  'plain-hung': (view) => `it cannot be asked what is wrong (${asked(view)})`,
  plain: (view) => `it cannot be asked what is wrong (${asked(view)})`,
  classic: ({m}) => `${m.suspicion?.count ?? 0} bad probes in a row`,
};

function unreachableBecause(m: View['m']): string {
  const listens = m.inquiry?.asked.kind === 'report' ? m.inquiry.asked.report.listens : 'unknown';
  return listens === 'loopback'
    ? 'it is well on its own host, but listens on loopback only: set gateway.bind to "custom" with its private address and restart it'
    : 'it is well on its own host: a firewall there, or the address it is bound to, keeps this host out';
}

const heldBecause: Record<Hold, (view: View) => string> = {
  paused: ({m}) => `the failover is paused: ${m.pause?.why ?? ''}`,
  isolated: (view) => `this host itself is cut off (${witness(view)})`,
  limit: (view) =>
    `there were ${promotionsInWindow(view).length} takeovers within ${duration(view.s.promotion.windowMs)} already`,
  booting: ({m, nowMs}) =>
    `this host has just booted and waits another ${duration(Math.max(0, (m.bootGraceMs ?? nowMs) - nowMs))}`,
  unclean: ({s}) =>
    `its own gateway ended uncleanly three times within ${duration(s.promotion.blockedRetryMs)}, and OpenClaw would start without channels`,
  latched: ({m, nowMs}) =>
    `too many takeovers in a short time: staying active for another ${duration(Math.max(0, (m.latch?.untilMs ?? nowMs) - nowMs))}`,
  manual: () => 'failback is manual; to give back, on the standby as root: openclaw-failover demote',
  'by-hand': () => 'an operator took over; to give back, on the standby as root: openclaw-failover demote',
};

const witness = ({m}: View) => m.inquiry?.witness.by ?? m.probe?.detail ?? 'nobody was asked yet';
const account = ({s}: View) => `the ${s.channel.type} account "${s.channel.account}"`;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const because = (hold: Hold | null, view: View) => (hold ? heldBecause[hold](view) : 'nothing holds it');
const since = (view: View, ms: number | null | undefined) => duration(view.nowMs - (ms ?? view.nowMs));

function report({m}: View): string {
  const told = m.inquiry?.asked;
  if (told?.kind !== 'report') return meaning[m.probe?.class ?? 'starting'];
  const {unit, result, exitCode, restarts} = told.report;
  const words = [
    `unit ${unit}`,
    result && result !== 'success' ? result : '',
    exitCode ? `exit code ${exitCode}` : '',
    exitCode === 78 ? 'a config or login that OpenClaw refuses' : '',
    restarts > 0 ? `restarted ${restarts} times` : '',
  ];
  return words.filter(Boolean).join(', ');
}

function asked({m}: View): string {
  const told = m.inquiry?.asked;
  if (!told) return 'no answer yet';
  return told.kind === 'report' ? `its unit is ${told.report.unit}` : told.detail || told.kind;
}

/** What has still to be waited for once the primary is back. */
function whenGivenBack({m, s, nowMs}: View): string {
  if (m.byHand && !m.failbackAsked) return 'when an operator says so';
  const {riseMs, minActiveMs} = s.thresholds;
  const leftMs = minActiveMs - (nowMs - (m.takeover?.activeMs ?? nowMs));
  const well = `when it has been well for ${duration(riseMs)}`;
  return leftMs > riseMs ? `${well} and the standby active for ${duration(minActiveMs)}` : well;
}

/** How long what is seen is given before it is a verdict. */
function verdictIn(view: View): string {
  const {m, s, nowMs} = view;
  const atMs = m.suspicion?.verdictMs ?? null;
  if (atMs === null) return 'The standby does not take over for that.';
  const learned =
    m.suspicion?.reason === 'starting' && m.restarts.length > 0
      ? ` (its own restarts: up to ${duration(Math.max(...m.restarts))}, so it gets ${duration(learnedStartMs(s, m))})`
      : '';
  return `Unless it is well again, the standby takes over in ${duration(Math.max(0, atMs - nowMs))}${learned}.`;
}

/** Every `{word}` of the sentences in machine.ts. */
export const words = {
  state: ({m}) => m.state,
  gap: ({seen}) => duration(seen.on === 'gap' ? seen.ms : 0),
  pauseLeft: ({seen, nowMs}) => duration(seen.on === 'pause' ? seen.untilMs - nowMs : 0),
  pauseWhy: ({seen}) => (seen.on === 'pause' ? seen.why : ''),
  promoteWhy: ({seen}) => (seen.on === 'promote' ? seen.why : ''),
  latchLeft: ({m, nowMs}) => duration((m.latch?.untilMs ?? nowMs) - nowMs),
  primary: ({m}) => {
    const {class: seen, detail} = m.probe ?? {class: 'unreachable' as const, detail: ''};
    return `The primary's gateway ${meaning[seen]}${detail ? ` (${detail})` : ''}`;
  },
  badFor: (view) => since(view, view.m.suspicion?.firstMs),
  /** `m` has forgotten the suspicion by then; the state is as old. */
  outage: (view) => since(view, view.m.sinceMs),
  reach: ({m}) => m.reach.detail,
  notReady: ({m}) => m.readiness.why,
  notReadyFor: (view) => since(view, view.m.readiness.badMs),
  usualTime: ({m}) => duration(m.slowness.usualMs ?? 0),
  slowFor: (view) => since(view, view.m.slowness.sinceMs),
  means: (view) => means[view.m.suspicion?.reason ?? 'plain'](view),
  verdictIn,
  promotionHeld: (view) => because(promotionHeld(view), view),
  demotionHeld: (view) => because(demotionHeld(view), view),
  account,
  Account: (view) => capital(account(view)),
  channel: ({m}) => m.channel?.detail ?? 'the gateway gave no channel status',
  unit: ({m}) => {
    const seen = m.unit
      ? `${m.unit.state}, ${m.unit.result}${m.unit.exitCode ? `, exit code ${m.unit.exitCode}` : ''}`
      : 'unknown';
    return m.handled?.why ? `${seen}; ${m.handled.why}` : seen;
  },
  took: (view) => since(view, view.m.takeover?.promotingMs),
  silentFor: (view) => since(view, view.m.gateway?.silentMs),
  backoff: ({s}) => duration(s.promotion.backoffMs),
  attemptTime: ({s}) => duration(s.promotion.attemptMs),
  /** A pause holds the next try as it holds every takeover. */
  blockedRetry: ({m, s}) =>
    `${duration(s.promotion.blockedRetryMs)}${m.pause ? ' (the pause has to be over as well)' : ''}`,
  nextTry: ({m}) => String((m.takeover?.attempt ?? 0) + 1),
  tries: ({s}) => String(s.promotion.tries),
  whenGivenBack,
  wellFor: (view) => since(view, view.m.good?.firstMs),
  demotingFor: (view) => since(view, view.m.demotingMs),
  demotionTimeout: ({s}) => duration(s.demotion.timeoutMs),
} satisfies Record<string, (view: View) => string>;

/** A sentence of the table with its words filled in. */
export function inWords(template: string, view: View): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(words, name) ? words[name as keyof typeof words](view) : whole,
  );
}
