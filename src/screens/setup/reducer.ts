import type {Finding, PhaseId} from '../../phases/phase.js';
import type {ChangeView, Question, SetupEvent} from '../../plan/events.js';
import {clean} from '../clip.js';
import {logLimit, type PhaseView, type SetupView, type StepView} from './view.js';

/** What changes the view: the engine's events, the clock, a question and its answer, and Ctrl+C. */
export type SetupInput =
  | SetupEvent
  /** epoch ms; what comes after it happened then. */
  | {type: 'tick'; nowMs: number}
  | {type: 'asked'; question: Question}
  | {type: 'answered'}
  | {type: 'stopping'; how: 'step' | 'now'};

// Longer lines are data somebody printed by accident; nobody reads on there.
const longestLine = 2000;

/** The next view. Pure: the only clock is `tick`. */
export function reduce(view: SetupView, event: SetupInput): SetupView {
  switch (event.type) {
    case 'tick':
      return {...view, nowMs: event.nowMs};
    case 'facts':
      return {...view, facts: {...view.facts, [event.host]: event.facts}};
    case 'findings':
      return {...view, findings: withFindings(view.findings, event.findings)};
    case 'split':
      return {...view, split: event.split};
    case 'phase':
      return onPhase(view, event.phase, (phase) => begin(phase, event, view.nowMs));
    case 'phase-end':
      return onPhase(view, event.summary.phase, (phase) => ({
        ...phase,
        status: event.summary.status,
        title: event.summary.title,
        number: event.summary.number,
        planned: true,
        tookMs: event.summary.tookMs,
      }));
    case 'change':
      return onPhase(stepBegun(view, event), event.phase, (phase) => ({
        ...phase,
        steps: phase.steps.map((step) =>
          step.change.id === event.id ? advance(step, event, view.nowMs) : step,
        ),
      }));
    case 'output':
      return logged(view, event);
    case 'waiting':
      return {...view, waiting: [...without(view, event.id), {...event}]};
    case 'waited':
      return {...view, waiting: without(view, event.id)};
    case 'measure':
      return {
        ...view,
        measures: [...view.measures, event.measure],
        testFromMs: view.testFromMs ?? view.nowMs - event.measure.ms,
      };
    case 'stages':
      // A test that is tried again begins anew.
      return {...view, stages: event.stages, measures: [], testFromMs: undefined};
    case 'unprotected':
      // Told by the step's own lines where it matters: setup promises nothing before its test.
      return view;
    case 'asked':
      return asked(view, event.question);
    case 'answered':
      return {...view, question: undefined};
    case 'stopping':
      return {...view, stopping: event.how};
    case 'done':
      return {...view, summary: event.summary, split: event.summary.split, question: undefined, waiting: []};
    case 'error':
      return {...view, error: event.error};
  }
}

function onPhase(view: SetupView, id: PhaseId, change: (phase: PhaseView) => PhaseView): SetupView {
  return {...view, phases: view.phases.map((phase) => (phase.id === id ? change(phase) : phase))};
}

function begin(phase: PhaseView, event: Extract<SetupEvent, {type: 'phase'}>, nowMs: number): PhaseView {
  return {
    ...phase,
    status: event.status,
    ...planned(phase, event.changes),
    // Planning is reading; the clock of a phase starts when something is done.
    startedMs: event.status === 'planning' ? phase.startedMs : (phase.startedMs ?? nowMs),
  };
}

/** Steps for a list of changes; what is known of those that were there already stays. */
function planned(phase: PhaseView, changes: ChangeView[] | undefined): Pick<PhaseView, 'planned' | 'steps'> {
  if (changes === undefined) return {planned: phase.planned, steps: phase.steps};
  const known = new Map(phase.steps.map((step) => [step.change.id, step]));
  const steps = changes.map((change): StepView => ({
    ...(known.get(change.id) ?? {status: 'waiting'}),
    change,
  }));
  return {planned: true, steps};
}

function advance(step: StepView, event: Extract<SetupEvent, {type: 'change'}>, nowMs: number): StepView {
  if (event.status === 'running') return {change: step.change, status: 'running', startedMs: nowMs};
  const tookMs = event.tookMs ?? (step.startedMs === undefined ? undefined : nowMs - step.startedMs);
  return {...step, status: event.status, tookMs, error: event.error};
}

/** What commands said before this step is not about it. */
function stepBegun(view: SetupView, event: Extract<SetupEvent, {type: 'change'}>): SetupView {
  return event.status === 'running' ? {...view, stepLogFrom: view.logDropped + view.log.length} : view;
}

/** Newer ones of the same name take the place of older ones. */
function withFindings(known: readonly Finding[], more: readonly Finding[]): readonly Finding[] {
  return [...known.filter(({id}) => !more.some((one) => one.id === id)), ...more];
}

function logged(view: SetupView, event: Extract<SetupEvent, {type: 'output'}>): SetupView {
  const line = clean(event.line).slice(0, longestLine);
  const log = [...view.log, {host: event.host, line, command: event.command === true}];
  const dropped = Math.max(0, log.length - logLimit);
  return {...view, log: dropped > 0 ? log.slice(dropped) : log, logDropped: view.logDropped + dropped};
}

function asked(view: SetupView, question: Question): SetupView {
  const next = onPhase(view, question.phase, (phase) =>
    question.type === 'review' ? {...phase, status: 'review', ...planned(phase, question.changes)} : phase,
  );
  return {...next, question};
}

function without(view: SetupView, id: string) {
  return view.waiting.filter((each) => each.id !== id);
}
