import type {DrillEvent, DrillPort, DrillView, HalfDone} from '../../drill/events.js';
import type {DrillRecord} from '../../drill/record.js';
import {checkLines, impactLines} from '../../screens/drill/check-lines.js';
import {drillSentences, nothingSaidOfDrill} from '../../screens/drill/said.js';
import {timeOfDay} from '../../screens/format.js';
import type {Line} from '../../screens/line.js';
import {interrupts} from '../../screens/plain/interrupts.js';
import {mayColour, paint} from '../../screens/theme.js';
import type {WatchStore} from '../../screens/watch/model/store.js';
import {claimInterrupts} from '../exit.js';
import type {Prompter} from '../prompter.js';
import {tell, type Mode} from '../terminal.js';

export interface PortOptions {
  pair: string;
  mode: Mode;
  force: boolean;
  /** The pair's name was given as a flag. */
  confirmed: boolean;
  prompter: Prompter;
  store: WatchStore;
  /** What becomes of a drill that was found half-done, where it was said beforehand. */
  halfDone: HalfDone | undefined;
}

/** A port that holds on to Ctrl+C until it is closed. */
export interface ClosableDrillPort extends DrillPort {
  /** The screen is gone when it resolves. @throws what broke the drawing */
  close(): Promise<void>;
}

/** How a drill is shown and asked about: on a screen, in lines, or as JSON lines. */
export function drillPort(options: PortOptions): ClosableDrillPort {
  switch (options.mode.output) {
    case 'json':
      return jsonPort(options);
    case 'plain':
      return linesPort(options);
    case 'screen':
      return screenPort(options);
  }
}

/** Before the first stage nothing is broken. */
const stopSentence = (begun: boolean) =>
  begun
    ? 'Taking the fault back, then leaving. Ctrl+C again leaves at once.'
    : 'Leaving; nothing was broken.';

function jsonPort({confirmed, halfDone}: PortOptions): ClosableDrillPort {
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

/** Where lines are drawn for people. */
const columns = () => Math.max(40, Math.min(process.stderr.columns ?? 100, 100));
const print = (lines: readonly Line[]) =>
  lines.forEach((line) => process.stderr.write(`${paint(line, mayColour(process.stderr))}\n`));

/** Everything that comes before and after the stages is told in lines, on a screen too: it is to stay. */
function tellLines(event: Exclude<DrillEvent, {type: 'view'}>, {force}: PortOptions): void {
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
    case 'report':
  }
}

function linesPort(options: PortOptions): ClosableDrillPort {
  const release = claimInterrupts();
  let begun = false;
  const {stop, force, close} = interrupts(() => tell(stopSentence(begun)));
  let said = nothingSaidOfDrill;
  return {
    stop,
    force,
    confirm: () => typedName(options),
    halfDone: (record) => askHalfDone(record, options),
    emit: (event) => {
      if (event.type !== 'view') return tellLines(event, options);
      begun = true;
      const next = drillSentences(said, event.view);
      said = next.said;
      for (const text of next.lines) tell(`[${timeOfDay(Date.now())}] ${text}`);
    },
    close: async () => {
      close();
      release();
    },
  };
}

/** Lines until the first stage is waited for, then a screen of its own. */
function screenPort(options: PortOptions): ClosableDrillPort {
  const {store} = options;
  const release = claimInterrupts();
  let drawn: Promise<void> | undefined;
  const {stop, force, press, close} = presses(() => drawn === undefined && tell(stopSentence(false)));
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
        change({view: event.view, said: shown?.said ?? ''});
        drawn ??= draw();
      } else if (event.type === 'say' && shown) change({...shown, said: event.text});
      else tellLines(event, options);
    },
    close: async () => {
      ended.abort();
      await drawn?.finally(() => {
        close();
        release();
      });
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

async function typedName({pair, mode, confirmed, prompter}: PortOptions): Promise<boolean> {
  if (confirmed) return true;
  if (!mode.ask) return false;
  const wrong = (text: string) => (text.trim() === pair ? undefined : `this is not ${pair}; Ctrl+C leaves`);
  return (await prompter.input({message: `Type ${pair} to begin`, wrong})).trim() === pair;
}

async function askHalfDone(record: DrillRecord, {mode, halfDone, prompter}: PortOptions): Promise<HalfDone> {
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
