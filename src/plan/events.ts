import type {Split} from '../channels/types.js';
import type {HostFacts} from '../facts/types.js';
import type {Finding, PhaseId} from '../phases/phase.js';
import type {HostName} from '../ssh/host.js';

/** A change as a person sees it; everything in it is redacted already. */
export interface ChangeView {
  id: string;
  host: HostName;
  kind: string;
  title: string;
  why?: string;
  disruptive: boolean;
  /** Unified diff for files and configs. */
  diff?: string;
}

export interface FailureView {
  sentence: string;
  detail?: string;
  next: readonly string[];
  exit: number;
}

/** A stage of phase 6 that is to come. */
export interface Stage {
  stage: string;
  /** ms since the fault, what the settings promise; absent where nothing is promised. */
  expectedMs?: number;
}

/** A stage of phase 6, measured. */
export interface Measure extends Stage {
  /** ms since the fault */
  ms: number;
}

export interface PhaseSummary {
  phase: PhaseId;
  number: number;
  title: string;
  status: 'done' | 'unchanged' | 'skipped' | 'failed' | 'blocked';
  changes: number;
  /** ms, without the time that the operator took to decide */
  tookMs: number;
}

export interface SetupSummary {
  pair: string;
  /** Nothing differed: the pair was finished already. */
  nothingToDo: boolean;
  phases: PhaseSummary[];
  split: Split;
  measures: Measure[];
  /** ms, without the time that the operator took to decide */
  tookMs: number;
  /** True when every phase is done or unchanged. */
  complete: boolean;
}

/** What happens while the pair is set up. Screens, `--plain` and `--json` draw from these and nothing else. */
export type SetupEvent =
  | {type: 'facts'; host: HostName; facts: HostFacts}
  | {type: 'findings'; findings: Finding[]}
  | {type: 'split'; split: Split; at: 'start' | 'before' | 'after'; phase?: PhaseId}
  | {type: 'phase'; phase: PhaseId; status: 'planning' | 'running' | 'verifying'; changes?: ChangeView[]}
  | {type: 'phase-end'; summary: PhaseSummary}
  | {
      type: 'change';
      phase: PhaseId;
      id: string;
      status: 'running' | 'done' | 'failed';
      tookMs?: number;
      error?: FailureView;
    }
  | {type: 'output'; host: HostName; line: string; command?: boolean}
  /** Something outside is awaited: a deploy key to be added, a login URL to be opened. */
  | {type: 'waiting'; id: string; sentence: string; show: string; sinceMs: number; limitMs: number}
  | {type: 'waited'; id: string}
  /** What the test will go through, before its first measure. */
  | {type: 'stages'; stages: Stage[]}
  | {type: 'measure'; measure: Measure}
  /**
   * From when to when a primary that died would not have been taken over from as promised, ms of the standby's
   * monotonic clock; without an end: until the standby's gateway sleeps again.
   */
  | {type: 'unprotected'; id: string; fromMs: number; toMs?: number}
  | {type: 'done'; summary: SetupSummary}
  | {type: 'error'; error: FailureView};

export type Question =
  | {type: 'review'; phase: PhaseId; changes: ChangeView[]}
  | {type: 'failed'; phase: PhaseId; change?: ChangeView; error: FailureView};
export type Answer = 'apply' | 'skip' | 'retry' | 'quit';

/** How the engine talks to whoever watches: a screen, plain lines, JSON lines, a test. */
export interface SetupPort {
  emit(event: SetupEvent): void;
  /** With `--yes` or no terminal: `review` is `apply`, `failed` is `quit`. */
  decide(question: Question): Promise<Answer>;
  /** Aborted on the first Ctrl+C: the step in hand finishes. */
  readonly stop: AbortSignal;
  /** Aborted on the second Ctrl+C: leave at once. */
  readonly force: AbortSignal;
}
