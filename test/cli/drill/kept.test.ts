import {spawnSync} from 'node:child_process';
import {mkdtempSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {parseAndRun} from '../../../src/cli/program.js';
import {homely, showLast} from '../../../src/cli/drill/show.js';
import {eventsIn, readEvents, readLog} from '../../../src/cli/drill/standby-events.js';
import {saveReport} from '../../../src/drill/store.js';
import {Abort} from '../../../src/errors.js';
import {savePair} from '../../../src/pair/store.js';
import {pairSchema} from '../../../src/pair/schema.js';
import {folders, pairFiles} from '../../../src/pair/paths.js';
import type {Host} from '../../../src/ssh/host.js';
import {layout} from '../../../src/templates/layout.js';
import {recorded} from '../../drill/recorded.js';

let root = '';
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'kept-'));
  vi.stubEnv('XDG_CONFIG_HOME', join(root, 'config'));
  vi.stubEnv('XDG_STATE_HOME', join(root, 'state'));
  await savePair(
    pairSchema.parse({
      name: 'home',
      primary: {ssh: 'root@127.0.0.1:1'},
      standby: {ssh: 'root@127.0.0.1:1'},
      channel: {type: 'irc', account: 'backup'},
      model: {primary: 'any/any'},
    }),
    folders(),
  );
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const passed = recorded('passed-stop');
const files = () => pairFiles('home', folders());
const keep = () => saveReport(passed, '# kept \u001b[2Jas it was', files());

/** What a command line prints, and its exit code. */
async function run(...words: string[]) {
  let [stdout, stderr] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((stdout += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true));
  try {
    return {code: await parseAndRun(['node', 'failover-wizard', 'drill', ...words], '1.0.0'), stdout, stderr};
  } finally {
    vi.restoreAllMocks();
  }
}
const refused = async (...words: string[]): Promise<Abort> => {
  const error: unknown = await run(...words).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Abort);
  return error as Abort;
};

describe('drill history', () => {
  test('without a drill says how to make one, and that is no failure', async () => {
    const {code, stdout} = await run('history', '--offline');
    expect(code).toBe(0);
    expect(stdout).toContain('none is kept on this machine yet.\n Make one: failover-wizard drill\n');
    expect(await run('history', '--csv')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^id,.*\r\n$/) as string,
      stderr: expect.stringContaining('Make one') as string,
    });
  });
  test('with a standby out of reach shows the drills all the same, and says so in one line', async () => {
    await keep();
    const {code, stdout} = await run('history');
    expect(code).toBe(0);
    expect(stdout).toContain('2026-11-20 stop      ✔');
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/Without the real failovers: .*127\.0\.0\.1/);
  });
  test('as JSON is one object', async () => {
    await keep();
    const {stdout} = await run('history', '--offline', '--json');
    expect(stdout).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(stdout)).toMatchObject({pair: 'home', drills: [passed], failovers: null});
  });
  test('as CSV and as Markdown', async () => {
    await keep();
    expect((await run('history', '--csv')).stdout.split('\r\n')).toHaveLength(3);
    expect((await run('history', '--offline', '--markdown')).stdout).toMatch(/^## Drills of home\n/);
  });
  test('cannot be two things at once', async () => {
    expect(await refused('history', '--csv', '--json')).toMatchObject({exit: 2});
  });
});

describe('drill show', () => {
  test('shows a report again, and where its Markdown lies', async () => {
    await keep();
    const {code, stdout} = await run('show', '2026-11');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ Drill 2026-11-20 14:30/);
    expect(stdout).toContain(join(files().drills, '2026-11-20T1430.md'));
  });
  test('as JSON is the kept report, as Markdown the kept text without what steers a terminal', async () => {
    await keep();
    expect(JSON.parse((await run('show', '2026', '--json')).stdout)).toEqual(passed);
    expect((await run('show', '2026', '--markdown')).stdout).toBe('# kept as it was\n');
  });
  test('refuses what is not there', async () => {
    expect(await refused('show', '2026')).toMatchObject({exit: 1});
    await keep();
    expect(await refused('show', '../2026-11-20T1430')).toMatchObject({exit: 2});
  });
  test('of the last one is the newest', async () => {
    await expect(showLast({pair: 'home'})).rejects.toMatchObject({
      exit: 1,
      next: ['Make one: failover-wizard drill'],
    });
    await saveReport(recorded('held-partition'), '', files());
    await keep();
    let stdout = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((stdout += String(text)), true));
    expect(await showLast({pair: 'home', json: true})).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({id: passed.id});
  });
});

test.each([
  ['/home/me/.local/state/x.md', '~/.local/state/x.md'],
  ['/home/meander/x.md', '/home/meander/x.md'],
])('%s is written %s', (path, text) => expect(homely(path, '/home/me')).toBe(text));

describe("the monitor's log on the standby", () => {
  const line = (seq: number, say = 'It.') =>
    JSON.stringify({
      time: '2026-11-20T14:30:00.000Z',
      ms: seq,
      boot: 'b',
      seq,
      event: 'promoting',
      level: 'info',
      from: 'suspect',
      to: 'promoting',
      evidence: {},
      durations: {},
      say,
    });
  /** As a host runs it, below a folder. */
  const reading = (folder: string) =>
    spawnSync('sh', ['-s'], {
      input: readEvents.replaceAll(layout.events, join(folder, 'events.jsonl')),
      encoding: 'utf8',
    });

  test('is read with its older files, oldest first; what is half written or no event is left out', () => {
    writeFileSync(join(root, 'events.jsonl.1'), `${line(1)}\n${line(2)}`);
    writeFileSync(join(root, 'events.jsonl'), `${line(3)}\nnoise\n${line(4, 'a\u001b[2Jb')}\n{"time":`);
    const {status, stdout} = reading(root);
    expect(status).toBe(0);
    expect(eventsIn(stdout).map(({seq, say}) => [seq, say])).toEqual([
      [1, 'It.'],
      [2, 'It.'],
      [3, 'It.'],
      [4, 'ab'],
    ]);
  });
  test('is empty where there is none, and a link is not followed', () => {
    expect(reading(root)).toMatchObject({status: 0});
    writeFileSync(join(root, 'secret'), line(1));
    symlinkSync(join(root, 'secret'), join(root, 'events.jsonl'));
    const {status, stdout} = reading(root);
    expect([status, eventsIn(stdout)]).toEqual([0, []]);
  });
  test('that cannot be read says so', async () => {
    const run = async () => ({code: 1, timedOut: false, stdout: '', stderr: 'no', tookMs: 1});
    expect(await readLog({run} as unknown as Host)).toEqual({
      why: "the monitor's log on the standby could not be read",
    });
  });
});
