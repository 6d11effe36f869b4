import {inset, type Line} from '../../line.js';
import type {WatchSample} from '../model/sample.js';
import {paneLines} from './pane.js';
import {besideHeights, panesBeside} from './panes.js';
import {emptyView} from './state.js';

/** Both panes where they fit into `free` rows, beside whatever stands under them; else a row for each host. */
export function hostRows(sample: WatchSample, columns: number, free: number): Line[] {
  const whole = {...emptyView, sample, timeline: []};
  if (columns >= 78 && besideHeights(whole, columns)(1) <= free)
    return panesBeside(whole, columns, free, 1).lines;
  return [sample.primary, sample.standby].flatMap((host) =>
    paneLines(sample, host, {columns, density: 'line', rows: 1, accounts: {rows: 1, from: 0}}).map(inset),
  );
}
