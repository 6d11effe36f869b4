import type {DrillEvent} from '../../drill/events.js';
import {drillSentences, nothingSaidOfDrill} from '../../screens/drill/said.js';
import {interrupts} from '../../screens/plain/interrupts.js';
import {claimInterrupts} from '../exit.js';
import type {ClosableDrillPort, PortOptions} from './port.js';

/** A drill as JSON lines on stdout; asks nothing. */
export function jsonPort({confirmed, halfDone}: PortOptions): ClosableDrillPort {
  const release = claimInterrupts();
  const line = (fields: object) => process.stdout.write(`${JSON.stringify(fields)}\n`);
  const {stop, force, close} = interrupts(() => line({type: 'stopping'}));
  let said = nothingSaidOfDrill;
  return {
    stop,
    force,
    confirm: async () => confirmed,
    // Whoever cannot be asked wants the primary back.
    halfDone: async () => halfDone ?? 'revert',
    emit: (event) => {
      if (event.type !== 'view') return void line(publicEvent(event));
      const {timeline, faultAtMs} = event.view;
      for (const [id, at] of Object.entries(timeline)) {
        if (said.stages.has(id as never)) continue;
        line({
          type: 'stage',
          id,
          ms: faultAtMs === null ? null : Math.round(at.atMs - faultAtMs),
          at: new Date(at.atMs).toISOString(),
          note: at.note,
        });
      }
      said = drillSentences(said, event.view).said;
    },
    close: async () => {
      close();
      release();
    },
  };
}

/** As it is printed for programs. */
function publicEvent(event: Exclude<DrillEvent, {type: 'view'}>): object {
  if (event.type !== 'half-done') return event;
  const {id, fault, startedAt} = event.record;
  return {type: event.type, id, fault, startedAt, say: event.say};
}
