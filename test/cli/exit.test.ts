import {mkdtempSync, readFileSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, describe, expect, it, vi} from 'vitest';
import {Abort, Exit} from '../../src/errors.js';

class Left extends Error {}

/** The exit site in a world of its own: what it writes, with which code it would leave, and its home. */
async function exits(run: (exit: typeof import('../../src/cli/exit.js')) => Promise<unknown>) {
  vi.resetModules();
  const home = mkdtempSync(join(tmpdir(), 'exit-'));
  vi.stubEnv('XDG_STATE_HOME', home);
  const written = {stdout: '', stderr: ''};
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation(((text: string, done?: () => void) => {
      written[name] += text;
      done?.();
      return true;
    }) as typeof process.stdout.write);
  }
  let code: unknown;
  vi.spyOn(process, 'exit').mockImplementation((given) => {
    code = given;
    throw new Left();
  });
  try {
    await run(await import('../../src/cli/exit.js'));
  } catch (error) {
    if (!(error instanceof Left)) throw error;
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
  const bugs = join(home, 'failover-wizard', 'bugs');
  const files =
    readdirSync(home).length > 0
      ? readdirSync(bugs).map((name) => readFileSync(join(bugs, name), 'utf8'))
      : [];
  rmSync(home, {recursive: true});
  return {code, files, ...written};
}

afterEach(() => vi.restoreAllMocks());

// The same module state as the reset one would give another class; the exit site knows an Abort by its class.
async function abort(...args: ConstructorParameters<typeof Abort>): Promise<Abort> {
  const {Abort: Fresh} = await import('../../src/errors.js');
  return new Fresh(...args);
}

describe('the exit site', () => {
  it('tells an Abort as sentence, detail, what to try, and the log, and leaves with its code', async () => {
    const {code, stderr, stdout, files} = await exits(async ({leave, rememberForExit}) => {
      rememberForExit({log: '/log/audit.jsonl'});
      await leave({
        error: await abort('It failed.', {detail: 'line 1\nline 2', next: ['Try this.'], exit: Exit.split}),
      });
    });
    expect(stderr).toBe(
      '✖ It failed.\n  line 1\n  line 2\n  → Try this.\n  Log of every remote command: /log/audit.jsonl\n',
    );
    expect({code, stdout, files}).toEqual({code: 5, stdout: '', files: []});
  });

  it('strips what a host could use to draw on the terminal', async () => {
    const {stderr} = await exits(async ({leave}) => {
      await leave({error: await abort('a\u001b[31mb', {detail: 'c\u0007\u001b]0;title\u0007d\rX'})});
    });
    // oxlint-disable-next-line no-control-regex
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('calls anything else a bug, with the stack in a file and not on the screen', async () => {
    const {code, stderr, files} = await exits(({leave, rememberForExit}) => {
      rememberForExit({version: '9.9.9'});
      return leave({error: new TypeError('x is not a function')});
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^✖ This is a bug in failover-wizard: x is not a function\n {2}Please report it with the file \S+\.txt\n/,
    );
    expect(stderr).not.toMatch(/\bat .*exit\.test/);
    expect(files).toHaveLength(1);
    expect(files[0]).toMatch(/^failover-wizard 9\.9\.9\nNode v.*\n\nTypeError: x is not a function\n {4}at /);
  });

  it('is also told as one JSON line where a program reads stdout, unless the engine told it', async () => {
    const once = await exits(async ({leave, rememberForExit}) => {
      rememberForExit({json: true});
      await leave({error: await abort('No.', {exit: Exit.unreachable})});
    });
    expect(JSON.parse(once.stdout)).toEqual({type: 'error', error: {sentence: 'No.', next: [], exit: 4}});
    const told = await exits(async ({leave, rememberForExit, errorsAreTold}) => {
      rememberForExit({json: true});
      errorsAreTold();
      await leave({error: await abort('No.')});
    });
    expect(told.stdout).toBe('');
  });

  it('knows a prompt that was left, by name', async () => {
    const error = Object.assign(new Error('User force closed the prompt'), {name: 'ExitPromptError'});
    expect(await exits(({leave}) => leave({error}))).toMatchObject({
      code: 130,
      stderr: expect.stringMatching(/^Interrupted.*\n$/) as string,
    });
  });

  it('runs clean-ups once, the last one first, and survives one that fails or hangs', async () => {
    const ran: string[] = [];
    vi.useFakeTimers({toFake: ['setTimeout']});
    const {code} = await exits(async ({leave, atExit}) => {
      atExit(() => void ran.push('first'));
      atExit(() => new Promise(() => undefined));
      atExit(() => {
        throw new Error('no');
      });
      const undo = atExit(() => void ran.push('taken back'));
      undo();
      atExit(() => void ran.push('last'));
      const leaving = expect(leave({code: Exit.ok})).rejects.toThrow(Left);
      await vi.advanceTimersByTimeAsync(4000);
      await leaving;
    });
    vi.useRealTimers();
    expect({code, ran}).toEqual({code: 0, ran: ['last', 'first']});
  });
});
