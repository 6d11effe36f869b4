import {clean, wrapHanging} from '../../screens/clip.js';
import {count} from '../../screens/format.js';
import {dim, span, type Line} from '../../screens/line.js';
import {glyph} from '../../screens/theme.js';
import type {HostName} from '../../ssh/host.js';
import type {Drift, DriftItem} from '../drift.js';
import {hostNames} from '../seen.js';
import {withPair} from '../with-pair.js';
import {dayAndTime} from './when.js';

/** What was done to the hosts since setup, a line for each thing, and what to do; none where nothing was. Pure. */
export function driftLines(
  drift: Readonly<Record<HostName, Drift>>,
  {columns, nowMs, pair}: {columns: number; nowMs: number; pair: string},
): Line[] {
  const hosts = hostNames.flatMap((host) => {
    const here = drift[host];
    return here.known ? [{host, ...here}] : [];
  });
  const mended = hosts.some(({items}) => items.some(isMended));
  return [
    ...hosts.flatMap((here) => [
      ...here.items.flatMap((item) => itemLines(here.host, item, {columns, nowMs})),
      ...unnotedLines(here.host, here, columns),
    ]),
    ...(mended ? hint(withPair('failover-wizard setup puts it back as it was', pair), columns) : []),
  ];
}

/** What setup does about most of it needs to be said once. */
const isMended = ({kind}: DriftItem) => kind !== 'drop-in';

const hint = (text: string, columns: number): Line[] =>
  wrapHanging(`    → ${text}`, columns, 6).map((line): Line => [dim(line)]);

function itemLines(
  host: HostName,
  item: DriftItem,
  {columns, nowMs}: {columns: number; nowMs: number},
): Line[] {
  const when = item.changedAtMs === null ? '' : ` (${dayAndTime(item.changedAtMs, nowMs)})`;
  const text = `  ${glyph.warn} ${host}: ${clean(item.says).replace(/\.$/, '')}${when}`;
  return [
    ...wrapHanging(text, columns, 4).map((line): Line => [span(line, {tone: 'warn'})]),
    ...(isMended(item) ? [] : hint(clean(item.do), columns)),
  ];
}

function unnotedLines(host: HostName, {unnoted}: Extract<Drift, {known: true}>, columns: number): Line[] {
  if (unnoted.length === 0) return [];
  const text = `  ${glyph.unknown} ${host}: what setup wrote into ${count(unnoted.length, 'file')} was not noted by the version that did, so whether somebody changed them is not known. The next setup notes it.`;
  return wrapHanging(text, columns, 4).map((line): Line => [span(line)]);
}
