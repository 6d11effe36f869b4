import {clean, clip, widthOf, wrapHanging} from '../../clip.js';
import {age} from '../../format.js';
import {dim, span, type Line} from '../../line.js';
import {glyph} from '../../theme.js';
import type {WatchSample} from '../model/sample.js';
import {firstFit, oneRow, said, unknown, warning, type Item} from './item.js';

/** Rows that the monitor's words may take: what it counts must be whole, a long reason may be cut. */
const mostRows = 2;

/** The monitor's state with what it counts, and when it looks next. */
export function monitorItem({monitor}: WatchSample): Item {
  if (!monitor.known) return oneRow('monitor', 0, [[unknown(clean(monitor.reason))]]);
  if (!monitor.running) return oneRow('monitor', 0, [[said(glyph.failed, 'not running', 'bad')]]);
  const tone = monitor.calm ? 'good' : 'warn';
  const text = `${monitor.calm ? glyph.well : glyph.warn} ${clean(monitor.words)}`;
  const next =
    monitor.nextProbeInMs === null
      ? ''
      : `next probe ${Math.max(0, Math.round(monitor.nextProbeInMs / 1000))} s`;
  const words = span(text, {tone});
  return {
    label: 'monitor',
    rank: 0,
    brief: [words],
    rows: (columns) => {
      if (widthOf(text) <= columns)
        return [firstFit(next === '' ? [[words]] : [[words, dim(`   ${next}`)], [words]], columns)];
      const lines = wrapHanging(text, columns, 2);
      const cut =
        lines.length <= mostRows
          ? lines
          : [
              ...lines.slice(0, mostRows - 1),
              clip(
                `  ${lines
                  .slice(mostRows - 1)
                  .map((line) => line.trim())
                  .join(' ')}`,
                columns,
              ),
            ];
      return cut.map((line): Line => [span(line, {tone})]);
    },
  };
}

/** That the standby itself is alive, told to somebody who would miss it. */
export function heartbeatItem({heartbeat}: WatchSample): Item {
  if (heartbeat === null) return oneRow('heartbeat', 4, [[dim('nobody is pinged')], [dim('none')]]);
  const name = clean(heartbeat.name);
  const when = heartbeat.agoMs === null ? 'never arrived' : `sent ${age(heartbeat.agoMs)} ago`;
  if (heartbeat.error !== null) {
    return oneRow('heartbeat', 4, [
      [warning(when), span(`, failed: ${clean(heartbeat.error)}`), dim(`   ${name}`)],
      [warning(when), span(`, failed: ${clean(heartbeat.error)}`)],
      [warning(`failed, ${when}`)],
    ]);
  }
  const state = heartbeat.agoMs === null ? warning(when) : said(glyph.well, when, 'good');
  return oneRow('heartbeat', 4, [[state, dim(`   ${name}`)], [state]]);
}
