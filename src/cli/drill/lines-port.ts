import type {DrillEvent, DrillView} from '../../drill/events.js';
import {checkLines, impactLines} from '../../screens/drill/check-lines.js';
import {drillSentences, nothingSaidOfDrill} from '../../screens/drill/said.js';
import {timeOfDay} from '../../screens/format.js';
import type {Line} from '../../screens/line.js';
import {interrupts} from '../../screens/plain/interrupts.js';
import {mayColour, paint} from '../../screens/theme.js';
import {claimInterrupts} from '../exit.js';
import {tell} from '../terminal.js';
import {askHalfDone, typedName} from './asked.js';
import type {ClosableDrillPort, PortOptions} from './port.js';

/** What Ctrl+C does, by how far it is: before the first stage of a new drill nothing is broken. */
export function stopSentence(begun: boolean, mending: boolean): string {
  if (begun) return 'Taking the fault back, then leaving. Ctrl+C again leaves at once.';
  return mending ? 'Leaving.' : 'Leaving; nothing was broken.';
}

/** Where lines are drawn for people. */
const columns = () => Math.max(40, Math.min(process.stderr.columns ?? 100, 100));
const print = (lines: readonly Line[]) =>
  lines.forEach((line) => process.stderr.write(`${paint(line, mayColour(process.stderr))}\n`));

/** Everything that comes before and after the stages is told in lines, on a screen too: it is to stay. */
export function tellLines(event: Exclude<DrillEvent, {type: 'view'}>, {force}: PortOptions): void {
  switch (event.type) {
    case 'doing':
      return tell(`${event.say.charAt(0).toUpperCase()}${event.say.slice(1)} …`, 'dim');
    case 'checks':
      tell('');
      print(checkLines(event.checks, columns(), force));
      tell('');
      if (event.goes || force) print(impactLines(event.impact, columns()));
      return;
    case 'half-done':
      return event.say.forEach((text) => tell(text));
    case 'say':
      return tell(`  ${event.text}`);
  }
}

/** Tells of each view what is new in it. */
export function viewTeller(): (view: DrillView) => void {
  let said = nothingSaidOfDrill;
  return (view) => {
    const next = drillSentences(said, view);
    said = next.said;
    for (const text of next.lines) tell(`[${timeOfDay(Date.now())}] ${text}`);
  };
}

/** A drill in sentences on stderr. */
export function linesPort(options: PortOptions): ClosableDrillPort {
  const release = claimInterrupts();
  let begun = false;
  const {stop, force, close} = interrupts(() => tell(stopSentence(begun, options.mending)));
  const tellView = viewTeller();
  return {
    stop,
    force,
    confirm: () => typedName(options),
    halfDone: (record) => askHalfDone(record, options),
    emit: (event) => {
      if (event.type !== 'view') return tellLines(event, options);
      begun = true;
      tellView(event.view);
    },
    close: async () => {
      close();
      release();
    },
  };
}
