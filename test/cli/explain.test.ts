import {copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {layout} from '../../src/templates/layout.js';
import {folderOf} from '../explain/recorded.js';
import {MonitoredStandby} from './monitored-standby.js';
import {runPiped} from './whole-program.js';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'operator-'));
});
afterAll(() => rmSync(home, {recursive: true, force: true}));

const explain = (...args: string[]) => runPiped(['explain', ...args], {home, env: {TZ: 'UTC'}});
const stopped = folderOf('stopped');

describe('explain --file', () => {
  it('explains the newest story of a copied log, without a pair and without a host', async () => {
    const {code, stdout, stderr} = await explain('--file', join(stopped, 'events.jsonl'));
    expect(stdout).toMatch(
      /^The standby gave back: decided 30 s after the primary answered again\.\nFri 15 Jan 2027, /,
    );
    expect(stdout).toContain('From the events and the record, decided again here with the same result.');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
  });

  it('takes a folder as well, and the event that is meant', async () => {
    const {code, stdout} = await explain('promoting', '--file', stopped);
    expect(stdout).toMatch(
      /^The standby took over, 31 s after the first bad probe: its unit was stopped\ncleanly\.\n/,
    );
    expect(stdout).toContain('Why it took over, and why then\n  +31 s      08:00:51  ');
    expect(code).toBe(0);
  });

  it('with other settings it shows both outcomes side by side', async () => {
    const {code, stdout} = await explain('--what-if', 'holds.stopped=10s', '--file', stopped);
    expect(stdout).toMatch(/^ +as it was +with holds\.stopped=10s\n/);
    expect(stdout).toMatch(/^08:00:20 15 Jan +verdict at \+31 s: stopped +verdict at \+11 s: stopped$/m);
    expect(stdout.replaceAll('\n', ' ')).toContain('done after another decision is not known.');
    expect(code).toBe(0);
  });

  it('with an event it compares that story alone; one that holds no verdict is said', async () => {
    const {stdout} = await explain('demoted', '--what-if', 'fail=4', '--file', stopped);
    expect(stdout).toBe('The record holds no suspicion here that fail=4 could change.\n');
  });

  it('says of a file that is no log what is to be copied', async () => {
    const other = join(home, 'notes.txt');
    writeFileSync(other, 'buy milk\n');
    const {code, stdout, stderr} = await explain('--file', other);
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(/notes\.txt holds no event of a monitor\.[^]*events\.jsonl from the standby/);
  });

  it('--json is one object', async () => {
    const {code, stdout} = await explain('promoting', '--json', '--what-if', 'fail=4', '--file', stopped);
    expect(JSON.parse(stdout)).toMatchObject({
      pair: null,
      story: {kind: 'suspicion', ending: 'taken-over', recorded: true, faithful: true, firstSeq: 2},
      whatIf: {
        settings: 'fail=4',
        compared: [{was: {kind: 'verdict', atMs: 31_000}, would: {kind: 'verdict', reason: 'classic'}}],
      },
    });
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(0);
  });

  it('an older file beside it is read first', async () => {
    const folder = join(home, 'rotated');
    mkdirSync(folder);
    const lines = readFileSync(join(stopped, 'events.jsonl'), 'utf8').split(/(?<=\n)/);
    writeFileSync(join(folder, 'events.jsonl.1'), lines.slice(0, 3).join(''));
    writeFileSync(join(folder, 'events.jsonl'), lines.slice(3).join(''));
    const {stdout} = await explain('suspected', '--file', folder);
    expect(stdout).toMatch(/^The standby took over/);
    expect(stdout.replaceAll('\n', ' ')).toContain('From the events alone: there is no record');
  });

  it('what a host wrote into it moves no cursor, and lines that are none are left out', async () => {
    const folder = join(home, 'hostile');
    mkdirSync(folder);
    const text = readFileSync(join(stopped, 'events.jsonl'), 'utf8').replaceAll(
      'ECONNREFUSED',
      '\\u001b[2J\\u202eEVIL',
    );
    writeFileSync(join(folder, 'events.jsonl'), `{"time":"x"}\n[1,\n${text}{"cut`);
    copyFileSync(join(stopped, 'record.jsonl'), join(folder, 'record.jsonl'));
    writeFileSync(
      join(folder, 'record.jsonl.1'),
      '{"on":"begin","version":1,"memory":{"__proto__":{}}}\n{"on":"heard"}\n',
    );
    const {code, stdout} = await explain('promoting', '--file', folder);
    expect(stdout).toContain('EVIL');
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
    expect(code).toBe(0);
  });

  it.each([
    [['nonsense', '--file', stopped], 'No event called "nonsense" is in the log.'],
    [['--file', '/no/such/file'], 'There is no file /no/such/file that could be read.'],
    [['--what-if', 'fial=4', '--file', stopped], '--what-if does not know "fial".'],
    [['--what-if', 'holds.hung=2h', '--file', stopped], 'No monitor would take over holds.hung=2h'],
  ])('%j is a usage error', async (args, sentence) => {
    const {code, stdout, stderr} = await explain(...args);
    expect(stderr).toContain(sentence);
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
  });
});

describe('explain over SSH', () => {
  let standby: MonitoredStandby;
  let answers: string;
  beforeAll(async () => {
    standby = await MonitoredStandby.start();
    const keyFile = join(home, 'key');
    writeFileSync(keyFile, standby.key.text, {mode: 0o600});
    answers = join(home, 'pair.json');
    const {port, fingerprint} = standby.server;
    const pair = {
      // Nobody listens there: the primary is gone, and is not asked.
      primary: {ssh: 'root@127.0.0.1:1', identityFile: keyFile},
      standby: {ssh: `root@127.0.0.1:${port}`, identityFile: keyFile, hostKey: fingerprint},
      channel: {type: 'irc', account: 'backup'},
      model: {primary: 'stub/stub'},
    };
    writeFileSync(answers, JSON.stringify(pair));
    writeFileSync(
      join(home, 'away.json'),
      JSON.stringify({...pair, standby: {...pair.standby, ssh: 'root@127.0.0.1:1'}}),
    );
  }, 30_000);
  afterAll(() => standby.stop());

  it('a monitor that has seen nothing yet is no error', async () => {
    const {code, stdout} = await explain('--answers', answers, '--no-input');
    expect(stdout).toBe('Nothing was suspected, taken over or given back yet.\n');
    expect(code).toBe(0);
    const asJson = await explain('--answers', answers, '--no-input', '--json');
    expect(JSON.parse(asJson.stdout)).toEqual({pair: 'default', story: null});
  }, 20_000);

  it('reads the events and the record of the standby', async () => {
    for (const [name, file] of [
      ['events.jsonl', layout.events],
      ['record.jsonl', layout.record],
    ] as const)
      copyFileSync(join(stopped, name), standby.below(file));
    const {code, stdout} = await explain('promoting', '--answers', answers, '--no-input');
    expect(stdout).toContain('· pair default · events 2 to 7');
    expect(stdout).toContain('From the events and the record');
    expect(code).toBe(0);
  }, 20_000);

  it('a standby that cannot be reached is exit 4', async () => {
    const {code} = await explain('--answers', join(home, 'away.json'), '--no-input');
    expect(code).toBe(4);
  }, 20_000);
});
