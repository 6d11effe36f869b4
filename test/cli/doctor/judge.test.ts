import {describe, expect, it} from 'vitest';
import {judge} from '../../../src/cli/doctor/judge.js';
import type {HostReading} from '../../../src/cli/doctor/readings.js';
import {bad, counted, lineOf} from '../../../src/cli/doctor/words.js';
import {textOf} from '../../../src/screens/line.js';
import {readingsOf} from './readings-of.js';

type Changed = Parameters<typeof readingsOf>[0];
const findings = (changed: Changed) => judge(readingsOf(changed)).flatMap((area) => area.findings);
/** What is not well, and how bad. */
const amiss = (changed: Changed) =>
  findings(changed)
    .filter(({level}) => level !== 'ok')
    .map(({level, about, sentence}) => `${level} ${about}: ${sentence}`);

it('finds nothing where all is well', () => {
  expect(amiss({})).toEqual([]);
  expect(counted(judge(readingsOf()))).toBe('All is well.');
});

describe('this machine', () => {
  it.each<[string, Changed, string[]]>([
    [
      'an old Node',
      {node: {version: '20.1.0', fits: false}},
      ['problem node: Node.js 20.1.0 is not one of ^24.'],
    ],
    ['no git', {git: undefined}, [expect.stringMatching(/^tip git: There is no git/) as string]],
    ['a full disk', {freeBytes: 1e6}, ['problem disk: 0 MB are free for logs and reports.']],
    ['a disk that is nearly full', {freeBytes: 100e6}, ['tip disk: 95 MB are free for logs and reports.']],
    ['a system that says nothing of its disk', {freeBytes: undefined}, []],
    [
      'a clock in 1970',
      {clock: {nowMs: 0}},
      ['problem clock: The clock says 1970-01-01T00:00:00Z, which cannot be.'],
    ],
    [
      'a clock that nothing sets',
      {clock: {synchronised: false}},
      ['tip clock: The clock says 2026-11-27T00:00:00Z, and nothing sets it.'],
    ],
    ['WSL', {wsl: true}, []],
    [
      'WSL with its home on a drive of Windows',
      {wsl: true, home: '/mnt/c/Users/me'},
      [expect.stringMatching(/^problem system: .*cannot be kept from others/) as string],
    ],
  ])('%s', (_name, changed, expected) => {
    expect(amiss(changed)).toEqual(expected);
  });
});

describe('SSH', () => {
  const key = (more: object) => [{path: '~/.ssh/id_x', mode: 0o600, kind: 'plain' as const, ...more}];
  it.each<[string, Changed, string[]]>([
    [
      'no ssh program',
      {ssh: {version: undefined}},
      [expect.stringMatching(/^tip ssh: There is no ssh program/) as string],
    ],
    [
      'a config that ssh refuses',
      {ssh: {configError: '/home/me/.ssh/config line 3: Bad configuration option: hots'}},
      [expect.stringMatching(/^problem ssh-config: .*line 3/) as string],
    ],
    [
      'no agent, and a key',
      {ssh: {agent: {state: 'none'}}},
      [expect.stringMatching(/^tip agent: No SSH agent is set/) as string],
    ],
    [
      'no agent and no key',
      {ssh: {agent: {state: 'none'}, keys: []}},
      [expect.stringMatching(/^tip agent: .*only a password is left/) as string],
    ],
    [
      'a dead agent and no key',
      {ssh: {agent: {state: 'silent', why: 'Connection refused'}, keys: []}},
      ['problem agent: The SSH agent does not answer: Connection refused.'],
    ],
    [
      'a dead agent, and a key',
      {ssh: {agent: {state: 'silent', why: 'Connection refused'}}},
      ['tip agent: The SSH agent does not answer: Connection refused.'],
    ],
    [
      'an empty agent',
      {ssh: {agent: {state: 'answers', types: []}}},
      ['tip agent: The SSH agent answers and has no key.'],
    ],
    ['an agent nobody can ask', {ssh: {agent: {state: 'unasked'}}}, []],
    [
      'FIDO keys in the agent',
      {ssh: {agent: {state: 'answers', types: ['ED25519', 'ED25519-SK', 'ECDSA-SK']}}},
      [expect.stringMatching(/^tip keys: 2 keys of the agent cannot be used here/) as string],
    ],
    [
      'a FIDO key in a file',
      {ssh: {keys: key({kind: 'security-key'})}},
      [expect.stringMatching(/^tip keys: ~\/\.ssh\/id_x cannot be used here/) as string],
    ],
    [
      'a key that others may read',
      {ssh: {keys: key({mode: 0o640})}},
      ['problem keys: Others may read ~/.ssh/id_x (mode 0640); OpenSSH refuses such a key.'],
    ],
    [
      'the same on Windows, which has no such modes',
      {platform: 'win32', ssh: {keys: key({mode: 0o666})}},
      windowsTips(),
    ],
    [
      'a file that is no key',
      {ssh: {keys: key({kind: 'unreadable'})}},
      [expect.stringMatching(/^tip keys: .*passed over/) as string],
    ],
    [
      'a folder that others may write to',
      {ssh: {folderMode: 0o777}},
      ['problem keys: Others may write to ~/.ssh (mode 0777).'],
    ],
    [
      'known_hosts that cannot be read',
      {ssh: {knownHosts: {path: '~/.ssh/known_hosts', state: 'unreadable', why: 'EACCES'}}},
      ['problem known_hosts: ~/.ssh/known_hosts cannot be read: EACCES.'],
    ],
    ['no known_hosts yet', {ssh: {knownHosts: {path: 'x', state: 'absent'}}}, []],
  ])('%s', (_name, changed, expected) => {
    expect(amiss(changed)).toEqual(expected);
  });
});

function windowsTips(): string[] {
  return [
    expect.stringMatching(/^tip system: Windows/) as string,
    expect.stringMatching(/^tip schedule: On Windows/) as string,
  ];
}

describe('the terminal', () => {
  it.each<[string, Changed, string[]]>([
    ['none', {terminal: {interactive: false, term: undefined, locale: undefined, columns: undefined}}, []],
    [
      'without TERM',
      {terminal: {term: undefined}},
      [expect.stringMatching(/^tip terminal: TERM is not set/) as string],
    ],
    ['dumb', {terminal: {term: 'dumb'}}, [expect.stringMatching(/^tip terminal: TERM is dumb/) as string]],
    ['exactly 80x24', {terminal: {columns: 80, rows: 24}}, []],
    [
      '79 columns',
      {terminal: {columns: 79, rows: 24}},
      [expect.stringMatching(/^tip size: 79x24/) as string],
    ],
    ['9 rows', {terminal: {columns: 80, rows: 9}}, ['tip size: 80x9 is too small for any screen.']],
    ['no colours', {terminal: {colourBits: 1}}, []],
    [
      'no locale',
      {terminal: {locale: undefined}},
      [expect.stringMatching(/^tip characters: No locale/) as string],
    ],
    [
      'latin1',
      {terminal: {locale: 'de_DE.ISO-8859-1'}},
      [expect.stringMatching(/^tip characters: .*not UTF-8/) as string],
    ],
    ['utf8 without a dash', {terminal: {locale: 'en_US.utf8'}}, []],
    ['tmux', {terminal: {inside: 'tmux'}}, []],
    [
      'screen',
      {terminal: {inside: 'screen'}},
      [expect.stringMatching(/^tip terminal: Inside screen/) as string],
    ],
    [
      'Windows Terminal',
      {platform: 'win32', terminal: {locale: undefined, windowsTerminal: true}},
      windowsTips(),
    ],
  ])('%s', (_name, changed, expected) => {
    expect(amiss(changed)).toEqual(expected);
  });
});

describe('what is kept', () => {
  const folder = (more: object) => [
    {what: 'config' as const, path: '~/c', mode: 0o700, refused: undefined, open: [], ...more},
  ];
  it.each<[string, Changed, string[]]>([
    ['a folder that is not there yet', {folders: folder({mode: undefined})}, []],
    [
      'one that cannot be written',
      {folders: folder({refused: 'permission denied'})},
      ['problem config: ~/c cannot be written: permission denied.'],
    ],
    [
      'one that others may write to',
      {folders: folder({mode: 0o777})},
      ['problem config: Others may write to ~/c.'],
    ],
    [
      'a file that others may read',
      {folders: folder({open: ['~/c/pair.json']})},
      ['tip config: Others may read ~/c/pair.json.'],
    ],
    ['no pair', {pairs: [], schedule: {of: []}}, []],
    ['a pair that was begun', {pairs: [{name: 'lab', state: 'begun'}]}, []],
    [
      'a broken pair',
      {pairs: [{name: 'lab', state: 'broken', why: 'It is not valid JSON.', next: []}]},
      ['problem pairs: lab: It is not valid JSON.'],
    ],
    [
      'no reminder of drills',
      {schedule: {of: []}},
      ['tip schedule: Nothing on this machine reminds of drills of lab.'],
    ],
    [
      'nothing that could',
      {schedule: {forms: [], of: []}},
      ['tip schedule: Neither a timer nor cron can remind of drills here.'],
    ],
    [
      'a desktop without a helper',
      {desktop: {there: true, helper: undefined}},
      ['tip desktop: Nothing here can show a reminder on the desktop.'],
    ],
    ['no desktop', {desktop: {there: false, helper: undefined}}, []],
  ])('%s', (_name, changed, expected) => {
    expect(amiss(changed)).toEqual(expected);
  });
});

describe('hosts', () => {
  const host = (seen: HostReading['seen']): Changed => ({
    hosts: [{who: 'primary of lab', target: 'root@a:2222', pair: 'lab', seen}],
  });
  const answers = (known: (HostReading['seen'] & {state: 'answers'})['known']) =>
    host({
      state: 'answers',
      banner: 'SSH-2.0-OpenSSH_9.2',
      key: 'SHA256:abc',
      known,
      keyName: '[a]:2222',
      ms: 31,
    });
  it.each<[string, Changed, string[]]>([
    ['with the pinned key', answers('pinned'), []],
    ['with a known key', answers('known'), []],
    [
      'with a new key',
      answers('new'),
      [expect.stringMatching(/^tip hosts: .*not known here: SHA256:abc/) as string],
    ],
    [
      'with another key',
      answers({not: 'pair'}),
      [expect.stringMatching(/^problem hosts: .*ANOTHER key/) as string],
    ],
    [
      'with a revoked key',
      answers('revoked'),
      [expect.stringMatching(/^problem hosts: .*revoked/) as string],
    ],
    [
      'silent',
      host({state: 'silent', why: 'no answer within 8 s'}),
      ['problem hosts: primary of lab (root@a:2222) cannot be reached: no answer within 8 s.'],
    ],
    ['behind another', host({state: 'indirect', by: 'ops@bastion'}), []],
  ])('%s', (_name, changed, expected) => {
    expect(amiss(changed)).toEqual(expected);
  });
});

describe('what to do about a host', () => {
  const next = (target: string, seen: HostReading['seen']) =>
    findings({hosts: [{who: target, target, pair: 'lab', seen}]}).at(-1)?.next;
  const silent = {state: 'silent' as const, why: 'x'};
  it.each([
    ['root@a', 'ssh root@a says more.'],
    ['claw-main', 'ssh claw-main says more.'],
    ['root@a:2222', 'ssh -p 2222 root@a says more.'],
    ['root@[2001:db8::1]:22', 'ssh -p 22 root@2001:db8::1 says more.'],
  ])('%s that is silent', (target, words) => {
    expect(next(target, silent)).toBe(words);
  });
  it.each([
    ['pair', "Only if you reinstalled it: failover-wizard keys forget '[a]:2222' --pair lab"],
    ['known_hosts', "Only if you reinstalled it: ssh-keygen -R '[a]:2222'"],
    ['answers', 'Only if you reinstalled it: put the new fingerprint into hostKey of the pair.'],
  ] as const)('another key than that of %s', (not, words) => {
    const seen = {state: 'answers' as const, banner: 'b', key: 'k', known: {not}, keyName: '[a]:2222', ms: 1};
    expect(next('root@a:2222', seen)).toBe(words);
  });
});

describe('the words', () => {
  const areas = judge(readingsOf({node: {fits: false}, git: undefined, terminal: {term: 'dumb'}}));
  it('count what is amiss', () => {
    expect(counted(areas)).toBe('One problem, 2 tips.');
    expect(bad(areas)).toBe(true);
    expect(counted(judge(readingsOf({git: undefined})))).toBe('No problems, one tip.');
    expect(bad(judge(readingsOf({git: undefined})))).toBe(false);
  });
  it.each([80, 60, 40])('every finding that there is fits %i columns, and says what to do', (columns) => {
    for (const finding of areas.flatMap((area) => area.findings)) {
      const lines = lineOf(finding, columns).map(textOf);
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
      if (finding.level !== 'ok') expect(finding.next).toMatch(/\S/);
    }
  });
  it('strip what a server could use to draw on the terminal', () => {
    const finding = {about: 'hosts', level: 'ok' as const, sentence: 'a (SSH\u001b[31m-2.0\u0007)'};
    expect(lineOf(finding, 80).map(textOf)).toEqual(['  ok       a (SSH-2.0)']);
  });
});
