import {describe, expect, test, vi} from 'vitest';
import type {Act, End} from '../../../../src/monitor/hand/act.js';
import type {Show} from '../../../../src/monitor/hand/conduct.js';
import type {Seen} from '../../../../src/monitor/hand/look.js';
import {ActStore} from '../../../../src/screens/watch/live/act-store.js';
import {LogStore} from '../../../../src/screens/watch/live/log-store.js';
import type {ActPort} from '../../../../src/screens/watch/live/source.js';

const seen = {} as Seen;
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

/** `conduct` as far as the screen sees it; a test says when the look and the act are over. */
function port({refused, end = {result: 'done', exit: 0, say: 'Done.'}}: {refused?: End; end?: End} = {}) {
  /** What the pair was asked for, which is after its name was typed. */
  const asked: Act[] = [];
  const over = Promise.withResolvers<void>();
  let shown: Show | undefined;
  const run: ActPort = async (act, {leave}, show, typedName) => {
    shown = show;
    show.checks(act, seen, [{sign: 'warn', say: 'Both bots will be up.'}]);
    if (refused) return refused;
    const name = await typedName('default');
    if (leave.aborted) return {result: 'left', exit: 130, say: 'Left; nothing was asked.'};
    if (name !== 'default') throw new Error(`the wrong name got through: ${name}`);
    asked.push(act);
    const left = new Promise<void>((resolve) =>
      leave.addEventListener('abort', () => resolve(), {once: true}),
    );
    await Promise.race([over.promise, left]);
    return leave.aborted ? {result: 'left', exit: 130, say: 'Stopped watching. The request stands.'} : end;
  };
  return {run, asked, over: () => over.resolve(), show: () => shown!};
}

function open(name: Act['name'], given = port()) {
  const store = new ActStore(name, {pair: 'default', port: given.run, now: () => 5000});
  return {store, ...given};
}

describe('a pause', () => {
  test('asks for how long and why, then for the name of the pair, and asks the pair for nothing before', async () => {
    const {store, asked} = open('pause');
    expect(store.view()).toMatchObject({step: 'form', field: 0});
    expect(store.text).toBe('30m');
    store.type('1h30m');
    store.enter();
    store.type('kernel update');
    store.enter();
    await settle();
    expect(store.view()).toMatchObject({step: 'typing', checks: [{sign: 'warn'}]});
    expect(asked).toEqual([]);
    store.type('default');
    store.enter();
    await settle();
    expect(asked).toEqual([{name: 'pause', ms: 5_400_000, why: 'kernel update'}]);
  });
  test('a length that cannot be is refused where it was typed', () => {
    const {store, asked} = open('pause');
    store.type('30');
    store.enter();
    expect(store.view()).toMatchObject({step: 'form', field: 0});
    expect(store.view().wrong).toContain('It needs a unit');
    expect(asked).toEqual([]);
  });
  test('of which the look is the end goes no further', async () => {
    const refused: End = {result: 'refused', exit: 1, say: 'The monitor does not run.'};
    const {store, asked} = open('pause', port({refused}));
    store.enter();
    store.enter();
    await settle();
    expect(store.view()).toMatchObject({step: 'ended', end: refused});
    expect(store.enter()).toBe(true);
    expect(asked).toEqual([]);
  });
});

test('the end of a pause looks at once, and needs the name of the pair', async () => {
  const {store, asked, over} = open('resume');
  await settle();
  expect(store.view().step).toBe('typing');
  store.enter();
  expect(asked).toEqual([]);
  store.type('default');
  store.enter();
  await settle();
  expect(asked).toEqual([{name: 'resume'}]);
  over();
  await settle();
  expect(store.view()).toMatchObject({step: 'ended', end: {say: 'Done.'}});
});

describe('a takeover', () => {
  test('needs the whole name of the pair, and a wrong one only says so', async () => {
    const {store, over} = open('promote');
    store.type('host is lost');
    store.enter();
    await settle();
    expect(store.view()).toMatchObject({step: 'typing', checks: [{sign: 'warn'}]});
    for (const wrong of ['', 'defualt', 'Default', 'default1']) {
      store.type(wrong);
      store.enter();
      expect(store.view().step).toBe('typing');
      expect(store.view().wrong).toContain('This is not default');
    }
    store.type(' default ');
    store.enter();
    await settle();
    expect(store.view().step).toBe('running');
    over();
    await settle();
    expect(store.view().end?.result).toBe('done');
  });
  test('tells what is heard and what is waited for, once a second', async () => {
    const {store, show} = open('promote');
    store.enter();
    await settle();
    store.type('default');
    store.enter();
    await settle();
    const told = vi.fn();
    store.subscribe(told);
    for (const ms of [100, 300, 500, 900, 1100]) show().waiting('the gateway is loading', ms);
    expect(told).toHaveBeenCalledTimes(2);
    show().heard({time: '', event: 'promoting', say: 'It takes over.'}, 1500);
    expect(store.view().heard).toEqual([{elapsedMs: 1500, say: 'It takes over.'}]);
  });
  test('is left at the question for the name: nothing was asked', async () => {
    const {store} = open('promote');
    store.enter();
    await settle();
    expect(store.leave()).toBe(false);
    await settle();
    expect(store.view()).toMatchObject({step: 'ended', end: {say: 'Left; nothing was asked.'}});
    expect(store.leave()).toBe(true);
  });
  test('is left while it runs: says what stands, and then closes', async () => {
    const {store} = open('promote');
    store.enter();
    await settle();
    store.type('default');
    store.enter();
    await settle();
    expect(store.leave()).toBe(false);
    await settle();
    expect(store.view().end?.say).toContain('The request stands');
    expect(store.leave()).toBe(true);
  });
  test('that does not come to an end is left by a second Esc', async () => {
    const store = new ActStore('demote', {pair: 'default', port: () => new Promise(() => {})});
    await settle();
    expect(store.leave()).toBe(false);
    expect(store.view().leaving).toBe(true);
    expect(store.leave()).toBe(true);
  });
});

test('giving back looks at once, and what breaks is its end', async () => {
  const store = new ActStore('demote', {
    pair: 'default',
    port: async () => {
      throw new Error('The standby cannot be reached: No route to host.');
    },
  });
  await settle();
  expect(store.view()).toMatchObject({
    step: 'ended',
    end: {result: 'failed', say: 'The standby cannot be reached: No route to host.'},
  });
});

test('what is left before anything was asked closes at once', () => {
  const {store, asked} = open('promote');
  expect(store.leave()).toBe(true);
  expect(asked).toEqual([]);
});

describe('a journal', () => {
  const lines = (store: LogStore) => store.log().lines;
  test('tells a burst once, cleaned', async () => {
    const told = vi.fn();
    const store = new LogStore(async function* () {
      for (let line = 0; line < 50; line += 1) yield `line ${line}\u001B[31m\u0007`;
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    store.subscribe(told);
    await vi.waitFor(() => expect(lines(store)).toHaveLength(50));
    expect(told).toHaveBeenCalledTimes(1);
    expect(lines(store)[3]).toBe('line 3');
    store.close();
  });
  test('keeps the newest lines and counts the others', async () => {
    const store = new LogStore(async function* () {
      for (let line = 0; line < 5200; line += 1) yield `line ${line}`;
    });
    await vi.waitFor(() => expect(store.log().ended).toEqual({}));
    expect(lines(store)).toHaveLength(5000);
    expect(store.log().dropped).toBe(200);
    expect(lines(store).at(-1)).toBe('line 5199');
  });
  test('says why it broke, and ends its source when it is closed', async () => {
    const broken = new LogStore(() => {
      throw new Error('No route to host.');
    });
    await vi.waitFor(() => expect(broken.log().ended).toEqual({error: 'No route to host.'}));
    let ended = false;
    const store = new LogStore(async function* (signal) {
      yield 'one';
      await new Promise((resolve) => signal.addEventListener('abort', resolve, {once: true}));
      ended = true;
    });
    await vi.waitFor(() => expect(lines(store)).toEqual(['one']));
    store.close();
    await vi.waitFor(() => expect(ended).toBe(true));
    expect(store.log().ended).toBeUndefined();
  });
});
