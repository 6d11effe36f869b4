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
import {isOwnPause, pauseMonitor} from '../../../src/plan/kinds/monitor-pause.js';
import {localHost} from '../local-host.js';

let folder: string;
let run: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failover-pause-'));
  run = join(folder, 'openclaw-failover');
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));
const pause = () => pauseMonitor(localHost(), {run, rootOnly: folder});

describe('the pause', () => {
  it('says until when, in epoch seconds, and leaves nothing else behind', async () => {
    mkdirSync(run);
    await pause();
    const [until] = readFileSync(join(run, 'pause'), 'utf8').split(' ');
    expect(Number(until) - Date.now() / 1000).toBeGreaterThan(290);
    expect(Number(until) - Date.now() / 1000).toBeLessThan(310);
    expect(lstatSync(join(run, 'pause')).mode & 0o777).toBe(0o644);
    expect(readdirSync(folder)).toEqual(['openclaw-failover']);
  });
  const inMin = (minutes: number) => Math.round(Date.now() / 1000 + minutes * 60);
  it.each([
    ['that ends later stays as it is', inMin(120), 120, 'kernel work'],
    ['that would end too early is made longer, and stays theirs', inMin(1), 5, 'kernel work'],
    ['that is over does not count', inMin(-1), 5, 'failover-wizard changes the gateway of the primary'],
  ])('of the operator %s', async (_name, until, minutes, why) => {
    mkdirSync(run);
    writeFileSync(join(run, 'pause'), `${until} kernel work\n`);
    await pause();
    const [, left, said] = /^(\d+) (.*)\n$/.exec(readFileSync(join(run, 'pause'), 'utf8'))!;
    expect(Math.abs(Number(left) - inMin(minutes))).toBeLessThan(15);
    expect(said).toBe(why);
    expect(isOwnPause(said!)).toBe(why !== 'kernel work');
    expect(readdirSync(folder)).toEqual(['openclaw-failover']);
  });
  it('is not needed where no monitor runs', async () => {
    await pause();
    expect(readdirSync(folder)).toEqual([]);
  });
  it('writes through no link that the monitor left', async () => {
    mkdirSync(run);
    const precious = join(folder, 'precious');
    writeFileSync(precious, 'as it was');
    for (const name of ['pause', 'pause.new']) symlinkSync(precious, join(run, name));
    await pause();
    expect(readFileSync(precious, 'utf8')).toBe('as it was');
    expect(lstatSync(join(run, 'pause')).isSymbolicLink()).toBe(false);
  });
});
