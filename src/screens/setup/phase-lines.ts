import type {PhaseSummary} from '../../plan/events.js';
import {clean} from '../clip.js';
import {clock, count, duration} from '../format.js';
import {clipLine, dim, span, spread, type Line, type Span} from '../line.js';
import {glyph} from '../theme.js';
import {hasEnded, openPhase, type PhaseView, type SetupView, type StepView} from './view.js';

// Figures further to the right than this are out of sight of the words they belong to.
const widest = 96;

function mark(phase: PhaseView): Span {
  switch (phase.status) {
    case 'done':
    case 'unchanged':
      return span(glyph.done, {tone: 'good'});
    case 'failed':
      return span(glyph.failed, {tone: 'bad'});
    case 'blocked':
      return span(glyph.warn, {tone: 'bad'});
    case 'skipped':
      return span(glyph.skipped, {tone: 'warn'});
    case 'waiting':
      return dim(glyph.waiting);
    default:
      return span(glyph.open, {bold: true});
  }
}

const endedWords: Readonly<Record<PhaseSummary['status'], string>> = {
  done: '',
  unchanged: 'nothing to do',
  skipped: 'skipped',
  failed: 'failed',
  blocked: 'blocked',
};

/** What a phase says on the right: its count, its state in a word, its time. */
function figures(phase: PhaseView, nowMs: number): Line {
  const finished = phase.steps.filter((step) => step.status === 'done').length;
  const total = phase.steps.length;
  switch (phase.status) {
    case 'waiting':
      return phase.planned && total > 0 ? [dim(count(total, 'change'))] : [];
    case 'planning':
      return [dim('reading both hosts')];
    case 'review':
      return [span(`${count(total, 'change')} to look at`)];
    case 'running':
      return [span(`${finished} of ${total}`), time(phase, nowMs)];
    case 'verifying':
      return [span('checking the result'), time(phase, nowMs)];
    case 'done':
      return [dim(count(total, 'change')), time(phase, nowMs)];
    default:
      return [span(endedWords[phase.status]), ...(phase.status === 'unchanged' ? [] : [time(phase, nowMs)])];
  }
}

function time(phase: PhaseView, nowMs: number): Span {
  if (phase.tookMs !== undefined) return dim(duration(phase.tookMs).padStart(9));
  return dim((phase.startedMs === undefined ? '' : clock(nowMs - phase.startedMs)).padStart(9));
}

/** The line of a phase. */
export function phaseLine(phase: PhaseView, nowMs: number, columns: number): Line {
  const open = !hasEnded(phase) && phase.status !== 'waiting';
  const title = `${phase.number} ${clean(phase.title)}`;
  const name = phase.status === 'waiting' ? dim(title) : span(title, {bold: open});
  return spread([mark(phase), span(' '), name], figures(phase, nowMs), Math.min(columns, widest));
}

/** The line of a step; `why` is added where there is room. */
export function stepLine(step: StepView, nowMs: number, columns: number): Line {
  const title = clean(step.change.title);
  const room = Math.min(columns, widest);
  const interrupts = step.change.disruptive && step.status === 'waiting';
  const note: Line = interrupts ? [span(`${glyph.warn} interrupts`, {tone: 'warn'})] : [];
  switch (step.status) {
    case 'waiting':
      return spread([dim(`    ${glyph.waiting} ${title}`)], note, room);
    case 'running': {
      const elapsed = step.startedMs === undefined ? '' : duration(Math.max(1000, nowMs - step.startedMs));
      return spread([span('    '), span('⠿', {spin: true}), span(` ${title}`)], [dim(elapsed)], room);
    }
    case 'done':
      return spread(
        [span('    '), span(glyph.done, {tone: 'good'}), span(` ${title}`)],
        [dim(step.tookMs === undefined ? '' : duration(step.tookMs))],
        room,
      );
    case 'failed':
      return spread(
        [span('    '), span(glyph.failed, {tone: 'bad'}), span(` ${title}`, {bold: true})],
        [span('failed', {tone: 'bad'})],
        room,
      );
  }
}

/** At most `rows` steps around the one in hand; what is left out is counted in a line of its own. */
export function stepWindow(steps: readonly StepView[], nowMs: number, columns: number, rows: number): Line[] {
  const lines = steps.map((step) => stepLine(step, nowMs, columns));
  if (lines.length <= rows) return lines;
  if (rows <= 0) return [];
  const inHand = steps.findIndex((step) => step.status !== 'done');
  const focus = inHand === -1 ? steps.length - 1 : inHand;
  if (rows < 3) return lines.slice(focus, focus + rows);
  // One finished step above the one in hand where there is room; the counts of what is hidden take a row each.
  let from = Math.max(0, rows < 4 ? focus : focus - 1);
  let to = from + rows - (from > 0 ? 1 : 0) - 1;
  if (to >= lines.length - 1) {
    to = lines.length;
    from = to - rows + 1;
  }
  const above = from > 0 ? [hidden(steps.slice(0, from), columns)] : [];
  const below = to < lines.length ? [hidden(steps.slice(to), columns)] : [];
  return [...above, ...lines.slice(from, to), ...below];
}

function hidden(steps: readonly StepView[], columns: number): Line {
  const finished = steps.every((step) => step.status === 'done');
  const words = finished ? `${glyph.done} ${steps.length} done` : `… ${steps.length} more`;
  return clipLine([dim(`    ${words}`)], columns);
}

/** All phases, with the steps of the one in hand, in at most `rows`; what happens now is what stays longest. */
export function phaseLines(view: SetupView, columns: number, rows: number): Line[] {
  const open = openPhase(view);
  const shown = open ?? view.phases.find((phase) => !hasEnded(phase)) ?? view.phases.at(-1);
  const steps = open?.steps ?? [];
  if (shown && rows < view.phases.length + Math.min(1, steps.length)) {
    const line = phaseLine(shown, view.nowMs, columns);
    return [line, ...stepWindow(steps, view.nowMs, columns, rows - 1)].slice(0, Math.max(0, rows));
  }
  return view.phases.flatMap((phase) => [
    phaseLine(phase, view.nowMs, columns),
    ...(phase === open ? stepWindow(steps, view.nowMs, columns, rows - view.phases.length) : []),
  ]);
}
