import {readFile} from 'node:fs/promises';
import type {WorkReport} from './evidence.js';
import type {MonitorPaths} from './paths.js';
import type {Live} from './ports.js';
import {readReports} from './reports.js';
import {duration} from './say.js';
import {toldLines} from './tell/told-lines.js';
import {beside, columnsOf, type Paper} from './hand/show.js';

/** Columns of the names in front. */
const nameColumns = 9;

/** What the monitor is doing, in a few lines for a person. Reads files only; needs no root. */
export async function statusText(paths: MonitorPaths, paper: Paper): Promise<string> {
  let live: Live;
  try {
    live = JSON.parse(await readFile(paths.live, 'utf8')) as Live;
  } catch {
    return 'The monitor has not written anything since this host booted. See: systemctl status openclaw-health-monitor.service\n';
  }
  const {probe} = live;
  const reports = await readReports(paths.work, paths.warmReport);
  const prepared = reports.find(({job}) => job === 'prepare');
  const warm = reports.some(({job, result}) => job === 'warm' && result === 'asleep');
  const lines = [
    ['state', `${live.state} for ${duration(live.inStateMs)}`],
    [
      'primary',
      probe
        ? `${probe.class}${probe.detail ? ` (${probe.detail})` : ''}, ${probe.tookMs} ms`
        : 'not probed yet',
    ],
    ['gateway', gatewayWords(live, warm)],
    [
      'channel',
      live.channel && (live.channel.connected ? 'connected' : `not connected: ${live.channel.detail}`),
    ],
    ['takeover', prepared && takeoverWords(prepared)],
    ['doubt', live.reason],
    ['report', wordOf(live.interrogation)],
    ['unready', live.notReady && `the primary's gateway is alive and not ready: ${live.notReady}`],
    ['restarts', restartsOf(live)],
    ['degraded', live.degraded],
    ['by hand', live.byHand ? 'an operator took over; "demote" gives back' : null],
    ['failback', live.failbackAsked ? 'an operator asked for it: as soon as the primary is well' : null],
    ['held', live.held],
    ['paused', live.pausedMs === null ? null : `for ${duration(live.pausedMs)}`],
    ['latched', live.latchedMs === null ? null : `for ${duration(live.latchedMs)}`],
    ['disk', live.disk],
    ...toldLines(live.telling),
    ['last', live.say],
    ['written', live.time],
  ];
  return lines
    .filter(([, text]) => text)
    .map(([name, text]) => `${beside(name!.padEnd(nameColumns), text!, columnsOf(paper))}\n`)
    .join('');
}

/** A warm standby's gateway runs while it sleeps. */
function gatewayWords({state, unit, gateway}: Live, warm: boolean): string {
  const asleep = state === 'watching' || state === 'suspect';
  if (warm && asleep && unit?.state === 'running') return 'asleep: it runs with its channel off';
  return `${unit?.state ?? 'unknown'}${gateway?.ready ? ', ready' : ''}`;
}

/** Whether it would work now, as the prepare job found out last. */
function takeoverWords({at, result, detail}: WorkReport): string {
  const words: Record<string, string> = {
    ready: 'would work',
    stale: 'would work',
    'not-ready': 'would NOT work',
  };
  return `${words[result] ?? 'not known'}: ${detail} (checked ${at.slice(0, 16).replace('T', ' ')} UTC)`;
}

/** Whether the primary can be asked what is wrong with it. */
function wordOf(interrogation: Live['interrogation']): string | null {
  if (!interrogation || interrogation.works === null) return null;
  const {works, detail, tookMs} = interrogation;
  return works
    ? `can be had over SSH${tookMs === null ? '' : `, ${Math.round(tookMs)} ms`}`
    : `cannot be had over SSH: ${detail}`;
}

/** What the primary's own restarts have taught. */
function restartsOf({restarts, startMs}: Pick<Live, 'restarts' | 'startMs'>): string | null {
  const [newest] = restarts.slice(-1);
  if (newest === undefined) return null;
  return `${restarts.length}, the newest ${duration(newest)}; a start is given ${duration(startMs)}`;
}
