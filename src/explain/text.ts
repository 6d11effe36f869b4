import {wrap} from '../screens/clip.js';
import {timeOfDay} from '../screens/format.js';
import {blank, dim, span, type Line} from '../screens/line.js';
import type {Account, Told} from './account.js';
import {giveBackText, outcomeText, type Compared} from './compare.js';
import {dayOf, plus, spanText} from './span.js';

const timeColumns = 11;
const clockColumns = 10;
const indent = 2;

const hint = (text: string, columns: number): Line[] => wrap(text, columns).map((line) => [dim(line)]);

/** A story for reading, in at most `columns`. */
export function accountText(account: Account, pair: string | undefined, columns: number): Line[] {
  const {headline, wallMs, seq, sections, parts} = account;
  const [first, last] = seq;
  const where = [
    `${dayOf(wallMs)}, ${timeOfDay(wallMs)}`,
    ...(pair === undefined ? [] : [`pair ${pair}`]),
    first === last ? `event ${first}` : `events ${first} to ${last}`,
  ];
  return [
    ...wrap(headline, columns).map((line): Line => [span(line, {bold: true})]),
    ...hint(where.join(' · '), columns),
    ...sections.flatMap(({title, told}) => [
      blank,
      [span(title, {bold: true})] as Line,
      ...told.flatMap((one) => toldLines(one, wallMs, columns)),
    ]),
    ...(parts.length === 0 ? [] : [blank, ...partLines(account, columns)]),
    blank,
    ...hint(sourceOf(account), columns),
  ];
}

function toldLines({atMs, say}: Told, wallMs: number, columns: number): Line[] {
  const hang = indent + timeColumns + clockColumns;
  const lines = wrap(say, columns - hang);
  const time = atMs === null ? '' : plus(atMs);
  const clock = atMs === null ? '' : timeOfDay(wallMs + atMs);
  return lines.map((line, index) => [
    dim(
      index === 0
        ? ' '.repeat(indent) + time.padEnd(timeColumns) + clock.padEnd(clockColumns)
        : ' '.repeat(hang),
    ),
    span(line),
  ]);
}

function partLines({parts}: Account, columns: number): Line[] {
  const totalMs = parts.reduce((sum, {ms}) => sum + ms, 0);
  const each = parts.map(({name, ms}) => `${name} ${spanText(ms)}`).join(' · ');
  return [
    [span('Where the time went', {bold: true})],
    ...wrap(`${each}; ${spanText(totalMs)} in all.`, columns - indent).map((line): Line => [
      span(' '.repeat(indent) + line),
    ]),
  ];
}

function sourceOf({recorded, faithful}: Account): string {
  if (!recorded)
    return 'From the events alone: there is no record of every probe and answer of it. Times are by the clock of the standby.';
  if (faithful === false)
    return 'From the events and the record. This version decides otherwise than the monitor that wrote it: what was replayed here may differ from what happened. Times are by the clock of the standby.';
  return 'From the events and the record, decided again here with the same result. Times are by the clock of the standby.';
}

const whenColumns = 22;

/** Both outcomes of each, side by side, in at most `columns`. */
export function compareText(compared: readonly Compared[], words: string, columns: number): Line[] {
  const half = Math.floor((columns - whenColumns - 2) / 2);
  const row = (cells: readonly [string, string, string], style: {bold?: true} = {}): Line[] => {
    const [when, was, would] = [
      wrap(cells[0], whenColumns - 2),
      wrap(cells[1], half),
      wrap(cells[2], half),
    ] as const;
    const height = Math.max(when.length, was.length, would.length);
    return Array.from({length: height}, (_, at): Line => [
      span((when[at] ?? '').padEnd(whenColumns), style),
      span((was[at] ?? '').padEnd(half + 2), style),
      span(would[at] ?? '', style),
    ]);
  };
  return [
    ...row(['', 'as it was', `with ${words}`], {bold: true}),
    ...compared.flatMap((one) => [
      blank,
      ...row([
        `${timeOfDay(one.chapter.wallMs)} ${dayOf(one.chapter.wallMs).slice(4, -5)} ${one.what}`,
        one.kind === 'suspicion' ? outcomeText(one.was) : giveBackText(one.was),
        one.kind === 'suspicion' ? outcomeText(one.would) : giveBackText(one.would),
      ]),
    ]),
    blank,
    ...notes(compared).flatMap((note) => hint(note, columns)),
  ];
}

/** What a replay cannot know. */
export function notes(compared: readonly Compared[]): string[] {
  const suspicions = compared.filter((one) => one.kind === 'suspicion');
  const assumed = suspicions.find(({would}) => 'assumedMs' in would && would.assumedMs !== null);
  const odd = compared.filter(({chapter}) => !chapter.replayed.faithful).length;
  return [
    ...(assumed
      ? [
          '¹ From the recorded takeover on nobody was asked any more, or less often than this would have: the last answers are taken as still true.',
        ]
      : []),
    ...(odd > 0
      ? [
          `${odd} of these were recorded by a monitor that decides otherwise than this version: what stands here about them is not exact.`,
        ]
      : []),
    'Probes and answers are replayed as they were recorded, at their recorded times, each suspicion from what the monitor knew at its beginning. What the hosts would have done after another decision is not known.',
  ];
}
