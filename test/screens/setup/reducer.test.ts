import {describe, expect, test} from 'vitest';
import {logLimit, openPhase, runningStep, type SetupView} from '../../../src/screens/setup/view.js';
import {conflict, disjoint, measures, pluginFailure} from '../recorded.js';
import {
  finished,
  found,
  install,
  installRunning,
  provision,
  provisionDone,
  startMs,
  viewAfter,
} from './moments.js';

const [first] = provision.changes;
const id = first!.id;
const phase = 'provision' as const;
const begun = [{type: 'phase', phase, status: 'running', changes: provision.changes}] as const;
const unset = {startedMs: undefined, error: undefined};
const phaseOf = (view: SetupView) => ({...unset, ...view.phases[0]!});
const stepOf = (view: SetupView) => ({...unset, ...phaseOf(view).steps[0]!});

describe('phases', () => {
  test.each([
    [
      'waits with its title before anything is known',
      [],
      {status: 'waiting', planned: false, title: 'Provision the standby'},
    ],
    [
      'plans without starting its clock',
      [{type: 'phase', phase, status: 'planning'}],
      {status: 'planning', startedMs: undefined},
    ],
    [
      'knows its changes from a review, before it is applied',
      [{type: 'asked', question: {type: 'review', phase, changes: provision.changes}}],
      {status: 'review', planned: true, startedMs: undefined},
    ],
    ['starts its clock when it runs', [5000, ...begun], {status: 'running', startedMs: startMs + 5000}],
    [
      'keeps its clock while the result is checked',
      [5000, ...begun, 9000, {type: 'phase', phase, status: 'verifying'}],
      {status: 'verifying', startedMs: startMs + 5000},
    ],
    ['ends with what the engine sums up', provisionDone, {status: 'done', tookMs: 41_000}],
  ] as const)('a phase %s', (_, inputs, expected) => {
    expect(phaseOf(viewAfter(...inputs))).toMatchObject(expected);
  });

  test('the open phase is the one in hand, and a failed one stays open', () => {
    expect(openPhase(viewAfter(...found))).toBeUndefined();
    expect(openPhase(viewAfter(...provisionDone, ...installRunning))?.id).toBe('install');
    const summary = {phase, number: 1, title: 'Provision', status: 'failed' as const, changes: 2, tookMs: 5};
    expect(openPhase(viewAfter(...begun, {type: 'phase-end', summary}))?.id).toBe('provision');
  });
});

describe('steps', () => {
  test.each([
    ['wait until they run', [], {status: 'waiting', startedMs: undefined}],
    [
      'start their own clock',
      [3000, {type: 'change', phase, id, status: 'running'}],
      {status: 'running', startedMs: startMs + 3000},
    ],
    [
      'take the time the engine measured',
      [
        {type: 'change', phase, id, status: 'running'},
        2000,
        {type: 'change', phase, id, status: 'done', tookMs: 1234},
      ],
      {status: 'done', tookMs: 1234},
    ],
    [
      'are timed by the clock when the engine says nothing',
      [{type: 'change', phase, id, status: 'running'}, 2000, {type: 'change', phase, id, status: 'done'}],
      {status: 'done', tookMs: 2000},
    ],
    [
      'forget a failure when they are tried again',
      [
        {type: 'change', phase, id, status: 'failed', error: pluginFailure},
        4000,
        {type: 'change', phase, id, status: 'running'},
      ],
      {status: 'running', error: undefined, startedMs: startMs + 4000},
    ],
  ] as const)('steps %s', (_, inputs, expected) => {
    expect(stepOf(viewAfter(...begun, ...inputs))).toMatchObject(expected);
  });

  test('a new plan keeps what is known of changes that were there already', () => {
    const view = viewAfter(
      ...begun,
      {type: 'change', phase, id, status: 'done', tookMs: 7},
      {type: 'phase', phase, status: 'running', changes: provision.changes.slice(0, 2)},
    );
    expect(phaseOf(view).steps.map(({status}) => status)).toEqual(['done', 'waiting']);
  });

  test('a change nobody announced changes nothing', () => {
    const view = viewAfter(...begun);
    expect(viewAfter(...begun, {type: 'change', phase, id: 'never:heard', status: 'done'}).phases).toEqual(
      view.phases,
    );
  });

  test('the step in hand is found in whatever phase', () => {
    expect(runningStep(viewAfter(...provisionDone, ...installRunning))?.change.id).toBe(
      install.changes[2]!.id,
    );
  });
});

describe('what commands say', () => {
  const said = (line: string) => ({type: 'output', host: 'standby', line}) as const;
  test('loses its control characters and what is longer than anybody reads', () => {
    const [one, two] = viewAfter(said('\u001B[31mred\u0007'), said('x'.repeat(9000))).log;
    expect(one?.line).toBe('red');
    expect(two?.line).toHaveLength(2000);
  });

  test('is kept up to a limit, and what fell out is counted', () => {
    const view = viewAfter(...Array.from({length: logLimit + 3}, (_, index) => said(String(index))));
    expect(view.log).toHaveLength(logLimit);
    expect(view.log[0]?.line).toBe('3');
    expect(view.logDropped).toBe(3);
  });
});

describe('everything else', () => {
  test('the split shown is the last one checked', () => {
    expect(
      viewAfter({type: 'split', split: conflict, at: 'start'}, {type: 'split', split: disjoint, at: 'after'})
        .split,
    ).toBe(disjoint);
  });
  test('what is waited for is there until it came, each by its id', () => {
    const wait = (name: string) =>
      ({type: 'waiting', id: name, sentence: 's', show: name, sinceMs: 0, limitMs: 1}) as const;
    const view = viewAfter(wait('a'), wait('b'), wait('a'), {type: 'waited', id: 'b'});
    expect(view.waiting.map((each) => each.id)).toEqual(['a']);
  });
  test('measures keep their order', () => {
    const view = viewAfter(...measures.map((measure) => ({type: 'measure' as const, measure})));
    expect(view.measures.map(({stage}) => stage)).toEqual(measures.map(({stage}) => stage));
  });
  test('the end closes questions and waits', () => {
    const view = viewAfter(
      {type: 'asked', question: {type: 'review', phase, changes: []}},
      {type: 'waiting', id: 'a', sentence: '', show: '', sinceMs: 0, limitMs: 1},
      {type: 'done', summary: finished},
    );
    expect(view).toMatchObject({question: undefined, waiting: [], summary: finished, split: finished.split});
  });
});
