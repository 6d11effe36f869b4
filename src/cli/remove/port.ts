import type {RemoveEvent} from '../../remove/events.js';
import {clean} from '../../screens/clip.js';
import {measured} from '../../screens/format.js';
import type {Line} from '../../screens/line.js';
import type {HostNames} from '../../screens/plan-text.js';
import {endText, planText} from '../../screens/remove/text.js';
import {glyph, mayColour, paint} from '../../screens/theme.js';
import {hanging, tell, type Mode} from '../terminal.js';

export type Teller = (event: RemoveEvent | {type: 'stopping'}) => void;

/** The plan and the end on stdout, progress on stderr; or one JSON object for each event on stdout. */
export function teller({output, verbose}: Pick<Mode, 'output' | 'verbose'>, names: HostNames): Teller {
  const startedMs = Date.now();
  if (output !== 'json') return (event) => inWords(event, names, verbose);
  return (event) =>
    void process.stdout.write(`${JSON.stringify({...event, elapsedMs: Date.now() - startedMs})}\n`);
}

function inWords(event: Parameters<Teller>[0], names: HostNames, verbose: boolean): void {
  const {columns} = process.stdout;
  switch (event.type) {
    case 'plan':
      print(planText(event, names, columns));
      return;
    case 'step':
      tell(`\n${event.title}`, 'bold');
      return;
    case 'change': {
      if (event.status === 'running') return;
      const sign = event.status === 'done' ? glyph.done : glyph.failed;
      tell(`  ${sign} ${hanging(`${clean(event.title)}  ${measured(event.tookMs ?? 0)}`, 4)}`);
      return;
    }
    case 'output':
      if (verbose || !event.command) tell(`    ${clean(event.line)}`, 'dim');
      return;
    case 'stopping':
      tell('The step in hand is finished first. Ctrl+C once more leaves at once.', 'yellow');
      return;
    case 'done':
      print(endText(event, columns));
  }
}

function print(lines: readonly Line[]): void {
  const colour = mayColour(process.stdout);
  for (const line of lines) process.stdout.write(`${paint(line, colour)}\n`);
}
