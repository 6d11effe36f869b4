import {clean, clip, widthOf} from '../../clip.js';
import {clipLine, dim, inset, span, spread, type Line, type Tone} from '../../line.js';
import {enlarge, isTooSmall, type Size} from '../../size.js';
import {glyph} from '../../theme.js';
import type {WatchSample} from '../model/sample.js';
import {footerLine} from './footer.js';
import {markOf} from './item.js';
import {clockWords} from './ledger.js';

/** One of several pairs: how it is, or why that is not known. */
export interface PairRow {
  pair: string;
  sample?: WatchSample | undefined;
  /** Why there is nothing to look at: what was saved of it cannot be read. */
  error?: string | undefined;
}

interface Told {
  tone: Tone | undefined;
  words: string;
  sentence: string;
}

function told({sample, error}: PairRow): Told {
  if (sample !== undefined) {
    const {verdict, ledger, atMs} = sample;
    const running = clockWords(ledger, atMs);
    return {
      tone: verdict.tone,
      words: `${clean(verdict.words)}${running === '' ? '' : `  ${running}`}`,
      sentence: clean(verdict.sentence),
    };
  }
  if (error !== undefined) return {tone: 'bad', words: 'Not readable', sentence: clean(error)};
  return {tone: undefined, words: 'Reading …', sentence: ''};
}

/** How many would survive the loss of their primary. */
export function protectedOf(pairs: readonly PairRow[]): {well: number; tone: Tone} {
  const well = pairs.filter(({sample}) => sample?.verdict.state === 'protected').length;
  return {well, tone: well === pairs.length ? 'good' : 'warn'};
}

function summary(pairs: readonly PairRow[]): Line {
  const {well, tone} = protectedOf(pairs);
  return [span(`${markOf(tone)} ${well} of ${pairs.length} protected`, {tone, bold: true})];
}

/** Every pair with its verdict, the one at `cursor` marked; the sentence of it beside it, or below where it is narrow. */
export function pairsLayout(
  {pairs, cursor}: {pairs: readonly PairRow[]; cursor: number},
  size: Size,
): {body: Line[]; bottom: Line[]} {
  if (isTooSmall(size)) return {body: [enlarge(size)], bottom: []};
  const columns = size.columns - 2;
  const rows = size.rows - 3;
  const names = Math.min(24, Math.max(...pairs.map(({pair}) => widthOf(clean(pair))), 0));
  const verdicts = Math.max(...pairs.map((row) => widthOf(told(row).words)), 0);
  const each = columns >= 80 ? 1 : 2;
  const visible = Math.max(1, Math.floor(rows / each));
  const from = Math.max(0, Math.min(cursor - Math.floor(visible / 2), pairs.length - visible));
  const list = pairs.slice(from, from + visible).flatMap((row, index): Line[] => {
    const {tone, words, sentence} = told(row);
    const marked = from + index === cursor;
    const name = clip(clean(row.pair), names);
    const head: Line = [
      span(marked ? `${glyph.pointer} ` : '  ', {bold: true}),
      span(`${markOf(tone)} `, {tone}),
      span(name + ' '.repeat(names - widthOf(name)), {bold: marked}),
      span(`  ${words}`, {tone}),
    ];
    if (each === 2) return [clipLine(head, columns), clipLine([dim(`    ${sentence}`)], columns)];
    const gap = ' '.repeat(verdicts - widthOf(words) + 3);
    return [clipLine([...head, dim(`${gap}${sentence}`)], columns)];
  });
  const title = spread([span('failover-wizard', {bold: true}), dim(' · pairs')], summary(pairs), columns);
  const hidden = pairs.length - visible;
  const hints = hidden > 0 ? [`↑↓ ${pairs.length} pairs`] : ['↑↓'];
  return {body: [title, [], ...list].map(inset), bottom: [inset(footerLine(['pairs'], columns, {hints}))]};
}
