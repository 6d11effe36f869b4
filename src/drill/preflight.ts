import type {MonitorSettings} from '../monitor/settings.js';
import {age, bytes} from '../screens/format.js';
import {splitSentences} from '../screens/split-words.js';
import type {AccountSample, WatchSample} from '../screens/watch/model/sample.js';
import {forceable, ok, stop, warn, type Found, type PreflightCheck} from './checks.js';
import type {HostClocks} from './clocks.js';
import type {Expected} from './expect.js';
import {faultCheck} from './fault-check.js';
import {spanWords} from './impact.js';
import {workspaceIn} from './workspace.js';
import type {PrimaryLook, StandbyLook} from './look.js';
import type {FaultName} from './report.js';

/** Everything that is known before anything is broken. */
export interface PreflightInput {
  pair: string;
  fault: FaultName;
  expected: Expected;
  sample: WatchSample;
  settings: MonitorSettings;
  primary: PrimaryLook;
  standby: StandbyLook;
  clocks: HostClocks;
  /** The private addresses. */
  addresses: {primary: string; standby: string};
  /** ms */
  rpoMs: number | null;
  revertS: number;
  /** What stands against the message that is to be sent; null: nothing. undefined: none is to be sent. */
  probeProblem: string | null | undefined;
  /** Somebody is told of a takeover. */
  told: boolean;
}

/** Bytes that a gateway's start, its log and the workspace's fetch may need. */
const leastFree = {primary: 200 * 2 ** 20, standby: 500 * 2 ** 20} as const;
/** ms beyond which figures of two clocks do not agree within half a second. */
const mostUncertainMs = 250;
/** s that a drill may need beyond what is expected of it before it undoes itself. */
const revertRoomS = 90;

/** What stands for and against a drill at this moment, most fundamental first. Pure. */
export function preflight(input: PreflightInput): PreflightCheck[] {
  const all: Found[] = [
    reached(input),
    alone(input),
    split(input),
    monitor(input),
    primaryGateway(input),
    standbyConfig(input),
    versions(input),
    workspace(input),
    disks(input),
    clocks(input),
    faultCheck(input),
    revert(input),
    telling(input),
    message(input),
  ];
  return all.flatMap((found) => found ?? []);
}

/** Whether it may go on. Pure. */
export const mayGoOn = (checks: readonly PreflightCheck[], force: boolean): boolean =>
  checks.every(({sign, forceable: may}) => sign !== 'stop' || (force && may === true));

function reached({sample}: PreflightInput): Found {
  const lost = [sample.primary, sample.standby].filter(({link}) => link.state !== 'up' || link.stale);
  if (lost.length === 0) return ok('reachable', 'Both hosts are reachable from here.');
  return lost.map(({host, link}) =>
    stop(
      'reachable',
      `The ${host} is not reachable from here${link.error === null ? '' : `: ${link.error}`}`,
      'A drill is made where both hosts can be watched; look at the connection first.',
    ),
  );
}

function alone({primary, pair}: PreflightInput): Found {
  if (primary.setupTest) {
    return stop(
      'alone',
      'The test of a setup is under way on the primary, or was cut off a moment ago: its timer is armed.',
      'Wait until it has ended; the timer undoes it within 10 min.',
    );
  }
  if (primary.revertS === null && !primary.cut)
    return ok('alone', 'No other drill and no setup is under way on the primary.');
  const {mark} = primary;
  const whose = mark ? ` of ${mark.who}@${mark.machine} (${mark.fault}, since ${mark.startedAt})` : '';
  const undoes = primary.revertS === null ? '' : `; it undoes itself in ${age(primary.revertS * 1000)}`;
  return stop(
    'alone',
    `Another drill${whose} is under way on the primary, or was cut off${undoes}.`,
    `If nobody runs it any more: failover-wizard drill --revert --pair ${pair}`,
  );
}

function split({sample}: PreflightInput): Found {
  if (sample.split.state === 'disjoint') return ok('split', 'The channel split is disjoint.');
  const words = splitSentences(sample.split).join(' ');
  return stop('split', words, 'Run setup: it says how to make the two nodes own different accounts.');
}

function monitor({sample, pair}: PreflightInput): Found {
  const {monitor: seen, health} = sample;
  const journal = 'On the standby: journalctl -u openclaw-health-monitor -n 50';
  if (!seen.known) return stop('monitor', `Nothing is known of the monitor: ${seen.reason}.`, journal);
  if (!seen.running)
    return stop(
      'monitor',
      'The monitor does not run.',
      'On the standby: systemctl start openclaw-health-monitor',
    );
  if (seen.paused) {
    return stop(
      'monitor',
      `The failover is paused${seen.pauseWhy ? ` (${seen.pauseWhy})` : ''}: nobody would take over.`,
      `To end the pause: failover-wizard resume --pair ${pair}`,
    );
  }
  if (seen.state !== 'watching') {
    return stop(
      'monitor',
      `The monitor is not at rest: ${seen.words}.`,
      'Wait until the primary is in charge and well, then run the same command again.',
    );
  }
  if (seen.disk !== null)
    return stop('monitor', `The disk of the standby takes nothing (${seen.disk}).`, 'Make room on it first.');
  if (!health?.well || health.stoppedSince)
    return stop(
      'monitor',
      `The monitor does not see the primary well (${health?.class ?? 'no probe yet'}).`,
      journal,
    );
  if (seen.noTakeoverUntilMs !== null && seen.noTakeoverUntilMs > sample.atMs) {
    return stop(
      'monitor',
      `The standby has taken over too often lately, and would not do it again for ${age(seen.noTakeoverUntilMs - sample.atMs)}.`,
      'Look at why the primary comes and goes; then wait for that time.',
    );
  }
  const fed = `watching, newest probe ok ${age(health.agoMs)} ago`;
  const unready = seen.notReady
    ? forceable(
        stop('takeover', `The standby's own check says that a takeover would not work: ${seen.notReady}.`),
      )
    : undefined;
  return [ok('monitor', `The monitor is fed and at rest: ${fed}.`), ...(unready ? [unready] : [])];
}

function primaryGateway({sample}: PreflightInput): Found {
  const {gateway, accounts} = sample.primary;
  if (!('state' in gateway))
    return stop('gateway', `The gateway of the primary is not known: ${gateway.unknown}.`);
  if (gateway.state !== 'running')
    return stop(
      'gateway',
      `The gateway of the primary is ${gateway.state}.`,
      'Start it, and wait until it is ready.',
    );
  const healthy = ok('gateway', 'The gateway of the primary runs and is healthy.');
  if (!Array.isArray(accounts)) return healthy;
  const off = (accounts as readonly AccountSample[]).filter(
    ({enabled, state}) => enabled && state === 'unsteady',
  );
  return off.length === 0
    ? healthy
    : [
        healthy,
        warn(
          'accounts',
          `Not connected on the primary before anything is broken: ${off.map(({channel, account}) => `${channel} ${account}`).join(', ')}.`,
        ),
      ];
}

function standbyConfig({standby}: PreflightInput): Found {
  const {configProblem} = standby;
  if (configProblem === null) return ok('config', "OpenClaw accepts the standby's config.");
  return forceable(
    stop(
      'config',
      `OpenClaw does not accept the standby's config: ${configProblem}`,
      'Run setup again: phase 3 writes it anew.',
    ),
  );
}

function versions({sample}: PreflightInput): Found {
  const [there, here] = [sample.primary.version, sample.standby.version];
  if (there === null || here === null)
    return warn('version', 'The versions of OpenClaw could not be compared.');
  if (there === here) return ok('version', `Both hosts run OpenClaw ${here}.`);
  return forceable(
    stop(
      'version',
      `The primary runs OpenClaw ${there}, the standby ${here}.`,
      'Run setup: it brings the standby to the version of the primary.',
    ),
  );
}

function workspace({sample, rpoMs}: PreflightInput): Found {
  const there = workspaceIn(sample.primary);
  const here = workspaceIn(sample.standby);
  if (!there || !here) return warn('workspace', 'The workspaces could not be compared.');
  if (there.pushFailed) {
    return forceable(
      stop(
        'workspace',
        `The primary could not push its workspace: ${there.pushFailed}.`,
        'On the primary: systemctl status openclaw-workspace-push',
      ),
    );
  }
  const old = sample.outlook?.rpoMs ?? null;
  if (old === null) return warn('workspace', 'It is not known how old the workspace of the standby is.');
  if (rpoMs !== null && old > rpoMs) {
    return forceable(
      stop(
        'workspace',
        `The workspace of the standby is ${age(old)} old; the target is ${age(rpoMs)}.`,
        'Wait for the next push and fetch (every 5 min), or look at why they do not happen.',
      ),
    );
  }
  const behind = here.behind?.commits ?? 0;
  const words = behind === 0 ? 'has every commit of the primary' : `is ${behind} commits behind`;
  return ok('workspace', `The workspace of the standby ${words}, ${age(old)} old.`);
}

function disks({sample}: PreflightInput): Found {
  const full = [sample.primary, sample.standby].filter(
    ({host, diskBytes}) => diskBytes !== null && diskBytes.free < leastFree[host],
  );
  if (full.length > 0) {
    return full.map(({host, diskBytes}) =>
      forceable(
        stop(
          'disk',
          `The ${host} has ${bytes(diskBytes!.free)} left on its disk.`,
          'Make room on it first: df -h',
        ),
      ),
    );
  }
  const unknown = [sample.primary, sample.standby].filter(({diskBytes}) => diskBytes === null);
  return unknown.length > 0
    ? warn('disk', `How full the disk of the ${unknown[0]!.host} is is not known.`)
    : ok('disk', 'Both disks have room.');
}

function clocks({clocks: seen}: PreflightInput): Found {
  const worst = Math.max(seen.primary.uncertaintyMs, seen.standby.uncertaintyMs);
  const words = `known to ${Math.ceil(worst)} ms`;
  return worst <= mostUncertainMs
    ? ok('clocks', `The clocks of the three machines are compared, ${words}.`)
    : warn(
        'clocks',
        `The clocks of the hosts are only ${words}: the way to them is slow, and so exact are the figures.`,
      );
}

function revert({primary, revertS, expected, fault}: PreflightInput): Found {
  if (!primary.timers)
    return stop(
      'revert',
      'The primary has no systemd that could undo the fault by itself.',
      'A drill is not made without that.',
    );
  const neededS =
    Math.ceil(
      (expected.outcome === 'hold' ? expected.noticedMs + expected.stillMs : expected.connectedMs) / 1000,
    ) + revertRoomS;
  if (revertS < neededS) {
    return stop(
      'revert',
      `Undoing the fault after ${spanWords(revertS)} is too soon: what is to be seen takes up to ${spanWords(neededS)}.`,
      `--revert-after ${Math.ceil(neededS / 60)}m`,
    );
  }
  return fault === 'reboot'
    ? ok('revert', 'A reboot undoes itself; should it not happen, a timer starts the gateway.')
    : ok('revert', `A timer on the primary undoes it by itself after ${spanWords(revertS)}.`);
}

const telling = ({told}: PreflightInput): Found =>
  told
    ? ok('told', 'Whoever is told of takeovers is told of this one.')
    : warn(
        'told',
        'Nobody is told of a takeover: a real one would go unnoticed.',
        'failover-wizard setup --notify …',
      );

function message({probeProblem, expected}: PreflightInput): Found {
  if (expected.outcome === 'hold') return undefined;
  if (probeProblem === undefined)
    return ok('message', 'The bot is seen connected; no message of your own is sent to it (--probe).');
  return probeProblem === null
    ? ok('message', 'A real message is sent to the bot of the standby.')
    : forceable(
        stop(
          'message',
          `No message can be sent to the bot: ${probeProblem}`,
          'Put --probe right, or leave it out with --probe none.',
        ),
      );
}
