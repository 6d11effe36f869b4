import {describe, expect, it} from 'vitest';
import {checkPair, problemSentence} from '../../src/pair/check.js';
import {overAnswers, overFlags} from '../../src/pair/merge.js';
import {knownHostsName, parseSource} from '../../src/pair/secrets-source.js';

const good = {
  primary: {ssh: 'root@203.0.113.10'},
  standby: {ssh: 'root@203.0.113.20'},
  channel: {type: 'discord'},
  model: {primary: 'anthropic/claude-opus-4-6'},
};
const source = {host: 'user@100.64.0.30', path: '~/.secrets', allow: ['a.env']};
const sentences = (secretsSync: unknown) => {
  const checked = checkPair({...good, secretsSync});
  return checked.ok ? [] : checked.problems.map(problemSentence);
};

describe('the source of pulled secrets', () => {
  it.each([
    ['user@100.64.0.30', {user: 'user', address: '100.64.0.30', port: 22}, '100.64.0.30'],
    ['_u-1@100.64.0.30:2222', {user: '_u-1', address: '100.64.0.30', port: 2222}, '[100.64.0.30]:2222'],
    ['u@[2001:db8::1]', {user: 'u', address: '2001:db8::1', port: 22}, '2001:db8::1'],
    ['u@[2001:db8::1]:22', {user: 'u', address: '2001:db8::1', port: 22}, '2001:db8::1'],
    ['u@[2001:db8::1]:24', {user: 'u', address: '2001:db8::1', port: 24}, '[2001:db8::1]:24'],
  ])('%s', (text, parsed, name) => {
    expect(parseSource(text)).toEqual(parsed);
    expect(knownHostsName(parsed)).toBe(name);
  });
  it.each([
    '100.64.0.30',
    'user@vault.example.org',
    'user@2001:db8::1',
    'user@[100.64.0.30]',
    'user@100.64.0.300',
    'user@100.64.0.30:0',
    'user@100.64.0.30:65536',
    '-oProxyCommand=x@100.64.0.30',
    'user@100.64.0.30 -v',
    'u;id@100.64.0.30',
  ])('%s is none', (text) => expect(parseSource(text)).toBeUndefined());
});

describe('secretsSync', () => {
  it('is off unless asked for', () => {
    const checked = checkPair(good);
    expect(checked.ok && checked.pair.secretsSync).toBeNull();
    expect(sentences(null)).toEqual([]);
  });
  it('needs a host and a list, and has a default for the folder', () => {
    const checked = checkPair({...good, secretsSync: {host: source.host, allow: source.allow}});
    expect(checked.ok && checked.pair.secretsSync).toEqual(source);
    expect(sentences({})).toEqual(['secretsSync.host: is missing', 'secretsSync.allow: is missing']);
  });
  it.each(['~', '~/', '~/.secrets', '~/a/b_c', '/', '/srv/secrets/', '/a/b.d/@c+d-e'])(
    'may be in %s',
    (path) => expect(sentences({...source, path})).toEqual([]),
  );
  it.each(['', 'a', '~root', '~/a b', '~/$HOME', '/a;b', "/a'b", '/a"b', '/a\nb', '/a/../b', '/`x`', '-rf'])(
    'may not be in %j',
    (path) => expect(sentences({...source, path})).toHaveLength(1),
  );
  it.each([
    [[], 'secretsSync.allow: must name at least one file'],
    [['a.env', 'a.env'], 'secretsSync.allow: names a file twice'],
    [Array.from({length: 21}, (_, n) => `${n}.env`), 'secretsSync.allow: may name 20 files at most'],
    [['a/b.env'], 'secretsSync.allow[0]: must be the plain name of a file that ends in .env'],
    [['-a.env'], 'secretsSync.allow[0]: must be the plain name of a file that ends in .env'],
    [['.env'], 'secretsSync.allow[0]: must be the plain name of a file that ends in .env'],
    [['id_ed25519'], 'secretsSync.allow[0]: must be the plain name of a file that ends in .env'],
    [['a b.env'], 'secretsSync.allow[0]: must be the plain name of a file that ends in .env'],
  ])('allows not %j', (allow, sentence) => expect(sentences({...source, allow})).toEqual([sentence]));
  it('names the key that was meant', () =>
    expect(sentences({...source, allows: []})).toEqual([
      'secretsSync.allows: is not a key of this file; did you mean "allow"?',
    ]));
});

describe('another source', () => {
  const saved = {secretsSync: {...source, hostKey: `SHA256:${'A'.repeat(43)}`}};
  it('does not inherit the pinned key of the one before', () =>
    expect(overFlags(saved, {secretsSync: {host: 'user@100.64.0.31'}})).toEqual({
      secretsSync: {host: 'user@100.64.0.31'},
    }));
  it('null in the answers ends it', () =>
    expect(overAnswers(saved, {secretsSync: null})).toEqual({secretsSync: null}));
  it('the same one keeps it when a flag changes the list', () =>
    expect(overFlags(saved, {secretsSync: {allow: ['b.env']}})).toEqual({
      secretsSync: {...saved.secretsSync, allow: ['b.env']},
    }));
});
