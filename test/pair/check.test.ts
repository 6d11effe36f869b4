import {describe, expect, it} from 'vitest';
import {checkAt, checkPair, problemSentence} from '../../src/pair/check.js';

const good = {
  primary: {ssh: 'root@203.0.113.10'},
  standby: {ssh: 'root@203.0.113.20'},
  channel: {type: 'discord'},
  model: {primary: 'anthropic/claude-opus-4-6'},
};

function sentences(value: unknown): string[] {
  const checked = checkPair(value);
  return checked.ok ? [] : checked.problems.map(problemSentence);
}

describe('checkPair', () => {
  it('accepts the least that makes a pair and fills in the defaults', () => {
    const checked = checkPair(good);
    expect(checked).toMatchObject({
      ok: true,
      pair: {
        name: 'default',
        network: {kind: 'existing'},
        workspace: {branch: 'main'},
        channel: {account: 'default', settings: {}, secrets: {}},
        monitor: {profile: 'default', failback: 'auto', standby: 'cold', onPartition: 'hold'},
        secretsSync: null,
      },
    });
  });

  it('accepts every key of the documented example', () => {
    expect(
      sentences({
        name: 'default',
        primary: {
          ssh: 'root@203.0.113.10',
          identityFile: '~/.ssh/id_ed25519',
          hostKey: `SHA256:${'A'.repeat(43)}`,
          jump: 'ops@bastion.example.org',
          address: '100.64.0.11',
          gatewayUser: 'openclaw',
        },
        standby: {ssh: 'root@203.0.113.20', hostname: 'claw-standby'},
        network: {kind: 'tailscale', authKey: {env: 'TS_AUTHKEY'}},
        workspace: {remote: 'git@github.com:me/workspace.git', branch: 'main'},
        channel: {
          type: 'discord',
          account: 'default',
          settings: {dmPolicy: 'allowlist', allowFrom: ['123456789012345678']},
          secrets: {token: {env: 'STANDBY_DISCORD_TOKEN'}},
        },
        model: {
          primary: 'anthropic/claude-opus-4-6',
          fallbacks: ['anthropic/claude-sonnet-4-5'],
          providers: {},
          secrets: {ANTHROPIC_API_KEY: {env: 'STANDBY_ANTHROPIC_KEY'}},
        },
        secretsSync: null,
        monitor: {profile: 'default', failback: 'auto', standby: 'cold', onPartition: 'hold'},
        notify: [],
        mirrors: {node: 'https://nodejs.org/dist'},
      }),
    ).toEqual([]);
  });

  it('takes a Host of the SSH configuration, a port, and an IPv6 address in brackets as targets', () => {
    for (const ssh of ['claw-main', 'root@claw-main:2222', 'root@[2001:db8::1]:22']) {
      expect(sentences({...good, standby: {ssh}})).toEqual([]);
    }
  });

  it.each([
    [
      'nothing',
      {},
      [
        'primary.ssh: is missing',
        'standby.ssh: is missing',
        'channel.type: is missing',
        'model.primary: is missing',
      ],
    ],
    ['a list', [], ['the answers must be one object { … }']],
    [
      'a target that is none',
      {...good, standby: {ssh: 'a b'}},
      ['standby.ssh: must look like user@host or user@host:port'],
    ],
    [
      'a target that ssh would take for an option',
      {...good, primary: {ssh: '-oProxyCommand=x'}},
      ['primary.ssh: must not begin with a dash'],
    ],
    ['a number for a text', {...good, standby: {ssh: 7}}, ['standby.ssh: must be a text, not a number']],
    [
      'witnesses that are no places',
      {
        ...good,
        monitor: {
          witnesses: ['https://example.org', 'example.org:0', 'example.org:70000', '[2001:db8::1]:53'],
        },
      },
      [
        'monitor.witnesses[0]: must look like host:port',
        'monitor.witnesses[1]: must look like host:port',
        'monitor.witnesses[2]: must have a port up to 65535',
      ],
    ],
    [
      'a section that is a text',
      {...good, channel: 'discord'},
      ['channel: must be an object { … }, not a text'],
    ],
    [
      'an address that is none',
      {...good, primary: {ssh: 'a@b', address: 'x'}},
      ['primary.address: must be an IP address'],
    ],
    [
      'a host key that is none',
      {...good, primary: {ssh: 'a@b', hostKey: 'MD5:aa'}},
      ['primary.hostKey: must look like SHA256:… (ssh-keygen -lf shows it)'],
    ],
    [
      'a misspelled key',
      {...good, primary: {ssh: 'a@b', adress: '10.0.0.1'}},
      ['primary.adress: is not a key of this file; did you mean "address"?'],
    ],
    [
      'a key nobody knows',
      {...good, monitor: {speed: 3}},
      [
        'monitor.speed: is not a key of this file; it may have profile, failback, standby, onPartition, witnesses',
      ],
    ],
    [
      'a key from the prototype',
      {...good, model: {primary: 'a/b', constructor: 1}},
      [expect.stringContaining('model.constructor: is not a key of this file')],
    ],
    [
      'a network that is none',
      {...good, network: {kind: 'vpn'}},
      ['network.kind: must be "tailscale" or "existing"'],
    ],
    ['a network without a kind', {...good, network: {}}, ['network.kind: is missing']],
    [
      'an auth key for an existing network',
      {...good, network: {kind: 'existing', authKey: {env: 'A'}}},
      [expect.stringContaining('network.authKey: is not a key of this file')],
    ],
    [
      'a secret written into the file',
      {...good, channel: {type: 'discord', secrets: {token: 'abc'}}},
      ['channel.secrets.token: must be {"env": "NAME"} or {"file": "path"}'],
    ],
    [
      'a secret from two places',
      {...good, channel: {type: 'discord', secrets: {token: {env: 'A', file: 'b'}}}},
      ['channel.secrets.token: must be {"env": "NAME"} or {"file": "path"}'],
    ],
    [
      'a variable name that is none',
      {...good, channel: {type: 'discord', secrets: {token: {env: '1x'}}}},
      ['channel.secrets.token.env: must be the name of an environment variable'],
    ],
    [
      'a model without a provider',
      {...good, model: {primary: 'opus'}},
      ['model.primary: must look like provider/model'],
    ],
    [
      'a fallback that is none',
      {...good, model: {primary: 'a/b', fallbacks: ['a/b', 3]}},
      ['model.fallbacks[1]: must be a text, not a number'],
    ],
    [
      'a profile that is none',
      {...good, monitor: {profile: 'fast'}},
      ['monitor.profile: must be "default" or "classic"'],
    ],
    [
      'a mirror that is no web address',
      {...good, mirrors: {node: 'ftp://x'}},
      ['mirrors.node: must be an http or https URL'],
    ],
    ['a notifier', {...good, notify: [{kind: 'webhook'}]}, ['notify[0].url: is missing']],
    [
      'two notifiers of a kind without names',
      {
        ...good,
        notify: [
          {kind: 'command', path: '/a'},
          {kind: 'command', path: '/b'},
        ],
      },
      ['notify[1].name: is "command" like an entry before it; give it a name of its own'],
    ],
    [
      'a notifier whose URL stands in the file',
      {...good, notify: [{kind: 'webhook', url: 'https://hooks.example/SECRET'}]},
      ['notify[0].url: must be {"env": "NAME"} or {"file": "path"}'],
    ],
    [
      'a notifier that is none',
      {...good, notify: [{kind: 'pager'}]},
      ['notify[0].kind: must be "webhook", "ntfy", "command" or "ping"'],
    ],
    [
      'a server of ntfy with a password in it',
      {...good, notify: [{kind: 'ntfy', topic: {env: 'T'}, server: 'https://me:pw@ntfy.example'}]},
      ['notify[0].server: must not hold a password or token'],
    ],
    [
      'a ping every second',
      {...good, notify: [{kind: 'ping', url: {env: 'P'}, everyS: 1}]},
      ['notify[0].everyS: must be at least 60'],
    ],
    [
      'a secrets source',
      {
        ...good,
        secretsSync: {host: 'root@vault.example.org', path: '~/../x', allow: ['../a.env', '.env', 'a']},
      },
      [
        'secretsSync.host: must look like user@100.64.0.30 or user@100.64.0.30:22; an address, so that no DNS is needed',
        'secretsSync.path: must not hold ".."',
        'secretsSync.allow[0]: must be the plain name of a file that ends in .env',
        'secretsSync.allow[1]: must be the plain name of a file that ends in .env',
        'secretsSync.allow[2]: must be the plain name of a file that ends in .env',
      ],
    ],
    [
      'a branch that git would take for an option',
      {...good, workspace: {branch: '--upload-pack=x'}},
      ['workspace.branch: must be a branch name'],
    ],
    [
      'a remote that git would take for an option',
      {...good, workspace: {remote: '--upload-pack=x'}},
      ['workspace.remote: must not begin with a dash'],
    ],
    [
      'a token in the remote',
      {...good, workspace: {remote: 'https://ghp_S3CRET@github.com/me/w.git'}},
      ['workspace.remote: must not hold a password or token'],
    ],
    [
      'a pair name with a slash',
      {...good, name: '../x'},
      ['name: must be lower-case letters, digits and dashes'],
    ],
  ])('says what is wrong with %s', (_what, value, expected) => {
    expect(sentences(value)).toEqual(expected);
  });

  it('tells all problems at once', () => {
    const all = sentences({
      primary: {ssh: 'a b'},
      standby: {},
      model: {primary: 'x'},
      channel: {typ: 'irc'},
      extra: 1,
    });
    expect(all).toHaveLength(6);
    expect(all).toContain('channel.typ: is not a key of this file; did you mean "type"?');
  });

  it('never repeats a value in a sentence, because it may be a secret in the wrong place', () => {
    const told = sentences({
      ...good,
      channel: {type: 'discord', secrets: {token: 'S3CRET-value'}},
      model: {primary: 'S3CRET'},
    });
    expect(told.join('\n')).not.toContain('S3CRET');
  });
});

describe('checkAt', () => {
  it('judges one value by the schema while the rest is still open', () => {
    expect(checkAt({}, ['standby', 'ssh'], 'a b')).toBe('must look like user@host or user@host:port');
    expect(checkAt({}, ['standby', 'ssh'], 'root@b')).toBeUndefined();
    expect(checkAt({}, ['model', 'fallbacks'], ['a/b', 'x'])).toBe(
      'model.fallbacks[1]: must look like provider/model',
    );
  });
});
