import type {PhaseId} from '../phases/phase.js';
import type {ChangeView} from '../plan/events.js';
import {viewChange} from '../plan/view.js';
import {clean} from '../screens/clip.js';
import type {Verdict} from '../screens/watch/model/sample.js';
import type {Split} from '../channels/types.js';
import {Exit, type ExitCode} from '../errors.js';
import type {HostName} from '../ssh/host.js';
import type {CheckResult} from './answer.js';
import {whyOtherwise, type Because} from './because.js';
import {rows} from './checks/index.js';
import {driftOf, type Drift} from './drift.js';
import {hostNames, type Seen} from './seen.js';
import {withPair} from './with-pair.js';

/** A change that setup would make, and why what is there is another. */
export type ComparedChange = ChangeView & {because?: Because};

export type Changes =
  | {known: false; host: HostName; reason: string}
  | {
      known: true;
      count: number;
      phases: readonly {
        phase: PhaseId;
        number: number;
        title: string;
        changes: readonly ComparedChange[];
      }[];
    };

/** What one look at a pair came to. */
export interface CheckReport {
  pair: string;
  /** epoch ms */
  atMs: number;
  /** This program's. */
  version: string;
  verdict: Verdict;
  split: Split;
  changes: Changes;
  drift: Readonly<Record<HostName, Drift>>;
  checks: readonly CheckResult[];
  /** Hosts that could not be read. */
  unread: Readonly<Partial<Record<HostName, string>>>;
  /** One of them is out of reach, and not only unreadable. */
  unreachable: boolean;
}

/** Pure. */
export function checkReport(seen: Seen): CheckReport {
  const {pair, version, sample, facts, unread, comparison} = seen;
  const drift = (host: HostName): Drift => {
    const read = facts[host];
    if (!read) return {known: false, reason: notRead(host, unread)};
    const here = driftOf(read, comparison);
    if (!here.known) return here;
    return {...here, items: here.items.map((item) => ({...item, do: withPair(item.do, pair.name)}))};
  };
  return {
    pair: pair.name,
    atMs: sample.atMs,
    version,
    verdict: sample.verdict,
    split: sample.split,
    changes: changesIn(seen),
    drift: {primary: drift('primary'), standby: drift('standby')},
    checks: rows.flatMap((row) => row.look(seen)).map((result) => shown(result, pair.name)),
    unread,
    unreachable: hostNames.some((host) => unread[host] !== undefined && sample[host].link.state !== 'up'),
  };
}

/** What hosts said is drawn and printed; what is to be done names the pair. */
const shown = ({says, do: what, ...rest}: CheckResult, pair: string): CheckResult => ({
  ...rest,
  says: clean(says),
  ...(what !== undefined && {do: withPair(clean(what), pair)}),
});

const notRead = (host: HostName, unread: Seen['unread']) =>
  `the ${host} was not read: ${clean(unread[host] ?? 'no reason is known')}`;

function changesIn(seen: Seen): Changes {
  const {comparison, unread} = seen;
  if (comparison === undefined) {
    const missing = hostNames.find((host) => unread[host] !== undefined) ?? 'primary';
    return {known: false, host: missing, reason: notRead(missing, unread)};
  }
  const phases = comparison.phases.map(({changes, ...phase}) => ({
    ...phase,
    changes: changes.map((change): ComparedChange => {
      const because = whyOtherwise(change, seen);
      return {...viewChange(change), ...(because && {because})};
    }),
  }));
  return {known: true, count: phases.reduce((sum, {changes}) => sum + changes.length, 0), phases};
}

/** A conflict of the split is 5, a host out of reach 4, anything that is not as it should be 3; tips are 0. Pure. */
export function exitOfCheck({verdict, split, changes, drift, checks, unreachable}: CheckReport): ExitCode {
  if (split.state === 'conflict') return Exit.split;
  if (unreachable) return Exit.unreachable;
  const well =
    verdict.state === 'protected' &&
    changes.known &&
    changes.count === 0 &&
    hostNames.every((host) => {
      const here = drift[host];
      return here.known && here.items.length === 0;
    }) &&
    checks.every(({level}) => level === 'ok' || level === 'tip');
  return well ? Exit.ok : Exit.degraded;
}
