import {describe, expect, it} from 'vitest';
import {Abort} from '../../src/errors.js';
import {checkPair} from '../../src/pair/check.js';
import {againCommand, draftOfFlags, secretPath} from '../../src/cli/flags.js';
import {attributeOf, flagged, flagOf} from '../../src/cli/questions/table.js';

describe('flags', () => {
  it('give the values of their keys', () => {
    const draft = draftOfFlags(
      {
        primary: 'root@a',
        standby: 'root@b',
        channel: 'irc',
        account: 'backup',
        fallbacks: 'a/b, c/d',
        allowFrom: '123456789012345678,2',
        expose: 'bind',
        setting: ['port=6667', 'tls=false', 'nick=clawbak', 'id=123456789012345678', 'nickserv.enabled=true'],
        secret: ['password=env:P', 'ANTHROPIC_API_KEY=file:/k', 'network.authKey=env:TS'],
        plain: true,
      },
      '/here',
    );
    expect(draft).toEqual({
      primary: {ssh: 'root@a', expose: 'bind'},
      standby: {ssh: 'root@b'},
      network: {authKey: {env: 'TS'}},
      channel: {
        type: 'irc',
        account: 'backup',
        settings: {
          port: 6667,
          tls: false,
          nick: 'clawbak',
          // Too long for a number: it would come out as another id.
          id: '123456789012345678',
          nickserv: {enabled: true},
          allowFrom: ['123456789012345678', '2'],
        },
        secrets: {password: {env: 'P'}},
      },
      model: {fallbacks: ['a/b', 'c/d'], secrets: {ANTHROPIC_API_KEY: {file: '/k'}}},
    });
  });

  it('--notify says who is told, with secrets only by where they come from', () => {
    const notify = [
      'ntfy=env:TOPIC,server=https://ntfy.example.org,level=warning',
      'webhook=file:hook,name=oncall',
      'command=/usr/local/bin/tell-me',
      'ping=env:PING,everyS=120',
    ];
    const draft = draftOfFlags({notify}, '/here');
    expect(draft).toEqual({
      notify: [
        {kind: 'ntfy', topic: {env: 'TOPIC'}, server: 'https://ntfy.example.org', level: 'warning'},
        {kind: 'webhook', url: {file: '/here/hook'}, name: 'oncall'},
        {kind: 'command', path: '/usr/local/bin/tell-me'},
        {kind: 'ping', url: {env: 'PING'}, everyS: 120},
      ],
    });
    const {command} = againCommand(draft);
    const words = command.split(' ').filter((word) => /^(?:ntfy|webhook|command|ping)=/.test(word));
    expect(draftOfFlags({notify: words}, '/elsewhere')).toEqual(draft);
    expect(draftOfFlags({notify: ['none']}, '/')).toEqual({notify: []});
  });

  it('--notify with a typed secret is left to the saved pair when the command is printed', () => {
    const draft = {
      notify: [
        {kind: 'webhook', url: {prompt: true}},
        {kind: 'command', path: '/x'},
      ],
    };
    expect(againCommand(draft)).toEqual({command: 'failover-wizard setup', typed: ['notify[0].url']});
  });

  it.each([
    'webhook=https://hooks.example/S3CRET',
    'https://hooks.example/S3CRET',
    'ntfy=env:T,token=S3CRET',
    'pager=env:S3CRET',
  ])('--notify %s is refused and not repeated', (text) => {
    const refused = () => draftOfFlags({notify: [text]}, '/');
    expect(refused).toThrow(/^--notify /);
    expect(refused).not.toThrow(/S3CRET/);
  });

  it('mean paths relative to the folder the program is started in', () => {
    expect(draftOfFlags({primaryIdentity: 'id', secret: ['token=file:t']}, '/here')).toEqual({
      primary: {identityFile: '/here/id'},
      channel: {secrets: {token: {file: '/here/t'}}},
    });
  });

  it('never take a secret itself, nor repeat it', () => {
    const refused = () => draftOfFlags({secret: ['token=S3CRET']}, '/');
    expect(refused).toThrow(Abort);
    expect(refused).toThrow(/must be env:NAME or file:PATH/);
    expect(refused).not.toThrow(/S3CRET/);
  });

  it.each([
    ['token', ['channel', 'secrets', 'token']],
    ['nickserv.password', ['channel', 'secrets', 'nickserv.password']],
    ['ANTHROPIC_API_KEY', ['model', 'secrets', 'ANTHROPIC_API_KEY']],
    ['model.secrets.lower', ['model', 'secrets', 'lower']],
    ['channel.secrets.TOKEN', ['channel', 'secrets', 'TOKEN']],
    ['authKey', ['network', 'authKey']],
  ])('--secret %s is %j', (name, path) => {
    expect(secretPath(name)).toEqual(path);
  });

  it('have names of their own, and every row says what it is for', () => {
    const names = flagged.map(({flag}) => attributeOf(flag?.flags ?? ''));
    expect(new Set(names).size).toBe(names.length);
    for (const {flag} of flagged) expect(flag?.describe.length).toBeGreaterThan(10);
  });

  it('are named for every key that can be missing', () => {
    for (const path of [
      ['primary', 'ssh'],
      ['standby', 'ssh'],
      ['channel', 'type'],
      ['model', 'primary'],
      ['primary', 'expose'],
    ]) {
      expect(flagOf(path)).toMatch(/^--/);
    }
    expect(flagOf(['channel', 'secrets', 'token'])).toBe('--secret token=env:NAME');
  });
});

describe('the command that does the same again', () => {
  const checked = checkPair({
    primary: {ssh: 'root@a', expose: 'bind', identityFile: '/my keys/id'},
    standby: {ssh: 'root@b'},
    channel: {
      type: 'irc',
      account: 'backup',
      settings: {host: 'irc.example.org', port: 6667, tls: false, id: '123', allowFrom: ['a!~a@*']},
      secrets: {password: {env: 'P'}, 'nickserv.password': {prompt: true}},
    },
    model: {primary: 'a/b', fallbacks: ['a/c', 'a/d'], secrets: {KEY: {file: '~/k'}}},
    workspace: {remote: 'git@example.org:me/w.git'},
  });
  if (!checked.ok) throw new Error('the test pair is wrong');
  const {pair} = checked;

  it('reads back as the same decisions', () => {
    const {command} = againCommand(pair);
    const options: Record<string, unknown> = {setting: [], secret: []};
    const words = [...command.matchAll(/'((?:[^']|'\\'')*)'|(\S+)/g)].map(
      ([, one, two]) => one?.replaceAll(`'\\''`, "'") ?? two ?? '',
    );
    expect(words.slice(0, 2)).toEqual(['failover-wizard', 'setup']);
    for (let at = 2; at < words.length; at += 2) {
      const name = attributeOf(`${words[at]} <x>`);
      const before = options[name];
      options[name] = Array.isArray(before) ? [...(before as string[]), words[at + 1]] : words[at + 1];
    }
    const again = checkPair(draftOfFlags(options, '/'));
    const {'nickserv.password': typed, ...secrets} = pair.channel.secrets;
    expect(typed).toEqual({prompt: true});
    expect(again).toEqual({ok: true, pair: {...pair, channel: {...pair.channel, secrets}}});
  });

  it('names what was typed, and holds none of it', () => {
    expect(againCommand(pair).typed).toEqual(['channel.secrets.nickserv.password']);
    expect(againCommand(pair).command).not.toContain('prompt');
  });

  it('is short when there is an answers file', () => {
    expect(againCommand({...pair, name: 'work'}, {answers: 'my pair.json'}).command).toBe(
      "failover-wizard setup --pair work --answers 'my pair.json'",
    );
  });
});
