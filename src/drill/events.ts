import type {PreflightCheck} from './checks.js';
import type {DrillRecord} from './record.js';
import type {FaultName, StageId} from './report.js';
import type {Timeline} from './timeline.js';

/** A stage as it stands while the drill goes on. Times are epoch ms of this machine. */
export interface DrillView {
  id: string;
  pair: string;
  fault: FaultName;
  /** null: it has not taken effect yet. */
  faultAtMs: number | null;
  timeline: Timeline;
  /** The stages of this fault, in order. */
  ahead: readonly StageId[];
  /** ms since the fault: when it is usually reached, and until when the settings promise it. */
  usual: Readonly<Partial<Record<StageId, number>>>;
  promised: Readonly<Partial<Record<StageId, number>>>;
  /** When the primary undoes it by itself; null: no timer is armed. */
  revertAtMs: number | null;
  /** What goes on now, and since when. */
  doing: string;
  sinceMs: number;
  /** The operator ended it: it is taken back before it is left. */
  stopping: boolean;
}

/** Everything that a screen, plain lines or JSON lines draw a drill from. */
export type DrillEvent =
  /** Something that takes a moment before the drill: `reading both hosts`. */
  | {type: 'doing'; say: string}
  /** The checklist, and what the fault will do; `goes`: nothing stands against it. */
  | {type: 'checks'; checks: readonly PreflightCheck[]; impact: readonly string[]; goes: boolean}
  /** One that was found half-done. */
  | {type: 'half-done'; record: DrillRecord; say: readonly string[]}
  | {type: 'view'; view: DrillView}
  /** A line that is said once: an answer, a problem. */
  | {type: 'say'; text: string};

/** What is to become of a drill that was found half-done. */
export type HalfDone = 'finish' | 'revert' | 'leave';

/** How a drill talks to whoever watches it. */
export interface DrillPort {
  emit(event: DrillEvent): void;
  /** Whether it may begin: the name of the pair was typed, or given. */
  confirm(): Promise<boolean>;
  halfDone(record: DrillRecord): Promise<HalfDone>;
  /** Aborted on the first Ctrl+C: the fault is taken back, then it is left. */
  readonly stop: AbortSignal;
  /** Aborted on the second: it is left at once; the primary undoes the fault by itself. */
  readonly force: AbortSignal;
}
