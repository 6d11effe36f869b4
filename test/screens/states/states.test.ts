import {spawnSync} from 'node:child_process';
import {describe, expect, it} from 'vitest';
import {table} from '../../../src/monitor/machine.js';
import {stateNames} from '../../../src/monitor/memory.js';
import {rules} from '../../../src/monitor/verdict.js';
import {textOf, lineWidth} from '../../../src/screens/line.js';
import {dotGraph, mermaidGraph} from '../../../src/screens/states/graph.js';
import {reasonRows, stateRows, type StateRow} from '../../../src/screens/states/rows.js';
import {tablesText} from '../../../src/screens/states/text.js';
import {settings} from '../../monitor/settings-of-tests.js';

const rows = stateRows();
/** Every change of state that the table can make, as `from to`. */
const transitions = new Set(
  table.flatMap(({from, to}) =>
    from.filter((one) => to !== 'same' && to !== one).map((one) => `${one} ${to}`),
  ),
);
const hasDot = spawnSync('dot', ['-V']).status === 0;

describe('the tables in words', () => {
  const lines = tablesText(rows, reasonRows(settings), 80);
  const text = lines.map(textOf).join('\n');
  const flat = text.replaceAll(/\s+/g, ' ');

  it('have every row, in the order in which they are tried', () => {
    let at = -1;
    for (const {say} of table) {
      const next = flat.indexOf(`"${say}"`, at + 1);
      expect(next, say).toBeGreaterThan(at);
      at = next;
    }
    for (const {title} of rules) expect(flat).toContain(title);
  });
  it('fit their width', () => expect(Math.max(...lines.map(lineWidth))).toBeLessThanOrEqual(80));
  it('tell a row with its states, its condition and where it goes', () =>
    expect(text).toContain(`→ suspect     suspected  warning
    in watching, on probe
    if bad
    "{primary}."`));
  it('say what a verdict takes, and what never is one', () => {
    expect(text).toMatch(/^silent {5}12\.0 s, 2 looks {5}silent on every path/m);
    expect(text).toMatch(/^isolated {3}never /m);
  });
});

describe('the graph for Graphviz', () => {
  const dot = dotGraph(rows);
  it('has an arrow for every change of state of the table, and no other', () => {
    const arrows = [...dot.matchAll(/^ {2}"(\w+)" -> "(\w+)" \[/gm)].map(([, from, to]) => `${from} ${to}`);
    expect(new Set(arrows)).toEqual(transitions);
    expect(arrows).toHaveLength(transitions.size);
  });
  it.runIf(hasDot)('is understood by dot, with all its states and arrows', () => {
    const drawn = spawnSync('dot', ['-Tplain'], {input: dot, encoding: 'utf8'});
    expect({status: drawn.status, stderr: drawn.stderr}).toEqual({status: 0, stderr: ''});
    const words = drawn.stdout.split('\n').map((line) => line.split(' '));
    expect(words.filter(([kind]) => kind === 'node').map(([, name]) => name)).toEqual(
      expect.arrayContaining([...stateNames]),
    );
    // One more leads to the first state.
    expect(words.filter(([kind]) => kind === 'edge')).toHaveLength(transitions.size + 1);
  });
  it.runIf(hasDot)('is understood whatever stands in a condition', () => {
    const odd: StateRow = {...rows.find(({to}) => to === 'active')!, if: 'a "quote", a \\ and a ; {brace}'};
    expect(spawnSync('dot', ['-Tplain'], {input: dotGraph([odd]), encoding: 'utf8'}).status).toBe(0);
  });
});

describe('the graph for Mermaid', () => {
  it('has the same arrows, each a line with one plain label', () => {
    const [head, start, ...arrows] = mermaidGraph(rows).trimEnd().split('\n');
    expect([head, start]).toEqual(['stateDiagram-v2', '  [*] --> watching']);
    const parts = arrows.map((line) => /^ {2}(\w+) --> (\w+): ([^:;"]+)$/.exec(line));
    expect(new Set(parts.map((part) => part && `${part[1]} ${part[2]}`))).toEqual(transitions);
  });
});
