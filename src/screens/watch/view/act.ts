import type {ActName, End} from '../../../monitor/hand/act.js';
import type {Check, Sign} from '../../../monitor/hand/checks.js';
import {clean, wrapHanging} from '../../clip.js';
import {clock} from '../../format.js';
import type {ActStep} from '../../key-binding.js';
import {dim, inset, span, type Line, type Tone} from '../../line.js';
import {enlarge, isTooSmall, type Size} from '../../size.js';
import {glyph} from '../../theme.js';
import type {WatchSample} from '../model/sample.js';
import {footerLine} from './footer.js';
import {heading} from './heading.js';
import {warning} from './item.js';
import {hostRows} from './host-rows.js';
import {titleLines} from './title.js';
import {field} from './typing.js';

/** A line that is asked for before an act. */
export interface Field {
  label: string;
  text: string;
}

/** An act of the operator, as far as it is. Times are epoch ms of this machine. */
export interface ActView {
  name: ActName;
  pair: string;
  step: ActStep;
  fields: readonly Field[];
  /** The field that is typed into. */
  field: number;
  /** Why what was typed does not do; empty: it does. */
  wrong: string;
  /** Since when it is looked before anything is asked; null: it was looked. */
  lookingSinceMs: number | null;
  checks: readonly Check[];
  /** What was typed as the name of the pair. */
  typed: string;
  heard: readonly {elapsedMs: number; say: string}[];
  waiting: {what: string; elapsedMs: number} | null;
  end: End | null;
  /** It was left, and what stands is still found out. */
  leaving: boolean;
}

const titles: Readonly<Record<ActName, string>> = {
  pause: 'Pause the failover',
  resume: 'End the pause',
  promote: 'Take over by hand',
  demote: 'Give back',
};

const signs: Readonly<Record<Sign, {mark: string; tone: Tone}>> = {
  ok: {mark: glyph.done, tone: 'good'},
  warn: {mark: glyph.warn, tone: 'warn'},
  stop: {mark: glyph.failed, tone: 'bad'},
};

/** A sign and a sentence in as many rows as it needs. */
function signed(
  {mark, tone}: {mark: string; tone: Tone},
  text: string,
  columns: number,
  bold = false,
): Line[] {
  return wrapHanging(`${mark} ${clean(text)}`, columns, 2).map((row, index): Line =>
    index === 0
      ? [span(row.slice(0, mark.length), {tone}), span(row.slice(mark.length), {bold})]
      : [span(row, {bold})],
  );
}

function endSign({exit}: End): {mark: string; tone: Tone} {
  if (exit === 0) return signs.ok;
  return exit === 3 || exit === 130 ? signs.warn : signs.stop;
}

/** What can be copied at the end: the next command, without the words before it. */
export function nextCommand(end: End | null): string | undefined {
  const first = end?.next?.[0];
  return first === undefined ? undefined : clean(first).replace(/^[^:]{0,60}: /, '');
}

/** Everything of the act from its beginning, in the order in which it happens. */
function storyLines(view: ActView, columns: number, nowMs: number): Line[] {
  const {fields, checks, heard, waiting, end, lookingSinceMs, leaving} = view;
  const looking =
    lookingSinceMs === null || end !== null
      ? []
      : [[dim(`${glyph.waiting} looking at how things stand … ${clock(nowMs - lookingSinceMs)}`)]];
  return [
    ...fields.flatMap((each, index) => fieldLines(view, each, index, columns)),
    ...(fields.length > 0 ? [[]] : []),
    ...checks.filter(({say}) => say !== end?.say).flatMap(({sign, say}) => signed(signs[sign], say, columns)),
    ...looking,
    ...nameLines(view, columns),
    ...(heard.length > 0 ? [[]] : []),
    ...heard.flatMap(({elapsedMs, say}) => {
      const since = clock(elapsedMs).padStart(5);
      return wrapHanging(`${since}  ${clean(say)}`, columns, 7).map((text): Line => [span(text)]);
    }),
    ...(waiting === null || end !== null
      ? []
      : wrapHanging(`${glyph.open} ${clock(waiting.elapsedMs)}  ${clean(waiting.what)} …`, columns, 8).map(
          (text): Line => [span(text, {bold: true})],
        )),
    ...(leaving && end === null ? [[dim('leaving …')]] : []),
    ...endLines(end, columns),
  ];
}

function fieldLines(view: ActView, {label, text}: Field, index: number, columns: number): Line[] {
  if (view.step !== 'form') return text === '' ? [] : [[dim(`${label}  `), span(clean(text))]];
  if (index > view.field) return [];
  if (index < view.field) return [[dim(`${label}  `), span(clean(text))]];
  const wrong = view.wrong === '' ? [] : signed(signs.warn, view.wrong, columns);
  return [[span(`${label}  `), ...field(text, columns - label.length - 3)], ...wrong];
}

function nameLines({step, pair, typed, wrong}: ActView, columns: number): Line[] {
  if (step !== 'typing') return [];
  const label = `Type ${clean(pair)} to go on:`;
  return [
    [],
    [span(`${label}  `), ...field(typed, columns - label.length - 3)],
    ...(wrong === '' ? [] : [[warning(wrong)]]),
  ];
}

function endLines(end: End | null, columns: number): Line[] {
  if (end === null) return [];
  const next = (end.next ?? []).flatMap((step) =>
    wrapHanging(`  → ${clean(step)}`, columns, 4).map((text): Line => [span(text)]),
  );
  return [[], ...signed(endSign(end), end.say, columns, true), ...next];
}

/** Rows for the story with which an act of many words is still seen whole, its heading and blank rows among them. */
const leastStory = 17;

/** The act under the title and the two hosts in a row each, which live on. In exactly `size`. */
export function actLayout(
  view: ActView,
  {sample, nowMs, note}: {sample: WatchSample; nowMs: number; note?: string | undefined},
  size: Size,
): {body: Line[]; bottom: Line[]} {
  if (isTooSmall(size)) return {body: [enlarge(size)], bottom: []};
  const columns = size.columns - 2;
  const title = titleLines(sample, columns);
  const gap: Line[] = size.rows >= 18 ? [[]] : [];
  const head = [
    ...title.map(inset),
    ...gap,
    ...hostRows(sample, columns, size.rows - 1 - title.length - leastStory),
    ...gap,
    inset(heading([span(titles[view.name], {bold: true})], [], columns)),
  ];
  const story = storyLines(view, columns, nowMs);
  const rows = Math.max(1, size.rows - 1 - head.length);
  // The end of the story is where something is asked or has just happened.
  const shown = story.slice(-rows);
  const copyable = view.step === 'ended' && nextCommand(view.end) !== undefined;
  const keys = footerLine(['act'], columns, {situation: {act: view.step, copyable}});
  return {body: [...head, ...shown.map(inset)], bottom: [inset(note === undefined ? keys : [span(note)])]};
}
