import {keyLine} from '../footer.js';
import {footerKeys} from '../keys.js';
import {clipLine, dim, inset, textOf, type Line} from '../line.js';
import type {Size} from '../size.js';
import {hostLines, titleLines} from './header.js';
import {fitPanel, logTail, panel, statusLine, type Panel} from './panel.js';
import {phaseLines} from './phase-lines.js';
import {summaryLines} from './summary.js';
import {openPhase, type SetupView} from './view.js';

/** The main screen from top to bottom; the choice (`choiceRows` rows) goes between `body` and `status`. */
export interface MainScreen {
  body: Line[];
  status: Line[];
  footer: Line;
}

/** Lays the whole screen out in exactly what there is. Pure. */
export function mainScreen(
  view: SetupView,
  size: Size,
  choiceRows: number,
  {copied = false}: {copied?: boolean} = {},
): MainScreen {
  const inner = size.columns - 2;
  const title = titleLines(view, inner);
  const hosts = size.rows >= title.length + 15 && !view.summary ? hostLines(view, inner) : [];
  const top = [...title, ...hosts].map(inset);
  const said = copied
    ? [dim('Sent to the clipboard; terminals that do not allow it ignore this.')]
    : statusLine(view, inner);
  const status = said.length > 0 && !view.question && !view.summary ? [inset(clipLine(said, inner))] : [];
  const free = size.rows - top.length - status.length - choiceRows - 1;
  const body = view.summary ? finished(view, inner, free) : working(view, size.columns, free);
  return {body: [...top, ...body], status, footer: footer(view, size.columns, choiceRows > 0)};
}

/** Phases and the panel in at most `free` rows. */
function working(view: SetupView, columns: number, free: number): Line[] {
  const wanted = panel(view, columns);
  const phases = view.phases.length;
  const steps = openPhase(view)?.steps.length ?? 0;
  const urgent = view.question !== undefined || view.waiting.length > 0;
  const stepsLeast = Math.min(steps, urgent ? 1 : 4);
  // Blank lines between the parts, as many as do not cost anything that is needed.
  const gaps = Math.max(0, Math.min(3, free - phases - stepsLeast - wanted.least));
  const room = free - gaps;
  const spare = room - phases - steps;
  const shown = wanted.output && spare >= roomy ? tall(view, columns, spare) : wanted;
  const panelRows = shareOf(shown.lines.length, shown.least, {room, phases, steps, stepsLeast});
  const phasePart = phaseLines(view, columns - 2, room - panelRows).map(inset);
  const panelPart = fitPanel(shown, panelRows);
  return [
    ...(gaps >= 1 ? [[]] : []),
    ...phasePart,
    ...(gaps >= 2 && panelPart.length > 0 ? [[]] : []),
    ...panelPart,
    ...(gaps >= 3 ? [[]] : []),
  ];
}

// From so many rows to spare on, the log's end is shown instead of the step's command alone.
const roomy = 10;

function tall(view: SetupView, columns: number, rows: number): Panel {
  return {lines: logTail(view, columns - 2, Math.min(rows, longestPanel)).map(inset), least: 0};
}

// More of what a command says than this is for the log.
const longestPanel = 16;

function shareOf(
  wanted: number,
  least: number,
  {room, phases, steps, stepsLeast}: {room: number; phases: number; steps: number; stepsLeast: number},
): number {
  const capped = Math.max(least, Math.min(wanted, longestPanel));
  const besideAllSteps = room - phases - steps;
  const besideFewSteps = room - phases - stepsLeast;
  // Everything fits; else the steps are windowed; else the phases fall back to the one in hand.
  if (capped <= besideAllSteps) return capped;
  if (least <= besideFewSteps) return Math.min(capped, Math.max(least, besideAllSteps));
  return Math.max(0, Math.min(least, room - 1 - Math.min(1, steps)));
}

/** The summary without what stands elsewhere on the screen (hosts, badge, choice); print has all of it. */
function finished(view: SetupView, columns: number, free: number): Line[] {
  if (!view.summary) return [];
  const disjoint = view.summary.split.state === 'disjoint';
  const all = summaryLines(view.summary);
  // The last two parts are how to get on, and a disjoint split's sentence, which the badge says.
  const cut = all.slice(0, all.length - (disjoint ? 4 : 2) - (view.summary.complete && disjoint ? 0 : 1));
  const lines = [[], ...cut, []].map((line) => inset(clipLine(line, columns)));
  if (lines.length <= free) return lines;
  const dense = lines.filter((line) => textOf(line).trim() !== '');
  if (dense.length <= free) return dense;
  const kept = dense.slice(0, Math.max(0, free - 1));
  const rest = `… ${dense.length - kept.length} more lines, printed when you leave`;
  return [...kept, inset(clipLine([dim(rest)], columns))].slice(0, free);
}

function footer(view: SetupView, columns: number, choosing: boolean): Line {
  const copyable = view.waiting.length > 0 && !view.question;
  return inset(keyLine(footerKeys(['setup'], {copyable}), hints(view, choosing), columns - 2));
}

/** What Ctrl+C would do now, longest wording first. */
function hints(view: SetupView, choosing: boolean): string[] {
  if (choosing) return ['↑↓ Enter choose   Ctrl+C quits', 'Enter choose   Ctrl+C quits', 'Enter   Ctrl+C'];
  if (view.stopping) return ['Ctrl+C leaves at once', 'Ctrl+C leaves', 'Ctrl+C'];
  return ['Ctrl+C stops after this', 'Ctrl+C stops', 'Ctrl+C'];
}
