import type {HalfDone} from '../../drill/events.js';
import type {DrillRecord} from '../../drill/record.js';
import type {PortOptions} from './port.js';

/** Whether it may begin: the name was given, or is typed now. */
export async function typedName({pair, mode, confirmed, prompter}: PortOptions): Promise<boolean> {
  if (confirmed) return true;
  if (!mode.ask) return false;
  const wrong = (text: string) => (text.trim() === pair ? undefined : `this is not ${pair}; Ctrl+C leaves`);
  return (await prompter.input({message: `Type ${pair} to begin`, wrong})).trim() === pair;
}

/** What is to become of one that was found half-done. */
export async function askHalfDone(
  record: DrillRecord,
  {mode, halfDone, prompter}: PortOptions,
): Promise<HalfDone> {
  if (halfDone !== undefined) return halfDone;
  // Whoever cannot be asked wants the primary back.
  if (!mode.ask) return 'revert';
  const chosen = await prompter.select({
    message: 'What is to become of it?',
    choices: [
      {value: 'revert', name: 'Take it back: the primary is started, the standby gives back'},
      ...(record.faultAtMs === null
        ? []
        : [{value: 'finish', name: 'Finish it: go on from where it stands, with its report'}]),
      {value: 'leave', name: 'Leave it as it is'},
    ],
  });
  return chosen as HalfDone;
}
