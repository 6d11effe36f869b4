import {fileURLToPath} from 'node:url';
import {afterEach, expect, test} from 'vitest';
import {runInPty} from '../../harness/pty.js';

const fixture = fileURLToPath(new URL('../fixture-watch.ts', import.meta.url));
let program: ReturnType<typeof runInPty> | undefined;
afterEach(() => program?.end());

function watch(mode: string, columns = 80, rows = 24) {
  program = runInPty(fixture, [mode], {columns, rows});
  return program;
}

test('shows the pair, opens its pages, and q leaves at once', async () => {
  const {until, type, exited, printed, onAlternate} = watch('well');
  await until(/● Protected/);
  type('s');
  await until(/irc main +enabled/);
  type('?');
  await until(/changes nothing/);
  type('\u001B');
  await until(/gateway +● running/);
  const pressed = performance.now();
  type('q');
  expect((await exited).exitCode).toBe(0);
  expect(performance.now() - pressed).toBeLessThan(1000);
  expect(onAlternate()).toBe(false);
  expect(printed()).toContain('left');
});

test('follows a takeover', async () => {
  const {until} = watch('failover');
  await until(/● Protected/);
  await until(/▲ Taking over/);
  const lines = await until(/● Standby is active/);
  expect(lines.join('\n')).toMatch(/standby {2}monitor: watching → suspect/);
});

test('a primary that hangs leaves the other pane alive, and Ctrl+C leaves although it still hangs', async () => {
  const {until, type, exited} = watch('silent', 60, 20);
  await until(/PRIMARY .*(?:1[5-9]|[2-5]\d) s ago/, 50_000);
  type('\u0003');
  expect((await exited).exitCode).toBe(0);
}, 60_000);
