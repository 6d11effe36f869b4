import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {spawn, spawnSync} from 'node:child_process';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {Abort} from '../../src/errors.js';
import {halfDoneWords} from '../../src/drill/half-done.js';
import {
  dropRecord,
  isRunning,
  loadRecord,
  parseMark,
  saveRecord,
  type DrillRecord,
} from '../../src/drill/record.js';
import {workspaceNow} from '../../src/drill/workspace.js';
import {timeOfDay} from '../../src/screens/format.js';
import {behindBy2, primaryHost, standbyHost} from '../screens/watch/model/sample-parts.js';
import {wellSample} from '../screens/watch/model/samples.js';

const startedMs = Date.parse('2026-11-20T14:00:00.000Z');
const record = (change: Partial<DrillRecord> = {}): DrillRecord => ({
  version: 1,
  id: '2026-11-20T1400',
  pair: 'home',
  fault: 'hang',
  startedAt: new Date(startedMs).toISOString(),
  who: 'anna',
  machine: 'desk',
  pid: 4711,
  faultAtMs: startedMs + 12_000,
  stoppingMs: null,
  revertAtMs: startedMs + 610_000,
  targets: {rtoMs: 60_000, rtoFrom: 'promise', rpoMs: null},
  checks: [],
  forced: false,
  workspace: {rpoMs: 90_000, behind: 1, dirty: 2},
  ...change,
});

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-'));
  path = join(folder, 'home', 'drill.json');
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

describe('the record of a drill that is under way', () => {
  it('holds without what it had come to, where that cannot be read', async () => {
    const soFar = {
      marks: [],
      proofs: [],
      problems: ['x'.repeat(5000)],
      notes: [],
      stopped: null,
      concluded: true,
    };
    await saveRecord(path, record({soFar}));
    expect((await loadRecord(path))?.soFar?.problems).toEqual(['x'.repeat(2000)]);
    const broken = {...soFar, marks: [{id: 'no-stage', atMs: 1, note: ''}]};
    writeFileSync(path, JSON.stringify({...record(), soFar: broken}));
    expect(await loadRecord(path)).toEqual(record());
  });

  it('is what was saved, for the operator alone, until it is dropped', async () => {
    await saveRecord(path, record());
    expect(await loadRecord(path)).toEqual(record());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await dropRecord(path);
    expect(existsSync(path)).toBe(false);
    expect(await loadRecord(path)).toBeUndefined();
    await dropRecord(path);
  });

  it.each([
    ['half of one', '{"version":1,'],
    ['another version', JSON.stringify({...record(), version: 2})],
    ['an ID that leaves its folder', JSON.stringify(record({id: '../../x'}))],
    ['a fault that there is not', JSON.stringify({...record(), fault: 'fire'})],
    ['nothing', ''],
  ])('is none where the file holds %s', async (_, text) => {
    mkdirSync(join(folder, 'home'));
    writeFileSync(path, text);
    expect(await loadRecord(path)).toBeUndefined();
  });

  it('that cannot be written is an error: nothing is broken that nobody would remember', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(saveRecord(join(folder, 'file', 'drill.json'), record())).rejects.toBeInstanceOf(Abort);
  });

  it('steers no terminal', async () => {
    mkdirSync(join(folder, 'home'));
    writeFileSync(path, JSON.stringify(record({who: 'a\u001b[31mb'})));
    expect((await loadRecord(path))?.who).not.toContain('\u001b');
    expect(readFileSync(path, 'utf8')).toContain('\\u001b');
    chmodSync(path, 0o600);
  });
});

describe('whoever began it', () => {
  const startedAt = new Date().toISOString();
  /** Another process, of this name. */
  const another = (name: string) => spawn('/bin/sh', ['-c', 'sleep 5; :', name], {stdio: 'ignore'});

  it('runs, as long as its process is there', () => {
    const child = another('failover-wizard');
    expect(isRunning({pid: child.pid!, startedAt})).toBe(true);
    // What began before this machine did is gone, whoever has its number now.
    expect(isRunning({pid: child.pid!, startedAt: '2001-01-01T00:00:00.000Z'})).toBe(false);
    child.kill();
  });
  it('is gone where another program has its number', () => {
    const child = another('editor');
    expect(isRunning({pid: child.pid!, startedAt})).toBe(false);
    child.kill();
  });
  it('is gone when that is', () => {
    const {pid} = spawnSync('true');
    expect(isRunning({pid: pid!, startedAt})).toBe(false);
  });
  it('is nobody else when it is this process', () =>
    expect(isRunning({pid: process.pid, startedAt})).toBe(false));
});

describe('a mark on the primary', () => {
  const mark = {
    id: 'x-1',
    fault: 'stop',
    startedAt: '2026-11-20T14:00:00.000Z',
    who: 'anna',
    machine: 'desk',
  };
  it('is whose drill it is', () => expect(parseMark(JSON.stringify(mark))).toEqual(mark));
  it.each([
    '',
    '{}',
    '[]',
    'null',
    JSON.stringify({...mark, startedAt: 'yesterday'}),
    JSON.stringify({...mark, who: 'x'.repeat(201)}),
  ])('%j is none', (text) => expect(parseMark(text)).toBeUndefined());
});

describe('what is told of a drill that was cut off', () => {
  const at = timeOfDay(startedMs + 610_000);
  it.each<[string, Partial<DrillRecord>, number, string]>([
    ['in time', {}, 120_000, `The primary undoes it by itself at ${at}.`],
    [
      'after it was taken back',
      {
        soFar: {
          marks: [{id: 'undone', atMs: startedMs + 60_000, note: ''}],
          proofs: [],
          problems: [],
          notes: [],
          stopped: null,
          concluded: true,
        },
      },
      120_000,
      'Its fault was taken back already; what came of it was not seen.',
    ],
    [
      'without a timer',
      {revertAtMs: null},
      120_000,
      'The primary is well; whether the standby is at rest was not seen.',
    ],
    ['later', {}, 3_600_000, `The primary was to undo it by itself at ${at}.`],
    [
      'before its fault',
      {faultAtMs: null},
      120_000,
      'Whether anything was broken is not known here; what the hosts say is looked at.',
    ],
  ])('%s', (_, change, ms, second) => {
    const [first, ...rest] = halfDoneWords(record(change), startedMs + ms);
    expect(first).toMatch(
      /^A drill \(hang\) that began (?:2 min|1 h) ago, at \d\d:\d\d:\d\d, did not come to its end\.$/,
    );
    expect(rest).toEqual([second]);
  });
});

describe('what a standby that takes over would start from', () => {
  const primary = primaryHost();
  const there = {...(primary.workspace as object), dirty: 3, syncAgeMs: 150_000} as typeof behindBy2;
  const complete = {...behindBy2, behind: {commits: 0, atLeast: false}} as typeof behindBy2;
  it.each([
    ['the newest push, where it has every commit', complete, 150_000, 0],
    ['its newest commit, where it lacks some', behindBy2, 900_000, 2],
    ['what the outlook says, where nobody counted', {...behindBy2, behind: null}, 180_000, null],
  ])('is as old as %s', (_, here, rpoMs, behind) => {
    const sample = wellSample({
      primary: {...primary, workspace: there},
      standby: standbyHost({workspace: here}),
    });
    expect(workspaceNow(sample)).toEqual({rpoMs, behind, dirty: 3});
  });

  it.each([
    ['the newest push of a complete copy', complete, {unknown: 'not told yet'}],
    ['the newest commit of another', {...behindBy2, commitAgeMs: null}, there],
  ])('is of no age that is known where %s is not', (_, here, pushed) => {
    const sample = wellSample({
      primary: {...primary, workspace: pushed},
      standby: standbyHost({workspace: here}),
    });
    expect(workspaceNow(sample).rpoMs).toBeNull();
  });

  it.each([
    ['nothing was told', {unknown: 'not told yet'}],
    ['there is none', null],
  ])('is not known where %s', (_, workspace) => {
    const sample = wellSample({
      primary: primaryHost({workspace}),
      standby: standbyHost({workspace}),
      outlook: null,
    });
    expect(workspaceNow(sample)).toEqual({rpoMs: null, behind: null, dirty: null});
  });
});
