import {
  chmodSync,
  chownSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {commandProbe} from '../../../src/drill/probe/command.js';
import type {ProbeEnd} from '../../../src/drill/probe/contract.js';
import {runnable} from '../../../src/drill/probe/program.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'probe-'))));
afterEach(() => rmSync(folder, {recursive: true, force: true}));

function hook(body: string, mode = 0o755): string {
  const path = join(folder, 'hook');
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, mode);
  return path;
}

interface Asking {
  timeoutS?: number;
  signal?: AbortSignal;
}

async function ask(path: string, {timeoutS = 10, signal}: Asking = {}) {
  const lines: string[] = [];
  const began = Date.now();
  const end: ProbeEnd = await commandProbe({path, timeoutS})({
    pair: 'home',
    nonce: 'tovanilu',
    bot: '+4915100000002',
    channel: {type: 'signal', account: 'backup', settings: {}},
    signal: signal ?? new AbortController().signal,
    onLine: (line) => void lines.push(line),
  });
  return {end, lines, began, tookMs: Date.now() - began};
}

const isAlive = (pid: number): boolean => {
  try {
    // One that is dead and not yet collected by its parent is not alive.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
const pidIn = (name: string) => Number(readFileSync(join(folder, name), 'utf8'));

describe("the operator's program", () => {
  it('answers by its exit, and its last lines are the detail', async () => {
    const {end, lines} = await ask(hook('echo asking; echo "bot:  \x1b[31mtovanilu"'));
    expect(end).toMatchObject({ok: true, detail: 'asking / bot:  tovanilu'});
    expect(lines).toEqual(['asking', 'bot:  tovanilu']);
  });

  it('answers when it says so, not when it is done', async () => {
    const {end, began, tookMs} = await ask(hook('sleep 0.2; echo answered with tovanilu; sleep 1; echo bye'));
    expect(end).toMatchObject({ok: true, detail: 'with tovanilu'});
    if (!end.ok) return;
    expect(end.askedAtMs).toBeGreaterThanOrEqual(began);
    expect(end.answeredAtMs - end.askedAtMs).toBeGreaterThanOrEqual(190);
    expect(end.answeredAtMs - end.askedAtMs).toBeLessThan(900);
    expect(tookMs).toBeGreaterThan(1100);
  });

  it('takes only a whole word for it', async () => {
    const {end} = await ask(hook('echo "answered: no"; echo unanswered; exit 1'));
    expect(end).toMatchObject({ok: false, detail: 'answered: no / unanswered'});
  });

  it('has said nothing more: the detail is empty', async () => {
    expect((await ask(hook('echo answered'))).end).toMatchObject({ok: true, detail: ''});
  });

  it('gets what it needs to know and nothing else of the environment', async () => {
    vi.stubEnv('PROVIDER_API_KEY', 'S3CRET');
    const {lines} = await ask(hook('env | grep -Ev "^(PWD|SHLVL|_|OLDPWD)="'));
    vi.unstubAllEnvs();
    expect(lines.map((line) => line.split('=')[0]).toSorted()).toEqual([
      'FAILOVER_DRILL_ACCOUNT',
      'FAILOVER_DRILL_BOT',
      'FAILOVER_DRILL_CHANNEL',
      'FAILOVER_DRILL_NONCE',
      'FAILOVER_DRILL_PAIR',
      'FAILOVER_DRILL_TIMEOUT_S',
      'HOME',
      'LANG',
      'PATH',
    ]);
    expect(lines).toEqual(
      expect.arrayContaining([
        'FAILOVER_DRILL_PAIR=home',
        'FAILOVER_DRILL_CHANNEL=signal',
        'FAILOVER_DRILL_ACCOUNT=backup',
        'FAILOVER_DRILL_BOT=+4915100000002',
        'FAILOVER_DRILL_NONCE=tovanilu',
        'FAILOVER_DRILL_TIMEOUT_S=10',
      ]),
    );
  });

  it.each([
    ['exit 3', /ended with exit code 3\.$/],
    ['echo answered; exit 3', /exit code 3, although it had said that the bot answered\.$/],
    ['kill -TERM $$', /was ended by SIGTERM\.$/],
  ])('fails by "%s"', async (body, reason) => {
    const {end} = await ask(hook(`echo no route >&2; ${body}`));
    expect(end).toMatchObject({ok: false, reason: expect.stringMatching(reason), detail: 'no route'});
  });

  it('that is no program the kernel can run is told', async () => {
    const path = join(folder, 'hook');
    writeFileSync(path, '#!/no/such/interpreter\n', {mode: 0o755});
    expect((await ask(path)).end).toMatchObject({ok: false, reason: `${path} could not be started.`});
  });

  it('keeps the end of much that it prints, and hears an answer in it', async () => {
    const {end, lines} = await ask(
      hook(
        'i=0; while [ $i -lt 3000 ]; do echo "line $i of something long enough to count for a lot"; i=$((i+1)); done; echo answered; echo the end',
      ),
    );
    expect(end).toMatchObject({ok: true});
    expect(end.detail).toMatch(/line 2999 .* the end$/);
    expect(end.detail.length).toBeLessThanOrEqual(500);
    expect(lines.at(-1)).toBe('the end');
  });
});

describe('a program that goes on', () => {
  it('is ended when the time is over', async () => {
    const {end, tookMs} = await ask(hook('echo asked; exec sleep 30'), {timeoutS: 1});
    expect(end).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/was not done within 1 s/),
      detail: 'asked',
    });
    expect(tookMs).toBeLessThan(2500);
  });

  it('has answered all the same when it had said so', async () => {
    const {end} = await ask(hook('echo answered; exec sleep 30'), {timeoutS: 1});
    expect(end).toMatchObject({ok: true});
    expect(end.ok && end.answeredAtMs - end.askedAtMs).toBeLessThan(800);
  });

  it('is ended when somebody stops it', async () => {
    const {end, tookMs} = await ask(hook('exec sleep 30'), {signal: AbortSignal.timeout(200)});
    expect(end).toMatchObject({ok: false, reason: 'The probe was stopped before an answer came.'});
    expect(tookMs).toBeLessThan(1500);
  });

  it('is not begun when somebody stopped it before', async () => {
    await ask(hook(`touch ${folder}/ran`), {signal: AbortSignal.abort()});
    expect(() => readFileSync(join(folder, 'ran'))).toThrow();
  });

  it('is forced after 3 s when it ignores SIGTERM', async () => {
    const path = hook(`trap '' TERM; echo $$ > ${folder}/pid; while :; do sleep 0.1; done`);
    const {end, tookMs} = await ask(path, {timeoutS: 1});
    expect(end.ok).toBe(false);
    expect(tookMs).toBeGreaterThan(3800);
    expect(tookMs).toBeLessThan(6000);
    expect(isAlive(pidIn('pid'))).toBe(false);
  });

  it.each([
    ['is ended', 'exec sleep 30', 1],
    ['ends by itself', 'exit 0', 10],
  ])('leaves no child behind when it %s', async (_how, last, timeoutS) => {
    await ask(hook(`sleep 300 & echo $! > ${folder}/child; ${last}`), {timeoutS});
    await sleep(50);
    expect(isAlive(pidIn('child'))).toBe(false);
  });
});

describe('a program is run only when', () => {
  it('it is there', async () => {
    expect(await runnable(join(folder, 'no'))).toEqual({reason: `${folder}/no is not there.`});
    expect(await runnable(folder)).toMatchObject({reason: expect.stringMatching(/not a plain file/)});
  });

  it('it may be executed', async () => {
    expect(await runnable(hook('', 0o644))).toMatchObject({reason: expect.stringMatching(/chmod u\+x/)});
  });

  it.each([0o775, 0o757])('others cannot write to it (%o)', async (mode) => {
    expect(await runnable(hook('', mode))).toMatchObject({reason: expect.stringMatching(/chmod go-w/)});
  });

  it('others cannot put another in its place', async () => {
    const open = join(folder, 'open');
    mkdirSync(open);
    writeFileSync(join(open, 'hook'), '', {mode: 0o755});
    chmodSync(open, 0o777);
    expect(await runnable(join(open, 'hook'))).toMatchObject({
      reason: expect.stringMatching(/can replace it/),
    });
    chmodSync(open, 0o1777);
    expect(await runnable(join(open, 'hook'))).toHaveProperty('path');
  });

  it("it is the operator's or root's", async () => {
    const path = hook('');
    expect(await runnable(path)).toHaveProperty('path');
    // Only root can give a file away; anybody else takes the part of another.
    if (process.getuid!() === 0) chownSync(path, 65_534, 65_534);
    else vi.spyOn(process, 'getuid').mockReturnValue(process.getuid!() + 1);
    const other = await runnable(path);
    vi.restoreAllMocks();
    expect(other).toMatchObject({reason: expect.stringMatching(/belongs to another user/)});
  });

  it('what a link leads to is all that', async () => {
    const path = hook('', 0o757);
    symlinkSync(path, join(folder, 'link'));
    expect(await runnable(join(folder, 'link'))).toHaveProperty('reason');
  });
});
