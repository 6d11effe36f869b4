import type {DrillView} from '../../drill/events.js';
import {interrupts} from '../../screens/plain/interrupts.js';
import {messageOf} from '../../errors.js';
import {claimInterrupts} from '../exit.js';
import {tell} from '../terminal.js';
import {askHalfDone, typedName} from './asked.js';
import {stopSentence, tellLines, viewTeller} from './lines-port.js';
import type {ClosableDrillPort, PortOptions} from './port.js';

/** Lines until the first stage is waited for, then a screen of its own. */
export function screenPort(options: PortOptions): ClosableDrillPort {
  const {store} = options;
  const release = claimInterrupts();
  let drawn: Promise<void> | undefined;
  let broken = false;
  const inLines = viewTeller();
  const {stop, force, press, close} = presses(
    () => (drawn === undefined || broken) && tell(stopSentence(broken, options.mending)),
  );
  const listeners = new Set<() => void>();
  const ended = new AbortController();
  let shown: {view: DrillView; said: string} | undefined;
  const change = (next: {view: DrillView; said: string}) => {
    shown = next;
    for (const listener of listeners) listener();
  };
  const draw = async () => {
    const {drillScreen} = await import('../../screens/drill/screen.js');
    return drillScreen({
      shown: () => shown!,
      sample: () => store.snapshot().sample,
      subscribe: (listener) => {
        listeners.add(listener);
        const leave = store.subscribe(listener);
        return () => {
          listeners.delete(listener);
          leave();
        };
      },
      tick: () => store.tick(),
      onInterrupt: press,
      signal: ended.signal,
    });
  };
  return {
    stop,
    force,
    confirm: () => typedName(options),
    halfDone: (record) => askHalfDone(record, options),
    emit: (event) => {
      if (event.type === 'view') {
        if (broken) return inLines(event.view);
        change({view: event.view, said: shown?.said ?? ''});
        // A drill does not end because it cannot be drawn.
        drawn ??= draw().catch((error: unknown) => {
          broken = true;
          tell(`The screen broke (${messageOf(error)}); it goes on in lines.`, 'yellow');
        });
      } else if (event.type === 'say' && shown && !broken) change({...shown, said: event.text});
      else tellLines(event, options);
    },
    close: async () => {
      ended.abort();
      await drawn;
      close();
      release();
    },
  };
}

/** Ctrl+C as a key of the screen, and as a signal where no screen reads keys. */
function presses(onStop: () => void) {
  const {stop, force, close} = interrupts(onStop);
  return {stop, force, close, press: () => void process.emit('SIGINT')};
}
