import {helpKeys} from '../keys.js';
import {dim, span, textOf, wrapLine, type Line} from '../line.js';
import {planLines} from '../plan-text.js';
import {splitPage} from '../split-words.js';
import {targetWords} from '../found.js';
import {findingLines} from './panel.js';
import type {PhaseStatus, PhaseView, SetupView} from './view.js';

export type PageName = 'plan' | 'log' | 'split' | 'help';

/** The parts of the view that pages show: all that does not move with the clock. */
export type PageContent = Pick<
  SetupView,
  'log' | 'logDropped' | 'phases' | 'split' | 'findings' | 'facts' | 'targets' | 'version'
>;

/** All lines of a page, each in at most `columns`. */
export function pageLines(view: PageContent, page: PageName, columns: number): Line[] {
  return pages[page](view, columns).flatMap((line) => wrapLine(line, columns, hangOf[page]));
}

const settled: ReadonlySet<PhaseStatus> = new Set(['done', 'unchanged', 'skipped']);

/** The line a page is opened at: the plan at the phase in hand, everything else at its beginning. */
export function firstLine({phases}: PageContent, page: PageName, lines: readonly Line[]): number {
  if (page !== 'plan') return 0;
  const inHand = phases.find(({status}) => !settled.has(status));
  if (inHand === undefined || inHand.number === 1) return 0;
  // Only headings begin at the edge.
  return Math.max(
    0,
    lines.findIndex((line) => textOf(line).startsWith(`${inHand.number} ${inHand.title}`)),
  );
}

// Under what a wrapped line goes on: a change's words, a command's, a key's sentence.
const hangOf: Readonly<Record<PageName, number>> = {plan: 5, log: 10, split: 2, help: 13};

const pages: Readonly<Record<PageName, (view: PageContent, columns: number) => Line[]>> = {
  plan: planPage,
  log: logPage,
  split: splitPageOfSetup,
  help: helpPage,
};

function noteOf({planned, status}: PhaseView): string | undefined {
  if (!planned) return 'not planned yet: it depends on what comes before';
  return status === 'skipped' ? 'skipped' : undefined;
}

function planPage(view: PageContent, columns: number): Line[] {
  const findings = findingLines(view.findings, columns);
  const phases = view.phases.map((phase) => ({
    number: phase.number,
    title: phase.title,
    changes: phase.steps.map((step) => step.change),
    note: noteOf(phase),
  }));
  const hosts = {
    primary: targetWords(view.facts.primary, view.targets.primary),
    standby: targetWords(view.facts.standby, view.targets.standby),
  };
  const allPlanned = view.phases.every((phase) => phase.planned);
  const plan = planLines(phases, hosts);
  return [
    ...(findings.length === 0 ? [] : [[span('Findings', {bold: true})], ...findings, []]),
    // The sum over all phases is only true once all are planned.
    ...(allPlanned ? plan : plan.slice(0, -2)),
  ];
}

/** A conflict is expected between phases 3 and 5; without a word it looks like a fault. */
function splitPageOfSetup({split, phases}: PageContent): Line[] {
  const lines = splitPage(split);
  const disable = phases.find(({id}) => id === 'disable');
  if (split?.state !== 'conflict' || disable === undefined || settled.has(disable.status)) return lines;
  const words = `Phase ${disable.number}, ${disable.title}, is still to come; until then the standby's gateway is kept from starting.`;
  return [...lines, [], [dim(words)]];
}

function logPage(view: PageContent): Line[] {
  if (view.log.length === 0) return [[dim('No command has run yet.')]];
  const dropped: Line[] =
    view.logDropped === 0 ? [] : [[dim(`… ${view.logDropped} earlier lines are not kept here`)]];
  return [
    ...dropped,
    ...view.log.map(({host, line, command}): Line =>
      command ? [span(`${host} $ ${line}`, {bold: true})] : [span(`${host}   ${line}`)],
    ),
  ];
}

function helpPage(view: PageContent, columns: number): Line[] {
  const rows = helpKeys(['setup', 'page']).map(({keys, help}): Line => [span(`${keys.padEnd(12)} ${help}`)]);
  const words = [
    'Six phases turn the two hosts into a pair. Each is planned from what the hosts say, shown, applied, and checked by reading the hosts again.',
    'The split is who owns which channel account. It must be disjoint: no account and no credential on both nodes. A conflict stops whatever would log an account in twice.',
    'Nothing is remembered between runs: the same command goes on from what is there.',
  ];
  const legend: readonly (readonly [string, string])[] = [
    ['✔', 'done'],
    ['▸', 'the phase in hand'],
    ['·', 'still to come'],
    ['–', 'skipped'],
    ['✖', 'failed'],
    ['▲', 'needs attention'],
  ];
  return [
    [span(`failover-wizard ${view.version}`, {bold: true})],
    ...words.flatMap((text): Line[] => [[], ...wrapLine([span(text)], columns)]),
    [],
    [span('Keys', {bold: true})],
    ...rows,
    [span('↑↓ j k Enter choose in a list')],
    [],
    [span('Signs', {bold: true})],
    ...legend.map(([sign, meaning]): Line => [span(`${sign.padEnd(12)} ${meaning}`)]),
  ];
}
