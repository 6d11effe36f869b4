import {Exit, type ExitCode} from '../errors.js';
import {pairSchema} from '../pair/schema.js';
import {dotGraph, mermaidGraph} from '../screens/states/graph.js';
import {reasonRows, stateRows} from '../screens/states/rows.js';
import {tablesText} from '../screens/states/text.js';
import {mayColour, paint} from '../screens/theme.js';
import {layout} from '../templates/layout.js';
import {monitorSettings} from '../templates/monitor-settings.js';
import type {CommonOptions} from './options.js';

export interface StatesOptions extends CommonOptions {
  graph?: 'dot' | 'mermaid';
}

/** The times that are printed are those of the defaults; none of it depends on a pair. */
const anyPair = pairSchema.parse({
  primary: {ssh: 'any'},
  standby: {ssh: 'any'},
  channel: {type: 'any'},
  model: {primary: 'any/any'},
});

/** `failover-wizard states`: how the monitor decides, as the very tables it decides with. Needs no pair. */
export async function states({graph, json}: StatesOptions): Promise<ExitCode> {
  const {stdout} = process;
  const rows = stateRows();
  if (graph === 'dot') stdout.write(dotGraph(rows));
  else if (graph === 'mermaid') stdout.write(mermaidGraph(rows));
  else {
    const reasons = reasonRows(
      monitorSettings(anyPair, {primary: {address: '0.0.0.0', port: layout.gatewayPort}}),
    );
    const text = json
      ? JSON.stringify({reasons, states: rows})
      : tablesText(rows, reasons, Math.min(stdout.columns ?? 100, 100))
          .map((line) => paint(line, mayColour(stdout)))
          .join('\n');
    stdout.write(`${text}\n`);
  }
  return Exit.ok;
}
