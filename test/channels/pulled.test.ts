import {describe, expect, it} from 'vitest';
import {accountsOf} from '../../src/channels/program/accounts.js';
import {layerEnvironment, parseDotenv, quoteDotenv} from '../../src/channels/program/environment.js';
import {noFiles} from '../../src/channels/program/files.js';
import {judgePulled} from '../../src/channels/program/pulled.js';
import {channelRules} from '../../src/channels/program/table.js';

const password = 'the-password-of-the-standby';
const own = {FAILOVER_IRC_PASSWORD: password};

/** A standby with this config and its own env file; what is pulled comes after that. */
const standby =
  (channels: object, stateFile: Record<string, string> = own) =>
  (gatewayFile: Record<string, string>) => {
    const config = {channels} as Record<string, unknown>;
    const env = layerEnvironment({process: {}, stateFile, gatewayFile}, config);
    return accountsOf({config, env, files: noFiles, home: '/', stateDir: '/'}, 'key');
  };
const irc = {
  irc: {enabled: true, host: 'irc.example.org', nick: 'clawbak', password: '${FAILOVER_IRC_PASSWORD}'},
};
const judge = (text: string, more: Record<string, string> = {}, accounts = standby(irc)) =>
  judgePulled(
    Object.entries({'a.env': text, ...more}).map(([name, content]) => ({name, text: content})),
    accounts,
  );

describe('a set that may be used', () => {
  it.each<[string, string, Record<string, string>]>([
    ['plain', 'OPENAI_API_KEY=sk-1\n', {OPENAI_API_KEY: 'sk-1'}],
    ['no line end', 'A=1', {A: '1'}],
    ['comments, blank lines, CRLF', '# x\r\n\r\nA=1\r\n', {A: '1'}],
    ['export and spaces', 'export A= b c \n', {A: 'b c'}],
    ['a comment behind', 'A=1 # one\n', {A: '1'}],
    ['single quotes', 'A=\'x # "y" $z `w`\'\n', {A: 'x # "y" $z `w`'}],
    ['double quotes', 'A="x # \'y\'"\n', {A: "x # 'y'"}],
    ['backquotes', 'A=`x\'y"z`\n', {A: 'x\'y"z'}],
    [
      'a key over several lines',
      'A="-----BEGIN-----\\nabc\\n-----END-----"\n',
      {A: '-----BEGIN-----\nabc\n-----END-----'},
    ],
    ['empty', 'A=\nB=1\n', {A: '', B: '1'}],
    [
      'names that only look like others',
      'GITHUB_TOKEN=1\nNODE_AUTH_TOKEN=2\nPATHFINDER=3\n',
      {GITHUB_TOKEN: '1', NODE_AUTH_TOKEN: '2', PATHFINDER: '3'},
    ],
    ['the same twice', 'A=1\nA=1\n', {A: '1'}],
  ])('%s', (_name, text, values) => {
    const judged = judge(text);
    expect(judged).toHaveProperty('text');
    expect(parseDotenv('text' in judged ? judged.text : '')).toEqual(values);
  });
  it('is one file of all, each name once', () =>
    expect(judge('A=1\nB=2\n', {'b.env': 'B=2\nC=3\n'})).toEqual({text: 'A=1\nB=2\nC=3\n'}));
  it('may hold what the standby has already for its models', () =>
    expect(
      judge('OPENAI_API_KEY=pulled\n', {}, standby(irc, {...own, OPENAI_API_KEY: 'mine'})),
    ).toHaveProperty('text'));
});

describe('a set that is refused', () => {
  it.each([
    ['a word', 'rm\n', 'line 1 of a.env is no assignment of one value to one name'],
    [
      'a second line of a quote',
      "B=2\nA='x\ny'\n",
      'line 2 of a.env is no assignment of one value to one name',
    ],
    ['a quote that does not close', 'A="x\n', 'line 1 of a.env is no assignment of one value to one name'],
    ['something behind a quote', "A='x' y\n", 'line 1 of a.env is no assignment of one value to one name'],
    ['a # that a shell would keep', 'A=x#y\n', 'line 1 of a.env is no assignment of one value to one name'],
    ['a name with a dash', 'A-B=1\n', 'line 1 of a.env is no assignment of one value to one name'],
    ['a colon', 'A: 1\n', 'line 1 of a.env is no assignment of one value to one name'],
    ['a control character', 'A=\u001b[31m\n', 'line 1 of a.env is no assignment of one value to one name'],
    ['bytes that are no text', 'A=\uFFFD\n', 'line 1 of a.env is no assignment of one value to one name'],
    ['nothing', '', 'a.env holds no secret'],
    ['two values', 'A=1\nA=2\n', undefined],
    ['three kinds of quotes', 'A=x\'y"z`w\n', 'the value of A cannot be written into an env file'],
  ])('%s', (_name, text, refused) => {
    const judged = judge(text);
    // The last of two lines wins within one file, as everywhere dotenv is read.
    if (refused === undefined) expect(judged).toEqual({text: 'A=2\n'});
    else expect(judged).toEqual({refused});
  });
  it('two files that do not agree', () =>
    expect(judge('A=1\n', {'b.env': 'A=2\n'})).toEqual({
      refused: 'A is in a.env and b.env with different values',
    }));
  it('more than 500 names', () =>
    expect(judge(Array.from({length: 501}, (_, n) => `N${n}=1\n`).join(''))).toEqual({
      refused: 'it holds more than 500 names',
    }));

  const names = channelRules.flatMap(({channel, credentials, settings}) => [
    ...credentials.flatMap(({env, envFile}) => [env, envFile]),
    ...Object.values(settings),
    `${channel.replaceAll('-', '_').toUpperCase()}_ANYTHING`,
  ]);
  it.each([
    ...new Set(names.filter((name) => name !== undefined)),
    'MATRIX_OPS_ACCESS_TOKEN',
    'discord_bot_token',
  ])('the channel name %s', (name) => {
    const judged = judge(`${name}=x\n`);
    expect('refused' in judged && judged.refused).toMatch(
      /^\w+ in a\.env belongs to the channel [\w-]+, and channel credentials are not pulled$|steers how/,
    );
  });

  const discord = `${Buffer.from('123456789012345678').toString('base64')}.GabcdE.${'x'.repeat(38)}`;
  it.each([
    ['slack', `xoxb-${'1'.repeat(12)}-abc`],
    ['slack', `xapp-1-${'A'.repeat(12)}`],
    ['telegram', `123456789:${'A'.repeat(35)}`],
    ['discord', discord],
    ['discord', `Bot ${discord}`],
    ['matrix', `syt_${'a'.repeat(30)}`],
    ['nostr', `nsec1${'q'.repeat(58)}`],
  ])('what looks like a credential of %s, under whatever name', (channel, value) =>
    expect(judge(`MY_TOOL='${value}'\n`)).toEqual({
      refused: `MY_TOOL in a.env looks like a credential of ${channel}, and channel credentials are not pulled`,
    }),
  );
  it('no JSON web token is taken for one', () => {
    const jwt = `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.${'a'.repeat(40)}.${'b'.repeat(43)}`;
    expect(judge(`SUPABASE_KEY=${jwt}\n`)).toHaveProperty('text');
  });

  it.each([
    'PATH',
    'HOME',
    'LD_PRELOAD',
    'NODE_OPTIONS',
    'NODE_TLS_REJECT_UNAUTHORIZED',
    'OPENCLAW_CONFIG_PATH',
    'OPENCLAW_STATE_DIR',
    'FAILOVER_GATEWAY_TOKEN',
    'FAILOVER_IRC_PASSWORD',
    'HTTPS_PROXY',
    'https_proxy',
    'GIT_SSH_COMMAND',
    'BASH_ENV',
    'PYTHONPATH',
    'SSL_CERT_FILE',
    'XDG_CONFIG_HOME',
  ])('%s, which steers programs', (name) =>
    expect(judge(`${name}=x\n`)).toEqual({
      refused: `${name} in a.env steers how programs run, so it is not taken from elsewhere`,
    }),
  );

  it('the value of a credential that this standby logs in with', () =>
    expect(judge(`HARMLESS=${password}\n`)).toEqual({
      refused: 'HARMLESS in a.env has the value of a channel credential of this standby',
    }));

  it.each<[string, object, string, string]>([
    [
      'fills in what the config refers to',
      {irc: {host: 'h', nick: '${NICK}'}},
      'NICK=clawmain\n',
      'irc account default',
    ],
    [
      'brings another channel to life',
      {...irc, custom: {token: '${CUSTOM}'}},
      'CUSTOM=abc\n',
      'custom account default',
    ],
  ])('what %s', (_name, channels, text, account) =>
    expect(judge(text, {}, standby(channels))).toEqual({
      refused: `with it the gateway would log in another ${account}, and channel credentials are not pulled`,
    }),
  );
  it('never tells a value', () => {
    for (const text of [`A=${discord}\n`, `SLACK_X=s3cret-value\n`, `A=${password}\n`, 's3cret-value\n'])
      expect(JSON.stringify(judge(text))).not.toMatch(/s3cret-value|GabcdE|the-password/);
  });
});

describe('a value in an env file', () => {
  it.each(['', 'plain', 'a b', "it's", 'a"b', '`x`', 'a#b', ' lead', '$x', 'a\nb'])(
    '%j is read back as it was',
    (value) => {
      const quoted = quoteDotenv(value);
      expect(parseDotenv(`A=${quoted}\n`)).toEqual({A: value});
    },
  );
});
