import {fileURLToPath} from 'node:url';
import {afterEach, describe, expect, test} from 'vitest';
import {runInPty, type PtyOptions} from '../../harness/pty.js';

const fixture = fileURLToPath(new URL('../fixture-setup.ts', import.meta.url));
let program: ReturnType<typeof runInPty> | undefined;
afterEach(() => program?.end());

function play(flags: readonly string[], options: PtyOptions = {columns: 80, rows: 24}) {
  program = runInPty(fixture, flags, options);
  return program;
}

const untilHeard = () => new Promise((resolve) => setTimeout(resolve, 320));

describe('in a real terminal', () => {
  test.each([
    [80, 24],
    [120, 40],
    [60, 20],
  ])('at %dx%d the whole of setup can be seen and nothing is cut off', async (columns, rows) => {
    const {until, exited, printed, onAlternate} = play(['0.01', 'yes'], {columns, rows});
    const lines = await until(/[2-6] of \d/);
    expect(onAlternate()).toBe(true);
    expect(lines[0]).toContain('failover-wizard · setup');
    expect(lines.slice(0, 2).join('\n')).toContain('split ● disjoint');
    expect(lines.at(-1)).toMatch(/^ p plan .*\? help/);
    expect((await exited).exitCode).toBe(0);
    // What was written last may reach the emulator after the end is known.
    await until(/next: quit/);
    expect(onAlternate()).toBe(false);
    expect(printed()).toContain('● The pair default is set up.');
  });

  test('a terminal of 30x8 says to enlarge it, and shows all once it is', async () => {
    const {until, resize} = play(['0.05', 'yes'], {columns: 30, rows: 8});
    const small = await until(/enlarge/);
    expect(small.filter((line) => line !== '')).toEqual(['enlarge to 40×10 or more']);
    resize(80, 24);
    const lines = await until(/\? help/);
    expect(lines[0]).toContain('failover-wizard · setup');
  });

  test('resized in the middle, no line of the old size is left', async () => {
    const {until, resize} = play(['0.05', 'yes'], {columns: 120, rows: 40});
    await until(/[1-6] of 9/);
    // Until the program has drawn anew the emulator shows what it kept of the old frame.
    const whole = (rows: number) => (now: string[]) =>
      now.length === rows &&
      (now[0] ?? '').includes('failover-wizard · setup') &&
      (now.at(-1) ?? '').includes('? help') &&
      now.filter((line) => line.includes('failover-wizard · setup')).length === 1 &&
      now.filter((line) => line.includes('? help')).length === 1;
    resize(60, 20);
    await until(whole(20));
    resize(100, 30);
    const lines = await until(whole(30));
    expect(
      lines.filter((line) => / [1-6] (?:Provision|Install|Failover|Health|Disable|Test)/.test(line)),
    ).toHaveLength(6);
  });

  test('reviewed, failed, tried again, through to the live view', async () => {
    const {until, type, exited, printed} = play(['0.01', 'fail']);
    for (let phase = 1; phase <= 6; phase += 1) {
      await until(new RegExp(`▸ ${phase} .*to look at`));
      await untilHeard();
      type('\r');
      if (phase !== 2) continue;
      const failed = await until(/❯ Try it again/);
      expect(failed.join('\n')).toContain('✖ The plugin @openclaw/irc could not be installed.');
      await untilHeard();
      type('\r');
    }
    const end = await until(/❯ Open the live view/);
    expect(end.join('\n')).toMatch(/channel account connected +39\.9 s +55\.0 s/);
    await untilHeard();
    type('\r');
    expect((await exited).exitCode).toBe(0);
    expect(printed()).toContain('next: watch');
  });

  test('the pages open and close over the running setup', async () => {
    const {until, type} = play(['0.1', 'yes']);
    await until(/1 of 9|0 of 9/);
    for (const [key, content] of [
      ['p', /\+backend = systemd/],
      ['s', /irc main +enabled/],
      ['?', /Six phases turn/],
      ['l', /standby \$ apt-get/],
    ] as const) {
      type(key);
      await until(content);
    }
    type('\u001B');
    await until(/▸ \d .*of \d/);
  });
});

describe('leaving', () => {
  test('Ctrl+C finishes the step, gives the terminal back and says where things stand', async () => {
    const {until, type, exited, printed, raw, onAlternate} = play(['0.4', 'yes']);
    await until(/1 of 9/);
    type('\u0003');
    await until(/Finishing the step in hand/);
    await exited;
    await until(/next: quit/);
    expect(onAlternate()).toBe(false);
    expect(printed()).toMatch(/Where things stand:\n▸ 1 Provision the standby +\d of 9 changes/);
    expect(printed()).toContain('error: Stopped after the step in hand.');
    // Cursor shown, bracketed paste off again.
    expect(raw().lastIndexOf('\u001B[?25h')).toBeGreaterThan(raw().lastIndexOf('\u001B[?25l'));
    expect(raw().lastIndexOf('\u001B[?2004l')).toBeGreaterThan(raw().lastIndexOf('\u001B[?2004h'));
  });

  test('a second Ctrl+C leaves although the step does not end', async () => {
    const {until, type, onAlternate} = play(['3', 'yes']);
    await until(/0 of 9/);
    type('\u0003');
    await until(/Finishing/);
    type('\u0003');
    // The recorded engine does not listen; the screen must not wait for it.
    await until(/error: Setup was left in the middle of a step\./, 8000);
    expect(onAlternate()).toBe(false);
  });

  test('an engine that throws leaves its error on the normal screen', async () => {
    const {until, exited, printed, onAlternate} = play(['0.02', 'yes', 'break']);
    await exited;
    await until(/next: quit/);
    expect(onAlternate()).toBe(false);
    expect(printed()).toContain('error: The connection to the standby was lost');
  });

  test('an exception outside of everything still gives the terminal back', async () => {
    const {until, exited, onAlternate, raw} = play(['1', 'yes', 'crash']);
    const {exitCode} = await exited;
    await until(/thrown outside of everything/);
    expect(exitCode).not.toBe(0);
    expect(onAlternate()).toBe(false);
    expect(raw().lastIndexOf('\u001B[?25h')).toBeGreaterThan(raw().lastIndexOf('\u001B[?25l'));
  });

  test('a signal gives the terminal back', async () => {
    const {until, pty, exited, onAlternate} = play(['1', 'yes']);
    await until(/of 9/);
    pty.kill('SIGTERM');
    await exited;
    await until(() => true);
    expect(onAlternate()).toBe(false);
  });
});

test('without colour the same words are there and no colour is', async () => {
  const {until, exited, raw} = play(['0.02', 'yes'], {
    columns: 80,
    rows: 24,
    env: {NO_COLOR: '1', FORCE_COLOR: '0'},
  });
  const lines = await until(/[2-6] of 9/);
  expect(lines.join('\n')).toContain('split ● disjoint');
  await exited;
  expect(raw()).not.toMatch(/\u001B\[(?:[0-9;]*;)?(?:3[0-7]|9[0-7])m/);
});
