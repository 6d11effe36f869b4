import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {usageSentence} from '../../src/cli/help/suggest.js';
import {OnTerminal, runPiped} from './whole-program.js';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'operator-'));
});
afterAll(() => rm(home, {recursive: true}));

const run = (...args: string[]) => runPiped(args, {home});

describe('--version and --help', () => {
  // What takes its time: commander alone is what a command line needs.
  const heavy = /node_modules\/(?!(?:commander|tsx|esbuild|get-tsconfig|resolve-pkg-maps)\/)/;

  it.each([
    ['--version'],
    ['--help'],
    ['setup', '--help'],
    ['drill', '--help'],
    ['help', 'doctor'],
    ['completion', 'bash'],
  ])('%s %s loads no package but commander: no zod, no Ink, no ssh2', async (...args) => {
    const loaded = await loadedBy(args);
    expect(loaded.some((url) => url.includes('node_modules/commander/'))).toBe(true);
    expect(loaded.filter((url) => heavy.test(url))).toEqual([]);
  });

  it('states loads no screen, no prompt and no SSH', async () => {
    const loaded = await loadedBy(['states']);
    expect(
      loaded.filter((url) => /node_modules\/(?:ink|react|@inquirer|ssh2|yoga-layout|simple-git)\//.test(url)),
    ).toEqual([]);
  });

  /** URLs of every module that a run loads. */
  async function loadedBy(args: string[]): Promise<string[]> {
    const report = join(home, 'loaded.txt');
    // Every module that is loaded, ESM or CommonJS, passes this hook.
    const hook = join(home, 'hook.mjs');
    await writeFile(
      hook,
      `import {registerHooks} from 'node:module'; import {appendFileSync, writeFileSync} from 'node:fs';
       writeFileSync(${JSON.stringify(report)}, '');
       registerHooks({load(url, context, next) { appendFileSync(${JSON.stringify(report)}, url + '\\n'); return next(url, context); }});`,
    );
    const {code, stderr} = await runPiped(args, {home, nodeArgs: ['--import', hook]});
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    return (await readFile(report, 'utf8')).split('\n');
  }

  it('--version is the version of package.json on stdout', async () => {
    const manifest = fileURLToPath(new URL('../../package.json', import.meta.url));
    const {version} = JSON.parse(await readFile(manifest, 'utf8')) as {version: string};
    expect((await run('--version')).stdout).toBe(`${version}\n`);
  });

  it('drill --help has examples, and what the exit codes mean, in 80 columns', async () => {
    const {stdout} = await run('drill', '--help');
    expect(stdout).toContain('failover-wizard drill --revert');
    expect(stdout).toMatch(/Exit codes:\n {2}0 {4}passed\n {2}1 {4}failed, or not begun\n/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('the commands below drill list none of its own options', async () => {
    const {stdout} = await run('drill', 'history', '--help');
    expect(stdout).toContain('--offline');
    expect(stdout).toContain('--pair');
    expect(stdout).not.toMatch(/--fault|--revert|--force/);
  });

  it('setup --help has a flag for every decision', async () => {
    const {stdout} = await run('setup', '--help');
    for (const flag of [
      '--primary',
      '--standby',
      '--channel',
      '--account',
      '--model',
      '--secret',
      '--expose',
      '--network',
      '--dry-run',
      '--no-input',
    ]) {
      expect(stdout).toContain(flag);
    }
  });
});

describe('states', () => {
  it('prints the tables without a pair, and as JSON for programs', async () => {
    const {code, stdout, stderr} = await run('states');
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(stdout).toContain('Taken over: {account} is connected, {took} after the decision.');
    const tables = JSON.parse((await run('states', '--json')).stdout) as Record<string, unknown[]>;
    expect(tables['states']!.length).toBeGreaterThan(30);
    expect(tables['reasons']).toContainEqual(
      expect.objectContaining({reason: 'isolated', deadAfterMs: null}),
    );
  });
  it.each([
    [['--graph'], /^digraph "failover" \{/],
    [['--graph', 'dot'], /^digraph "failover" \{/],
    [['--graph', 'mermaid'], /^stateDiagram-v2\n/],
  ])('%j draws the transitions', async (args, begin) => {
    expect((await run('states', ...args)).stdout).toMatch(begin);
  });
  it('draws nothing else', async () => {
    const {code, stderr} = await run('states', '--graph', 'png');
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are dot, mermaid.');
  });
});

describe('without a command', () => {
  it('shows the help as the answer', async () => {
    const {code, stdout, stderr} = await run();
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(stdout).toContain('setup');
  });

  it('of two words, shows what can follow, and is a usage error', async () => {
    const {code, stderr} = await run('keys');
    expect(code).toBe(2);
    expect(stderr).toContain('forget');
    expect(stderr).not.toContain('✖');
  });
});

describe('a usage error', () => {
  it.each([
    [['setup', '--primry', 'root@a'], /^✖ Unknown option '--primry'; did you mean --primary\?\n/],
    [['drill', 'shedule'], /^✖ Unknown command 'drill shedule'; did you mean drill schedule\?\n/],
    [
      ['setup', '--standby-mode', 'wram', '--no-input'],
      /^✖ the command line: monitor\.standby: must be "cold" or "warm"; did you mean "warm"\?\n/,
    ],
    [['drill', '--fault', 'hng'], /; did you mean hang\?\n/],
    [['stup'], /^✖ Unknown command 'stup'; did you mean setup\?\n/],
    [['keys', 'forget'], /^✖ Missing required argument 'host'\.\n/],
    [['setup', '--pair'], /^✖ Option '--pair <name>' argument missing\.\n/],
    [['setup', '--pair', 'A B', '--no-input'], /^✖ the pair name: must be lower-case/],
    [['status', '--pair', 'nowhere'], /^✖ There is no pair called nowhere on this machine\.\n/],
    [['setup', '--secret', 'token=S3CRET', '--no-input'], /^✖ --secret token: must be env:NAME or file:PATH/],
  ])('%j is one sentence on stderr and exit 2', async (args, sentence) => {
    const {code, stdout, stderr} = await run(...args);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/S3CRET|\bat .*:\d+:\d+/);
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
  });

  it('is told on stdout too where a program reads it', async () => {
    const {code, stdout} = await run('status', '--json', '--pair', 'nowhere');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'error',
      error: {exit: 2, sentence: expect.stringContaining('no pair') as string},
    });
  });
});

describe('setup where nobody can be asked', () => {
  it('names every missing key with its flag, and connects to nothing', async () => {
    const {code, stderr} = await run('setup', '--no-input', '--primary', 'root@203.0.113.10');
    expect(code).toBe(2);
    expect(stderr).toContain('standby.ssh: is missing (or give --standby <user@host>)');
    expect(stderr).toContain('channel.type: is missing (or give --channel <type>)');
    expect(stderr).toContain('model.primary: is missing (or give --model <provider/model>)');
    expect(stderr).not.toContain('Connecting');
  });

  it('does not ask over a pipe either', async () => {
    const {code, stderr} = await run('setup');
    expect(code).toBe(2);
    expect(stderr).toContain('primary.ssh: is missing');
  });

  it('lists everything that is wrong with an answers file, and the secrets that are not set', async () => {
    const path = join(home, 'pair.json');
    await writeFile(path, '{primary: {ssh: "a b"}, standby: {ssh: "root@b", hostnme: "x"}}');
    const wrong = await run('setup', '--answers', path, '--no-input', '--yes');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain(`${path}: 2 things must be put right.`);
    expect(wrong.stderr).toContain('standby.hostnme: is not a key of this file; did you mean "hostname"?');

    await writeFile(
      path,
      `{primary: {ssh: 'root@192.0.2.1'}, standby: {ssh: 'root@192.0.2.2'}, model: {primary: 'a/b'},
        channel: {type: 'irc', secrets: {password: {env: 'NOT_SET_1'}, other: {env: 'NOT_SET_2'}}}}`,
    );
    const unset = await run('setup', '--answers', path, '--no-input', '--yes');
    expect(unset.code).toBe(2);
    expect(unset.stderr).toContain('channel.secrets.password: the environment variable NOT_SET_1 is not set');
    expect(unset.stderr).toContain('channel.secrets.other: the environment variable NOT_SET_2 is not set');
    expect(unset.stderr).not.toContain('Connecting');
  });
});

describe('at a terminal', () => {
  it('asks with a reason, and refuses what cannot be right', async () => {
    const terminal = new OnTerminal(['setup'], {home});
    await terminal.sees(/Primary \(user@host\)/);
    await terminal.sees(/where your OpenClaw gateway runs today/);
    terminal.type('a b\r');
    await terminal.sees(/Must look like user@host or user@host:port\./);
    terminal.type('\u0003');
    expect(await terminal.ended).toBe(130);
  });

  it('Ctrl+C at a question ends with one line and exit 130', async () => {
    const terminal = new OnTerminal(['setup'], {home});
    await terminal.sees(/Primary \(user@host\)/);
    terminal.type('\u0003');
    expect(await terminal.ended).toBe(130);
    expect(terminal.text()).toMatch(/Interrupted; this question has changed nothing\.$/);
    expect(terminal.text()).not.toMatch(/ExitPromptError|at .*:\d+/);
  });

  it('SIGTERM at a question ends with exit 143', async () => {
    const terminal = new OnTerminal(['setup'], {home});
    await terminal.sees(/Primary \(user@host\)/);
    terminal.kill('SIGTERM');
    expect(await terminal.ended).toBe(143);
    expect(terminal.text()).toContain('Terminated.');
  });

  it('asks nothing with --no-input', async () => {
    const terminal = new OnTerminal(['setup', '--no-input'], {home});
    expect(await terminal.ended).toBe(2);
    expect(terminal.text()).toContain('primary.ssh: is missing');
  });
});

describe('usageSentence', () => {
  it('makes one sentence of an error and its hint', () => {
    expect(usageSentence("error: unknown option '--foo'\n(Did you mean --bar?)")).toBe(
      "Unknown option '--foo'; did you mean --bar?",
    );
    expect(usageSentence("error: missing required argument 'host'")).toBe(
      "Missing required argument 'host'.",
    );
  });
});
