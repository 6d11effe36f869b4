import {age, bytes} from '../screens/format.js';
import type {AccountSample} from '../screens/watch/model/sample.js';
import {forceable, ok, stop, warn, type Found} from './checks.js';
import type {PreflightInput} from './preflight.js';
import {workspaceIn} from './workspace.js';

/** Bytes that a gateway's start, its log and the workspace's fetch may need. */
export const leastFree = {primary: 200 * 2 ** 20, standby: 500 * 2 ** 20} as const;
/** ms beyond which figures of two clocks do not agree within half a second. */
const mostUncertainMs = 250;
export function primaryGateway({sample}: PreflightInput): Found {
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

export function standbyConfig({standby}: PreflightInput): Found {
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

export function versions({sample}: PreflightInput): Found {
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

export function workspace({sample, rpoMs}: PreflightInput): Found {
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

export function disks({sample}: PreflightInput): Found {
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

export function clocks({clocks: seen}: PreflightInput): Found {
  const worst = Math.max(seen.primary.uncertaintyMs, seen.standby.uncertaintyMs);
  const words = `known to ${Math.ceil(worst)} ms`;
  return worst <= mostUncertainMs
    ? ok('clocks', `The clocks of the three machines are compared, ${words}.`)
    : warn(
        'clocks',
        `The clocks of the hosts are only ${words}: the way to them is slow, and so exact are the figures.`,
      );
}
