import {execFileSync} from 'node:child_process';
import {mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {parsePause, readPause, request, takeFile, writePause} from '../../src/monitor/control.js';
import {dropPending, readPending} from '../../src/monitor/pending.js';
import {eventLog} from '../../src/monitor/event-log.js';
import type {MonitorEvent} from '../../src/monitor/events.js';
import {oneLine, readSmall, replaceFile} from '../../src/monitor/files.js';
import type {Asked} from '../../src/monitor/evidence.js';
import {freshMemory} from '../../src/monitor/memory.js';
import {becomeTheOnlyOne} from '../../src/monitor/only-one.js';
import {parseChannel, parseReport} from '../../src/monitor/reports.js';
import {parseHandled, parseRole, readHandled, readRole, writeRole} from '../../src/monitor/role.js';
import {loadState, saveState, type Saved} from '../../src/monitor/state-file.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'monitor-files-'))));
afterEach(() => rm(folder, {recursive: true, force: true}));
const file = (name: string) => path.join(folder, name);

describe('replacing a file', () => {
  test('leaves the whole new text, readable by everybody whatever the umask, and nothing beside it', async () => {
    const umask = process.umask(0o077);
    try {
      await replaceFile(file('a'), 'one');
      await replaceFile(file('a'), 'two');
    } finally {
      process.umask(umask);
    }
    expect(await readFile(file('a'), 'utf8')).toBe('two');
    expect((await stat(file('a'))).mode & 0o777).toBe(0o644);
    expect(await readdir(folder)).toEqual(['a']);
  });

  test('a disk that takes nothing: the old text stays, the error says why', async () => {
    await mkdir(file('target'));
    await writeFile(file('target/x'), 'in the way');
    await expect(replaceFile(file('target'), 'new')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(await readdir(folder)).toEqual(['target']);
    await expect(replaceFile(file('missing/a'), 'new')).rejects.toThrow('ENOENT');
  });
});

describe('reading what others wrote', () => {
  test.each([
    ['a link', (at: string) => symlink('/etc/hostname', at)],
    ['a FIFO, without waiting for a writer', async (at: string) => void execFileSync('mkfifo', [at])],
    ['a folder', (at: string) => mkdir(at)],
    ['too much', (at: string) => writeFile(at, 'x'.repeat(100))],
    ['nothing', async () => {}],
  ])('%s is not read', async (_name, make) => {
    await make(file('x'));
    expect(await readSmall(file('x'), 64)).toBeUndefined();
  });

  test('one line without control characters', () => {
    expect(oneLine('a\u001b[31m\nb\u202e\r\u2028c')).toBe('a [31m b c');
    expect(oneLine('x'.repeat(500))).toHaveLength(200);
  });
});

describe('the state file', () => {
  const saved: Saved = {
    version: 2,
    header: '',
    time: '',
    since: '',
    boot: 'b',
    say: '',
    noTakeoverUntil: null,
    outbox: [],
    retold: {},
    memory: freshMemory(1),
  };

  test('comes back as it was', async () => {
    await saveState(file('s'), saved);
    expect(await loadState(file('s'))).toEqual({kind: 'saved', saved});
  });

  test('with answers of every kind', async () => {
    const asked: Asked[] = [
      {kind: 'refused', path: 'private', detail: ''},
      {kind: 'slow', path: 'private', detail: ''},
      ...(['other-host', 'mute', 'silent', 'unavailable'] as const).map((kind) => ({kind, detail: ''})),
    ];
    for (const one of asked) {
      const inquiry = {asked: one, publicPath: null, witness: {alive: true, by: ''}, startedMs: 1};
      // oxlint-disable-next-line no-await-in-loop
      await saveState(file('s'), {...saved, memory: {...saved.memory, inquiry}});
      // oxlint-disable-next-line no-await-in-loop
      expect((await loadState(file('s'))).kind).toBe('saved');
    }
  });

  test('none', async () => {
    expect(await loadState(file('s'))).toEqual({kind: 'none'});
  });

  const text = JSON.stringify(saved);
  const withMemory = (more: object) => JSON.stringify({...saved, memory: {...saved.memory, ...more}});
  test.each([
    ['empty', '', 'it is not JSON'],
    ['cut off', text.slice(0, -20), 'it is not JSON'],
    ['zeros, as after a power cut', '\0'.repeat(300), 'it is not JSON'],
    ['a list', '[]', 'it is not an object'],
    ['null', 'null', 'it is not an object'],
    ['a newer version', JSON.stringify({...saved, version: 3}), 'its version is 3, not 2'],
    ['no boot', JSON.stringify({...saved, boot: undefined}), 'fields are missing'],
    ['a state that does not exist', withMemory({state: 'sleeping'}), 'its memory is not complete'],
    ['a time that is text', withMemory({sinceMs: 'now'}), 'its memory is not complete'],
    ['half a takeover', withMemory({takeover: {promotingMs: 1}}), 'its memory is not complete'],
    ['promotions that are no list', withMemory({promotions: 3}), 'its memory is not complete'],
    ['a role nobody knows', withMemory({role: {want: 'root', seq: 1}}), 'its memory is not complete'],
  ])('%s: put aside, with the reason', async (_name, broken, reason) => {
    await writeFile(file('s'), broken);
    const loaded = await loadState(file('s'));
    expect(loaded).toMatchObject({kind: 'broken', reason});
    expect(await readFile((loaded as {keptAs: string}).keptAs, 'utf8')).toBe(broken);
    expect(await loadState(file('s'))).toEqual({kind: 'none'});
  });

  test('a folder in its place is put aside too', async () => {
    await mkdir(file('s'));
    expect(await loadState(file('s'))).toMatchObject({kind: 'broken', reason: 'it cannot be read'});
    await saveState(file('s'), saved);
  });
});

describe('the event log', () => {
  const event = (seq: number) => ({seq, say: 'x'.repeat(100)}) as MonitorEvent;
  const seqs = async (name: string) =>
    (await readFile(file(name), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as MonitorEvent).seq);

  test('appends lines and knows the last number', async () => {
    const log = eventLog(file('e'));
    expect(await log.lastSeq()).toBe(0);
    await log.append([event(1), event(2)]);
    await log.append([event(3)]);
    expect(await seqs('e')).toEqual([1, 2, 3]);
    expect(await log.lastSeq()).toBe(3);
    expect((await stat(file('e'))).mode & 0o777).toBe(0o644);
  });

  test('keeps three files of the size that was set, and loses nothing of the newest two', async () => {
    const log = eventLog(file('e'), 1000);
    for (let seq = 1; seq <= 40; seq++) await log.append([event(seq)]);
    expect((await readdir(folder)).toSorted()).toEqual(['e', 'e.1', 'e.2']);
    for (const name of ['e', 'e.1', 'e.2']) expect((await stat(file(name))).size).toBeLessThanOrEqual(1000);
    const all = [...(await seqs('e.2')), ...(await seqs('e.1')), ...(await seqs('e'))];
    expect(all).toEqual(Array.from({length: all.length}, (_, n) => 40 - all.length + 1 + n));
    expect(await log.lastSeq()).toBe(40);
  });

  test('right after a rotation the last number is in the older file', async () => {
    await writeFile(file('e.1'), `${JSON.stringify(event(7))}\n`);
    expect(await eventLog(file('e')).lastSeq()).toBe(7);
  });

  test('a line that a crash cut off neither counts nor swallows the next', async () => {
    await writeFile(file('e'), `${JSON.stringify(event(1))}\n{"seq":2,"sa`);
    const log = eventLog(file('e'));
    expect(await log.lastSeq()).toBe(1);
    await log.append([event(2)]);
    const lines = (await readFile(file('e'), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[2]!)).toMatchObject({seq: 2});
    expect(await log.lastSeq()).toBe(2);
  });

  test('a disk that is really full (/dev/full) is an error, not a silence', async () => {
    await symlink('/dev/full', file('e'));
    await expect(eventLog(file('e')).append([event(1)])).rejects.toThrow('ENOSPC');
  });
});

describe('the role', () => {
  test('is a word and a number', async () => {
    await writeRole(file('role'), {want: 'active', seq: 17});
    expect(await readFile(file('role'), 'utf8')).toBe('active 17\n');
    expect(await readRole(file('role'))).toEqual({want: 'active', seq: 17});
  });

  test('and a third one where what hangs is to be killed first', async () => {
    await writeRole(file('role'), {want: 'active', seq: 18, kill: true});
    expect(await readFile(file('role'), 'utf8')).toBe('active 18 kill\n');
    expect(await readRole(file('role'))).toEqual({want: 'active', seq: 18, kill: true});
  });

  test('writing the same again makes a new file: that is what wakes the path unit', async () => {
    await writeRole(file('role'), {want: 'active', seq: 17});
    const {ino} = await stat(file('role'));
    await writeRole(file('role'), {want: 'active', seq: 17});
    expect((await stat(file('role'))).ino).not.toBe(ino);
  });

  test.each([
    '',
    'active',
    'active x',
    'root 1',
    'active 1 2',
    'active 1 killed',
    'active 1; reboot',
    '-active 1',
    ' active 1',
  ])('%j is none', (text) => {
    expect(parseRole(text)).toBeUndefined();
  });

  test('what root did about it', () => {
    expect(parseHandled('standby 18 0\n')).toEqual({role: 'standby', seq: 18, code: 0});
    expect(parseHandled('standby 18')).toBeUndefined();
    expect(parseHandled('active 1 -1')).toBeUndefined();
  });

  test('what root found in the way belongs to one answer', async () => {
    await writeFile(file('handled'), 'active 17 1\n');
    await writeFile(file('why'), '17 port 18789 is held by nginx (pid 812)\n');
    const handled = {role: 'active', seq: 17, code: 1};
    expect(await readHandled(file('handled'), file('why'))).toEqual({
      ...handled,
      why: 'port 18789 is held by nginx (pid 812)',
    });
    await writeFile(file('why'), '16 of an earlier wish\n');
    expect(await readHandled(file('handled'), file('why'))).toEqual(handled);
    expect(await readHandled(file('handled'), file('none'))).toEqual(handled);
  });
});

describe('a pause', () => {
  test('is written with its end and read back', async () => {
    await mkdir(file('run'));
    await writePause(file('run/pause'), 15 * 60_000, 'setup edits\nthe primary', 1_800_000_000_000);
    expect(await readFile(file('run/pause'), 'utf8')).toBe('1800000900 setup edits the primary\n');
    expect(await readPause(file('run/pause'))).toMatchObject({
      untilMs: 1_800_000_900_000,
      why: 'setup edits the primary',
    });
  });

  test.each(['', 'soon', '12:30', '-5 x', '1e9 x', '1800000000 a\nb'])('%j is none', (text) => {
    expect(parsePause(text)).toBeUndefined();
  });

  test('a request is taken once', async () => {
    await writeFile(file('failback'), '');
    expect([await takeFile(file('failback')), await takeFile(file('failback'))]).toEqual([true, false]);
  });
});

describe('requests of an operator', () => {
  const files = () => ({failback: file('failback'), tested: file('tested'), promote: file('promote')});

  test('lie there, the same ones, until each is dropped', async () => {
    expect(await readPending(files())).toEqual([]);
    await request(file('promote'), 'a new\u001b kernel\n');
    await request(file('failback'));
    const pending = await readPending(files());
    expect(pending.map(({want, why}) => [want, why])).toEqual([
      ['failback', 'no reason given'],
      ['promote', 'a new  kernel'],
    ]);
    expect(await readPending(files())).toEqual(pending);
    for (const one of pending) await dropPending(files(), one);
    expect(await readPending(files())).toEqual([]);
  });

  test('a newer one is another, and is not dropped with the old one', async () => {
    await request(file('promote'), 'one');
    const [old] = await readPending(files());
    await request(file('promote'), 'two');
    await dropPending(files(), old!);
    const [newer] = await readPending(files());
    expect(newer).toMatchObject({want: 'promote', why: 'two'});
    expect(newer!.id).not.toBe(old!.id);
  });
});

describe('reports of the jobs', () => {
  test('of the right form', () => {
    const text = JSON.stringify({at: '2026-11-20T14:05:46.740Z', result: 'kept', detail: 'failover/a'});
    expect(parseReport('handback', text)).toEqual({
      job: 'handback',
      at: '2026-11-20T14:05:46.740Z',
      result: 'kept',
      detail: 'failover/a',
    });
    expect(parseChannel('{"connected":true,"seq":4,"detail":"x\\u001b[2J"}')).toEqual({
      connected: true,
      seq: 4,
      detail: 'x [2J',
    });
  });

  test.each([
    undefined,
    '',
    'null',
    '[]',
    '{"at":5,"result":"kept"}',
    '{"at":"2026-11-20","result":"../x"}',
    '{"at":"now","result":"kept"}',
  ])('%j is none', (text) => {
    expect(parseReport('sync', text)).toBeUndefined();
  });

  test.each(['{"connected":"yes","seq":1}', '{"connected":true}', '{"connected":true,"seq":1.5}', 'x'])(
    '%j says nothing of a channel',
    (text) => {
      expect(parseChannel(text)).toBeUndefined();
    },
  );
});

describe('one monitor on a host', () => {
  test('the second is refused with the process of the first; after a crash the name is free', async () => {
    const first = await becomeTheOnlyOne(file('sock'));
    await expect(becomeTheOnlyOne(file('sock'))).rejects.toThrow(
      `Another monitor runs on this host already (process ${process.pid}).`,
    );
    await new Promise((resolve) => first.close(resolve));
    // What a killed process leaves behind: the file, and nobody at the other end.
    execFileSync('python3', [
      '-c',
      `import socket,sys;s=socket.socket(socket.AF_UNIX);s.bind(sys.argv[1])`,
      file('sock'),
    ]);
    const next = await becomeTheOnlyOne(file('sock'));
    next.close();
  });
});
