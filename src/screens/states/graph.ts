import {isActive, stateNames} from '../../monitor/memory.js';
import type {StateRow} from './rows.js';

/** One arrow: everything that leads from a state to another one. */
interface Arrow {
  from: string;
  to: string;
  labels: string[];
}

/** Rows that stay where they are draw no arrow: they are events, not transitions. */
function arrowsOf(rows: readonly StateRow[]): Arrow[] {
  const arrows = new Map<string, Arrow>();
  for (const row of rows) {
    if (row.to === 'same') continue;
    for (const from of row.from) {
      if (from === row.to) continue;
      const arrow = arrows.get(`${from} ${row.to}`) ?? {from, to: row.to, labels: []};
      arrow.labels.push(
        row.if === undefined ? `${row.event}: on ${row.on.join(', ')}` : `${row.event}: ${row.if}`,
      );
      arrows.set(`${from} ${row.to}`, arrow);
    }
  }
  return [...arrows.values()];
}

/** States in which the gateway of the standby is meant to run. */

const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** For Graphviz: `failover-wizard states --graph dot | dot -Tsvg > states.svg`. */
export function dotGraph(rows: readonly StateRow[]): string {
  const nodes = stateNames.map(
    (name) => `  ${quoted(name)}${isActive(name) ? ' [style="rounded,filled", fillcolor="#e8f4e8"]' : ''};`,
  );
  const edges = arrowsOf(rows).map(
    ({from, to, labels}) =>
      `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(labels.map((label) => folded(label, 32)).join('\n'))}];`,
  );
  return [
    'digraph "failover" {',
    '  // In the green states the gateway of the standby is meant to run.',
    '  graph [rankdir=TB, nodesep=0.7, ranksep=0.9];',
    '  node [shape=box, style=rounded, fontname="sans-serif"];',
    '  edge [fontname="sans-serif", fontsize=10];',
    '  start [shape=point];',
    '  start -> "watching";',
    ...nodes,
    ...edges,
    '}',
    '',
  ].join('\n');
}

/** A label in lines of about `columns`, so that the picture stays narrow. */
function folded(label: string, columns: number): string {
  const lines: string[] = [];
  for (const word of label.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}

/** For Mermaid, which code forges draw in Markdown. */
export function mermaidGraph(rows: readonly StateRow[]): string {
  // A semicolon ends a statement there, and a colon begins the label.
  const plain = (text: string) => text.replaceAll(';', ',').replaceAll(':', ',').replaceAll('"', "'");
  return [
    'stateDiagram-v2',
    '  [*] --> watching',
    ...arrowsOf(rows).map(({from, to, labels}) => `  ${from} --> ${to}: ${labels.map(plain).join('<br/>')}`),
    '',
  ].join('\n');
}
