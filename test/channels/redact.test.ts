import {createHash} from 'node:crypto';
import {describe, expect, it} from 'vitest';
import {fingerprint} from '../../src/channels/fingerprint.js';
import {isTree, type Tree} from '../../src/channels/program/plain-object.js';
import {plainSecrets, redactTree} from '../../src/channels/program/redact.js';

const key = 'key';
const redact = (tree: Tree, known: string[] = []) => redactTree(tree, key, [...known, ...plainSecrets(tree)]);
const fp = (value: string) => ({$fp: fingerprint(key, value)});

describe('what stays', () => {
  it.each<[string, Tree]>([
    [
      'settings',
      {
        port: 18789,
        bind: 'tailnet',
        allowFrom: ['123456789012345678'],
        nick: 'claw',
        maxTokens: 8192,
        contextTokens: 5,
      },
    ],
    [
      'references',
      {token: '${DISCORD_BOT_TOKEN}', apiKey: '$KEY', password: {source: 'exec', provider: 'p', id: 'x'}},
    ],
    ['paths of secret files', {tokenFile: '~/token', passwordFile: '/etc/pw'}],
    ['empty values', {token: '', password: null}],
  ])('%s', (_, tree) => {
    expect(redact(tree)).toEqual(tree);
  });
});

describe('what becomes a fingerprint', () => {
  it.each<[string, Tree, Tree]>([
    ['a value under a secret key', {auth: {token: 'abc'}}, {auth: {token: fp('abc')}}],
    ['an element of a list under one', {tokens: ['abc', 'def']}, {tokens: [fp('abc'), fp('def')]}],
    [
      'everything in env and headers',
      {env: {PLAIN: 'abc'}, headers: {'X-A': 'b'}},
      {env: {PLAIN: fp('abc')}, headers: {'X-A': fp('b')}},
    ],
    ['a token by its look', {note: 'sk-abcdefghijklmnopqrstuv'}, {note: fp('sk-abcdefghijklmnopqrstuv')}],
    ['a password in a URL', {url: 'https://u:pw@h/x'}, {url: fp('https://u:pw@h/x')}],
    ['the word after --token', {args: ['--token', 'abc', 'x']}, {args: ['--token', fp('abc'), 'x']}],
    ['--api-key=abc', {args: ['--api-key=abc']}, {args: [fp('--api-key=abc')]}],
    [
      'a copy of a known secret',
      {password: 'hunter2hunter2', note: 'is hunter2hunter2!'},
      {password: fp('hunter2hunter2'), note: fp('is hunter2hunter2!')},
    ],
    [
      'an unnamed object of a service account',
      {serviceAccount: {type: 'x', private_key_id: 'id'}},
      {serviceAccount: {type: fp('x'), private_key_id: fp('id')}},
    ],
    ['a numeric PIN', {pin: 1234}, {pin: fp('1234')}],
  ])('%s', (_, tree, expected) => {
    expect(redact(tree)).toEqual(expected);
  });

  it('a key that is a credential', () => {
    expect(Object.keys(redact({'sk-abcdefghijklmnopqrstuv': 1}))).toEqual(['[redacted]']);
  });
});

/** Deterministic noise: the n-th text of a seed. */
const noise = (seed: string, n: number) =>
  createHash('sha256').update(`${seed}${n}`).digest('base64url').slice(0, 30);

it('no secret shows in the output of any of 300 generated configs', () => {
  const secretKeys = [
    'token',
    'botToken',
    'appToken',
    'apiKey',
    'api_key',
    'password',
    'nickservPassword',
    'webhookSecret',
    'signingSecret',
    'privateKey',
    'encryptKey',
    'authToken',
    'accessToken',
    'clientSecret',
    'accessKey',
    'credential',
    'passphrase',
    'cookie',
  ];
  const plainKeys = ['name', 'url', 'accounts', 'channels', 'providers', 'stub', 'list', 'a', 'b'];
  for (let run = 0; run < 300; run += 1) {
    const secrets: string[] = [];
    let n = 0;
    const pick = <T>(list: readonly T[]): T => {
      n += 1;
      return list[
        Number.parseInt(createHash('sha256').update(`${run}/${n}`).digest('hex').slice(0, 6), 16) %
          list.length
      ] as T;
    };
    const make = (depth: number): Tree => {
      const tree: Tree = {};
      for (let i = 0; i < 4; i += 1) {
        if (pick([true, false])) {
          const name = pick(secretKeys);
          if (name in tree) continue;
          const value = noise(`s${run}`, secrets.length);
          secrets.push(value);
          tree[name] = pick([value, [value], value]);
          if (pick([true, false, false])) tree[`copy${i}`] = `copied ${value} here`;
        } else {
          tree[`${pick(plainKeys)}${i}`] = depth > 0 ? make(depth - 1) : noise('p', i);
        }
      }
      return tree;
    };
    const tree = make(3);
    const text = JSON.stringify(redact(tree));
    expect(isTree(JSON.parse(text))).toBe(true);
    expect(secrets.length).toBeGreaterThan(0);
    for (const secret of secrets) {
      expect(JSON.stringify(tree)).toContain(secret);
      expect(text).not.toContain(secret);
    }
  }
});
