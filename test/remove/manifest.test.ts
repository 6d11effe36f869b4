import {describe, expect, it} from 'vitest';
import {judgeManifest} from '../../src/remove/manifest.js';
import {isOwnPath, mayRemove} from '../../src/templates/ours.js';
import {manifest} from '../../src/templates/manifest.js';
import {primaryPaths, standbyPaths} from '../../src/templates/paths.js';
import {primaryManifest, standbyFilesOf, otherFilesOf} from '../../src/phases/template-input.js';
import {planInputOf} from '../phases/facts.js';

const text = (content: string | Uint8Array | object) => String(content);
const whole = {
  pair: 'default',
  host: 'standby',
  files: [],
  units: [],
  users: [],
  authorizedKeys: [],
  folders: [],
};
const judged = (differing: object, host: 'standby' | 'primary' = 'standby') =>
  judgeManifest(JSON.stringify({...whole, host, ...differing}), host);

describe('a manifest that this program wrote', () => {
  it('holds nothing strange, on either host', () => {
    const input = planInputOf();
    const onStandby = manifest({pairName: 'default', version: '0'}, 'standby', [
      ...standbyFilesOf(input),
      ...otherFilesOf(input),
    ]);
    expect(judgeManifest(text(onStandby.content), 'standby')?.strange).toEqual([]);
    const onPrimary = judgeManifest(text(primaryManifest(input).content), 'primary');
    expect(onPrimary).toMatchObject({pair: 'default', strange: [], letIn: ['openclaw']});
  });
  it('a file whose contents are noted for check is judged as one of which nothing is noted', () => {
    const input = planInputOf();
    const written = text(
      manifest({pairName: 'default', version: '0'}, 'standby', [
        ...standbyFilesOf(input),
        ...otherFilesOf(input),
      ]).content,
    );
    const older = JSON.parse(written) as {files: {sha256?: string}[]};
    expect(older.files.some(({sha256}) => sha256 !== undefined)).toBe(true);
    for (const file of older.files) delete file.sha256;
    const now = judgeManifest(written, 'standby');
    expect(now?.files).toHaveLength(older.files.length);
    expect(now).toEqual(judgeManifest(JSON.stringify(older), 'standby'));
  });
  it('every path that this program writes is known as its own', () => {
    for (const path of standbyPaths()) expect(isOwnPath('standby', path), path).toBe(true);
    for (const path of primaryPaths()) expect(isOwnPath('primary', path), path).toBe(true);
  });
});

describe('a manifest that somebody changed', () => {
  const paths = [
    '/',
    '/etc',
    '/etc/passwd',
    '/etc/openclaw-failover/../passwd',
    '/etc/openclaw-failover/./x',
    '/etc/openclaw-failover//x',
    '/etc/openclaw-failover/',
    '/etc/openclaw-failover-else',
    '/etc/systemd/system/ssh.service',
    '/etc/systemd/system/openclaw-failover-x.service/../ssh.service',
    '/etc/systemd/system/openclaw-gateway.service',
    '/home/openclaw',
    '/home/other/.ssh/id_ed25519',
    '/usr/local/bin/openclaw-failover\n/etc/passwd',
    '/usr/local/bin',
    'etc/openclaw-failover',
    '',
    '*',
    '$(reboot)',
    '/etc/openclaw-failover/$(reboot)',
    '/etc/openclaw-failover/a b',
  ];
  it.each(paths)('the file %j is never looked for, and is named', (path) => {
    const seen = judged({files: [{path}]});
    expect(seen?.files).toEqual([]);
    expect(seen?.strange).toHaveLength(1);
    expect(mayRemove('standby', path)).toBe(false);
    expect(mayRemove('primary', path)).toBe(false);
  });
  it.each([
    ['a unit of others', {units: ['ssh.service']}],
    ['a unit with a path', {units: ['../ssh.service']}],
    ['a user of others', {users: ['root']}],
    ['a folder of others', {folders: ['/home/openclaw']}],
    ['a folder below ours', {folders: ['/etc/openclaw-failover/proofs']}],
    ['a user in words of a shell', {authorizedKeys: [{user: '$(reboot)', comment: 'x'}]}],
    ['an object of JavaScript', {users: ['constructor', '__proto__'].slice(0, 1)}],
  ])('%s is named and nothing more', (_name, differing) => {
    const seen = judged(differing);
    expect(seen?.strange).toHaveLength(1);
    expect([...seen!.files, ...seen!.units, ...seen!.users, ...seen!.letIn]).toEqual([]);
  });
  it('the standby’s things are not the primary’s', () => {
    const seen = judged(
      {files: [{path: '/usr/local/bin/openclaw'}], units: ['openclaw.service'], users: ['openclaw']},
      'primary',
    );
    expect(seen?.strange).toHaveLength(3);
  });
  it('what it says is shown without what moves a cursor', () => {
    expect(judged({files: [{path: '/x\u001b[2J\u202e'}]})?.strange).toEqual(['file /x']);
  });
  it.each([undefined, '', 'null', '[]', '{}', '{"files": 3}', 'not JSON'])('%j is none', (broken) => {
    expect(judgeManifest(broken, 'standby')).toBeUndefined();
  });
  it('a unit of another version of this program is looked for', () => {
    expect(judged({units: ['openclaw-failover-older-thing.timer']})).toMatchObject({
      units: ['openclaw-failover-older-thing.timer'],
      strange: [],
    });
  });
});
