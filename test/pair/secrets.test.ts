import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {problemSentence} from '../../src/pair/check.js';
import {channelSecretName, providerSecretName} from '../../src/pair/secret-names.js';
import {resolveSecrets, secretsWanted} from '../../src/pair/secrets.js';

describe('names in the env file of the standby', () => {
  it.each([
    ['discord', 'token', 'FAILOVER_DISCORD_TOKEN'],
    ['telegram', 'botToken', 'FAILOVER_TELEGRAM_BOT_TOKEN'],
    ['irc', 'nickserv.password', 'FAILOVER_IRC_NICKSERV_PASSWORD'],
    ['google-chat', 'serviceAccount.key', 'FAILOVER_GOOGLE_CHAT_SERVICE_ACCOUNT_KEY'],
  ])('%s %s is %s', (type, field, name) => {
    expect(channelSecretName(type, field)).toBe(name);
  });

  it('of providers say whose they are', () => {
    expect(providerSecretName('stub', 'apiKey')).toBe('FAILOVER_MODEL_STUB_API_KEY');
  });
});

describe('resolveSecrets', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  });
  afterEach(() => rm(folder, {recursive: true}));

  const wanted = (sources: Record<string, unknown>) =>
    secretsWanted({channel: {type: 'discord', secrets: sources}, model: {secrets: {}}});

  async function file(name: string, text: string, mode = 0o600): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, text);
    await chmod(path, mode);
    return path;
  }

  async function problems(sources: Record<string, unknown>, env = {}): Promise<string[]> {
    const resolved = await resolveSecrets(wanted(sources), env);
    return resolved.problems.map(problemSentence);
  }

  it('reads the environment and files, without the newline at the end of a file', async () => {
    const path = await file('token', 'from-file\n');
    const {secrets, problems: none} = await resolveSecrets(wanted({token: {env: 'T'}, other: {file: path}}), {
      T: 'from-env',
    });
    expect(none).toEqual([]);
    expect(secrets['FAILOVER_DISCORD_TOKEN']?.reveal()).toBe('from-env');
    expect(secrets['FAILOVER_DISCORD_OTHER']?.reveal()).toBe('from-file');
  });

  it('keeps the own names of model secrets, and knows the auth key of the network', () => {
    const names = secretsWanted({
      network: {kind: 'tailscale', authKey: {env: 'A'}},
      channel: {type: 'irc', secrets: {}},
      model: {secrets: {ANTHROPIC_API_KEY: {env: 'B'}}},
    }).map(({name}) => name);
    expect(names).toEqual(['TAILSCALE_AUTHKEY', 'ANTHROPIC_API_KEY']);
  });

  it('knows those of whoever is told by the name of the entry, and what their text must be', async () => {
    const notify = [
      {kind: 'ntfy', topic: {env: 'TOPIC'}, token: {env: 'TOKEN'}},
      {kind: 'webhook', name: 'on-call', url: {env: 'HOOK'}},
      {kind: 'command', path: '/x'},
      {kind: 'ping', url: {env: 'PING'}},
    ];
    const named = secretsWanted({channel: {type: 'irc', secrets: {}}, model: {secrets: {}}, notify});
    expect(named.map(({name}) => name)).toEqual([
      'FAILOVER_NOTIFY_NTFY_TOPIC',
      'FAILOVER_NOTIFY_NTFY_TOKEN',
      'FAILOVER_NOTIFY_ON_CALL_URL',
      'FAILOVER_NOTIFY_PING_URL',
    ]);
    const env = {TOPIC: 'S3CRET topic', TOKEN: 'fine', HOOK: 'ftp://S3CRET', PING: 'https://hc.example/x'};
    const resolved = await resolveSecrets(named, env);
    expect(resolved.problems.map(problemSentence)).toEqual([
      'notify[0].topic: is not a topic of ntfy: up to 64 letters, digits, - and _',
      'notify[1].url: is not an http or https URL',
    ]);
    expect(Object.keys(resolved.secrets)).toEqual(['FAILOVER_NOTIFY_NTFY_TOKEN', 'FAILOVER_NOTIFY_PING_URL']);
  });

  it('leaves typed ones to the standby', async () => {
    expect(await resolveSecrets(wanted({token: {prompt: true}}), {})).toEqual({secrets: {}, problems: []});
  });

  it('names an environment variable that is not set, or empty', async () => {
    const expected = ['channel.secrets.token: the environment variable T is not set'];
    expect(await problems({token: {env: 'T'}})).toEqual(expected);
    expect(await problems({token: {env: 'T'}}, {T: ''})).toEqual(expected);
  });

  it.each([
    [0o640, 'group'],
    [0o604, 'others'],
  ])('refuses a file of mode %o, which %s may read', async (mode) => {
    const path = await file('token', 'x', mode);
    expect(await problems({token: {file: path}})).toEqual([
      `channel.secrets.token: other users of this machine may read ${path}; run: chmod 600 ${path}`,
    ]);
  });

  it('says what is wrong with a file, and never what is in it', async () => {
    const empty = await file('empty', '\n');
    const long = await file('long', 'S3CRET\nS3CRET\n');
    const told = await problems({
      a: {file: empty},
      b: {file: long},
      c: {file: join(folder, 'none')},
      d: {file: folder},
    });
    expect(told).toEqual([
      `channel.secrets.a: ${empty} is empty`,
      `channel.secrets.b: ${long} has more than one line; a secret is one line`,
      `channel.secrets.c: ${join(folder, 'none')} cannot be read: there is no such file`,
      `channel.secrets.d: ${folder} is not a file`,
    ]);
  });
});
