import type {Measure, Stage} from '../../plan/events.js';
import {clean} from '../clip.js';
import {measured} from '../format.js';
import {clipLine, columnsOf, dim, span, type Line, type Span} from '../line.js';
import {glyph} from '../theme.js';

/** Measured beside what was promised: `3.1 s   5.0 s`; amber when it took longer. */
export function measureLines(measures: readonly Measure[], columns: number): Line[] {
  return table(measures.map(measureRow), columns);
}

/** The same while it goes on: the stage that is awaited has a running clock, those after it wait. */
export function stageLines(
  measures: readonly Measure[],
  stages: readonly Stage[],
  sinceMs: number | undefined,
  columns: number,
): Line[] {
  const seen = new Set(measures.map(({stage}) => stage));
  const [next, ...later] = stages.filter(({stage}) => !seen.has(stage));
  const rows = [
    ...measures.map(measureRow),
    ...(next ? [awaitedRow(next, sinceMs)] : []),
    ...later.map(({stage, expectedMs}): Row => ({
      name: dim(clean(stage)),
      amount: dim(''),
      promise: promiseOf(expectedMs),
    })),
  ];
  return table(rows, columns);
}

interface Row {
  name: Span;
  /** Right-aligned. */
  amount: Span;
  promise: string;
}

function measureRow({stage, ms, expectedMs}: Measure): Row {
  const late = expectedMs !== undefined && ms > expectedMs;
  return {
    name: span(clean(stage)),
    amount: span(measured(ms), late ? {tone: 'warn'} : {}),
    promise: late ? `${promiseOf(expectedMs)}  ${glyph.warn} late` : promiseOf(expectedMs),
  };
}

function awaitedRow({stage, expectedMs}: Stage, sinceMs: number | undefined): Row {
  const late = sinceMs !== undefined && expectedMs !== undefined && sinceMs > expectedMs;
  return {
    name: span(`${clean(stage)} …`, {bold: true}),
    amount: span(sinceMs === undefined ? '' : measured(Math.floor(sinceMs / 1000) * 1000), {
      bold: true,
      ...(late && {tone: 'warn'}),
    }),
    promise: promiseOf(expectedMs),
  };
}

function promiseOf(expectedMs: number | undefined): string {
  return expectedMs === undefined ? '' : `   ${measured(expectedMs).padStart(8)}`;
}

function table(rows: readonly Row[], columns: number): Line[] {
  const nameColumns = Math.min(34, Math.max(8, columns - 24));
  const head = columnsOf([
    [dim(''), nameColumns],
    [dim('measured'.padStart(10)), 10],
    [dim('    at most'), 22],
  ]);
  const lines = rows.map(({name, amount, promise}) =>
    columnsOf([
      [name, nameColumns],
      [{...amount, text: amount.text.padStart(10)}, 10],
      [dim(promise), 22],
    ]),
  );
  return [head, ...lines].map((line) => clipLine(line, columns));
}
