import type {PhaseId} from '../../../src/phases/phase.js';
import type {ChangeView, SetupSummary} from '../../../src/plan/events.js';
import {reduce, type SetupInput} from '../../../src/screens/setup/reducer.js';
import {emptyView, type SetupView} from '../../../src/screens/setup/view.js';
import {hostFacts} from '../facts.js';
import {deployKey, disjoint, measures, pluginFailure, scenes} from '../recorded.js';

export const startMs = 1_700_000_000_000;
const targets = {primary: 'root@203.0.113.10', standby: 'root@203.0.113.20'};

/** The view after some inputs; a number is a wait in ms. */
export function viewAfter(...inputs: readonly (SetupInput | number)[]): SetupView {
  let view = emptyView('default', '0.1.0', startMs, targets);
  for (const input of inputs) {
    view = reduce(view, typeof input === 'number' ? {type: 'tick', nowMs: view.nowMs + input} : input);
  }
  return view;
}

export const found: SetupInput[] = [
  {type: 'facts', host: 'primary', facts: hostFacts('primary')},
  {type: 'facts', host: 'standby', facts: hostFacts('standby')},
  {type: 'split', split: disjoint, at: 'start'},
];

function changesOf(wanted: PhaseId): {phase: PhaseId; changes: ChangeView[]} {
  const found = scenes.find(({phase}) => phase === wanted);
  if (!found) throw new Error(`the recording has lost ${wanted}`);
  return {phase: wanted, changes: found.scenes.map(({change}) => change)};
}

export const provision = changesOf('provision');
export const install = changesOf('install');

export const provisionDone: SetupInput[] = [
  {type: 'phase', phase: 'provision', status: 'running', changes: provision.changes},
  {
    type: 'phase-end',
    summary: {
      phase: 'provision',
      number: 1,
      title: 'Provision the standby',
      status: 'done',
      changes: 9,
      tookMs: 41_000,
    },
  },
];

const steps = install.changes;
/** Phase 2 with two steps done and the third running. */
export const installRunning: (SetupInput | number)[] = [
  {type: 'phase', phase: 'install', status: 'running', changes: steps},
  {type: 'change', phase: 'install', id: steps[0]!.id, status: 'running'},
  14_000,
  {type: 'change', phase: 'install', id: steps[0]!.id, status: 'done', tookMs: 14_000},
  {type: 'change', phase: 'install', id: steps[1]!.id, status: 'done', tookMs: 36_000},
  {type: 'change', phase: 'install', id: steps[2]!.id, status: 'running'},
  {type: 'output', host: 'standby', line: 'openclaw plugins install @openclaw/irc', command: true},
  {type: 'output', host: 'standby', line: 'Downloading @openclaw/irc@2026.9.6 …'},
  22_000,
];

export const finished: SetupSummary = {
  pair: 'default',
  nothingToDo: false,
  phases: scenes.map(({phase, number, title, scenes: list}) => ({
    phase,
    number,
    title,
    status: 'done',
    changes: list.length,
    tookMs: 41_000,
  })),
  split: disjoint,
  measures: [...measures],
  tookMs: 372_000,
  complete: true,
};

const running = [...found, ...provisionDone, ...installRunning];
/** Each kind of screen there is, by name. */
export const moments: Readonly<Record<string, SetupView>> = {
  start: viewAfter(),
  found: viewAfter(...found),
  review: viewAfter(...found, {
    type: 'asked',
    question: {type: 'review', phase: 'provision', changes: provision.changes},
  }),
  running: viewAfter(...running),
  stopping: viewAfter(...running, {type: 'stopping', how: 'step'}),
  waiting: viewAfter(...running, {
    type: 'waiting',
    id: 'key',
    sentence: 'Add this deploy key, with write access, at https://github.com/me/workspace/settings/keys/new',
    show: deployKey,
    sinceMs: startMs + 30_000,
    limitMs: 900_000,
  }),
  failed: viewAfter(
    ...running,
    {type: 'change', phase: 'install', id: steps[2]!.id, status: 'failed', error: pluginFailure},
    {type: 'asked', question: {type: 'failed', phase: 'install', change: steps[2]!, error: pluginFailure}},
  ),
  testing: viewAfter(
    ...running,
    {type: 'stages', stages: measures.map(({stage, expectedMs}) => ({stage, expectedMs}))},
    ...measures.slice(0, 3).map((measure) => ({type: 'measure' as const, measure: {...measure, ms: 0}})),
    {type: 'output', host: 'standby', line: 'The standby takes over.'},
    {type: 'output', host: 'primary', line: 'GET http://127.0.0.1:18789/readyz', command: true},
    31_000,
  ),
  measuring: viewAfter(...running, ...measures.map((measure) => ({type: 'measure' as const, measure}))),
  finished: viewAfter(...running, {type: 'done', summary: finished}),
};

/** Rows that the choice of a moment takes. */
export function choiceRows(view: SetupView): number {
  if (view.summary) return 2;
  return view.question ? 3 : 0;
}
