import type {SetupPort} from '../../plan/events.js';
import {interrupts} from './interrupts.js';
import type {ClosablePort} from './plain.js';
import {publicEvent} from './public.js';

/**
 * Setup as JSON lines, one per event, with `elapsedMs` since the start. Asks nothing: reviews are applied, failures
 * quit; the answer is a line of its own (`answer`).
 */
export function jsonPort(
  stream: NodeJS.WritableStream,
  {now = Date.now}: {now?: () => number} = {},
): ClosablePort {
  const startedMs = now();
  const line = (fields: Record<string, unknown>) => {
    stream.write(`${JSON.stringify({...fields, elapsedMs: now() - startedMs})}\n`);
  };
  const {stop, force, close} = interrupts(() => line({type: 'stopping'}));
  const decide: SetupPort['decide'] = async (question) => {
    const answer = !stop.aborted && question.type === 'review' ? 'apply' : 'quit';
    line({type: 'answer', question: question.type, phase: question.phase, answer});
    return answer;
  };
  return {stop, force, close, decide, emit: (event) => line(publicEvent(event))};
}
