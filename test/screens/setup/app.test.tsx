import {afterEach, describe, expect, test, vi} from 'vitest';
import {SetupApp, type Next} from '../../../src/screens/setup/app.js';
import type {SetupInput} from '../../../src/screens/setup/reducer.js';
import {SetupStore} from '../../../src/screens/setup/store.js';
import {renderIn} from '../../harness/terminal.js';
import {deployKey, pluginFailure} from '../recorded.js';
import {finished, found, install, installRunning, provision, provisionDone} from './moments.js';

let shown: ReturnType<typeof renderIn> | undefined;
afterEach(() => shown?.app.unmount());

function open(inputs: readonly (SetupInput | number)[] = [], size = {columns: 80, rows: 24}) {
  const store = new SetupStore({pair: 'default', version: '0.1.0', yes: false});
  const left: Next[] = [];
  store.dispatch(...inputs.filter((input) => typeof input !== 'number'));
  const terminal = renderIn(<SetupApp store={store} onLeave={(next) => left.push(next)} />, size);
  shown = terminal;
  const heard = () => new Promise((resolve) => setTimeout(resolve, 320));
  const text = () => terminal.frame().join('\n');
  return {store, left, heard, text, ...terminal};
}

const running = [...found, ...provisionDone, ...installRunning];

describe('keys', () => {
  test.each([
    ['p', 'on the standby'],
    ['l', 'standby $ openclaw plugins install'],
    ['s', 'PRIMARY'],
    ['?', 'Six phases turn'],
  ])('%s opens its page, the same key and Esc close it, and the badge stays', async (key, content) => {
    const {keys, text} = open(running);
    await keys(key);
    expect(text()).toContain(content);
    expect(text()).toContain('split ● disjoint');
    await keys(key);
    expect(text()).toContain('▸ 2 Install OpenClaw');
    await keys(key, '\u001B');
    expect(text()).toContain('▸ 2 Install OpenClaw');
  });

  test('pages scroll by line, by screen and to both ends', async () => {
    const {keys, text} = open(running);
    const position = () => /(\d+)–\d+ of (\d+)/.exec(text())?.[1];
    await keys('p', 'g');
    expect(position()).toBe('1');
    await keys('j', '\u001B[B');
    expect(position()).toBe('3');
    await keys('k');
    expect(position()).toBe('2');
    await keys('G', 'k', 'g');
    expect(position()).toBe('1');
  });

  test('Ctrl+C finishes the step in hand, a second one leaves', async () => {
    const {keys, text, store} = open(running);
    await keys('\u0003');
    expect(text()).toContain('Finishing the step in hand …');
    expect(store.port.force.aborted).toBe(false);
    await keys('\u0003');
    expect(store.port.force.aborted).toBe(true);
  });

  test('pasted text presses nothing', async () => {
    const {keys, text, store} = open(running);
    await keys('\u001B[200~pls\u0003\r\u001B[201~', 'plan');
    expect(text()).toContain('▸ 2 Install OpenClaw');
    expect(store.port.stop.aborted).toBe(false);
  });
});

describe('a review', () => {
  const asked = async () => {
    const screen = open(found);
    const answer = screen.store.port.decide({type: 'review', phase: 'provision', changes: provision.changes});
    await screen.app.waitUntilRenderFlush();
    return {...screen, answer};
  };

  test('applies on Enter, with the plan in sight', async () => {
    const {heard, keys, text, answer} = await asked();
    expect(text()).toContain('❯ Apply these 9 changes');
    expect(text()).toContain('· packages ufw');
    await heard();
    await keys('\r');
    expect(await answer).toBe('apply');
  });

  test('does not take an Enter that was meant for something before it', async () => {
    const {heard, keys, store} = await asked();
    await keys('\r');
    expect(store.view().question).toBeDefined();
    await heard();
    await keys('\r');
    expect(store.view().question).toBeUndefined();
  });

  test('can be skipped and quit', async () => {
    for (const [moves, wanted] of [
      [['j'], 'skip'],
      [['\u001B[B', '\u001B[B'], 'quit'],
    ] as const) {
      const {heard, keys, answer, app} = await asked();
      await heard();
      await keys(...moves, '\r');
      expect(await answer).toBe(wanted);
      app.unmount();
    }
  });

  test('keeps its answer open while the plan is read', async () => {
    const {heard, keys, text, store} = await asked();
    await keys('p');
    expect(text()).toContain('+backend = systemd');
    await heard();
    await keys('\r');
    expect(store.view().question).toBeDefined();
    await keys('\u001B');
    expect(text()).toContain('❯ Apply these 9 changes');
  });
});

test('a page over the question brings it back as it was left', async () => {
  const {store, app, heard, keys, text} = open(found);
  const answer = store.port.decide({type: 'review', phase: 'provision', changes: provision.changes});
  await app.waitUntilRenderFlush();
  await keys('j');
  expect(text()).toContain('❯ Skip this phase');
  await keys('p', '\u001B');
  expect(text()).toContain('❯ Skip this phase');
  await heard();
  await keys('\r');
  expect(await answer).toBe('skip');
});

test('a failure offers retry first', async () => {
  const {store, app, heard, keys, text} = open(running);
  const answer = store.port.decide({
    type: 'failed',
    phase: 'install',
    change: install.changes[2]!,
    error: pluginFailure,
  });
  await app.waitUntilRenderFlush();
  expect(text()).toContain('❯ Try it again');
  await heard();
  await keys('\r');
  expect(await answer).toBe('retry');
});

test('y puts the key that is waited for on the clipboard, unbroken', async () => {
  const waiting = {
    type: 'waiting',
    id: 'k',
    sentence: 'Add it',
    show: deployKey,
    sinceMs: Date.now(),
    limitMs: 900_000,
  } as const;
  const {keys, text, stdout} = open([...running, waiting]);
  await keys('y');
  const sent = stdout.written.join('').match(/\u001B\]52;c;([A-Za-z0-9+/=]+)\u0007/)?.[1];
  expect(Buffer.from(sent ?? '', 'base64').toString()).toBe(deployKey);
  expect(text()).toContain('Sent to the clipboard');
});

test('the end offers the live view first', async () => {
  const {app, heard, keys, left, text} = open([...found, {type: 'done', summary: finished}]);
  await app.waitUntilRenderFlush();
  expect(text()).toContain('❯ Open the live view');
  await heard();
  await keys('\r');
  expect(left).toEqual(['watch']);
});

describe('resizing', () => {
  test('draws anew in what there is, down to the one line and back', async () => {
    const {stdout, app, text, frame} = open(running);
    for (const [columns, rows] of [
      [120, 40],
      [60, 20],
      [30, 8],
      [80, 24],
    ] as const) {
      stdout.resize(columns, rows);
      await app.waitUntilRenderFlush();
      // A busy machine draws the new size a little later.
      await vi.waitFor(() => {
        if (columns === 30) expect(text().trim()).toBe('enlarge to 40×10 or more');
        else expect(text()).toContain('p plan');
        expect(frame().length).toBeLessThanOrEqual(rows);
        for (const line of frame()) expect(line.length, line).toBeLessThanOrEqual(columns);
      }, 5000);
    }
  });
});
