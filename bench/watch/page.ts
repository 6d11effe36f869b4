import type {Costs} from './costs.js';
import type {FirstFrame} from './first-frame.js';
import type {Latency} from './latency.js';

export interface WatchReport {
  /** ISO */
  date: string;
  cores: number;
  load: number;
  firstFrame: FirstFrame;
  costs: Costs;
  latency: Latency;
}

/** Median and range of ms. */
export function spread(list: readonly number[]): string {
  if (list.length === 0) return 'never';
  const sorted = list.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  const median = sorted[Math.floor(sorted.length / 2)]!;
  const said = (ms: number) => (ms < 10_000 ? `${Math.round(ms)}` : `${(ms / 1000).toFixed(1)} s`);
  return `${said(median)} (${said(least)}–${said(most)})`;
}

const median = (list: readonly number[]) =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
const times = (ratio: number) => `${ratio.toFixed(1)}×`;

/** The report as a page of Markdown. */
export function pageOf({date, cores, load, firstFrame, costs, latency}: WatchReport): string {
  const {laptop, primary, standby, seconds} = costs;
  const cpu = (percent: number) => `${percent.toFixed(2)} %`;
  const row = (name: string, figure: string, goal: string) => `| ${name} | ${figure} | ${goal} |`;
  return [
    `${cores} cores for everything, load ${load.toFixed(1)}, ${date.slice(0, 10)}. Times in ms, median (least–most).`,
    '',
    '| what | measured | goal or ratio |',
    '| --- | ---: | --- |',
    row('`ssh host true`', spread(firstFrame.ssh), ''),
    row('`failover-wizard --version`', spread(firstFrame.bare), ''),
    row(
      'first frame',
      spread(firstFrame.screen),
      `${times(median(firstFrame.screen) / median(firstFrame.ssh))} an ssh`,
    ),
    row(
      'both hosts read',
      spread(firstFrame.whole),
      `${times(median(firstFrame.whole) / median(firstFrame.ssh))} an ssh`,
    ),
    row('event written → on the screen', spread(latency.event), '300'),
    row('gateway killed → on the screen', spread(latency.killed), '300'),
    row('primary: CPU of one core', cpu(primary.cpu), '1 %'),
    row('standby: CPU of one core', cpu(standby.cpu), '1 %'),
    row('primary: sent', `${(primary.bytes / 1000).toFixed(2)} kB/s`, '2 kB/s'),
    row('standby: sent', `${(standby.bytes / 1000).toFixed(2)} kB/s`, '2 kB/s'),
    row('laptop: CPU of one core', cpu(laptop.cpu), '2 %'),
    row('laptop: memory', `${(laptop.memory / 1e6).toFixed(0)} MB`, ''),
    '',
    `Costs are over ${seconds.toFixed(0)} s in which nothing happens, after the first reading.`,
  ].join('\n');
}
