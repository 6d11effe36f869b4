import {wrap} from '../../screens/clip.js';
import {dim, span, type Line, type Tone} from '../../screens/line.js';
import {printable} from '../terminal.js';
import type {Finding, Level} from './finding.js';
import type {Area} from './judge.js';

/** Words, so that they are read in any locale and without colours. */
const tones: Record<Level, Tone> = {ok: 'good', tip: 'warn', problem: 'bad'};
const indent = ' '.repeat(11);

/** A finding as lines of at most `columns`. Pure. */
export function lineOf({level, sentence, next}: Finding, columns: number): Line[] {
  const width = columns - indent.length;
  const [first = '', ...rest] = wrap(printable(sentence), width);
  const lines: Line[] = [
    [span('  '), span(level.padEnd(9), {tone: tones[level]}), span(first)],
    ...rest.map((line) => [span(indent + line)]),
  ];
  if (next !== undefined)
    lines.push(
      ...wrap(printable(next), width - 3).map((line, index) => [
        dim(`${indent}${index === 0 ? '-> ' : '   '}${line}`),
      ]),
    );
  return lines;
}

/** Whether a problem is among them. Pure. */
export const bad = (areas: readonly Area[]): boolean => numberOf(areas, 'problem') > 0;

/** `One problem, 2 tips.` Pure. */
export function counted(areas: readonly Area[]): string {
  const problems = numberOf(areas, 'problem');
  const tips = numberOf(areas, 'tip');
  if (problems === 0 && tips === 0) return 'All is well.';
  const words = (count: number, what: string) =>
    count === 1 ? `one ${what}` : `${count === 0 ? 'no' : count} ${what}s`;
  const text = `${words(problems, 'problem')}, ${words(tips, 'tip')}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const numberOf = (areas: readonly Area[], level: Level) =>
  areas.flatMap(({findings}) => findings).filter((one) => one.level === level).length;
