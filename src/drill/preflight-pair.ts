import {age} from '../screens/format.js';
import {splitSentences} from '../screens/split-words.js';
import {forceable, ok, stop, type Found} from './checks.js';
import type {PreflightInput} from './preflight.js';

export function reached({sample}: PreflightInput): Found {
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

export function alone({primary, pair, lockedBy}: PreflightInput): Found {
  if (lockedBy !== null) {
    return stop(
      'alone',
      `The pair is locked: ${lockedBy}.`,
      'Wait until that run has ended. If it cannot be running any more: the same command with --break-lock.',
    );
  }
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

export function split({sample}: PreflightInput): Found {
  if (sample.split.state === 'disjoint') return ok('split', 'The channel split is disjoint.');
  const words = splitSentences(sample.split).join(' ');
  return stop('split', words, 'Run setup: it says how to make the two nodes own different accounts.');
}

export function monitor({sample, pair}: PreflightInput): Found {
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
