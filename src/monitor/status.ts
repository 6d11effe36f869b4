import {readFile} from 'node:fs/promises';
import type {MonitorPaths} from './paths.js';
import type {Live} from './ports.js';
import {duration} from './say.js';

/** What the monitor is doing, in a few lines for a person. Reads files only; needs no root. */
export async function statusText(paths: MonitorPaths): Promise<string> {
  let live: Live;
  try {
    live = JSON.parse(await readFile(paths.live, 'utf8')) as Live;
  } catch {
    return 'The monitor has not written anything since this host booted. See: systemctl status openclaw-health-monitor.service\n';
  }
  const {probe, unit} = live;
  const lines = [
    ['state', `${live.state} for ${duration(live.inStateMs)}`],
    [
      'primary',
      probe
        ? `${probe.class}${probe.detail ? ` (${probe.detail})` : ''}, ${probe.tookMs} ms`
        : 'not probed yet',
    ],
    ['gateway', `${unit?.state ?? 'unknown'}${live.gateway?.ready ? ', ready' : ''}`],
    [
      'channel',
      live.channel && (live.channel.connected ? 'connected' : `not connected: ${live.channel.detail}`),
    ],
    ['degraded', live.degraded],
    ['held', live.held],
    ['paused', live.pausedMs === null ? null : `for ${duration(live.pausedMs)}`],
    ['latched', live.latchedMs === null ? null : `for ${duration(live.latchedMs)}`],
    ['disk', live.disk],
    ['last', live.say],
    ['written', live.time],
  ];
  return lines
    .filter(([, text]) => text)
    .map(([name, text]) => `${name!.padEnd(9)}${text}\n`)
    .join('');
}
