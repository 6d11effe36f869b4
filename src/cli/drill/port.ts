import type {DrillPort, HalfDone} from '../../drill/events.js';
import type {WatchStore} from '../../screens/watch/model/store.js';
import type {Prompter} from '../prompter.js';
import type {Mode} from '../terminal.js';
import {jsonPort} from './json-port.js';
import {linesPort} from './lines-port.js';
import {screenPort} from './screen-port.js';

export interface PortOptions {
  pair: string;
  mode: Mode;
  force: boolean;
  /** The pair's name was given as a flag. */
  confirmed: boolean;
  prompter: Prompter;
  store: WatchStore;
  /** It is there to end one that was cut off: something is broken from the beginning. */
  mending: boolean;
  /** What becomes of a drill that was found half-done, where it was said beforehand. */
  halfDone: HalfDone | undefined;
}

/** A port that holds on to Ctrl+C until it is closed. */
export interface ClosableDrillPort extends DrillPort {
  /** The screen is gone when it resolves. */
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
