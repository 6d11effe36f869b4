import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {fingerprint} from '../../src/channels/fingerprint.js';
import {hostFiles} from '../../src/channels/program/files.js';
import {lookAround, readAll} from '../../src/channels/program/read.js';
import {accountsOf} from '../../src/channels/program/accounts.js';
import type {AccountFact} from '../../src/channels/types.js';

const key = 'k'.repeat(64);
const discordToken = 'MTIzNDU2Nzg5MDEyMzQ1Njc4.GAbcDe.dummy-dummy-dummy-dummy-dummy-dummy';
const telegramToken = '123456789:AAdummydummydummydummydummydummydumm';
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'accounts-'));
});
afterEach(() => rmSync(home, {recursive: true, force: true}));

function put(path: string, content: string): string {
  const full = join(home, path);
  mkdirSync(dirname(full), {recursive: true});
  writeFileSync(full, content);
  return full;
}

function read(
  config: unknown,
  env: Record<string, string> = {},
  files: Record<string, string> = {},
): AccountFact[] {
  for (const [path, content] of Object.entries(files)) put(path, content);
  const configPath = put(
    '.openclaw/openclaw.json',
    typeof config === 'string' ? config : JSON.stringify(config),
  );
  const around = lookAround({configPath, stateDir: join(home, '.openclaw'), home, process: env}, hostFiles);
  return accountsOf(around, key).accounts;
}

const one = (accounts: readonly AccountFact[], channel: string, account: string) =>
  accounts.find((each) => each.channel === channel && each.account === account);
const fps = (account: AccountFact | undefined) => account?.credentials.map(({fp}) => fp);

describe('where a credential may come from', () => {
  const expected = [fingerprint(key, discordToken)];
  const cases: [string, unknown, Record<string, string>, Record<string, string>][] = [
    ['text', {token: discordToken}, {}, {}],
    ['text with the prefix that OpenClaw takes off', {token: `Bot ${discordToken}`}, {}, {}],
    ['${VAR} from the service', {token: '${MY_TOKEN}'}, {MY_TOKEN: discordToken}, {}],
    ['$VAR', {token: '$MY_TOKEN'}, {MY_TOKEN: discordToken}, {}],
    [
      '${VAR} from .env, quoted',
      {token: '${MY_TOKEN}'},
      {},
      {'.openclaw/.env': `# x\nexport MY_TOKEN="${discordToken}" # y\n`},
    ],
    [
      '${VAR} from gateway.env',
      {token: '${MY_TOKEN}'},
      {},
      {'.config/openclaw/gateway.env': `MY_TOKEN=${discordToken}\n`},
    ],
    [
      'SecretRef env',
      {token: {source: 'env', provider: 'default', id: 'MY_TOKEN'}},
      {MY_TOKEN: discordToken},
      {},
    ],
    [
      'SecretRef file, one value',
      {token: {source: 'file', provider: 'one', id: 'value'}},
      {},
      {one: `${discordToken}\n`},
    ],
    [
      'SecretRef file, pointer',
      {token: {source: 'file', provider: 'many', id: '/a~1b/0'}},
      {},
      {many: JSON.stringify({'a/b': [discordToken]})},
    ],
    ['the environment of the default account', {}, {DISCORD_BOT_TOKEN: discordToken}, {}],
    ['.env for the default account', {}, {}, {'.openclaw/.env': `DISCORD_BOT_TOKEN='${discordToken}'\n`}],
  ];
  it.each(cases)('%s', (_, discord, env, files) => {
    const secrets = {
      providers: {
        one: {source: 'file', path: '~/one', mode: 'singleValue'},
        many: {source: 'file', path: '~/many', mode: 'json'},
      },
    };
    const found = one(read({secrets, channels: {discord}}, env, files), 'discord', 'default');
    expect(found).toMatchObject({enabled: true, identity: {label: 'bot 123456789012345678'}});
    expect(fps(found)).toEqual(expected);
  });

  it('takes the config env block last', () => {
    const config = {env: {vars: {MY_TOKEN: discordToken}}, channels: {discord: {token: '${MY_TOKEN}'}}};
    expect(fps(one(read(config), 'discord', 'default'))).toEqual(expected);
    expect(fps(one(read(config, {MY_TOKEN: 'other'}), 'discord', 'default'))).toEqual([
      fingerprint(key, 'other'),
    ]);
  });

  it('lets .env replace what OpenClaw recorded as its own in the unit, and nothing else', () => {
    const files = {'.openclaw/.env': `MY_TOKEN=${discordToken}\n`};
    const config = {channels: {discord: {token: '${MY_TOKEN}'}}};
    const managed = {MY_TOKEN: 'old', OPENCLAW_SERVICE_MANAGED_ENV_KEYS: 'A,MY_TOKEN'};
    expect(fps(one(read(config, managed, files), 'discord', 'default'))).toEqual(expected);
    expect(fps(one(read(config, {MY_TOKEN: 'old'}, files), 'discord', 'default'))).toEqual([
      fingerprint(key, 'old'),
    ]);
  });

  it('reads $${VAR} as a literal', () => {
    expect(
      fps(one(read({channels: {discord: {token: 'a$${MY_TOKEN}b'}}}, {MY_TOKEN: 'x'}), 'discord', 'default')),
    ).toEqual([fingerprint(key, 'a${MY_TOKEN}b')]);
  });
});

describe('what cannot be resolved is unknown, with the reason', () => {
  const cases: [string, unknown, RegExp][] = [
    ['a program', {source: 'exec', provider: 'vault', id: 'x'}, /program of secret provider "vault"/],
    ['the store', {source: 'store', provider: 'default', id: 'X'}, /secret store/],
    ['a variable that is not set', '${NOT_SET}', /NOT_SET is not set/],
    ['a variable that is not allowed', {source: 'env', provider: 'few', id: 'PATH'}, /not on the list/],
    [
      'a provider that is not configured',
      {source: 'file', provider: 'gone', id: '/x'},
      /"gone" is not configured/,
    ],
  ];
  it.each(cases)('%s', (_, token, reason) => {
    const config = {
      secrets: {providers: {few: {source: 'env', allowlist: ['A']}}},
      channels: {discord: {token}},
    };
    const found = one(read(config, {PATH: '/bin'}), 'discord', 'default');
    expect(found?.enabled).toBe(true);
    expect(found?.unknown).toMatch(reason);
    expect(found?.credentials).toEqual([
      expect.objectContaining({field: 'token', unresolved: expect.stringMatching(reason)}),
    ]);
  });

  it('a token file that is missing', () => {
    const found = one(read({channels: {telegram: {tokenFile: '~/nope'}}}), 'telegram', 'default');
    expect(found?.unknown).toMatch(/nope does not exist/);
  });
});

describe('accounts of a channel', () => {
  it('inherit the top level, which is an account of its own only when it can log in', () => {
    const accounts = {a: {nick: 'one'}, b: {nick: 'two', enabled: false, host: 'other.example.org'}};
    const found = read({channels: {irc: {host: 'IRC.example.org', tls: false, accounts}}});
    expect(found.map(({account, enabled, identity}) => [account, enabled, identity?.label])).toEqual([
      ['a', true, 'one@irc.example.org:6667'],
      ['b', false, 'two@other.example.org:6667'],
    ]);
  });

  it('the top level with a token of its own is account default beside the named ones', () => {
    const found = read({
      channels: {telegram: {botToken: telegramToken, accounts: {b: {botToken: '987654321:AAx'}, c: {}}}},
    });
    expect(found.map(({account, identity}) => [account, identity?.label])).toEqual([
      ['b', 'bot 987654321'],
      ['c', 'bot 123456789'],
      ['default', 'bot 123456789'],
    ]);
  });

  it('the environment is for the default account only', () => {
    const found = read({channels: {discord: {accounts: {b: {}}}}}, {DISCORD_BOT_TOKEN: discordToken});
    expect(one(found, 'discord', 'b')).toMatchObject({enabled: false, credentials: []});
    expect(one(found, 'discord', 'default')).toMatchObject({enabled: true});
  });

  it('an account that sets its token does not inherit a token file', () => {
    const found = read(
      {channels: {telegram: {tokenFile: '~/t', accounts: {b: {botToken: '55:AAx'}}}}},
      {},
      {t: telegramToken},
    );
    expect(one(found, 'telegram', 'b')?.identity?.label).toBe('bot 55');
  });

  it('Matrix accounts inherit no login, and have environment variables of their own', () => {
    const found = read(
      {
        channels: {
          matrix: {
            homeserver: 'https://m.example.org',
            userId: '@a:example.org',
            accessToken: 'x',
            accounts: {'ops-2': {}, idle: {}},
          },
        },
      },
      {MATRIX_OPS_X2D_2_ACCESS_TOKEN: 'scoped', MATRIX_OPS_X2D_2_USER_ID: '@Ops:example.org'},
    );
    expect(one(found, 'matrix', 'ops-2')).toMatchObject({
      enabled: true,
      identity: {label: '@ops:example.org'},
    });
    expect(one(found, 'matrix', 'idle')).toMatchObject({enabled: false});
  });

  it('nothing is made of settings for all channels', () => {
    expect(read({channels: {defaults: {token: 'x'}, modelByChannel: {discord: {a: 'b'}}}})).toEqual([]);
  });
});

describe('whether a start would log it in', () => {
  const irc = {host: 'h', nick: 'n'};
  const cases: [string, object][] = [
    ['the channel is off', {channels: {irc: {...irc, enabled: false}}}],
    ['the account is off', {channels: {irc: {accounts: {default: {...irc, enabled: false}}}}}],
    ['its plugin is off', {channels: {irc}, plugins: {entries: {irc: {enabled: false}}}}],
    ['its plugin is denied', {channels: {irc}, plugins: {deny: ['IRC']}}],
    ['its plugin is not on the allow list', {channels: {irc}, plugins: {allow: ['discord']}}],
    ['plugins are off', {channels: {irc}, plugins: {enabled: false}}],
  ];
  it.each(cases)('not when %s', (_, config) => {
    expect(one(read(config), 'irc', 'default')?.enabled ?? false).toBe(false);
  });
  it('by default it would', () => {
    expect(one(read({channels: {irc}}), 'irc', 'default')?.enabled).toBe(true);
  });
});

describe('who an account is', () => {
  const identity = (config: object, env?: Record<string, string>) =>
    read({channels: config}, env)[0]?.identity;

  it('one nick on one IRC network is one login, whatever the port and the case', () => {
    const plain = identity({irc: {host: 'irc.example.org', port: 6667, tls: false, nick: 'Claw[1]'}});
    const tls = identity({irc: {host: 'IRC.example.org.', nick: 'claw{1}'}});
    expect(tls?.fp).toBe(plain?.fp);
    expect(identity({irc: {host: 'irc.example.org', port: 7777, nick: 'claw{1}'}})?.fp).not.toBe(plain?.fp);
  });

  it('IRC takes host, nick and port of the default account from the environment', () => {
    const env = {
      IRC_HOST: 'irc.example.org',
      IRC_NICK: 'claw',
      IRC_PORT: '7000',
      IRC_PASSWORD: 'pw-from-env',
    };
    expect(identity({irc: {}}, env)?.label).toBe('claw@irc.example.org:7000');
  });

  it('Slack bot tokens name team and bot, others are themselves', () => {
    expect(identity({slack: {botToken: 'xoxb-111-222-abc'}})?.label).toBe('bot 111-222');
    expect(identity({slack: {botToken: 'xoxb-odd'}})?.label).not.toContain('odd');
  });

  it('a WhatsApp account is the number it is linked to', () => {
    const creds = JSON.stringify({
      me: {id: '4915112345678:12@s.whatsapp.net'},
      signedIdentityKey: {private: {data: 'AAAA'}},
    });
    const found = read(
      {channels: {whatsapp: {}}},
      {},
      {'.openclaw/credentials/whatsapp/default/creds.json': creds},
    );
    expect(found).toEqual([
      expect.objectContaining({enabled: true, identity: expect.objectContaining({label: '+4915112345678'})}),
    ]);
  });

  it('a Signal daemon keeps its number to itself', () => {
    const found = read({
      channels: {signal: {transport: {kind: 'external-native', url: 'http://127.0.0.1:8080'}}},
    });
    expect(found[0]?.unknown).toMatch(/Signal daemon/);
  });

  it('an unknown channel is its credentials', () => {
    const found = read({
      channels: {
        newchat: {server: 's', apiToken: 'secret-a', maxTokens: 5, deep: {webhookSecret: 'secret-b'}},
      },
    });
    expect(found[0]?.credentials.map(({field}) => field)).toEqual(['apiToken', 'deep.webhookSecret']);
    expect(found[0]?.identity).toBeDefined();
  });
});

describe('files of the config', () => {
  it('JSON5 with comments and includes, relative to the including file, lists merged in order', () => {
    const config = '{ // comment\n channels: {$include: ["./a.json5", "sub/b.json5"], irc: {nick: "own"}}, }';
    const found = read(
      config,
      {},
      {
        '.openclaw/a.json5': '{irc: {host: "h1", nick: "a"}}',
        '.openclaw/sub/b.json5': '{irc: {$include: "./c.json5"}}',
        '.openclaw/sub/c.json5': '{host: "h2"}',
      },
    );
    expect(found[0]?.identity?.label).toBe('own@h2:6697');
  });

  const broken: [string, string, Record<string, string>, RegExp][] = [
    ['a circle', '{$include: "./a.json5"}', {'.openclaw/a.json5': '{$include: "./a.json5"}'}, /in a circle/],
    ['a file outside', '{channels: {$include: "../x.json5"}}', {'x.json5': '{}'}, /outside its folder/],
    ['a missing file', '{$include: "./gone.json5"}', {}, /does not exist/],
    ['no JSON5', '{"token": "abc', {}, /not valid JSON5/],
    ['a list', '[1]', {}, /not an object/],
  ];
  it.each(broken)('%s makes config and accounts unknown', (_, config, files, reason) => {
    for (const [path, content] of Object.entries(files)) put(path, content);
    const configPath = put('.openclaw/openclaw.json', config);
    const output = readAll(
      {configPath, stateDir: join(home, '.openclaw'), home, process: {}},
      {key, files: hostFiles, packages: [], runtime: {node: '/n', nodeVersion: '24.0.0'}},
    );
    expect(output.accounts).toMatchObject({known: false, reason: expect.stringMatching(reason)});
    expect(output.config).toMatchObject({known: false, reason: expect.stringMatching(reason)});
  });

  it('a link out of the folder is refused', () => {
    put('secret.json5', '{irc: {host: "h", nick: "n"}}');
    mkdirSync(join(home, '.openclaw'));
    symlinkSync(join(home, 'secret.json5'), join(home, '.openclaw/link.json5'));
    expect(() => read('{channels: {$include: "./link.json5"}}')).toThrow(/link to a file outside/);
  });

  it('twelve files deep is too deep', () => {
    const files = Object.fromEntries(
      Array.from({length: 13}, (_, n) => [`.openclaw/d${n}.json5`, `{x: {$include: "./d${n + 1}.json5"}}`]),
    );
    expect(() => read('{$include: "./d0.json5"}', {}, files)).toThrow(/more than 10 files deep/);
  });

  it('no config is no account', () => {
    const output = readAll(
      {configPath: join(home, 'none.json'), stateDir: home, home, process: {DISCORD_BOT_TOKEN: 'x'}},
      {key, files: hostFiles, packages: [], runtime: {node: '/n', nodeVersion: '24.0.0'}},
    );
    expect(output).toMatchObject({config: {known: true, value: null}, accounts: {known: true, accounts: []}});
  });
});
