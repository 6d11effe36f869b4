import type {MonitorSettings} from '../monitor/settings.js';
import type {WatchSample} from '../screens/watch/model/sample.js';
import {forceable, ok, stop, warn, type Found, type PreflightCheck} from './checks.js';
import type {HostClocks} from './clocks.js';
import type {Expected} from './expect.js';
import {faultCheck} from './fault-check.js';
import {spanWords} from './impact.js';
import type {PrimaryLook, StandbyLook} from './look.js';
import {clocks, disks, primaryGateway, standbyConfig, versions, workspace} from './preflight-hosts.js';
import {alone, monitor, reached, split} from './preflight-pair.js';
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
  /** Whoever holds the lock of the pair, in words; null: nobody. */
  lockedBy: string | null;
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
