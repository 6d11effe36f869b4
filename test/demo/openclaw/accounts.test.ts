import {describe, expect, it} from 'vitest';
import {noFiles} from '../../../src/channels/program/files.js';
import type {Tree} from '../../../src/channels/program/plain-object.js';
import {accountsOf, mayTalk, type IrcSettings} from '../../../src/demo/openclaw/accounts.js';
import {modelStatus} from '../../../src/demo/openclaw/models.js';

const around = (config: Tree, env: Record<string, string> = {}) => ({
  config,
  around: {config, env, files: noFiles, home: '/home/claw', stateDir: '/home/claw/.openclaw'},
});
const irc = (section: Tree, env?: Record<string, string>, more: Tree = {}) =>
  accountsOf(around({channels: {irc: section}, ...more}, env));

describe('accounts of a config', () => {
  const place = {host: 'chat', nick: 'claw'};
  it.each<[string, ReturnType<typeof irc>, Record<string, [enabled: boolean, nick: string | undefined]>]>([
    ['the top level alone', irc(place), {default: [true, 'claw']}],
    [
      'named ones',
      irc({accounts: {a: place, b: {...place, nick: 'b', enabled: false}}}),
      {a: [true, 'claw'], b: [false, 'b']},
    ],
    [
      'what they inherit',
      irc({...place, accounts: {a: {nick: 'a'}}}),
      {a: [true, 'a'], default: [true, 'claw']},
    ],
    ['a channel that is off', irc({enabled: false, accounts: {a: place}}), {a: [false, 'claw']}],
    [
      'a plugin that is off',
      irc({accounts: {a: place}}, {}, {plugins: {entries: {irc: {enabled: false}}}}),
      {a: [false, 'claw']},
    ],
    ['one that says too little', irc({accounts: {a: {nick: 'a'}}}), {a: [true, undefined]}],
    ['the environment', irc({}, {IRC_HOST: 'chat', IRC_NICK: 'env'}), {default: [true, 'env']}],
    ['nothing', irc({}), {}],
  ])('%s', (_what, found, wanted) => {
    expect(Object.fromEntries(found.map(({id, enabled, irc: own}) => [id, [enabled, own?.nick]]))).toEqual(
      wanted,
    );
  });

  it('have their secrets and the usual ports', () => {
    const [one] = irc(
      {...place, password: {source: 'env', id: 'PW'}, nickserv: {password: '${NS}'}},
      {PW: 'p', NS: 'n'},
    );
    expect(one?.irc).toMatchObject({
      port: 6697,
      tls: true,
      password: 'p',
      nickservPassword: 'n',
      dmPolicy: 'pairing',
    });
    expect(irc({...place, tls: false})[0]?.irc?.port).toBe(6667);
  });
});

describe('who may talk to a bot', () => {
  const settings = (change: Partial<IrcSettings>) => ({
    ...irc({host: 'h', nick: 'n'})[0]!.irc!,
    dmPolicy: 'allowlist',
    ...change,
  });
  const alice = 'Alice!~alice@203.0.113.7';
  it.each<[string[], Partial<IrcSettings>, boolean]>([
    [['alice!~alice@203.0.113.7'], {}, true],
    [['irc:user:ALICE!~alice@203.0.113.7'], {}, true],
    [['alice@203.0.113.7'], {}, true],
    [['alice!~alice'], {}, true],
    [['*'], {}, true],
    [['alice'], {}, false],
    [['alice'], {byNick: true}, true],
    [['alice!*@*'], {}, false],
    [['alice!~alice@203.0.113.8', 'bob!~alice@203.0.113.7'], {}, false],
    [[], {}, false],
    [['*'], {dmPolicy: 'disabled'}, false],
    [['alice@203.0.113.7'], {dmPolicy: 'pairing'}, true],
    [[], {dmPolicy: 'pairing'}, false],
  ])('%j with %j: %s', (allowFrom, change, may) => {
    expect(mayTalk(alice, 'private', settings({allowFrom, ...change}))).toBe(may);
  });

  it('is another question in a channel', () => {
    const may = (change: Partial<IrcSettings>) =>
      mayTalk(alice, 'channel', settings({allowFrom: ['alice!~alice'], ...change}));
    expect(may({})).toBe(true);
    expect(may({groupAllowFrom: ['bob!~bob']})).toBe(false);
    expect(may({groupPolicy: 'disabled'})).toBe(false);
    expect(may({allowFrom: [], groupPolicy: 'open'})).toBe(true);
  });
});

describe('whether the models can be used', () => {
  const status = (model: unknown, provider: Tree = {}, env: Record<string, string> = {}) =>
    Object.keys(
      modelStatus(around({agents: {defaults: {model}}, models: {providers: {own: provider}}}, env)).missing,
    );
  it.each<[string, string[], string[]]>([
    ['a key in the environment', status('anthropic/x', {}, {ANTHROPIC_API_KEY: 'k'}), []],
    ['a key of another name', status('google/x', {}, {GEMINI_API_KEY: 'k'}), []],
    ['no key', status('anthropic/x'), ['anthropic']],
    ['a key of its own definition', status('own/x', {apiKey: 'k'}), []],
    ['a reference to nothing', status('own/x', {apiKey: '${NOT_SET}'}), ['own']],
    ['a model of this host', status('own/x', {baseUrl: 'http://127.0.0.1:9/v1'}), []],
    ['a fallback without', status({primary: 'own/x', fallbacks: ['openai/y']}, {apiKey: 'k'}), ['openai']],
    ['no model', status(undefined), ['']],
  ])('%s', (_what, missing, wanted) => expect(missing).toEqual(wanted));
});
