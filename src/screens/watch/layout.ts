import {clean, wrap} from '../clip.js';
import {footerKeys} from '../keys.js';
import {clipLine, dim, fill, inset, lineWidth, span, spread, type Line} from '../line.js';
import {keyLine, rule} from '../footer.js';
import type {Size} from '../size.js';
import {splitBadge} from '../split-words.js';
import {glyph} from '../theme.js';
import {timeOfDay} from '../format.js';
import {paneLines} from './pane.js';
import type {WatchEvent, WatchSample} from './sample.js';
import type {Verdict} from './verdict.js';

const mark: Readonly<Record<Verdict['state'], string>> = {
  protected: glyph.well,
  'standby-active': glyph.well,
  'not-protected': glyph.warn,
  'taking-over': glyph.warn,
  reading: glyph.waiting,
};

function titleLines({pair, verdict}: WatchSample, columns: number): Line[] {
  const name: Line = [span('failover-wizard', {bold: true}), dim(' · '), span(clean(pair))];
  const state: Line = [span(`${mark[verdict.state]} ${verdict.words}`, {tone: verdict.tone, bold: true})];
  if (lineWidth(name) + 2 + lineWidth(state) <= columns) return [spread(name, state, columns)];
  return [clipLine(name, columns), clipLine(state, columns)];
}

/** Two panes side by side from 80 columns on, one above the other below that. */
function panes(sample: WatchSample, columns: number, rows: number): Line[] {
  const accountRows = rows >= 32 ? 8 : 3;
  if (columns < 78) {
    const one = (host: WatchSample['primary']) => paneLines(sample, host, columns, {accountRows: 1});
    return [...one(sample.primary), [], ...one(sample.standby)];
  }
  const width = Math.floor((columns - 3) / 2);
  const left = paneLines(sample, sample.primary, width, {accountRows});
  const right = paneLines(sample, sample.standby, columns - 3 - width, {accountRows});
  return Array.from({length: Math.max(left.length, right.length)}, (_, index) => [
    ...fill(left[index] ?? [], width),
    dim(` ${glyph.bar} `),
    ...(right[index] ?? []),
  ]);
}

function eventLine({atMs, host, sentence}: WatchEvent, columns: number): Line {
  return clipLine([dim(`${timeOfDay(atMs)}  ${host}  `), span(sentence)], columns);
}

/** The live view from top to bottom in exactly `size`; `bottom` belongs at the bottom edge. Pure. */
export function watchLayout(
  sample: WatchSample,
  events: readonly WatchEvent[],
  size: Size,
): {body: Line[]; bottom: Line[]} {
  const columns = size.columns - 2;
  const room = size.rows - 1;
  const sentence = wrap(sample.verdict.sentence, columns).slice(0, 3);
  const head = [...titleLines(sample, columns), ...sentence.map((text): Line => [span(text)])];
  const split = clipLine(splitBadge(sample.split), columns);
  const middle = panes(sample, columns, size.rows);
  // On a low terminal blank lines go first, then the ends of the panes; verdict and split stay.
  const spare = room - head.length - middle.length - 1;
  const gap: Line[] = spare >= 2 ? [[]] : [];
  const body = [...head, ...gap, ...middle.slice(0, room - head.length - 1), ...gap, split];
  const left = room - body.length;
  const shown = left < 2 ? [] : events.slice(0, left - 1);
  const tail = shown.length === 0 ? [] : [rule(columns), ...shown.map((event) => eventLine(event, columns))];
  return {body: [...body, ...tail].map(inset), bottom: [inset(keyLine(footerKeys(['watch']), [], columns))]};
}
