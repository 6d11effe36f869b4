import type {RemoveEvent} from '../../remove/events.js';
import {clean} from '../clip.js';
import {count, measured} from '../format.js';
import {blank, lineWidth, span, wrapLine, type Line} from '../line.js';
import {planLines, type HostNames} from '../plan-text.js';
import {glyph} from '../theme.js';

type Plan = Omit<Extract<RemoveEvent, {type: 'plan'}>, 'type'>;
type End = Omit<Extract<RemoveEvent, {type: 'done'}>, 'type'>;

/** The plan of a removal as a person reads it: host by host, then what stays and why. `columns`: absent, no line is broken. */
export function planText(
  {steps, here, stays, byHand, notes}: Plan,
  names: HostNames,
  columns?: number,
): Line[] {
  const planned = steps.map(({title, changes}, index) => ({number: index + 1, title, changes}));
  const lines: Line[] = [
    ...(planned.length > 0 ? planLines(planned, names) : [[span('Nothing of ours is left on the hosts.')]]),
    ...list('Off this machine', here),
    ...list('What stays', stays),
    ...list('By hand', byHand),
    ...notes.flatMap((note): Line[] => [blank, [span(`${glyph.warn} ${clean(note)}`, {tone: 'warn'})]]),
    blank,
  ];
  return broken(lines, columns);
}

/** How it ended, and what is left to do. */
export function endText({removed, here, stays, byHand, tookMs}: End, columns?: number): Line[] {
  const sentence =
    removed === 0
      ? 'Nothing of ours is left.'
      : `Nothing of ours is left: ${count(removed, 'change')} in ${measured(tookMs)}.`;
  const lines: Line[] = [
    blank,
    [span(`${glyph.done} ${sentence}`, {bold: true})],
    ...list('Gone from this machine', here),
    ...list('What stays', stays),
    ...list('By hand', byHand),
  ];
  return broken(lines, columns);
}

function list(title: string, entries: readonly string[]): Line[] {
  if (entries.length === 0) return [];
  return [
    blank,
    [span(title, {bold: true})],
    ...entries.map((entry): Line => [span(`   ${glyph.waiting} ${clean(entry)}`)]),
  ];
}

/** Nothing is cut: a line of one style goes on below itself, another one is broken by the terminal. */
const broken = (lines: readonly Line[], columns: number | undefined): Line[] =>
  columns === undefined
    ? [...lines]
    : lines.flatMap((line) =>
        line.length > 1 && lineWidth(line) > columns ? [line] : wrapLine(line, columns, 5),
      );
