import type {ChangeView, FailureView} from '../plan/events.js';
import type {HostName} from '../ssh/host.js';
import type {StepId} from './plan.js';

export interface StepView {
  id: StepId;
  title: string;
  changes: ChangeView[];
}

/** The plan as a person sees it before anything is done. */
export interface PlanView {
  steps: StepView[];
  /** What goes from this machine. */
  here: string[];
  stays: string[];
  byHand: string[];
  /** What is to be known before. */
  notes: string[];
}

/** What happens while a pair is taken apart. Lines and JSON draw from these and nothing else. */
export type RemoveEvent =
  | ({type: 'plan'} & PlanView)
  | {type: 'step'; id: StepId; title: string}
  | {
      type: 'change';
      id: string;
      host: HostName;
      title: string;
      status: 'running' | 'done' | 'failed';
      tookMs?: number;
      error?: FailureView;
    }
  | {type: 'output'; host: HostName; line: string; command?: boolean}
  | {type: 'done'; removed: number; here: string[]; stays: string[]; byHand: string[]; tookMs: number};

export interface RemovePort {
  emit(event: RemoveEvent): void;
  /** Aborted on the first Ctrl+C: the step in hand finishes. */
  readonly stop: AbortSignal;
  /** Aborted on the second: leave at once. */
  readonly force: AbortSignal;
}
