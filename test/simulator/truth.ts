import type {MonitorSettings} from '../../src/monitor/settings.js';
import {minutes, seconds} from './dice.js';
import type {World} from './world.js';

/** What is the matter with the primary as one would see it who knows all, and from where the standby stands. */
export type Condition =
  | 'well'
  | 'cut-off' // the standby knows nothing: its own network is bad
  | 'failed'
  | 'stopped'
  | 'starting'
  | 'draining'
  | 'unbound'
  | 'hung'
  | 'wrong'
  | 'partition'
  | 'silent'
  | 'frozen' // its kernel takes connections, and nobody speaks on them
  | 'other-host'
  // It gives no report.
  | 'plain'
  | 'plain-hung';

/** Random loss and slow answers are left aside: they are noise through which the truth has to be seen. */
export function condition({network, primary, settings}: World): Condition {
  const reachable = network.open('private') && primary.alive && primary.addressMoved === 0;
  const answer = reachable ? primary.answer('private') : 'unreachable';
  if (answer === 'ok') return 'well';
  if (network.standbyUnplugged > 0 || network.noPrivateInterface > 0) return 'cut-off';
  if (answer === 'draining' || answer === 'starting') return answer;
  const asks = settings.interrogation !== null;
  const kernelOnPublic = hasPublic(settings) && network.open('public') && primary.alive;
  const otherPath = kernelOnPublic && primary.speaks;
  if (!network.standbyOnline && !reachable && !otherPath) return 'cut-off';
  const heard = asks && primary.speaks && (reachable || otherPath);
  const reports =
    heard && primary.sshKeyRefused === 0 && primary.talkative === 0 && primary.largePacketsLost === 0;
  if (reports) return reported(primary, answer);
  if (answer === 'wrong-service' || answer === 'http-bad' || answer === 'too-long') return 'wrong';
  const mute = asks && primary.alive && !primary.speaks && (reachable || kernelOnPublic);
  const slow = heard && primary.largePacketsLost > 0;
  if (answer === 'hung') return mute ? 'frozen' : slow ? 'hung' : 'plain-hung';
  if (answer === 'refused') return 'plain';
  if (!asks) return 'plain';
  const moved = primary.addressMoved > 0 && primary.alive && network.open('private');
  // A key that is refused, and a login that comes too slowly, are words of the primary itself.
  if (moved && !(otherPath && (slow || primary.sshKeyRefused > 0))) return 'other-host';
  if (otherPath) return 'partition';
  return mute ? 'frozen' : 'silent';
}

const hasPublic = ({interrogation}: MonitorSettings) =>
  interrogation?.addresses.some(({path}) => path === 'public') ?? false;

function reported(primary: World['primary'], answer: string): Condition {
  const {unit, exitCode} = primary;
  const own = primary.answer('loopback');
  if (own === 'draining' || own === 'starting') return own;
  if (unit === 'failed' || (exitCode === 78 && unit !== 'active')) return 'failed';
  if (unit === 'activating' || unit === 'deactivating') return 'starting';
  if (unit === 'inactive') return 'stopped';
  if (answer === 'wrong-service' || answer === 'http-bad' || answer === 'too-long') return 'wrong';
  if (answer === 'unreachable' && own === 'ok') return 'partition';
  return answer === 'hung' || own === 'hung' ? 'hung' : 'unbound';
}

interface Bounds {
  /** ms for which the primary must have been so before anybody may take over. */
  atLeastMs: number;
  /** ms after which it must have been noticed that it is dead. */
  withinMs: number;
}

const exactly = (ms: number): Bounds => ({atLeastMs: ms, withinMs: ms});
const never = exactly(Number.POSITIVE_INFINITY);

/**
 * The verdict table of docs/monitor.md in numbers of its own: were they read from the settings, settings that say
 * zero would be found right. `starting` is learned from the primary's own restarts (starts.ts), within fixed bounds.
 */
const table: Record<Condition, Bounds> = {
  well: never,
  'cut-off': never,
  failed: exactly(900),
  stopped: exactly(seconds(30)),
  starting: {atLeastMs: seconds(20), withinMs: seconds(120)}, // at least: what starts.ts knows
  draining: exactly(seconds(330)),
  unbound: exactly(seconds(60)),
  hung: exactly(seconds(60)),
  wrong: exactly(seconds(30)),
  partition: never,
  // Plain timers as long as its report was not had before: then that it says nothing means nothing yet.
  silent: {atLeastMs: seconds(12), withinMs: seconds(25)},
  frozen: {atLeastMs: seconds(12), withinMs: seconds(90)},
  'other-host': exactly(seconds(60)),
  plain: exactly(seconds(25)),
  'plain-hung': exactly(seconds(90)),
};

/** Three bad probes, 10 s apart, whatever else is known. */
const classic: Bounds = {atLeastMs: seconds(20), withinMs: seconds(20)};

export function boundsOf(is: Condition, settings: MonitorSettings): Bounds {
  const {profile, onPartition} = settings;
  if (is === 'well' || is === 'cut-off' || is === 'draining' || is === 'starting') return table[is];
  if (profile === 'classic') return classic;
  if (is === 'partition' && onPartition === 'promote') return exactly(seconds(30));
  return table[is];
}

/** ms that seeing it may take beyond that: the next probe, the answers, and the rounds between which nobody asks. */
export function noticeMs(holdMs: number, ageMs: number, {profile}: MonitorSettings): number {
  const probeMs = profile === 'classic' ? seconds(12) : seconds(10);
  // Where nothing new has been heard for two minutes, somebody asks every 15 s only.
  const seldomMs = ageMs + probeMs >= minutes(2) ? seconds(12) : 0;
  return probeMs + (holdMs >= seconds(10) ? seconds(5) : 0) + seldomMs;
}

/** ms during which something may be true without anybody having asked meanwhile. */
export const unseenMs = (ageMs: number, {profile}: MonitorSettings) =>
  profile === 'classic' ? seconds(13) : ageMs < minutes(2) ? seconds(6) : seconds(20);
