import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {stateNames} from '../../src/monitor/memory.js';
import {rules, type Reason} from '../../src/monitor/verdict.js';
import {holds} from '../../src/monitor/memory.js';
import {pairSchema} from '../../src/pair/schema.js';
import {mermaidGraph} from '../../src/screens/states/graph.js';
import {reasonRows, stateRows} from '../../src/screens/states/rows.js';
import {holdWords, verdictWords} from '../../src/screens/watch/model/reason-words.js';
import {monitorSettings} from '../../src/templates/monitor-settings.js';

const page = readFileSync('docs/concepts.md', 'utf8');

/** The rows of the table below a heading, cells without their backticks. */
function tableBelow(heading: string): string[][] {
  const below = page.slice(page.indexOf(`\n## ${heading}\n`)).split(/\n## /)[1] ?? '';
  return below
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}

const arrows = (text: string) =>
  [...text.matchAll(/^\s*(\w+|\[\*\]) --> (\w+)/gm)].map(([, from, to]) => `${from} → ${to}`).toSorted();

describe('docs/concepts.md', () => {
  it('draws the arrows of the transition table, and no other', () => {
    const drawn = arrows(/```mermaid\n(.*?)```/s.exec(page)![1]!);
    expect(drawn).toEqual(arrows(mermaidGraph(stateRows())));
  });

  it('has every state, in the order of the program', () => {
    expect(tableBelow('The states of the monitor').map(([state]) => state)).toEqual([...stateNames]);
  });

  it('has every verdict with the words of the screen and the default time', () => {
    const pair = pairSchema.parse({
      primary: {ssh: 'any'},
      standby: {ssh: 'any'},
      channel: {type: 'any'},
      model: {primary: 'any/any'},
    });
    const settings = monitorSettings(pair, {primary: {address: '0.0.0.0', port: 1}});
    const times = new Map(reasonRows(settings).map(({reason, deadAfterMs}) => [reason, deadAfterMs]));
    const told = tableBelow('The verdicts');
    expect(told.map(([verdict]) => verdict).toSorted()).toEqual(
      [...new Set(rules.map(({reason}) => reason))].toSorted(),
    );
    for (const [verdict, words, , after] of told as [Reason, string, string, string][]) {
      expect([verdict, words]).toEqual([verdict, verdictWords(verdict)]);
      const ms = times.get(verdict)!;
      expect([verdict, after.startsWith(ms === null ? 'never' : `${ms / 1000} s`)]).toEqual([verdict, true]);
    }
  });

  it('has every hold in the words of the screen', () => {
    const told = [...tableBelow('What holds a takeover'), ...tableBelow('What holds the give-back')].map(
      ([words]) => words,
    );
    expect([...new Set(told)].toSorted()).toEqual([...new Set(holds.map(holdWords))].toSorted());
  });
});
