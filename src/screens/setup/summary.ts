import type {HostFacts} from '../../facts/types.js';
import type {PhaseSummary, SetupSummary} from '../../plan/events.js';
import type {HostName} from '../../ssh/host.js';
import {clean} from '../clip.js';
import {count, duration} from '../format.js';
import {foundParts, targetWords} from '../found.js';
import {dim, span, type Line, type Tone} from '../line.js';
import {splitSentences} from '../split-words.js';
import {glyph} from '../theme.js';
import {measureLines} from './stage-lines.js';
import {hasEnded, type SetupView} from './view.js';

/** What the summary tells besides what the engine sums up; a view has all of it. */
export interface SummaryContext {
  facts?: Partial<Record<HostName, HostFacts>>;
  targets?: Partial<Record<HostName, string>>;
}

const marks: Readonly<Record<PhaseSummary['status'], {mark: string; tone: Tone; words: string}>> = {
  done: {mark: glyph.done, tone: 'good', words: ''},
  unchanged: {mark: glyph.done, tone: 'good', words: 'nothing to do'},
  skipped: {mark: glyph.skipped, tone: 'warn', words: 'skipped'},
  failed: {mark: glyph.failed, tone: 'bad', words: 'failed'},
  blocked: {mark: glyph.warn, tone: 'bad', words: 'blocked'},
};

function phaseRow({number, title, status, changes, tookMs}: PhaseSummary): Line {
  const {mark, tone, words} = marks[status];
  const said = words === '' ? count(changes, 'change') : words;
  return [
    span(mark, {tone}),
    span(` ${number} ${clean(title).padEnd(36)} `),
    span(said.padEnd(14), status === 'done' || status === 'unchanged' ? {dim: true} : {tone}),
    dim(status === 'unchanged' || status === 'skipped' ? '' : duration(tookMs).padStart(7)),
  ];
}

function verdict({pair, complete, nothingToDo, tookMs, phases, split}: SetupSummary): Line {
  const name = clean(pair);
  if (nothingToDo) {
    return [
      span(`${glyph.well} Nothing to do: the pair ${name} is finished. Looked at in ${duration(tookMs)}.`, {
        tone: 'good',
        bold: true,
      }),
    ];
  }
  if (complete && split.state === 'disjoint') {
    return [
      span(`${glyph.well} The pair ${name} is set up. It took ${duration(tookMs)}.`, {
        tone: 'good',
        bold: true,
      }),
    ];
  }
  const open = phases
    .filter(({status}) => status !== 'done' && status !== 'unchanged')
    .map(({number}) => number);
  const which =
    open.length === 0
      ? 'the split is not settled'
      : `${open.length === 1 ? 'phase' : 'phases'} ${open.join(', ')} not done`;
  return [
    span(`${glyph.warn} The pair ${name} is not finished: ${which}. It took ${duration(tookMs)}.`, {
      tone: 'warn',
      bold: true,
    }),
  ];
}

function foundRows({facts = {}, targets = {}}: SummaryContext): Line[] {
  const names: HostName[] = ['primary', 'standby'];
  return names.flatMap((name) => {
    const known = facts[name];
    return known === undefined
      ? []
      : [[dim(`${name}  `), span(`${targetWords(known, targets[name])}   ${foundParts(known).join(' · ')}`)]];
  });
}

/** How to get on, most useful first. */
function nextLines({pair, complete, split}: SetupSummary): Line[] {
  const option = pair === 'default' ? '' : ` --pair ${clean(pair)}`;
  if (complete && split.state === 'disjoint') {
    return [[dim('See it live:        '), span(`failover-wizard watch${option}`)]];
  }
  return [
    [dim('Go on from here:    '), span(`failover-wizard setup${option}`)],
    [dim('See what there is:  '), span(`failover-wizard watch${option}`)],
  ];
}

/**
 * What setup comes to, for the last screen and for print: verdict, phases, measures, the split, what was found on
 * the hosts, how to get on. Lines may be wider than a screen; printers leave them whole, screens clip them.
 */
export function summaryLines(summary: SetupSummary, context: SummaryContext = {}): Line[] {
  const found = foundRows(context);
  return [
    verdict(summary),
    [],
    ...summary.phases.map(phaseRow),
    ...(summary.measures.length === 0 ? [] : [[], ...measureLines(summary.measures, 76)]),
    [],
    ...splitSentences(summary.split).map((sentence): Line => [
      span(sentence, summary.split.state === 'disjoint' ? {} : {tone: 'bad'}),
    ]),
    ...(found.length === 0 ? [] : [[], ...found]),
    [],
    ...nextLines(summary),
  ];
}

/** Where things stand when setup ended before its end: what is done, what was in hand, how to go on. */
export function standingLines(view: SetupView): Line[] {
  const rows = view.phases
    .filter((phase) => phase.status !== 'waiting')
    .map((phase): Line => {
      const finished = phase.steps.filter((step) => step.status === 'done').length;
      const {status} = phase;
      const {mark, tone} = hasEnded(phase)
        ? marks[status as PhaseSummary['status']]
        : {mark: glyph.open, tone: 'warn' as const};
      const amount =
        status === 'unchanged'
          ? 'nothing to do'
          : phase.steps.length === 0
            ? 'nothing changed'
            : `${finished} of ${count(phase.steps.length, 'change')}`;
      return [span(mark, {tone}), span(` ${phase.number} ${clean(phase.title).padEnd(36)} `), span(amount)];
    });
  if (rows.length === 0) return [[span('Nothing was changed.')]];
  return [
    [span('Where things stand:')],
    ...rows,
    [span('The same command goes on from here; what is done is not done again.')],
  ];
}
