import type {Split} from '../../channels/types.js';
import type {HostFacts} from '../../facts/types.js';
import type {Finding, PhaseId} from '../../phases/phase.js';
import type {
  ChangeView,
  FailureView,
  Measure,
  Stage,
  PhaseSummary,
  Question,
  SetupSummary,
} from '../../plan/events.js';
import type {HostName} from '../../ssh/host.js';

export interface StepView {
  change: ChangeView;
  status: 'waiting' | 'running' | 'done' | 'failed';
  /** epoch ms of this machine */
  startedMs?: number;
  /** ms */
  tookMs?: number;
  error?: FailureView;
}

export type PhaseStatus =
  'waiting' | 'planning' | 'review' | 'running' | 'verifying' | PhaseSummary['status'];

export interface PhaseView {
  id: PhaseId;
  number: number;
  title: string;
  status: PhaseStatus;
  /** Whether its changes are known; before that `steps` is empty. */
  planned: boolean;
  steps: readonly StepView[];
  /** epoch ms of this machine, when it began to change something */
  startedMs?: number;
  /** ms, once it has ended */
  tookMs?: number;
}

export interface LogLine {
  host: HostName;
  line: string;
  /** The command itself rather than what it said. */
  command: boolean;
}

export interface WaitingView {
  id: string;
  sentence: string;
  show: string;
  /** epoch ms */
  sinceMs: number;
  /** ms */
  limitMs: number;
}

/** Everything the setup screen draws from. */
export interface SetupView {
  pair: string;
  version: string;
  /** How the operator named each host, where that is known. */
  targets: Partial<Record<HostName, string>>;
  /** epoch ms: when setup began, and the last tick */
  startedMs: number;
  nowMs: number;
  facts: Partial<Record<HostName, HostFacts>>;
  findings: readonly Finding[];
  /** Absent until it has been checked for the first time. */
  split?: Split;
  phases: readonly PhaseView[];
  /** The last lines of all commands, oldest first; at most `logLimit`. */
  log: readonly LogLine[];
  /** Lines that have fallen out of `log`. */
  logDropped: number;
  /** Number of the first log line (counted from the very first) of the step in hand. */
  stepLogFrom: number;
  waiting: readonly WaitingView[];
  measures: readonly Measure[];
  /** All stages of the test, those to come included. */
  stages: readonly Stage[];
  /** Epoch ms of this machine at which its clock began. */
  testFromMs?: number;
  question?: Question;
  /** Ctrl+C has been pressed: once, or twice. */
  stopping?: 'step' | 'now';
  summary?: SetupSummary;
  error?: FailureView;
}

export const logLimit = 4000;

/** The six phases before the engine has said anything. */
export const phaseTitles: readonly {id: PhaseId; number: number; title: string}[] = [
  {id: 'provision', number: 1, title: 'Provision the standby'},
  {id: 'install', number: 2, title: 'Install OpenClaw'},
  {id: 'config', number: 3, title: 'Failover config'},
  {id: 'monitor', number: 4, title: 'Health monitor'},
  {id: 'disable', number: 5, title: 'Disable the channel on the primary'},
  {id: 'test', number: 6, title: 'Test'},
];

/** A view before anything has happened. `nowMs`: epoch ms. */
export function emptyView(
  pair: string,
  version: string,
  nowMs: number,
  targets: Partial<Record<HostName, string>> = {},
): SetupView {
  return {
    pair,
    version,
    targets,
    startedMs: nowMs,
    nowMs,
    facts: {},
    findings: [],
    phases: phaseTitles.map((phase) => ({
      ...phase,
      status: 'waiting',
      planned: false,
      steps: [],
    })),
    log: [],
    logDropped: 0,
    stepLogFrom: 0,
    waiting: [],
    measures: [],
    stages: [],
  };
}

const ended: readonly PhaseStatus[] = ['done', 'unchanged', 'skipped', 'failed', 'blocked'];

export function hasEnded(phase: PhaseView): boolean {
  return ended.includes(phase.status);
}

/** The phase that is being worked on: the last one that has begun and not ended, or failed. */
export function openPhase(view: SetupView): PhaseView | undefined {
  return (
    view.phases.findLast((phase) => phase.status !== 'waiting' && !hasEnded(phase)) ??
    view.phases.find((phase) => phase.status === 'failed')
  );
}

/** The step in hand, if any. */
export function runningStep(view: SetupView): StepView | undefined {
  return view.phases.flatMap((phase) => phase.steps).find((step) => step.status === 'running');
}
