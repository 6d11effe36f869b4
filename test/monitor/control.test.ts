import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {setupsReason} from '../../src/monitor/control.js';
import {ask, type Request} from '../../src/monitor/hand/requests.js';
import {monitorPaths} from '../../src/monitor/paths.js';

let root: string;
let paths: ReturnType<typeof monitorPaths>;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'failover-ask-'));
  paths = monitorPaths(root);
  mkdirSync(join(root, 'run'));
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const wallMs = 1_800_000_000_000;
const inMin = (minutes: number) => wallMs / 1000 + minutes * 60;
const asks = (request: Request) => ask(paths, request, wallMs);
const pauseFile = () => readFileSync(paths.pause, 'utf8');

describe('a request', () => {
  beforeEach(() => mkdirSync(paths.run));

  it.each<[Request, string, string]>([
    [{name: 'pause', ms: 90_000, why: 'disk\nswap\u0007'}, 'pause', `${inMin(1.5)} disk swap\n`],
    [{name: 'pause', ms: 90_000, why: ' '}, 'pause', `${inMin(1.5)} no reason given\n`],
    [{name: 'hold', ms: 300_000}, 'pause', `${inMin(5)} ${setupsReason}\n`],
    [{name: 'promote', why: 'it hangs'}, 'promote', 'it hangs\n'],
    [{name: 'demote'}, 'failback', ''],
    [{name: 'tested'}, 'tested', ''],
  ])('%j is a file that the monitor can read, and nothing else stays behind', async (request, name, text) => {
    expect(await asks(request)).toBe(true);
    expect(readFileSync(join(paths.run, name), 'utf8')).toBe(text);
    expect(lstatSync(join(paths.run, name)).mode & 0o777).toBe(0o644);
    expect(readdirSync(paths.run)).toEqual([name]);
    expect(readdirSync(join(root, 'run'))).toEqual(['openclaw-failover']);
  });

  it('that was not heard can be taken back, once', async () => {
    await asks({name: 'promote', why: ''});
    expect(await asks({name: 'withdraw', what: 'promote'})).toBe(true);
    expect(await asks({name: 'withdraw', what: 'promote'})).toBe(false);
    expect(readdirSync(paths.run)).toEqual([]);
  });

  it('is written through no link that the monitor left', async () => {
    const precious = join(root, 'precious');
    writeFileSync(precious, 'as it was');
    symlinkSync(precious, paths.pause);
    await asks({name: 'hold', ms: 300_000});
    expect(readFileSync(precious, 'utf8')).toBe('as it was');
    expect(lstatSync(paths.pause).isSymbolicLink()).toBe(false);
  });
});

it.each<[Request]>([
  [{name: 'hold', ms: 300_000}],
  [{name: 'promote', why: ''}],
  [{name: 'resume'}],
  [{name: 'release'}],
])('%j does nothing where no monitor has run', async (request) => {
  expect(await asks(request)).toBe(false);
  expect(readdirSync(join(root, 'run'))).toEqual([]);
});

describe("setup's own pause", () => {
  beforeEach(() => mkdirSync(paths.run));
  it.each([
    ['that ends later stays as it is', inMin(120), `${inMin(120)} kernel work\n`],
    ['that would end too early is made longer, and stays theirs', inMin(1), `${inMin(5)} kernel work\n`],
    ['that is over does not count', inMin(-1), `${inMin(5)} ${setupsReason}\n`],
  ])('beside one of the operator %s', async (_name, until, after) => {
    writeFileSync(paths.pause, `${until} kernel work\n`);
    await asks({name: 'hold', ms: 300_000});
    expect(pauseFile()).toBe(after);
  });
  it('is begun anew by the next step', async () => {
    writeFileSync(paths.pause, `${inMin(4)} ${setupsReason}\n`);
    await asks({name: 'hold', ms: 300_000});
    expect(pauseFile()).toBe(`${inMin(5)} ${setupsReason}\n`);
  });
  it("is ended by setup, and the operator's is not", async () => {
    await asks({name: 'hold', ms: 300_000});
    await asks({name: 'release'});
    expect(readdirSync(paths.run)).toEqual([]);
    await asks({name: 'pause', ms: 300_000, why: 'failover-wizard is to be updated'});
    await asks({name: 'release'});
    expect(pauseFile()).toContain('failover-wizard is to be updated');
    expect(await asks({name: 'resume'})).toBe(true);
    expect(readdirSync(paths.run)).toEqual([]);
  });
});
