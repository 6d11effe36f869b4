import {clean, wrapHanging} from '../../screens/clip.js';
import {count} from '../../screens/format.js';
import {dim, span, type Line} from '../../screens/line.js';
import {glyph} from '../../screens/theme.js';
import type {HostName} from '../../ssh/host.js';
import type {Drift, DriftItem} from '../drift.js';
import {hostNames} from '../seen.js';
import {dayAndTime} from './when.js';

/** What was done to the hosts since setup: a line for each thing, what to do under it; none where nothing was. Pure. */
export function driftLines(
  drift: Readonly<Record<HostName, Drift>>,
  {columns, nowMs}: {columns: number; nowMs: number},
): Line[] {
  return hostNames.flatMap((host) => {
    const here = drift[host];
    if (!here.known) return [];
    return [
      ...here.items.flatMap((item) => itemLines(host, item, columns, nowMs)),
      ...unnotedLines(host, here, columns),
    ];
  });
}

function itemLines(
  host: HostName,
  {says, changedAtMs, do: what}: DriftItem,
  columns: number,
  nowMs: number,
): Line[] {
  const when = changedAtMs === null ? '' : ` (${dayAndTime(changedAtMs, nowMs)})`;
  const text = `  ${glyph.warn} ${host}: ${clean(says).replace(/\.$/, '')}${when}`;
  return [
    ...wrapHanging(text, columns, 4).map((line): Line => [span(line, {tone: 'warn'})]),
    ...wrapHanging(`    → ${clean(what)}`, columns, 6).map((line): Line => [dim(line)]),
  ];
}

function unnotedLines(host: HostName, {unnoted}: Extract<Drift, {known: true}>, columns: number): Line[] {
  if (unnoted.length === 0) return [];
  const text = `  ${glyph.unknown} ${host}: what setup wrote into ${count(unnoted.length, 'file')} was not noted by the version that did, so whether somebody changed them is not known. The next setup notes it.`;
  return wrapHanging(text, columns, 4).map((line): Line => [span(line)]);
}
