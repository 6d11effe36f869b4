import type {AccountFact} from '../../channels/types.js';
import {isActive, isInCharge} from '../../monitor/memory.js';
import {clean} from '../clip.js';
import {age, duration, offset, share} from '../format.js';
import {clipLine, dim, span, spread, type Line, type Span, type Tone} from '../line.js';
import {glyph} from '../theme.js';
import type {HostSample, WatchSample} from './sample.js';

const label = (text: string) => dim(text.padEnd(10));

function said(mark: string, words: string, tone?: Tone): Span {
  return span(`${mark} ${words}`, {tone});
}

const bars = '▁▂▃▄▅▆▇█';

/** One column per reading: its height is the time of the answer beside the slowest, ✖ for none. */
export function sparkline(history: readonly (number | null)[]): string {
  const slowest = Math.max(20, ...history.map((ms) => ms ?? 0));
  return history
    .map((ms) => (ms === null ? glyph.failed : bars[Math.min(7, Math.floor((ms / slowest) * 7.99))]))
    .join('');
}

// Older than this the pane says so itself.
export const staleMs = 15_000;

function isStale({ageMs, error}: HostSample): boolean {
  return error !== null || (ageMs !== null && ageMs > staleMs);
}

function titleOf(host: HostSample, columns: number): Line {
  const {hostname, address, ageMs} = host;
  const old = ageMs !== null && isStale(host) ? [dim(`${age(ageMs)} ago`)] : [];
  const names = [hostname, address].filter((each) => each !== null).join('  ');
  return spread([span(host.host.toUpperCase(), {bold: true}), span(`  ${names}`)], old, columns);
}

function gatewayLine(sample: WatchSample, host: HostSample): Line {
  const {gateway} = host;
  if ('unknown' in gateway) return [label('gateway'), said(glyph.unknown, clean(gateway.unknown), 'warn')];
  const up = gateway.upS === null ? '' : `   ${duration(gateway.upS * 1000)}`;
  if (host.host === 'primary') {
    if (gateway.active) return [label('gateway'), said(glyph.well, 'running', 'good'), span(up)];
    return [label('gateway'), said(glyph.failed, gateway.form === 'none' ? 'none' : 'stopped', 'bad')];
  }
  const wanted = sample.monitor.known && isActive(sample.monitor.state);
  if (gateway.active && !wanted && sample.monitor.known && sample.monitor.warm)
    return [label('gateway'), said(glyph.rest, 'asleep'), dim('   warm, its channel is off')];
  if (gateway.active) {
    return [
      label('gateway'),
      said(glyph.well, 'running', wanted ? 'good' : 'warn'),
      span(wanted ? up : '   not asked for'),
    ];
  }
  return wanted
    ? [label('gateway'), said(glyph.warn, 'starting', 'warn')]
    : [label('gateway'), said(glyph.rest, 'asleep'), dim('   as it should be')];
}

function healthLine({health}: WatchSample): Line {
  if (health === null) return [label('health'), said(glyph.unknown, 'nobody has looked', 'warn')];
  const line = dim(` ${sparkline(health.history)}`);
  const from = dim(health.by === 'standby' ? '' : ' (own view)');
  if (health.well)
    return [
      label('health'),
      said(glyph.well, 'ok', 'good'),
      span(`   ${Math.round(health.tookMs)} ms`),
      line,
      from,
    ];
  const words = health.status === 0 ? noAnswer(health.error) : `HTTP ${health.status}`;
  return [label('health'), said(glyph.failed, words, 'bad'), line, from];
}

/** A refusal says that the host is there and its gateway is not; silence says neither. The words are curl's and Node's. */
function noAnswer(error = ''): string {
  return /refused|couldn't connect/i.test(error) ? 'refused' : 'silent';
}

function monitorLine({monitor}: WatchSample): Line {
  if (!monitor.known) return [label('monitor'), said(glyph.unknown, monitor.reason, 'warn')];
  if (!monitor.running) return [label('monitor'), said(glyph.failed, 'not running', 'bad')];
  const flags = [monitor.paused ? 'paused' : '', monitor.latched ? 'latched' : '', monitor.held ?? ''].filter(
    Boolean,
  );
  const calm = monitor.state === 'watching' && flags.length === 0;
  return [
    label('monitor'),
    said(calm ? glyph.well : glyph.warn, [monitor.state, ...flags].join(', '), calm ? 'good' : 'warn'),
  ];
}

function accountLines(sample: WatchSample, {host, accounts}: HostSample, most: number): Line[] {
  const name = host === 'primary' ? 'channels' : 'owns';
  if ('unknown' in accounts) return [[label(name), said(glyph.unknown, accounts.unknown, 'warn')]];
  const owned = accounts.filter((each) => each.enabled);
  if (owned.length === 0)
    return [[label(name), host === 'primary' ? dim('none') : said(glyph.warn, 'none', 'warn')]];
  // A long list ends in a count; the page behind s has all of it.
  const shown = owned.length <= most ? owned : owned.slice(0, Math.max(1, most - 1));
  const more = owned.length - shown.length;
  const lines = shown.map((account, index): Line => [
    label(index === 0 ? name : ''),
    accountSpan(sample, host, account),
    ...(more > 0 && most === 1 ? [dim(`   and ${more} more`)] : []),
  ]);
  return more > 0 && most > 1 ? [...lines, [label(''), dim(`… ${more} more`)]] : lines;
}

function accountSpan(
  {monitor}: WatchSample,
  host: HostSample['host'],
  {channel, account}: AccountFact,
): Span {
  const words = clean(`${channel} ${account}`);
  if (host === 'primary' || !monitor.known || !isInCharge(monitor.state)) return span(words);
  if (monitor.channelConnected === null) return span(words);
  return monitor.channelConnected
    ? said(glyph.well, words, 'good')
    : said(glyph.failed, `${words}, not connected`, 'bad');
}

function loadLine({load, memoryBytes, diskBytes}: HostSample): Line {
  const parts = [
    load === null ? '' : `load ${load.toFixed(2)}`,
    memoryBytes === null ? '' : `mem ${share(memoryBytes.total - memoryBytes.available, memoryBytes.total)}`,
    diskBytes === null || diskBytes.total === 0
      ? ''
      : `disk ${Math.round((1 - diskBytes.free / diskBytes.total) * 100)}%`,
  ];
  return [span(parts.filter(Boolean).join('  '))];
}

function workspaceLine(sample: WatchSample, {host, workspace}: HostSample): Line {
  if (workspace === null) return [label('workspace'), dim('not a git checkout here')];
  const {commit, syncAgeMs, commitAgeMs, dirty} = workspace;
  const changed = dirty > 0 ? `, ${dirty} changed` : '';
  if (host === 'primary') {
    const words =
      syncAgeMs === null
        ? commitAgeMs === null
          ? 'no commit'
          : `commit ${age(commitAgeMs)} old`
        : `pushed ${age(syncAgeMs)} ago`;
    return [label('workspace'), span(`${words}${changed}`)];
  }
  const theirs = sample.primary.workspace?.commit;
  const same = theirs && commit ? (theirs === commit ? 'same' : 'behind') : '';
  const synced = syncAgeMs === null ? '' : `synced ${age(syncAgeMs)} ago`;
  return [label('workspace'), span([same, synced].filter(Boolean).join(', ') + changed)];
}

function clockLine({clockOffsetMs}: HostSample): Line {
  if (clockOffsetMs === null) return [label('clock'), dim('?')];
  const off = Math.abs(clockOffsetMs) > 2000;
  return [label('clock'), span(offset(clockOffsetMs), off ? {tone: 'warn'} : {})];
}

/** One host from its name down, each line in `columns`; dim, with its age, when it could not be read again. */
export function paneLines(
  sample: WatchSample,
  host: HostSample,
  columns: number,
  {accountRows}: {accountRows: number},
): Line[] {
  const title = titleOf(host, columns);
  const failed: Line[] =
    host.error === null ? [] : [[said(glyph.failed, `does not answer: ${host.error}`, 'bad')]];
  if (host.ageMs === null) {
    const waiting: Line[] = host.error === null ? [[dim('reading …')]] : [];
    return [title, ...failed, ...waiting].map((line) => clipLine(line, columns));
  }
  const second = host.host === 'primary' ? healthLine(sample) : monitorLine(sample);
  const own: Line[] = [
    gatewayLine(sample, host),
    [label('version'), span(host.version === null ? 'no OpenClaw' : clean(host.version))],
    ...accountLines(sample, host, accountRows),
    loadLine(host),
    workspaceLine(sample, host),
    clockLine(host),
  ];
  // The primary's health is seen by the standby: it stays bright when only this machine lost the primary.
  const fade = (line: Line): Line => (isStale(host) ? line.map(({text}) => dim(text)) : line);
  const secondLine = host.host === 'primary' && sample.health?.by === 'standby' ? second : fade(second);
  const [gateway = [], ...rest] = own.map(fade);
  return [title, ...failed, gateway, secondLine, ...rest].map((line) => clipLine(line, columns));
}
