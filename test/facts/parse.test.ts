import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {Abort} from '../../src/errors.js';
import {parseFacts} from '../../src/facts/parse.js';
import {markerOf} from '../../src/facts/script.js';
import {recordedRequest} from './request.js';

// Readings of real Debian hosts (nspawn, systemd as PID 1); the Ubuntu ones are the hardened Debian 12 host's with
// what differs there: os-release, systemd version, a sudo login, Tailscale, sshd started from a socket.
const text = (name: string) =>
  readFileSync(fileURLToPath(new URL(`fixtures/${name}.txt`, import.meta.url)), 'utf8');
const times = {
  readAt: '2026-11-20T13:57:42.000Z',
  tookMs: 300,
  sentAtMs: 1_795_183_062_600,
  receivedAtMs: 1_795_183_062_900,
};
const parse = (name: string, host: 'primary' | 'standby') =>
  parseFacts(text(name), recordedRequest(host), times);

describe('bare hosts', () => {
  it.each([
    ['debian-12-bare', '12', 'bookworm', 252],
    ['debian-13-bare', '13', 'trixie', 257],
  ])('%s', (name, versionId, codename, version) => {
    const facts = parse(name, 'standby');
    expect(facts).toMatchObject({
      os: {id: 'debian', versionId, codename, arch: 'x86_64'},
      systemd: {known: true, value: {version}},
      login: {user: 'root', isRoot: true},
      sshPort: {known: true, value: 22},
      aptLock: {known: true, value: null},
      firewall: {known: true, value: {installed: false, enabled: false, closed: false, rules: []}},
      fail2ban: {known: true, value: {installed: false, active: false}},
      tailscale: {known: true, value: {installed: false}},
      gateway: {known: true, value: {form: 'none', active: false, listeners: []}},
      openclaw: {known: true, value: null},
      config: {known: true, value: null},
      accounts: {known: true, accounts: []},
      guard: {known: false},
      monitorState: {known: true, value: null},
      probe: {status: 200, body: '{"ok":true,"status":"live"}'},
      users: {openclaw: null, 'openclaw-monitor': null},
      git: null,
      lock: null,
    });
    expect(facts.packages).toMatchObject({fail2ban: null, ufw: null, curl: expect.stringMatching(/^[78]\./)});
    expect(facts.units['openclaw.service']).toMatchObject({loadState: 'not-found', activeState: 'inactive'});
    expect(facts.units['ssh.service']).toMatchObject({activeState: 'active', unitFileState: 'enabled'});
    expect(facts.units['ssh.service']?.activeSinceMs).toBeGreaterThan(0);
    expect(Object.keys(facts.disks)).toEqual(['/', '/opt', '/home', '/var']);
    expect(facts.disks['/']).toMatchObject({readOnly: false});
    expect(facts.disks['/']?.freeBytes).toBeGreaterThan(1e9);
    expect(facts.memory.availableBytes).toBeGreaterThan(1e9);
    expect(facts.addresses).toContainEqual(
      expect.objectContaining({name: 'tailscale0', family: 4, prefix: 24}),
    );
    expect(facts.checkouts['/home/openclaw/.openclaw/workspace']).toMatchObject({
      exists: false,
      isGit: false,
    });
  });

  it('the clock offset is the middle between both ends of the reading', () => {
    const facts = parse('debian-12-bare', 'standby');
    expect(Math.abs(facts.clockOffsetMs)).toBeLessThan(150);
    const hour = 3_600_000;
    const late = {...times, sentAtMs: times.sentAtMs - hour, receivedAtMs: times.receivedAtMs - hour};
    expect(parseFacts(text('debian-12-bare'), recordedRequest('standby'), late).clockOffsetMs).toBe(
      facts.clockOffsetMs + hour,
    );
  });
});

it('a firewall with rules of every form, and fail2ban with its jails', () => {
  expect(parse('debian-12-hardened', 'standby')).toMatchObject({
    firewall: {
      known: true,
      value: {
        installed: true,
        enabled: true,
        closed: true,
        rules: [
          'allow 22/tcp',
          'allow in on tailscale0',
          'allow from 10.0.0.0/8 to any port 443 proto tcp',
          'limit 2222',
          'deny out 25',
        ],
      },
    },
    fail2ban: {known: true, value: {installed: true, active: true, jails: ['sshd']}},
    probe: {status: 0, error: expect.stringMatching(/Failed to connect/)},
  });
});

describe('primaries', () => {
  const accounts = {
    known: true,
    accounts: [
      {channel: 'irc', account: 'main', enabled: true, identity: {label: 'clawmain@10.77.0.2:6667'}},
      {channel: 'irc', account: 'backup', enabled: true, identity: {label: 'clawbak@10.77.0.2:6667'}},
    ],
  };
  const common = {
    openclaw: {
      known: true,
      value: {
        version: '2026.9.6',
        engines: '>=24.16.0 <25 || >=26.1.0',
        node: '/usr/local/bin/node',
        nodeVersion: '24.21.0',
      },
    },
    accounts,
    plugins: {irc: '2026.9.5'},
    checkouts: {
      '/home/openclaw/.openclaw/workspace': {
        isGit: true,
        branch: 'main',
        dirty: 0,
        ahead: 0,
        remote: 'git@10.77.0.2:workspace.git',
      },
    },
  };
  const places = {
    user: 'openclaw',
    stateDir: '/home/openclaw/.openclaw',
    configPath: '/home/openclaw/.openclaw/openclaw.json',
  };

  it('a user unit', () => {
    expect(parse('debian-12-user-unit', 'primary')).toMatchObject({
      ...common,
      gateway: {
        known: true,
        value: {form: 'user-unit', unit: 'openclaw-gateway.service', active: true, ...places},
      },
      users: {openclaw: {uid: 1000, linger: true, home: '/home/openclaw', groups: ['openclaw']}},
    });
  });
  it('a user unit that is stopped', () => {
    const value = {
      form: 'user-unit',
      unit: 'openclaw-gateway.service',
      active: false,
      listeners: [],
      ...places,
    };
    expect(parse('debian-12-user-unit-stopped', 'primary')).toMatchObject({
      ...common,
      gateway: {known: true, value},
    });
  });
  it('a system unit, with where it listens', () => {
    const facts = parse('debian-12-system-unit', 'primary');
    expect(facts).toMatchObject({
      ...common,
      gateway: {
        known: true,
        value: {form: 'system-unit', unit: 'openclaw-gateway.service', active: true, ...places},
      },
    });
    const gateway = facts.gateway.known ? facts.gateway.value : undefined;
    expect(gateway?.upS).toBeGreaterThan(0);
    expect(gateway?.argv).toEqual([
      '/usr/local/bin/node',
      '/usr/local/lib/node_modules/openclaw/dist/index.js',
      'gateway',
      '--port',
      '18789',
    ]);
    expect(gateway?.listeners.map(({address, port}) => `${address}:${port}`)).toEqual([
      '100.64.0.74:18789',
      '127.0.0.1:18789',
    ]);
  });
  it('no token of the config is in the reading', () => {
    for (const name of ['debian-12-user-unit', 'debian-12-system-unit']) {
      expect(text(name)).not.toContain('lab-gateway-token');
      expect(text(name)).not.toContain('sk-local');
    }
  });
});

it('Ubuntu 22.04: a sudo user, Tailscale waiting for its login', () => {
  expect(parse('ubuntu-22.04-like', 'standby')).toMatchObject({
    os: {id: 'ubuntu', versionId: '22.04', codename: 'jammy'},
    systemd: {known: true, value: {version: 249}},
    login: {user: 'ubuntu', isRoot: false},
    tailscale: {
      known: true,
      value: {installed: true, state: 'NeedsLogin', loginUrl: 'https://login.tailscale.com/a/1234567890abc'},
    },
  });
});

it('Ubuntu 24.04: sshd from a socket, unattended-upgrades at work, Tailscale up', () => {
  const facts = parse('ubuntu-24.04-like', 'standby');
  expect(facts).toMatchObject({
    os: {id: 'ubuntu', versionId: '24.04'},
    aptLock: {known: true, value: {pid: 2231, command: 'unattended-upgr'}},
    tailscale: {known: true, value: {state: 'Running', ip4: '100.101.102.103'}},
  });
  expect(facts.tailscale.known && facts.tailscale.value.loginUrl).toBeUndefined();
  expect(facts.listeners.known && facts.listeners.value).toContainEqual({
    protocol: 'udp',
    address: '127.0.0.53',
    port: 53,
    process: 'systemd-resolve',
    pid: 430,
  });
});

describe('hostile and broken output', () => {
  const request = recordedRequest('standby');
  const marker = markerOf(request);
  const whole = text('debian-12-hardened');

  it.each([
    ['nothing', ''],
    ['a login banner', 'Welcome!\nThis account is not available.\n'],
    ['markers of another run', whole.replaceAll(marker, '@facts-0000')],
    ['binary noise', String.fromCharCode(...Array.from({length: 4000}, (_, i) => (i * 7919) % 256))],
  ])('%s ends in one sentence', (_, output) => {
    expect(() => parseFacts(output, request, times)).toThrow(Abort);
    expect(() => parseFacts(output, request, times)).toThrow(/^The standby did not answer/);
  });

  it('cut at any place, it gives facts with reasons or one sentence, and nothing else', () => {
    for (let length = 0; length < whole.length; length += 37) {
      const cut = whole.slice(0, length);
      if (!cut.includes(`${marker} > machine `)) {
        expect(() => parseFacts(cut, request, times)).toThrow(Abort);
        continue;
      }
      const facts = parseFacts(cut, request, times);
      if (!cut.includes(`${marker} > accounts`)) {
        expect(facts.accounts).toEqual({
          known: false,
          reason: 'the accounts could not be read: the reading was cut off before it',
        });
      }
      if (!cut.includes(`${marker} > firewall`)) expect(facts.firewall.known).toBe(false);
    }
  });

  it('with lines shuffled and bytes changed it never throws anything but Abort', () => {
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let run = 0; run < 150; run += 1) {
      const lines = whole.split('\n');
      for (let change = 0; change < 30; change += 1) {
        const at = random(lines.length);
        const line = lines[at] ?? '';
        const kinds = [
          () => line.slice(random(line.length + 1)),
          () => `${line}\u001b[2J\u0000`,
          () => lines[random(lines.length)] ?? '',
          () => line.replaceAll(/\d/g, '9'.repeat(random(30))),
          () => `${marker} < ${['files', 'units', 'accounts', 'x'][random(4)]}`,
          () => `${marker} > ${['files', 'units', 'accounts', 'x'][random(4)]} 0 `,
        ];
        lines[at] = kinds[random(kinds.length)]?.() ?? '';
      }
      try {
        const facts = parseFacts(lines.join('\n'), request, times);
        // oxlint-disable-next-line no-control-regex
        expect(JSON.stringify(facts)).not.toMatch(/\\u001b|\\u0000/);
      } catch (error) {
        expect(error).toBeInstanceOf(Abort);
      }
    }
  });

  const replaced = (name: string, content: string) => {
    const begin = whole.indexOf(`${marker} < ${name}\n`) + `${marker} < ${name}\n`.length;
    return whole.slice(0, begin) + content + whole.slice(whole.indexOf(`\n${marker} > ${name} `));
  };

  it.each([
    ['not JSON', 'Segmentation fault', /not JSON/],
    ['another shape', '{"accounts":{"known":true,"accounts":[{"channel":1}]}}', /unexpected answer at/],
    ['a known without its value', '{"openclaw":{"known":true}}', /unexpected answer at openclaw/],
  ])('an accounts program that answers %s makes accounts unknown', (_, content, reason) => {
    const facts = parseFacts(replaced('accounts', content), request, times);
    expect(facts.accounts).toMatchObject({known: false, reason: expect.stringMatching(reason)});
    expect(facts.config.known).toBe(false);
    expect(facts.hostname).not.toBe('');
  });

  it('a second section of the same name does not replace the first', () => {
    const forged = `${whole}\n${marker} < gateway\nform user-unit\n${marker} > gateway 0 \n`;
    expect(parseFacts(forged, request, times).gateway).toMatchObject({known: true, value: {form: 'none'}});
  });

  it.each([
    ['cuser ops\n', {engine: 'podman', name: 'claw', user: 'ops'}],
    ['cuser $(reboot)\n', {engine: 'podman', name: 'claw'}],
    ['', {engine: 'podman', name: 'claw'}],
  ])("a container's owner is taken from %j only when it can be one", (line, container) => {
    const found = parseFacts(
      replaced('gateway', `form podman\ncontainer podman claw\ncstate running\n${line}`),
      request,
      times,
    );
    expect(found.gateway).toMatchObject({known: true, value: {form: 'podman', active: true}});
    expect(found.gateway.known && found.gateway.value.container).toEqual(container);
  });

  it('a gateway that could not be found makes its config unknown, with the reason', () => {
    const failed = whole.replace(/ > gateway 0 .*/, ' > gateway 1 2 gateways run on this host (PIDs 1 2)');
    const facts = parseFacts(failed, request, times);
    const reason = '2 gateways run on this host (PIDs 1 2)';
    expect(facts.gateway).toEqual({known: false, reason});
    expect(facts.accounts).toEqual({known: false, reason});
  });

  it('a state file of the monitor that is no JSON is unknown', () => {
    const content = `present ${Buffer.from('{"state":').toString('base64')}`;
    expect(parseFacts(replaced('monitor', content), request, times).monitorState.known).toBe(false);
  });
});

describe('what is asked for since', () => {
  const request = recordedRequest('standby');
  const section = (name: string, text: string, end = '0') =>
    `\n${markerOf(request)} < ${name}\n${text}\n\n${markerOf(request)} > ${name} ${end}\n`;
  const facts = (...sections: string[]) =>
    parseFacts(`${section('machine', 'hostname x')}${sections.join('')}`, request, times);

  it.each([
    ['yes', {known: true, value: true}],
    ['no', {known: true, value: false}],
    ['maybe', {known: false, reason: 'timedatectl gave an unexpected answer'}],
  ])('timedatectl says %s of the clock', (said, clockSynced) =>
    expect(facts(section('clocksynced', said)).clockSynced).toEqual(clockSynced),
  );
  it('a host without timedatectl says so, and a reading from before nothing', () => {
    expect(facts(section('clocksynced', '', '1 timedatectl is not there')).clockSynced).toEqual({
      known: false,
      reason: 'timedatectl is not there',
    });
    expect(facts()).not.toHaveProperty('clockSynced');
  });

  it.each([
    ['2027-05-01T10:00:00Z', '2027-05-01T10:00:00.000Z'],
    ['0001-01-01T00:00:00Z', undefined],
    ['soon', undefined],
    [null, undefined],
  ])('the key of Tailscale that expires at %s', (KeyExpiry, expected) => {
    const status = JSON.stringify({BackendState: 'Running', Self: {KeyExpiry}});
    const {tailscale} = facts(section('tailscale', `present\n${status}\nip4 100.64.0.1`));
    expect(tailscale).toMatchObject({known: true, value: {state: 'Running', ip4: '100.64.0.1'}});
    expect(tailscale.known && tailscale.value.keyExpires).toBe(expected);
  });

  it('of what changes a unit only what is for this unit alone', () => {
    const paths =
      '/usr/lib/systemd/system/service.d/10-all.conf /etc/systemd/system/openclaw.service.d/override.conf';
    const {units} = facts(section('units', `Id=openclaw.service\nLoadState=loaded\nDropInPaths=${paths}`));
    expect(units['openclaw.service']!.dropIns).toEqual([
      '/etc/systemd/system/openclaw.service.d/override.conf',
    ]);
    expect(units['ssh.service']).not.toHaveProperty('dropIns');
  });

  it('when a file was changed, and the hash of a large one that is no secret', () => {
    const [hash, plain] = ['a'.repeat(64), 'b'.repeat(64)];
    const text = (rest: string) =>
      `${section('machine', 'hostname x')}${section('files', `0 is 81a4 root root 70000 ${rest}`)}`;
    const file = (rest: string) =>
      parseFacts(text(rest), {...request, files: [{path: '/large'}]}, times).files['/large'];
    expect(file(`1795183062 hash ${hash} ${plain}`)).toMatchObject({
      changedMs: 1_795_183_062_000,
      hash,
      sha256: plain,
    });
    expect(file(`1795183062 hash ${hash} ${plain.slice(1)}`)).not.toHaveProperty('sha256');
    // As it was told before.
    expect(file(`hash ${hash}`)).toMatchObject({hash});
    expect(file(`hash ${hash}`)).not.toHaveProperty('changedMs');
  });
});
