import {lineWidth, textOf, type Line} from '../../../../src/screens/line.js';
import type {Size} from '../../../../src/screens/size.js';
import type {TimelineEntry, WatchSample} from '../../../../src/screens/watch/model/sample.js';
import {watchLayout} from '../../../../src/screens/watch/view/layout.js';
import {emptyView, type ViewState} from '../../../../src/screens/watch/view/state.js';
import * as made from '../model/samples.js';

/** Every situation that there is a ready-made sample of. */
export const situations: Readonly<Record<string, () => WatchSample>> = {
  well: made.wellSample,
  suspect: () => made.failoverSample('suspect'),
  starting: () => made.failoverSample('starting'),
  connecting: () => made.failoverSample('connecting'),
  'taken over': () => made.failoverSample('taken-over'),
  blocked: () => made.failoverSample('blocked'),
  cleared: () => made.failoverSample('cleared'),
  active: made.activeSample,
  recovering: made.recoveringSample,
  paused: made.pausedSample,
  conflict: made.conflictSample,
  'primary silent': () => made.silentSample('primary'),
  'standby silent': () => made.silentSample('standby'),
  'both silent': () => made.silentSample('both'),
  reading: made.readingSample,
};

export const sizes: readonly Size[] = [
  {columns: 80, rows: 24},
  {columns: 120, rows: 40},
  {columns: 60, rows: 20},
  {columns: 40, rows: 10},
  {columns: 200, rows: 50},
  {columns: 79, rows: 24},
  {columns: 100, rows: 16},
  {columns: 160, rows: 24},
  {columns: 60, rows: 60},
];

export const sizeWords = ({columns, rows}: Size) => `${columns}×${rows}`;

export function draw(
  sample: WatchSample,
  {columns, rows}: Size,
  state: Partial<ViewState> = {},
  timeline: readonly TimelineEntry[] = made.timeline(40),
) {
  const drawn = watchLayout({...emptyView, ...state, sample, timeline}, {columns, rows});
  const lines = [...drawn.body, ...drawn.bottom];
  return {...drawn, lines, text: lines.map(textOf).join('\n')};
}

export const widest = (lines: readonly Line[]) => Math.max(...lines.map(lineWidth));
