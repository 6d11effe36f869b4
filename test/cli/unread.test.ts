import {spawn} from 'node:child_process';
import {mkdtemp, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {Exit} from '../../src/errors.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = 'src/cli/main.ts';
const talker = 'test/cli/fixture-talker.ts';

let home: string;
let answers: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'operator-'));
  answers = join(home, 'answers.json');
  const nobody = {ssh: 'root@127.0.0.1:1', hostKey: `SHA256:${'A'.repeat(43)}`};
  await writeFile(
    answers,
    JSON.stringify({
      primary: nobody,
      standby: nobody,
      network: {kind: 'existing'},
      channel: {type: 'irc', account: 'backup', settings: {host: 'irc.example.org', nick: 'clawbak'}},
      model: {primary: 'stub/stub'},
    }),
  );
});
afterAll(() => rm(home, {recursive: true}));

/** Runs it behind `sh -c '… | reader'`; gives its exit code, the rest of its stderr, ms, and what it left in the home. */
async function behind(reader: string, script: string, args: string[], redirect = '2>&1') {
  const words = [process.execPath, '--import', 'tsx', script, ...args].map((word) => `'${word}'`).join(' ');
  const began = performance.now();
  const child = spawn('sh', ['-c', `{ ${words} ${redirect}; echo "$?" >&3; } | ${reader}`], {
    cwd: root,
    env: {PATH: process.env['PATH'] ?? '', HOME: home, NODE_ENV: 'production'},
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const said = {2: '', 3: ''};
  for (const fd of [2, 3] as const)
    child.stdio[fd]?.on('data', (part: Buffer) => (said[fd] += part.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  const left = (await readdir(home, {recursive: true})).filter((name) => name.includes('bugs'));
  return {code: Number(said[3]), stderr: said[2], bugs: left, tookMs: performance.now() - began};
}

describe('a reader that goes away', () => {
  it.each([
    ['stdout and stderr', '2>&1'],
    ['stdout', '2>/dev/null'],
    ['stderr', '2>&1 >/dev/null'],
  ])('ends a long run quietly: %s', {timeout: 20_000}, async (_what, redirect) => {
    const {code, stderr, bugs, tookMs} = await behind('head -n 5', talker, [], redirect);
    expect({code, stderr, bugs}).toEqual({code: Exit.unread, stderr: '', bugs: []});
    expect(tookMs).toBeLessThan(8000);
  });

  it.each([
    ['--help', ['--help']],
    ['a usage error', ['nonsense']],
    ['the demo', ['demo', '--recorded']],
    ['the demo in JSON', ['demo', '--recorded', '--json']],
    ['hosts that refuse', ['setup', '--no-input', '--yes', '--answers']],
    ['the live view of hosts that refuse', ['watch', '--answers']],
  ])('is no bug and no loop for %s', {timeout: 20_000}, async (_what, args) => {
    const all = args.at(-1) === '--answers' ? [...args, answers] : args;
    // `true` is gone before the first byte, `head` after it.
    const ends = await Promise.all(['true', 'head -n 1'].map((reader) => behind(reader, program, all)));
    for (const {stderr, bugs, tookMs} of ends) {
      expect({stderr, bugs}).toEqual({stderr: '', bugs: []});
      expect(tookMs).toBeLessThan(8000);
    }
  });

  it('is not a full disk: that is told', async () => {
    const {code, stderr} = await behind('cat', program, ['demo', '--recorded'], '>/dev/full');
    expect(code).toBe(Exit.failed);
    expect(stderr).toMatch(/✖ The output cannot be written: ENOSPC/);
  });
});
