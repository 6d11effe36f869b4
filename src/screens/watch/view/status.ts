import {clean, wrap} from '../../clip.js';
import {span, type Line} from '../../line.js';
import type {WatchSample} from '../model/sample.js';
import {barLines} from './bar.js';
import {markOf} from './item.js';
import {paneLines} from './pane.js';

const columns = 78;
/** More than any host has to say. */
const rows = 60;

/** A pair at a moment, as `status` prints it: the verdict, both hosts one above the other, the split and the newest test. */
export function statusLines(sample: WatchSample): Line[] {
  const {pair, verdict} = sample;
  const options = {columns, density: 'full', rows, accounts: {rows: 20, from: 0}} as const;
  return [
    [
      span(`${clean(pair)}: `),
      span(`${markOf(verdict.tone)} ${verdict.words}`, {tone: verdict.tone, bold: true}),
    ],
    ...wrap(verdict.sentence, columns).map((text): Line => [span(text)]),
    [],
    ...paneLines(sample, sample.primary, options),
    [],
    ...paneLines(sample, sample.standby, options),
    [],
    ...barLines(sample, columns),
  ];
}
