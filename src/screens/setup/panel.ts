import {clean, cleanLines, wrap, wrapHanging} from '../clip.js';
import {about, clock, count, duration} from '../format.js';
import {clipLine, dim, inset, span, type Line} from '../line.js';
import type {Finding} from '../../phases/phase.js';
import type {Question} from '../../plan/events.js';
import {glyph} from '../theme.js';
import {estimateMs} from './estimate.js';
import {stageLines} from './stage-lines.js';
import {hasEnded, openPhase, type SetupView, type WaitingView} from './view.js';

/** What stands under the phases: the one thing that matters now. */
export interface Panel {
  lines: Line[];
  /** Rows without which it would not be understood; steps give way for them. */
  least: number;
  /** Said instead where there is not even room for those. */
  brief?: Line[];
  /** Where not all of it fits, its end gives way. */
  headFirst?: true;
  /** It is what commands say: of that, more is better where there is room. */
  output?: true;
}

/**
 * A failure, a review, something awaited, measures, findings, or the running command: the first that applies.
 * Lines are inset already, in `columns` of the whole screen.
 */
export function panel(view: SetupView, columns: number): Panel {
  const [awaited] = view.waiting;
  if (awaited && !view.question) return waitingPanel(awaited, view.nowMs, columns, view.waiting.length - 1);
  const {lines, brief, ...rest} = insetPanel(view, columns - 2);
  return {...rest, lines: lines.map(inset), ...(brief && {brief: brief.map(inset)})};
}

function insetPanel(view: SetupView, columns: number): Panel {
  if (view.question?.type === 'failed') return failurePanel(view.question, columns);
  if (view.question?.type === 'review') return reviewPanel(view, view.question, columns);
  if (view.measures.length > 0) {
    const lines = stageLines(view.measures, view.stages, sinceTest(view), columns);
    const said = lastSaid(view, columns);
    return {lines: [...lines, ...said], least: lines.length + said.length, headFirst: true};
  }
  if (view.log.length === 0 && view.findings.length > 0) {
    const lines = findingLines(view.findings, columns);
    return {lines, least: Math.min(4, lines.length)};
  }
  const lines = outputLines(view, columns);
  return {lines, least: Math.min(3, lines.length), output: true};
}

const sinceTest = ({testFromMs, nowMs}: SetupView) =>
  testFromMs === undefined ? undefined : nowMs - testFromMs;

/** What the hosts said last about the step in hand, in at most two rows. */
function lastSaid({log, logDropped, stepLogFrom}: SetupView, columns: number): Line[] {
  const said = log.slice(Math.max(0, stepLogFrom - logDropped)).findLast(({command}) => !command);
  return said
    ? wrap(said.line, columns)
        .slice(0, 2)
        .map((text): Line => [dim(text)])
    : [];
}

function failurePanel({error, change}: Extract<Question, {type: 'failed'}>, columns: number): Panel {
  const where = change === undefined ? '' : ` (on the ${change.host})`;
  const sentence = wrapHanging(`${glyph.failed} ${clean(error.sentence)}${where}`, columns, 2).map(
    (text): Line => [span(text, {tone: 'bad', bold: true})],
  );
  // The end of what a command said is where it says why.
  const detail =
    error.detail === undefined ? [] : cleanLines(error.detail).flatMap((line) => wrap(line, columns - 2));
  const shown = detail.slice(-4).map((text): Line => [dim(`  ${text}`)]);
  const next = error.next.flatMap((each) => wrapHanging(`try: ${clean(each)}`, columns, 5));
  const lines = [...sentence, ...shown, ...next.map((text): Line => [span(text)])];
  return {lines, least: lines.length};
}

function reviewPanel(
  view: SetupView,
  {changes}: Extract<Question, {type: 'review'}>,
  columns: number,
): Panel {
  const interrupting = changes.filter((change) => change.disruptive).length;
  const sentence =
    `${count(changes.length, 'change')} in this phase` +
    `${interrupting > 0 ? `, ${interrupting} interrupting something that runs` : ''}. ` +
    'The plan with every diff is behind p.';
  // Told once, before the first phase; after that the line above the footer counts them.
  const first = !view.phases.some(hasEnded);
  const serious = first ? view.findings.filter((finding) => finding.level !== 'info') : [];
  const lines = [
    ...findingLines(serious, columns),
    ...wrap(sentence, columns).map((text): Line => [span(text, interrupting > 0 ? {tone: 'warn'} : {})]),
  ];
  const brief: Line[] = [clipLine([span(`${count(changes.length, 'change')}; p shows them`)], columns)];
  return {lines, least: Math.min(lines.length, 5), brief};
}

/** The whole key or address from the first column on, so that it can be marked with the mouse and copied. */
function waitingPanel(awaited: WaitingView, nowMs: number, columns: number, more: number): Panel {
  const waited = clock(nowMs - awaited.sinceMs);
  const others = more > 0 ? `, then ${more} more` : '';
  const sentence = wrapHanging(`${glyph.warn} ${clean(awaited.sentence)}`, columns - 2, 2);
  const state: Line = [
    span('⠿', {spin: true}),
    span(` waiting ${waited} of ${duration(awaited.limitMs)}${others}`),
    dim('; it goes on by itself'),
  ];
  const lines: Line[] = [
    ...sentence.map((text) => inset([span(text, {tone: 'warn', bold: true})])),
    [],
    ...cleanLines(awaited.show).flatMap((line) => wrap(line, columns).map((text): Line => [span(text)])),
    [],
    inset(clipLine(state, columns - 2)),
  ];
  return {lines, least: lines.length};
}

const levels = {
  info: {mark: glyph.waiting, tone: undefined},
  warning: {mark: glyph.warn, tone: 'warn'},
  blocks: {mark: glyph.failed, tone: 'bad'},
} as const;

/** Each finding in a sentence, what is done about it under it; blocking ones first. */
export function findingLines(findings: readonly Finding[], columns: number): Line[] {
  const order = ['blocks', 'warning', 'info'] as const;
  return order.flatMap((level) =>
    findings
      .filter((finding) => finding.level === level)
      .flatMap((finding): Line[] => {
        const {mark, tone} = levels[level];
        const sentence = wrapHanging(`${mark} ${finding.host}: ${clean(finding.sentence)}`, columns, 2);
        const fix = finding.fix === undefined ? [] : wrap(clean(finding.fix), columns - 2);
        return [
          ...sentence.map((text): Line => [span(text, {tone})]),
          ...fix.map((text): Line => [dim(`  ${text}`)]),
        ];
      }),
  );
}

/** The step's last command and what it has said, oldest first. */
function outputLines(view: SetupView, columns: number): Line[] {
  const open = openPhase(view);
  if (view.summary || open === undefined || hasEnded(open)) return [];
  const step = view.log.slice(Math.max(0, view.stepLogFrom - view.logDropped));
  const start = step.findLastIndex((line) => line.command);
  const command = step[start];
  const said = step.slice(start + 1).filter((line) => line.line.trim() !== '');
  const head: Line[] = command ? [[dim(`${command.host} $ `), span(command.line)]] : [];
  return [...head, ...said.map(({line}): Line => [dim(`  ${line}`)])].map((line) => clipLine(line, columns));
}

/** The end of the whole log, for screens with room to spare: it moves on instead of coming and going with each step. */
export function logTail(view: SetupView, columns: number, rows: number): Line[] {
  const open = openPhase(view);
  if (view.summary || open === undefined || hasEnded(open)) return [];
  return view.log
    .filter((line) => line.line.trim() !== '')
    .slice(-rows)
    .map(({host, line, command}): Line =>
      clipLine(command ? [dim(`${host} $ `), span(line)] : [dim(`${host}   ${line}`)], columns),
    );
}

/** Keeps the first line of the panel (the command, the sentence) and the end of the rest, or as the panel says. */
export function fitPanel({lines, least, brief, headFirst}: Panel, rows: number): Line[] {
  if (lines.length <= rows) return lines;
  if (rows <= 0) return [];
  // Where not even what is needed fits, the beginning says what it is about.
  if (rows < least || least >= lines.length) return (brief ?? lines).slice(0, rows);
  if (headFirst) return lines.slice(0, rows);
  const [first = [], ...rest] = lines;
  return [first, ...rest.slice(rest.length - rows + 1)];
}

/** The line above the footer: stopping, the estimate, or findings that should not be forgotten. */
export function statusLine(view: SetupView, columns: number): Line {
  if (view.stopping === 'now') return clipLine([span('Leaving now …', {tone: 'warn', bold: true})], columns);
  if (view.stopping === 'step') {
    const words = 'Finishing the step in hand … Ctrl+C again leaves at once.';
    return clipLine([span(words, {tone: 'warn', bold: true})], columns);
  }
  const left = estimateMs(view);
  const serious = view.findings.filter((finding) => finding.level !== 'info').length;
  const parts: Line = [
    ...(left === undefined ? [] : [span(`${about(left)} left`)]),
    ...(serious > 0 && !view.question
      ? [
          span(`${left === undefined ? '' : '   '}${glyph.warn} ${count(serious, 'finding')} (p)`, {
            tone: 'warn',
          }),
        ]
      : []),
  ];
  return clipLine(parts, columns);
}
