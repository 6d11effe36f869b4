import type {DrillView} from '../../drill/events.js';
import {clean, clip} from '../clip.js';
import {clock} from '../format.js';
import {dim, inset, span, spread, type Line} from '../line.js';
import {enlarge, isTooSmall, type Size} from '../size.js';
import {glyph} from '../theme.js';
import type {WatchSample} from '../watch/model/sample.js';
import {footerLine} from '../watch/view/footer.js';
import {heading} from '../watch/view/heading.js';
import {hostRows} from '../watch/view/host-rows.js';
import {ledgerLines} from '../watch/view/ledger.js';
import {ledgerOfDrill} from './stage-rows.js';

/** A drill that goes on: what it does now, both hosts, and the stages with their clock. In exactly `size`. Pure. */
export function drillLayout(
  view: DrillView,
  {sample, nowMs, said}: {sample: WatchSample; nowMs: number; said: string},
  size: Size,
): {body: Line[]; bottom: Line[]} {
  if (isTooSmall(size)) return {body: [enlarge(size)], bottom: []};
  const columns = size.columns - 2;
  const ledger = ledgerOfDrill(view);
  const gap: Line[] = size.rows >= 26 ? [[]] : [];
  const head = [...titleLines(view, columns, nowMs), ...gap].map(inset);
  const rest = size.rows - 1 - head.length;
  const wanted = ledger.stages.length + 2 + gap.length;
  const hosts = rest >= 6 ? hostRows(sample, columns, rest - wanted) : [];
  const rows = Math.max(1, rest - hosts.length - gap.length - 1);
  const stages = ledgerLines(ledger, {columns, rows, nowMs});
  const rule = heading([span('stages', {bold: true}), dim(`  since ${sinceWords(view)}`)], [], columns);
  const spare = rest - hosts.length - gap.length - 1 - stages.length;
  const line: Line[] = said !== '' && spare > 0 ? [[dim(clip(clean(said), columns))]] : [];
  return {
    body: [...head, ...hosts, ...gap, ...[rule, ...stages, ...line].map(inset)],
    bottom: [inset(bottomLine(view, columns, nowMs))],
  };
}

function titleLines(
  {pair, fault, faultAtMs, doing, sinceMs, stopping}: DrillView,
  columns: number,
  nowMs: number,
): Line[] {
  const name: Line = [
    span('failover-wizard', {bold: true}),
    dim(' · '),
    span(clean(pair)),
    dim(' · '),
    span(`drill ${fault}`),
  ];
  const running = faultAtMs === null ? '' : `  ${clock(nowMs - faultAtMs)}`;
  const badge: Line = stopping
    ? [span(`${glyph.warn} taking it back${running}`, {tone: 'warn', bold: true})]
    : [span(`${glyph.warn} drill${running}`, {tone: 'warn', bold: true})];
  const now = `${doing.charAt(0).toUpperCase()}${doing.slice(1)}`;
  const since = clock(nowMs - sinceMs);
  return [
    spread(name, badge, columns),
    spread([span(clip(clean(now), columns - since.length - 2))], [dim(since)], columns),
  ];
}

const sinceWords = ({faultAtMs}: DrillView) =>
  faultAtMs === null ? 'the fault, which is not made yet' : 'the fault';

/** How it is left, and that it ends by itself whoever is alive then. */
function bottomLine({revertAtMs, faultAtMs, stopping}: DrillView, columns: number, nowMs: number): Line {
  const left = revertAtMs === null ? '' : clock(revertAtMs - nowMs);
  const hints =
    revertAtMs === null
      ? [faultAtMs === null ? 'nothing is broken yet' : 'the timer is disarmed: nothing is left to undo', '']
      : [`the primary undoes it by itself in ${left}`, `undone by itself in ${left}`, left];
  return footerLine(['exercise'], columns, {situation: {stopping}, hints});
}
