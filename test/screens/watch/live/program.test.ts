import {fileURLToPath} from 'node:url';
import {afterEach, describe, expect, test} from 'vitest';
import {runInPty} from '../../../harness/pty.js';

const fixture = fileURLToPath(new URL('../../fixture-watch-live.ts', import.meta.url));
let program: ReturnType<typeof runInPty> | undefined;
afterEach(() => program?.end());

function watch(args: readonly string[], columns = 80, rows = 24, env: Record<string, string> = {}) {
  program = runInPty(fixture, args, {columns, rows, env});
  return program;
}

const bell = '\u0007';
const esc = '\u001B';

test('shows the pair, and q leaves at once and gives the terminal and its title back', async () => {
  const {until, type, exited, printed, onAlternate, wrote} = watch(['well']);
  await until(/● Protected[^]*▸timeline/);
  expect(onAlternate()).toBe(true);
  await wrote(`${esc}[22;2t`);
  await wrote(`${esc}]2;● default: Protected${bell}`);
  const pressed = performance.now();
  type('q');
  expect((await exited).exitCode).toBe(0);
  expect(performance.now() - pressed).toBeLessThan(1000);
  expect(onAlternate()).toBe(false);
  expect(printed()).toContain('left');
  await wrote(`${esc}]2;${bell}${esc}[23;2t`);
});

test('a whole failover: the stages run, the bell rings, and no frame is broken by it', async () => {
  const {until, wrote, lines} = watch(['failover']);
  await until(/● Protected/);
  await until(/▲ Taking over {2}0:\d\d/);
  await until(/gateway getting ready|gateway ready/);
  await until(/▲ Standby is active[^]*taken over in/);
  await wrote(`${esc}]777;notify;default: Taking over;`);
  await wrote(`${esc}]9;default: Standby is active.`);
  await wrote(`${esc}]2;▲ default: Standby is active${bell}`);
  const rows = lines();
  expect(rows[0]).toMatch(/^ failover-wizard · default +▲ Standby is active$/);
  expect(rows.filter((row) => row.includes('PRIMARY'))).toHaveLength(1);
  expect(rows.filter((row) => row.includes('q quit'))).toHaveLength(1);
  expect(rows.join('')).not.toMatch(/notify|\]2;|\]9;/);
}, 40_000);

test('without a bell the title follows and nothing is told', async () => {
  const {until, raw, wrote} = watch(['failover', 'quiet']);
  await until(/▲ Taking over/);
  await wrote(`${esc}]2;▲ default: Taking over${bell}`);
  expect(raw()).not.toContain(']777;');
  expect(raw()).not.toContain(']9;');
}, 30_000);

describe.each([
  [120, 40, /load 0\.31 on 4 cores/],
  [60, 20, /gateway ● running {3}12 d 4 h {3}health ● ok/],
  [40, 10, /PRIMARY {2}● running {2}● ok/],
])('at %dx%d', (columns, rows, sees) => {
  test('it is whole, also after the terminal was another size', async () => {
    const {until, resize, lines, type, exited} = watch(['well'], columns, rows);
    await until(sees);
    resize(80, 24);
    await until(/heartbeat ● sent/);
    resize(columns, rows);
    const shown = await until((now) => sees.test(now.join('\n')) && /q quit/.test(now.at(-1) ?? ''));
    expect(shown.filter((row) => row.includes('failover-wizard'))).toHaveLength(1);
    expect(lines()).toHaveLength(rows);
    type('q');
    expect((await exited).exitCode).toBe(0);
  }, 30_000);
});

test('pages, the filter, and a takeover from the question to its end', async () => {
  const {until, type} = watch(['well']);
  await until(/▸timeline/);
  type('s');
  await until(/The split is disjoint/);
  type(esc);
  await until(/▸timeline/);
  type('/');
  await until(/\/ █/);
  type('level:alert');
  await until(/level:alert · 10 of 60/);
  type('\r');
  await until(/q quit/);
  type('f');
  await until(/Why\? \(may stay empty\)/);
  type('\r');
  await until(/Type default to go on/);
  type('defualt');
  await until(/defualt█/);
  type('\r');
  await until(/This is not default/);
  type('\u0015');
  await until(/go on: {2}█/);
  type('default');
  await until(/: {2}default█/);
  type('\r');
  await until(/▸ 0:0\d/);
  await until(/✔ The monitor says: promoted\./);
  type(esc);
  await until(/▸timeline/);
}, 40_000);

test('a burst of events is drawn a few times a second, and the newest is there', async () => {
  const {until, raw, type, exited} = watch(['burst']);
  await until(/Event \d+/);
  const before = raw().split(`${esc}[?2026h`).length;
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const frames = raw().split(`${esc}[?2026h`).length - before;
  expect(frames).toBeGreaterThan(5);
  expect(frames).toBeLessThan(30);
  type('q');
  expect((await exited).exitCode).toBe(0);
}, 30_000);

test('escape sequences in what the hosts say never reach the terminal', async () => {
  const {until, raw, type, lines} = watch(['garbage']);
  await until(/PRIMARY/);
  type('l');
  await until(/Gateway of the primary/);
  await new Promise((resolve) => setTimeout(resolve, 400));
  type('\r');
  await until(/line \d\d/);
  expect(raw()).not.toContain(`${esc}]0;`);
  expect(raw()).not.toContain(`${esc}[31mred`);
  expect(raw()).not.toContain('\u009B');
  expect(raw()).not.toContain('\u202E');
  expect(lines()[0]).toMatch(/^ Gateway of the primary/);
}, 30_000);

test('without colour the same words and signs are there, and no colour is', async () => {
  const {until, raw} = watch(['stale'], 80, 24, {NO_COLOR: '1', FORCE_COLOR: '0'});
  await until(/▲ data 1 min old[^]*▲ reconnecting, try 3[^]*● watching/);
  expect(raw()).not.toMatch(/\u001B\[(?:3[0-7]|9[0-7]|[12])m/);
}, 30_000);

test('the list of pairs opens one and comes back', async () => {
  const {until, type, exited} = watch(['pairs']);
  await until(/❯ ● default +Protected[^]*▲ garden +Taking over[^]*✖ office +Not readable/);
  type('\r');
  await until(/failover-wizard · default[^]*▸timeline/);
  type(esc);
  await until(/1 of 4 protected/);
  type('q');
  expect((await exited).exitCode).toBe(0);
}, 30_000);
