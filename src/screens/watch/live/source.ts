import type {Line} from '../../line.js';
import type {Act, End} from '../../../monitor/hand/act.js';
import type {Show} from '../../../monitor/hand/conduct.js';
import type {Snapshot} from '../model/store.js';
import type {Journal} from '../view/log.js';

/** Where the view has it from. `snapshot` gives the same object until a listener was told. */
export interface WatchSource {
  subscribe: (listener: () => void) => () => void;
  snapshot: () => Snapshot;
  /** Reads the facts of both hosts now, and connects now where there is no connection. */
  refresh: () => void;
}

/**
 * One act of the operator from the first look to its end: `conduct` over a hand to the standby, with the name of the
 * pair for every act. `typedName` asks for it. @throws what went wrong with looking or asking
 */
export type ActPort = (
  act: Act,
  how: {leave: AbortSignal},
  show: Show,
  typedName: (pair: string) => Promise<string>,
) => Promise<End>;

/** What the view can do beside looking. What is absent is not there: its key says so. */
export interface WatchPorts {
  act?: ActPort | undefined;
  /** Lines of a journal, the newest of the past first of all, then as they come, until `signal`. */
  journal?: ((what: Journal, signal: AbortSignal) => AsyncIterable<string>) | undefined;
  /** What differs from the pair today. An error's `detail` and `next`, where it has them, are shown below it. */
  plan?: ((signal: AbortSignal) => Promise<readonly Line[]>) | undefined;
  /** How the pair is tested, a few sentences; the commands are lines of their own. */
  drill?: readonly string[] | (() => readonly string[]) | undefined;
}
