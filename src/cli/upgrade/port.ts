import type {SetupPort} from '../../plan/events.js';
import {errorsAreTold} from '../exit.js';
import {tell, type Mode} from '../terminal.js';

/** Setup's port, and what only an upgrade tells. */
export interface UpgradePort extends SetupPort {
  /** A line of `--json` beside the events. */
  line(fields: Record<string, unknown>): void;
  /** A sentence for a person, or the same as a line. */
  note(sentence: string, fields: Record<string, unknown>): void;
  close(): void;
}

/**
 * Lines on stderr, or JSON lines on stdout. What is to be done was shown and agreed to as a whole, so that no phase asks
 * again; a failure is asked about where somebody can be asked.
 */
export async function upgradePort(mode: Mode): Promise<UpgradePort> {
  if (mode.output === 'json') {
    const {jsonPort} = await import('../../screens/plain/json.js');
    const port = jsonPort(process.stdout);
    const line = (fields: Record<string, unknown>) => process.stdout.write(`${JSON.stringify(fields)}\n`);
    return {
      ...port,
      line,
      note: (_sentence, fields) => line(fields),
      emit(event) {
        if (event.type === 'error') errorsAreTold();
        port.emit(event);
      },
    };
  }
  const {plainPort} = await import('../../screens/plain/plain.js');
  const port = plainPort(process.stderr, {yes: mode.yes || !mode.ask});
  return {
    ...port,
    line: () => undefined,
    note: (sentence) => tell(sentence),
    async decide(question) {
      if (question.type === 'failed') return port.decide(question);
      return port.stop.aborted ? 'quit' : 'apply';
    },
    emit(event) {
      // Told before, or at the end, in words of its own.
      if (['facts', 'split', 'phase-end', 'done'].includes(event.type)) return;
      // By number of a phase of setup nothing is said here; the changes are.
      if (event.type === 'phase') return port.emit({...event, status: 'planning'});
      port.emit(event);
    },
  };
}
