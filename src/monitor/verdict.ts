import type {Interrogation, ProbeClass} from './evidence.js';
import {learnedStartMs} from './learn.js';
import type {Memory} from './memory.js';
import type {MonitorSettings} from './settings.js';

/** What bad probes and the answers of those who were asked mean, taken together. */
export type Reason =
  | 'isolated' // this host is cut off: it knows nothing
  | 'partition' // the primary lives, only the way to it is cut
  | 'draining'
  | 'failed' // its unit gave up, or its config is refused
  | 'starting'
  | 'stopped' // by somebody, cleanly
  | 'wrong' // answers, and not like a gateway that is well
  | 'hung'
  | 'unbound' // runs, and its port cannot be reached: bind address or firewall
  | 'other-host' // somebody else answers at its address
  | 'silent' // no sign of life on any path
  | 'frozen' // its kernel answers, and not one program on it
  // Without the primary's own word: plain timers.
  | 'plain-hung'
  | 'plain'
  | 'classic';

/** What a rule reads. */
export interface Signs {
  probe: ProbeClass;
  /** The newest answers, when they are fresh. */
  inquiry: Interrogation | null;
  /** The primary's report has been had before, so its silence means something. */
  reporting: boolean;
  classic: boolean;
}

/** One line of the verdict table of docs/monitor.md. The first rule that fits says what the signs mean. */
export interface Rule {
  reason: Reason;
  /** The evidence in words, for the printed table. */
  title: string;
  when: (signs: Signs) => boolean;
  /** ms for which it has to be so before it means dead; Infinity: it never does. */
  holdMs: (settings: MonitorSettings, memory: Pick<Memory, 'restarts'>) => number;
  /** How many separate looks have to say so. */
  looks: number;
}

const report = ({inquiry}: Signs) => (inquiry?.asked.kind === 'report' ? inquiry.asked.report : undefined);
const hasReport = (signs: Signs) => report(signs) !== undefined;
const asked = ({inquiry}: Signs) => inquiry?.asked.kind;
/** Asked on its own host the gateway is well, whatever the state of its unit: run by hand, or by another unit. */
const wellAtHome = (signs: Signs) => report(signs)?.loopback === 'ok';
const unit = (signs: Signs, ...states: string[]) => states.includes(report(signs)?.unit ?? '');
const probe = ({probe: seen}: Signs, ...classes: ProbeClass[]) => classes.includes(seen);
/** SSH to the primary got an answer of some kind on this path. */
const sshOn = ({inquiry}: Signs, path: 'private' | 'public') =>
  inquiry !== null && 'path' in inquiry.asked && inquiry.asked.path === path;
const publicAlive = (signs: Signs) => sshOn(signs, 'public') || signs.inquiry?.publicPath?.alive === true;
const anyPath = (signs: Signs) => sshOn(signs, 'private') || publicAlive(signs);

const never = () => Number.POSITIVE_INFINITY;

// prettier-ignore
export const rules: readonly Rule[] = [
  {reason: 'isolated', title: 'the own network is bad, and nobody at all answers', looks: 1, holdMs: never,
    when: (signs) => probe(signs, 'own-network-bad') || (signs.inquiry?.witness.alive === false && !anyPath(signs)
      && probe(signs, 'unreachable'))},
  {reason: 'draining', title: 'the gateway says that it is draining', looks: 2, holdMs: ({holds}) => holds.drainingMs,
    when: (signs) => probe(signs, 'draining') || report(signs)?.loopback === 'draining'},
  {reason: 'starting', title: 'the gateway says that it is starting', looks: 2, holdMs: learnedStartMs,
    when: (signs) => probe(signs, 'starting') || report(signs)?.loopback === 'starting'},
  {reason: 'classic', title: 'profile classic: no good probe', looks: 3, holdMs: ({holds}) => holds.classicMs,
    when: ({classic}) => classic},

  // The primary's own word
  {reason: 'failed', title: 'its unit is failed, or ended with exit code 78', looks: 2, holdMs: ({holds}) => holds.failedMs,
    when: (signs) => !wellAtHome(signs) && (unit(signs, 'failed') || (report(signs)?.exitCode === 78 && !unit(signs, 'active')))},
  {reason: 'starting', title: 'its unit is starting, restarting or stopping', looks: 2, holdMs: learnedStartMs,
    when: (signs) => !wellAtHome(signs) && unit(signs, 'activating', 'deactivating')},
  {reason: 'stopped', title: 'its unit was stopped cleanly', looks: 2, holdMs: ({holds}) => holds.stoppedMs,
    when: (signs) => !wellAtHome(signs) && unit(signs, 'inactive')},
  {reason: 'wrong', title: 'its port answers with errors, or somebody else has it', looks: 2, holdMs: ({holds}) => holds.wrongMs,
    when: (signs) => probe(signs, 'http-bad', 'wrong-service')},
  {reason: 'partition', title: 'its gateway is well, and only the private network is cut', looks: 2,
    holdMs: (s) => s.onPartition === 'promote' ? s.holds.partitionMs : Infinity,
    when: (signs) => probe(signs, 'unreachable') && sshOn(signs, 'public') && ['ok', 'unknown'].includes(report(signs)?.loopback ?? '')},
  {reason: 'unbound', title: 'its unit is active, and its port is refused or filtered', looks: 2, holdMs: ({holds}) => holds.unboundMs,
    when: (signs) => probe(signs, 'refused', 'unreachable') && report(signs)?.loopback !== 'hung'
      && (unit(signs, 'active') || wellAtHome(signs))},
  {reason: 'hung', title: 'it accepts connections and never answers', looks: 2, holdMs: ({holds}) => holds.hungMs,
    when: (signs) => hasReport(signs) && (probe(signs, 'hung') || report(signs)?.loopback === 'hung')},

  // It gave no report
  {reason: 'hung', title: 'its SSH greets and goes no further, and its port does not answer', looks: 2, holdMs: ({holds}) => holds.hungMs,
    when: (signs) => asked(signs) === 'slow' && (probe(signs, 'hung') || (probe(signs, 'unreachable') && sshOn(signs, 'private')))},
  {reason: 'other-host', title: "another host answers at the primary's address", looks: 2, holdMs: ({holds}) => holds.unboundMs,
    when: (signs) => asked(signs) === 'other-host'},
  {reason: 'partition', title: 'no report, and its host answers on the public path only', looks: 2,
    holdMs: (s) => s.onPartition === 'promote' ? s.holds.partitionMs : Infinity,
    when: (signs) => probe(signs, 'unreachable') && !hasReport(signs) && publicAlive(signs)},
  {reason: 'silent', title: 'silent on every path, and the own network is fine', looks: 2, holdMs: ({holds}) => holds.silentMs,
    when: (signs) => probe(signs, 'unreachable') && signs.reporting && asked(signs) === 'silent' && !publicAlive(signs)},
  {reason: 'frozen', title: 'its kernel takes connections, and nothing on it answers', looks: 3, holdMs: ({holds}) => holds.silentMs,
    when: (signs) => probe(signs, 'unreachable', 'hung') && signs.reporting && asked(signs) === 'mute' && !publicAlive(signs)},

  // Plain timers: it cannot be asked
  {reason: 'plain-hung', title: 'it cannot be asked; its port accepts and never answers', looks: 2, holdMs: ({holds}) => holds.plainHungMs,
    when: (signs) => probe(signs, 'hung')},
  {reason: 'plain', title: 'it cannot be asked; its port is refused or out of reach', looks: 2, holdMs: ({holds}) => holds.plainMs,
    when: () => true},
];

/** The first rule that fits. */
export function ruleOf(signs: Signs, table: readonly Rule[]): Rule {
  const rule = table.find((one) => one.when(signs));
  if (!rule) throw new Error('The verdict table has no last row that always fits.');
  return rule;
}
