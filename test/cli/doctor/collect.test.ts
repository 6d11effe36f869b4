import {chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {freeBytesAt, readFolder, readPairs} from '../../../src/cli/doctor/collect/kept.js';
import {isWsl, readDesktop, readNode} from '../../../src/cli/doctor/collect/machine.js';
import {agentOf} from '../../../src/cli/doctor/collect/ssh.js';
import {readTerminal} from '../../../src/cli/doctor/collect/terminal.js';
import {runPiped} from '../whole-program.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterEach(() => rmSync(home, {recursive: true}));

describe('the agent, by what ssh-add -l said', () => {
  it.each([
    [
      'no ssh-add',
      {ok: false, missing: 'ENOENT', stdout: '', why: 'there is no ssh-add'},
      {state: 'unasked'},
    ],
    [
      'keys',
      {
        ok: true,
        stdout:
          '256 SHA256:a me@laptop (ED25519)\n256 SHA256:b key with (blanks) (ED25519-SK)\n3072 SHA256:c old (RSA)\n',
        why: '',
      },
      {state: 'answers', types: ['ED25519', 'ED25519-SK', 'RSA']},
    ],
    ['none', {ok: false, stdout: 'The agent has no identities.\n', why: 'x'}, {state: 'answers', types: []}],
    [
      'nobody',
      {ok: false, stdout: '', why: 'Error connecting to agent: No such file or directory'},
      {state: 'silent', why: 'Error connecting to agent: No such file or directory'},
    ],
    [
      'a hang',
      {ok: false, missing: 'timeout', stdout: '', why: 'ssh-add did not answer'},
      {state: 'silent', why: 'ssh-add did not answer'},
    ],
  ])('%s', (_name, said, expected) => {
    expect(agentOf(said)).toEqual(expected);
  });
});

describe('the terminal', () => {
  const streams = {
    stdin: {isTTY: true},
    stdout: {isTTY: true, columns: 80, rows: 24, getColorDepth: () => 8},
    stderr: {isTTY: true},
  };
  it.each([
    [{LANG: 'C'}, {locale: 'C'}],
    [{LANG: 'C', LC_CTYPE: 'de_DE.UTF-8'}, {locale: 'de_DE.UTF-8'}],
    [{LANG: 'C', LC_CTYPE: 'x', LC_ALL: 'en.UTF-8'}, {locale: 'en.UTF-8'}],
    [{LC_ALL: '', LANG: 'C.UTF-8'}, {locale: 'C.UTF-8'}],
    [{}, {locale: undefined, term: undefined, inside: undefined, noColour: false}],
    [
      {TMUX: '/tmp/x', TERM: 'tmux-256color'},
      {inside: 'tmux', term: 'tmux-256color'},
    ],
    [{STY: '1.x'}, {inside: 'screen'}],
    [{NO_COLOR: '1'}, {noColour: true}],
    [{FORCE_COLOR: '0'}, {noColour: true}],
    [{WT_SESSION: 'x'}, {windowsTerminal: true}],
  ])('%j', (env, expected) => {
    expect(readTerminal(streams, env)).toMatchObject({
      interactive: true,
      columns: 80,
      rows: 24,
      colourBits: 8,
      ...expected,
    });
  });
  it('is none when one of the three streams is not', () => {
    expect(readTerminal({...streams, stdin: {}}, {}).interactive).toBe(false);
  });
});

describe('folders', () => {
  it('one that is not there can be made where the nearest one can be written', async () => {
    expect(await readFolder('config', join(home, 'a', 'b', 'c'))).toMatchObject({
      mode: undefined,
      refused: undefined,
      open: [],
    });
    expect(readdirSync(home)).toEqual([]);
  });
  it('names the files that others may read', async () => {
    mkdirSync(join(home, 'pairs', 'lab'), {recursive: true, mode: 0o700});
    writeFileSync(join(home, 'pairs', 'lab', 'pair.json'), '{}', {mode: 0o600});
    writeFileSync(join(home, 'pairs', 'lab', 'open'), '{}');
    chmodSync(join(home, 'pairs', 'lab', 'open'), 0o644);
    const {open, mode} = await readFolder('config', home);
    expect(open.map((path) => path.split('/').at(-1))).toEqual(['open']);
    expect(mode).toBe(statSync(home).mode & 0o777);
  });
  it('a file in its place', async () => {
    writeFileSync(join(home, 'state'), '', {mode: 0o700});
    expect((await readFolder('state', join(home, 'state'))).refused).toMatch(/no folder/);
  });
  it('below a file', async () => {
    writeFileSync(join(home, 'file'), '');
    expect((await readFolder('state', join(home, 'file', 'state'))).refused).toBeDefined();
  });
  it('free bytes are asked of what is there', async () => {
    expect(await freeBytesAt(join(home, 'not', 'there'))).toBeGreaterThan(0);
  });
});

it('pairs: valid, broken and begun ones', async () => {
  const pairs = {
    valid:
      '{"primary":{"ssh":"a@b"},"standby":{"ssh":"c@d","identityFile":"~/k"},"channel":{"type":"irc"},"model":{"primary":"a/b"}}',
    cut: '{"pri',
    old: '{}',
  };
  for (const [name, text] of Object.entries({...pairs, begun: ''})) {
    mkdirSync(join(home, 'pairs', name), {recursive: true});
    if (text !== '') writeFileSync(join(home, 'pairs', name, 'pair.json'), text);
  }
  expect(await readPairs({config: home, state: home})).toEqual([
    {name: 'begun', state: 'begun'},
    {
      name: 'cut',
      state: 'broken',
      why: expect.stringMatching(/not valid JSON/) as string,
      next: [expect.any(String)],
    },
    {
      name: 'old',
      state: 'broken',
      why: expect.stringMatching(/primary\.ssh: is missing; standby\.ssh/) as string,
      next: [expect.any(String)],
    },
    {name: 'valid', state: 'valid', primary: {ssh: 'a@b'}, standby: {ssh: 'c@d', identityFile: '~/k'}},
  ]);
});

it('the machine', async () => {
  expect(await readNode()).toMatchObject({version: process.versions.node, fits: true});
  expect(isWsl('linux', '5.15.167.4-microsoft-standard-WSL2')).toBe(true);
  expect(isWsl('linux', '6.1.0-debian')).toBe(false);
  expect(isWsl('win32', 'microsoft')).toBe(false);
  expect(await readDesktop('linux', {PATH: home})).toEqual({there: false, helper: undefined});
  writeFileSync(join(home, 'notify-send'), '', {mode: 0o755});
  expect(await readDesktop('linux', {PATH: `/nowhere:${home}`, DISPLAY: ':0'})).toEqual({
    there: true,
    helper: 'notify-send',
  });
});

describe('the whole program', () => {
  it('in a bare environment it looks, says what it found, and leaves nothing behind', async () => {
    const {code, stdout, stderr} = await runPiped(['doctor'], {home, env: {TERM: '', PATH: '/nowhere'}});
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/tip {6}There is no ssh program/);
    expect(stdout).toMatch(/tip {6}There is no git/);
    expect(stdout).toMatch(/No problems, \d tips\.\n$/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(readdirSync(home)).toEqual([]);
  });

  it('as JSON, with exit code 3 for a problem', async () => {
    mkdirSync(join(home, '.config', 'failover-wizard', 'pairs', 'lab'), {recursive: true});
    writeFileSync(join(home, '.config', 'failover-wizard', 'pairs', 'lab', 'pair.json'), '{');
    const {code, stdout} = await runPiped(['doctor', '--json'], {home});
    const said = JSON.parse(stdout) as {
      ok: boolean;
      findings: {about: string; level: string; next: string | null}[];
    };
    expect({code, ok: said.ok}).toEqual({code: 3, ok: false});
    expect(said.findings).toContainEqual(
      expect.objectContaining({about: 'pairs', level: 'problem', next: expect.any(String) as string}),
    );
  });

  it.each([
    [['doctor', 'root@a'], /Without --connect no host is contacted/],
    [['doctor', 'a b', '--connect'], /does not name a host/],
    [['doctor', '--pair', 'nope'], /no pair called nope/],
  ])('%j is a usage error', async (args, sentence) => {
    const {code, stdout, stderr} = await runPiped(args, {home});
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(sentence);
  });
});
