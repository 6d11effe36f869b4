// The times of a report beside those of an outside look.

import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {DrillReport, StageId} from '../../../src/drill/report.js';
import {units} from '../../../src/templates/layout.js';
import {sh} from '../host-state.js';
import type {Asked, Stopwatch} from '../stopwatch.js';
import {told, type Bench} from './bench.js';

/** ms by which the two may differ. */
const withinMs = 500;
/**
 * ms by which something may have been earlier than the report says: the monitor looks at its gateway every half second,
 * later on a busy machine, and tells when it saw it; the model has spoken before its answer arrives.
 */
const earlierMs: Readonly<Partial<Record<StageId, number>>> = {
  started: 1_000,
  ready: 3_000,
  answered: 3_000,
  rest: 2_000,
};

/** ms for which a gateway may stand still that was seen ready: as long as the stopwatch waits for one answer. */
const mostStillMs = 3_500;
/** ms for a connection that was lost. */
const againMs = 2_000;

export interface Compared {
  fault: string;
  stage: string;
  /** ms since the fault, as the report says. */
  reportMs: number;
  /** By how much later it was seen from outside, ms. */
  differsMs: number;
}

const all: Compared[] = [];

/** A line for each fault and stage, for whoever reads the log of a run. */
export const comparedLines = (): string[] =>
  all.map(
    ({fault, stage, reportMs, differsMs}) =>
      `${fault}, ${stage}: report +${(reportMs / 1000).toFixed(2)} s, seen ${differsMs >= 0 ? '+' : '−'}${Math.abs(Math.round(differsMs))} ms`,
  );

/** From where it is best seen that a fault is in force, and what is seen then. */
const down: Readonly<Record<DrillReport['fault'], readonly [Asked, ...string[]]>> = {
  stop: ['primary', 'refused', 'gone'],
  kill: ['process', 'ended'],
  hang: ['process', 'halted'],
  partition: ['primary', 'gone'],
  reboot: ['primary', 'refused', 'gone'],
};

/**
 * Every stage that can be seen from outside was when the report says.
 * @throws with all that was seen
 */
export async function compare(report: DrillReport, watch: Stopwatch, bench: Bench): Promise<void> {
  const faultMs = Date.parse(report.faultAt!);
  const own = bench.talk.nick;
  const {fault} = report;
  const [where, ...what] = down[fault];
  const downAt = watch.at(where, what, Date.parse(report.startedAt));
  const readyAt = downAt === undefined ? undefined : watch.at('primary', 'ready', downAt);
  const connected = watch.botAt(own, 'online', faultMs);
  const seen: Partial<Record<StageId, number | undefined>> =
    report.outcome === 'takeover'
      ? {
          started: await journalAt(bench, 'Started', faultMs),
          ready: watch.at('standby', 'ready', faultMs),
          connected,
          answered: answeredAt(bench, connected ?? faultMs),
          rest: await journalAt(bench, 'Stopped', connected ?? faultMs),
        }
      : {};
  // A reboot is asked for a moment before the gateway hears of it.
  if (fault !== 'reboot') seen.fault = downAt;
  if (fault !== 'partition') seen['primary-ready'] = readyAt;
  const wrong: string[] = [];
  for (const [stage, atMs] of Object.entries(seen) as [StageId, number | undefined][]) {
    const reportMs = report.stages.find(({id}) => id === stage)?.ms ?? (stage === 'fault' ? 0 : null);
    if (reportMs === null || atMs === undefined) {
      wrong.push(`${stage}: report ${reportMs}, seen ${atMs === undefined ? 'never' : atMs - faultMs}`);
      continue;
    }
    const differsMs = atMs - faultMs - reportMs;
    all.push({fault, stage, reportMs, differsMs});
    // A host that went down is reached anew before it can be asked.
    const again = fault === 'reboot' && stage === 'primary-ready' ? againMs : withinMs;
    // A gateway that stands still learns that its bot is there when it goes on.
    const stillMs = stage === 'connected' ? watch.stillMs('standby', atMs) : 0;
    // One that was ready for a moment and then stood still is seen to be when it goes on.
    const blinkMs =
      stage === 'primary-ready' ? Math.min(watch.stillMs('primary', faultMs + reportMs), mostStillMs) : 0;
    if (differsMs > withinMs + blinkMs || differsMs < -(earlierMs[stage] ?? again) - stillMs)
      wrong.push(`${stage}: report ${reportMs}, seen ${atMs - faultMs}`);
  }
  if (report.outcome === 'takeover') {
    const gone = watch.botAt(own, 'offline', connected ?? faultMs);
    const rest = report.stages.find(({id}) => id === 'rest')?.ms ?? 0;
    if (gone === undefined || gone - faultMs > rest + withinMs)
      wrong.push(`the bot left at ${gone === undefined ? 'never' : gone - faultMs}, rest was at ${rest}`);
    const back = report.stages.find(({id}) => id === 'demoting')?.ms ?? Number.POSITIVE_INFINITY;
    if (gone !== undefined && gone - faultMs < back - withinMs)
      wrong.push(`the bot left at ${gone - faultMs}, before it was given back at ${back}`);
  } else if (watch.bots[own]!.some(({what}) => what === 'online')) wrong.push('the bot of the standby came');
  if (wrong.length > 0)
    throw new Error(
      `the report does not fit what was seen (ms since the fault):\n${wrong.join('\n')}\n${told(report)}\n${watch.told(faultMs)}`,
    );
}

/** When the standby's systemd had started or stopped its gateway, by its own word. Hosts have this machine's clock. */
async function journalAt({pair}: Bench, word: string, fromMs: number): Promise<number | undefined> {
  const since = `@${Math.floor(fromMs / 1000)}`;
  const lines = await sh(
    pair.standby,
    `journalctl -u ${units.gateway} -o short-unix --no-pager --since ${since} _PID=1`,
  );
  for (const line of lines.split('\n')) {
    const [, s] = /^(\d+\.\d+) .* (?:Started|Stopped) /.exec(line) ?? [];
    const atMs = Math.round(Number(s) * 1000);
    if (s !== undefined && line.includes(` ${word} `) && atMs >= fromMs) return atMs;
  }
  return undefined;
}

const modelLog = join(
  process.env['FAILOVER_LAB_RUN'] ?? '/var/lib/failover-wizard-lab',
  'services/model-stub.log',
);

/** When the model answered the first question of this pair's standby from then on. */
function answeredAt({pair}: Bench, fromMs: number): number | undefined {
  const from = pair.places.standby.ip;
  for (const line of readFileSync(modelLog, 'utf8').split('\n')) {
    const [time = '', address] = line.split(' ');
    if (address?.endsWith(from) && Date.parse(time) >= fromMs) return Date.parse(time);
  }
  return undefined;
}
