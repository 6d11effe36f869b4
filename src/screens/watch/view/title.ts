import {clean, clip, wrap} from '../../clip.js';
import {clipLine, dim, lineWidth, span, spread, type Line} from '../../line.js';
import type {WatchSample} from '../model/sample.js';
import {markOf} from './item.js';
import {clockWords} from './ledger.js';

/** The verdict with its sign, and a clock while something goes on. */
export function verdictBadge({verdict: {words, tone}, ledger, atMs}: WatchSample): Line {
  const running = clockWords(ledger, atMs);
  return [
    span(`${markOf(tone)} ${clean(words)}`, {tone, bold: true}),
    ...(running === '' ? [] : [span(`  ${running}`, {bold: true})]),
  ];
}

/** Program and pair on the left, the verdict at the right. */
export function titleLines(sample: WatchSample, columns: number): Line[] {
  const pair = clean(sample.pair);
  const name: Line = [span('failover-wizard', {bold: true}), dim(' · '), span(pair)];
  const state = verdictBadge(sample);
  if (lineWidth(name) + 2 + lineWidth(state) <= columns) return [spread(name, state, columns)];
  // The pair alone still says which one; the program is known.
  const short: Line = [span(pair, {bold: true})];
  if (lineWidth(short) + 2 + lineWidth(state) <= columns) return [spread(short, state, columns)];
  return [clipLine(name, columns), clipLine(state, columns)];
}

/** The verdict's sentence, in at most `rows`. */
export function sentenceLines({verdict}: WatchSample, columns: number, rows: number): Line[] {
  const texts = wrap(clean(verdict.sentence), columns);
  if (texts.length <= rows) return texts.map((text): Line => [span(text)]);
  const whole = Math.max(1, rows) - 1;
  const last = clip(texts.slice(whole).join(' '), columns);
  return [...texts.slice(0, whole), last].map((text): Line => [span(text)]);
}
