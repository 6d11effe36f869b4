import type {PhaseId} from '../../phases/phase.js';
import type {ChangeView, FailureView, PhaseSummary, Question, SetupEvent} from '../../plan/events.js';
import {clean, cleanLines} from '../clip.js';
import {count, duration, measured} from '../format.js';
import {foundParts} from '../found.js';
import {phaseTitles} from '../setup/view.js';
import {splitSentences} from '../split-words.js';

/** What sentences need to remember between events: which change an id was, and what the split was last. */
export interface Told {
  changes: ReadonlyMap<string, ChangeView>;
  split: string;
}

export const nothingTold: Told = {changes: new Map(), split: ''};

const ends: Readonly<Record<PhaseSummary['status'], string>> = {
  done: 'is done',
  unchanged: 'has nothing to do',
  skipped: 'was skipped',
  failed: 'failed',
  blocked: 'is blocked',
};

/** A failure in lines: the sentence, what was seen, what to try. */
export function failureSentences({sentence, detail, next}: FailureView): string[] {
  return [
    `Failed: ${clean(sentence)}`,
    ...(detail === undefined ? [] : cleanLines(detail).map((line) => `  ${line}`)),
    ...next.map((each) => `  Try: ${clean(each)}`),
  ];
}

/**
 * What an event is in words, without signs that a screen reader would spell out; none for what would only be
 * noise (an unchanged split, a finished wait). Pure.
 */
export function sentences(event: SetupEvent, told: Told): {lines: string[]; told: Told} {
  const say = (...lines: string[]) => ({lines, told});
  switch (event.type) {
    case 'facts':
      return say(`The ${event.host}: ${foundParts(event.facts).join(', ')}.`);
    case 'findings':
      return say(
        ...event.findings.map(({host, level, sentence, fix}) => {
          const kind = level === 'info' ? 'Note' : level === 'warning' ? 'Warning' : 'Blocked';
          return `${kind}, ${host}: ${clean(sentence)}${fix === undefined ? '' : ` ${clean(fix)}`}`;
        }),
      );
    case 'split': {
      const lines = splitSentences(event.split);
      const split = lines.join('\n');
      return split === told.split ? say() : {lines, told: {...told, split}};
    }
    case 'phase':
      return phaseSentences(event, told);
    case 'phase-end': {
      const {number, title, status, changes, tookMs} = event.summary;
      const amount = status === 'done' ? `: ${count(changes, 'change')} in ${duration(tookMs)}` : '';
      return say(`Phase ${number}, ${clean(title)}, ${ends[status]}${amount}.`);
    }
    case 'change': {
      const change = told.changes.get(event.id);
      const title = change === undefined ? event.id : `${change.host}: ${clean(change.title)}`;
      if (event.status === 'running') return say(`Now ${title}`);
      if (event.status === 'failed')
        return say(...(event.error ? failureSentences(event.error) : [`Failed: ${title}`]));
      return say(`Done ${title}${event.tookMs === undefined ? '' : `, ${duration(event.tookMs)}`}`);
    }
    case 'output':
      if (clean(event.line).trim() === '') return say();
      return say(
        event.command === true ? `  ${event.host} runs: ${clean(event.line)}` : `  ${clean(event.line)}`,
      );
    case 'waiting':
      return say(
        `Waiting, at most ${duration(event.limitMs)}: ${clean(event.sentence)}`,
        ...cleanLines(event.show),
      );
    case 'waited':
      return say('What was waited for is there.');
    case 'stages':
      return say();
    case 'measure': {
      const {stage, ms, expectedMs} = event.measure;
      const expected = expectedMs === undefined ? '' : `, expected at most ${measured(expectedMs)}`;
      return say(`Measured: ${clean(stage)} after ${measured(ms)}${expected}.`);
    }
    case 'unprotected':
      return say(
        event.toMs === undefined
          ? 'The sleeping gateway is stopped: until it sleeps again, a takeover would be a cold start.'
          : `Unprotected for ${duration(event.toMs - event.fromMs)}.`,
      );
    case 'error':
      return say(...failureSentences(event.error));
    case 'done':
      return say();
  }
}

function phaseSentences(
  event: Extract<SetupEvent, {type: 'phase'}>,
  told: Told,
): {lines: string[]; told: Told} {
  const known = event.changes ?? [];
  const changes = new Map([...told.changes, ...known.map((change) => [change.id, change] as const)]);
  const next = {...told, changes};
  // Planning is reading and takes a moment; checking the result is said by the end of the phase.
  if (event.status !== 'running') return {lines: [], told: next};
  return {lines: [`${phaseName(event.phase)}: ${count(known.length, 'change')}.`], told: next};
}

/** `Phase 2, Install OpenClaw`: the number and the title that the screen shows too. */
function phaseName(id: PhaseId): string {
  const {number, title} = phaseTitles.find((phase) => phase.id === id) ?? {number: '?', title: id};
  return `Phase ${number}, ${title}`;
}

/** A question in words, above its numbered answers. */
export function questionSentences(question: Question): string[] {
  if (question.type === 'failed') {
    const {change, error} = question;
    return [
      ...(change === undefined ? [] : [`In hand was ${change.host}: ${clean(change.title)}`]),
      ...failureSentences(error),
    ];
  }
  return [
    `${phaseName(question.phase)}, would make ${count(question.changes.length, 'change')}:`,
    ...question.changes.map(
      (change) =>
        `  ${change.host}: ${clean(change.title)}${change.disruptive ? ' (interrupts what runs)' : ''}`,
    ),
  ];
}
