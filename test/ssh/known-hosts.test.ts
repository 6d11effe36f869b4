import {execFileSync, spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {findKnown, fingerprint, keyType, readKnown} from '../../src/ssh/known-hosts.js';
import {temporaryFolder} from './connecting.js';
import {newKey} from './server.js';

const keygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
const [a, b] = [newKey(), newKey('ecdsa')];

describe('known_hosts', () => {
  const text = [
    '# a comment',
    '',
    `claw ${a.line} me@laptop`,
    `claw,203.0.113.10 ${b.line}`,
    `[claw]:2222 ${a.line}`,
    `*.example.org,!bad.example.org ${a.line}`,
    `10.0.0.? ${b.line}`,
    `@revoked * ${b.line}`,
    `@cert-authority *.ca.org ${a.line}`,
    `@unknown claw ${a.line}`,
    'claw ssh-ed25519',
    'claw ssh-ed25519 not-a-key',
    `mismatch ssh-rsa ${a.line.split(' ')[1]}`,
  ].join('\n');

  it.each([
    ['claw', ['3', '4', 'revoked 8']],
    ['203.0.113.10', ['4', 'revoked 8']],
    ['[claw]:2222', ['5', 'revoked 8']],
    ['x.example.org', ['6', 'revoked 8']],
    ['X.Example.org', ['6', 'revoked 8']],
    ['bad.example.org', ['revoked 8']],
    ['10.0.0.7', ['7', 'revoked 8']],
    ['10.0.0.17', ['revoked 8']],
    ['h.ca.org', ['revoked 8', 'cert-authority 9']],
    ['mismatch', ['revoked 8']],
    ['clawx', ['revoked 8']],
  ])('holds for %s the lines %j', (name, expected) => {
    const found = findKnown(text, name, 'f');
    expect(found.map((key) => `${key.marker === undefined ? '' : `${key.marker} `}${key.line}`)).toEqual(
      expected,
    );
  });

  it.runIf(keygen)('finds in a hashed file what ssh-keygen -F finds', async () => {
    const file = join(temporaryFolder(), 'known_hosts');
    writeFileSync(file, `claw,203.0.113.10 ${a.line}\n[claw]:2222 ${b.line}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', file], {stdio: 'ignore'});
    for (const name of ['claw', '203.0.113.10', '[claw]:2222', 'other', '[claw]:22', 'laptop']) {
      const ours = (await readKnown([file], name)).map((key) => key.blob.toString('base64'));
      const theirs = spawnSync('ssh-keygen', ['-F', name, '-f', file], {encoding: 'utf8'})
        .stdout.split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => line.split(' ')[2]);
      expect(ours, name).toEqual(theirs);
    }
    expect(await readKnown([file], 'claw')).toHaveLength(1);
  });

  it('is empty where the file is missing', async () => {
    expect(await readKnown(['/nowhere/known_hosts'], 'claw')).toEqual([]);
  });

  it.runIf(keygen)('prints fingerprints as ssh-keygen does', () => {
    const file = join(temporaryFolder(), 'key.pub');
    for (const key of [a, b, newKey('rsa')]) {
      writeFileSync(file, `${key.line}\n`);
      const printed = execFileSync('ssh-keygen', ['-lf', file], {encoding: 'utf8'}).split(' ')[1];
      expect(fingerprint(key.parsed.getPublicSSH())).toBe(printed);
    }
  });

  it.each([
    ['', 'unknown'],
    ['\0\0\0\u000bssh-ed25519xxxx', 'ssh-ed25519'],
    ['\0\0\0\u0003\u001b[2', 'unknown'],
    ['\0\0', 'unknown'],
  ])('reads the type out of %j', (bytes, type) => {
    expect(keyType(Buffer.from(bytes, 'latin1'))).toBe(type);
  });
});
