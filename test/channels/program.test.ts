import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {loadPrograms} from '../../src/templates/programs.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = join(root, 'dist/programs/accounts.mjs');
const token = '123456789:AAdummydummydummydummydummydummydumm';
const password = 'irc-password-of-the-bot';
let dir: string;

beforeAll(() => {
  const built = spawnSync(process.execPath, [join(root, 'bin/bundle.mjs')], {encoding: 'utf8'});
  expect(built.status, built.stderr).toBe(0);
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'program-'));
  mkdirSync(join(dir, '.openclaw'));
  writeFileSync(join(dir, 'split.key'), 'persistent key\n');
  config({irc: {accounts: {backup: {host: 'h', nick: 'n', password}}}});
});
afterEach(() => rmSync(dir, {recursive: true, force: true}));

function config(channels: object): void {
  writeFileSync(join(dir, '.openclaw/openclaw.json'), JSON.stringify({channels}));
}

function run(mode: string, env: Record<string, string> = {}) {
  const args = [program, mode, '--config', join(dir, '.openclaw/openclaw.json'), '--home', dir];
  const places = ['--approved', join(dir, 'approved.json'), '--key', join(dir, 'split.key')];
  return spawnSync(process.execPath, [...args, ...places], {encoding: 'utf8', env, cwd: dir});
}

function approve(): void {
  const ran = run('approve');
  expect(ran.stderr).toBe('');
  writeFileSync(join(dir, 'approved.json'), ran.stdout);
}

describe('the guard of the standby', () => {
  it('lets the approved account start, and the approval holds no secret', () => {
    approve();
    expect(run('guard')).toMatchObject({status: 0, stdout: '', stderr: ''});
    expect(run('approve').stdout).not.toContain(password);
    expect(JSON.parse(run('approve').stdout)).toMatchObject({
      version: 1,
      accounts: [{channel: 'irc', account: 'backup'}],
    });
  });

  it.each<[string, object, Record<string, string>, RegExp]>([
    [
      'another account',
      {telegram: {botToken: token}},
      {},
      /^The telegram account "default" \(bot 123456789\) is not in the approved split/,
    ],
    [
      'another nick',
      {irc: {accounts: {backup: {host: 'h', nick: 'other', password}}}},
      {},
      /^The irc account "backup" \(other@h:6697\) is not in/,
    ],
    [
      'another credential',
      {irc: {accounts: {backup: {host: 'h', nick: 'n', password: 'new'}}}},
      {},
      /has a password that is not in/,
    ],
    [
      'an account from the environment',
      {irc: {accounts: {backup: {host: 'h', nick: 'n', password}}}},
      {TELEGRAM_BOT_TOKEN: token},
      /telegram account "default"/,
    ],
    [
      'one that cannot be compared',
      {discord: {token: {source: 'exec', provider: 'p', id: 'x'}}},
      {},
      /cannot be compared/,
    ],
  ])('refuses %s in one sentence', (_, channels, env, sentence) => {
    approve();
    config(channels);
    const ran = run('guard', env);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toMatch(sentence);
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
    expect(ran.stderr).not.toContain(token);
  });

  it('lets a sleeping gateway start only with a config that logs nobody in', () => {
    approve();
    const live = (tree: object) => writeFileSync(join(dir, '.openclaw/live.json'), JSON.stringify(tree));
    const guard = (...more: string[]) =>
      spawnSync(
        process.execPath,
        [program, 'guard', ...more, '--config', join(dir, '.openclaw/live.json'), '--home', dir].concat([
          '--approved',
          join(dir, 'approved.json'),
          '--key',
          join(dir, 'split.key'),
        ]),
        {encoding: 'utf8', env: {}, cwd: dir},
      );
    live({$include: './openclaw.json', channels: {irc: {enabled: false}}});
    expect(guard('--asleep')).toMatchObject({status: 0, stderr: ''});
    live({$include: './openclaw.json'});
    expect(guard('--asleep')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^The irc account "backup".* is enabled, and the standby is asleep\./),
    });
    expect(guard()).toMatchObject({status: 0});
  });

  it('allows what is switched off, and another name for the approved login', () => {
    approve();
    config({
      irc: {
        accounts: {renamed: {host: 'h', nick: 'n', password}, off: {host: 'h', nick: 'x', enabled: false}},
      },
    });
    expect(run('guard').status).toBe(0);
  });

  it.each([
    ['without an approved split', () => undefined, /approved split .* cannot be read \(ENOENT\)/],
    ['with a broken one', () => writeFileSync(join(dir, 'approved.json'), '{'), /cannot be checked/],
    [
      'with one of another format',
      () => writeFileSync(join(dir, 'approved.json'), '{"version":2}'),
      /another format/,
    ],
  ])('refuses %s', (_, prepare, sentence) => {
    prepare();
    expect(run('guard')).toMatchObject({status: 1, stderr: expect.stringMatching(sentence)});
  });

  it('refuses when the config or the key is gone', () => {
    approve();
    rmSync(join(dir, '.openclaw/openclaw.json'));
    expect(run('guard')).toMatchObject({status: 1, stderr: expect.stringMatching(/does not exist/)});
    rmSync(join(dir, 'split.key'));
    expect(run('guard')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/split\.key cannot be read/),
    });
  });

  it('does not approve what nobody can recognise', () => {
    config({discord: {token: '${NOT_SET}'}});
    expect(run('approve')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/cannot be approved: .*NOT_SET/),
    });
  });
});

it('the bundles are what the installation hands out, each a single file that says what wrote it', () => {
  const {accounts, monitor} = loadPrograms();
  expect(accounts).toBe(readFileSync(program, 'utf8'));
  for (const text of [accounts, monitor]) {
    expect(text).toMatch(/^\/\/ .* written by failover-wizard \d+\.\d+\.\d+, replaced by its next setup/);
    expect(text).not.toMatch(/^import .* from ["'](?!node:)/m);
  }
});

it('an unknown mode is a usage error', () => {
  expect(run('frobnicate')).toMatchObject({status: 2, stderr: expect.stringMatching(/^usage:/)});
});
