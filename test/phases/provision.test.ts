import {describe, expect, it} from 'vitest';
import {allowsPort, provision} from '../../src/phases/1-provision.js';
import {loopbackOnly} from '../../src/phases/reachable.js';
import type {HostFacts} from '../../src/facts/types.js';
import {Secret} from '../../src/secret.js';
import {units} from '../../src/templates/layout.js';
import {bareStandby, planInputOf, runningPrimary} from './facts.js';

const ids = (input: ReturnType<typeof planInputOf>) => [...provision.plan(input)].map(({id}) => id);
const findings = (input: ReturnType<typeof planInputOf>) =>
  provision.findings!(input).map(({id, level}) => `${level} ${id}`);
const gateway = (primary: HostFacts) => (primary.gateway.known ? primary.gateway.value : undefined)!;

describe('phase 1 on a bare standby', () => {
  it('lists everything in an order that keeps SSH open', () => {
    expect(ids(planInputOf())).toEqual([
      'standby:packages:ca-certificates',
      'standby:firewall',
      'standby:file:/etc/fail2ban/jail.d/failover-wizard.local',
      'standby:unit:fail2ban.service',
      'standby:file:/etc/apt/apt.conf.d/52failover-wizard',
      'standby:user:openclaw',
      'standby:proof:reach',
    ]);
  });
  it('allows the port that SSH really uses before the firewall is enabled', () => {
    const input = planInputOf({standby: bareStandby({sshPort: {known: true, value: 2222}})});
    const change = [...provision.plan(input)].find(({kind}) => kind === 'firewall');
    expect(change?.kind === 'firewall' && change.rules[0]).toEqual([
      'allow',
      '2222/tcp',
      'comment',
      'SSH (failover-wizard)',
    ]);
  });
  it.each([
    [{enabled: true, closed: true, rules: ['allow 22/tcp']}, false],
    [{enabled: true, closed: true, rules: []}, true],
    [{enabled: true, closed: false, rules: ['allow 22/tcp']}, true],
    [{enabled: false, closed: true, rules: ['allow 22/tcp']}, true],
  ])('a firewall that is %j is changed: %s', (value, changed) => {
    const standby = bareStandby({firewall: {known: true, value: {installed: true, ...value}}});
    expect(ids(planInputOf({standby})).includes('standby:firewall')).toBe(changed);
  });
  it('asks only for the packages that are missing', () => {
    const input = planInputOf({
      standby: bareStandby({packages: {'ca-certificates': '1', curl: '1', git: '1', ufw: null}}),
    });
    const change = [...provision.plan(input)].find(({kind}) => kind === 'packages');
    expect(change?.kind === 'packages' && change.packages).toEqual([
      'fail2ban',
      'openssh-client',
      'python3-systemd',
      'ufw',
      'unattended-upgrades',
      'xz-utils',
    ]);
  });
  it("authorizes the operator's key once", () => {
    const line = 'ssh-ed25519 AAAAC3Nza me@laptop';
    expect(ids(planInputOf({operatorKey: line}))).toContain('standby:authorized-key:openclaw');
    const user = {
      name: 'openclaw',
      uid: 1,
      gid: 1,
      home: '/home/openclaw',
      shell: '/bin/bash',
      groups: [],
      linger: false,
      authorizedKeys: ['ssh-ed25519 AAAAC3Nza other comment'],
      publicKeys: {},
    };
    expect(
      ids(planInputOf({operatorKey: line, standby: bareStandby({users: {openclaw: user}})})),
    ).not.toContain('standby:authorized-key:openclaw');
  });
});

describe('ufw rules', () => {
  it.each([
    ['allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in', 22, true],
    ['limit tcp 22 0.0.0.0/0 any 0.0.0.0/0 in', 22, true],
    ['allow any 22 0.0.0.0/0 any 0.0.0.0/0 in', 22, true],
    ['deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 in', 22, false],
    ['allow tcp 2222 0.0.0.0/0 any 0.0.0.0/0 in', 22, false],
    ['allow tcp 22 0.0.0.0/0 any 203.0.113.1 in', 22, false],
  ])('%s lets %d in from anywhere: %s', (rule, port, expected) =>
    expect(allowsPort(rule, port)).toBe(expected),
  );
});

describe('a primary that the standby cannot see', () => {
  const hidden = runningPrimary();
  gateway(hidden).listeners = [{protocol: 'tcp', address: '127.0.0.1', port: 18789}];
  it('is recognised by its listeners', () => {
    expect(loopbackOnly(hidden)).toBe(true);
    expect(loopbackOnly(runningPrimary())).toBe(false);
  });
  it('blocks until the operator consents to a fix', () => {
    expect(findings(planInputOf({primary: hidden}))).toEqual(['blocks loopback']);
    expect(ids(planInputOf({primary: hidden}))).not.toContain('primary:config-patch:bind');
  });
  it('is bound to its private address with consent, keeping its own auth', () => {
    const input = planInputOf({primary: hidden, answers: {primary: {ssh: 'root@a', expose: 'bind'}}});
    const change = [...provision.plan(input)].find(({id}) => id === 'primary:config-patch:bind');
    expect(change?.kind === 'config-patch' && change.patch).toEqual({
      gateway: {bind: 'custom', customBindHost: '100.64.0.11'},
    });
    expect(change?.disruptive).toBe(true);
    expect(findings(input)).toEqual([]);
  });
  it('gets a token when it has no auth, which other addresses need', () => {
    const bare = structuredClone(hidden);
    if (bare.config.known) (bare.config.value!.tree.gateway as Record<string, unknown>).auth = undefined;
    const input = planInputOf({primary: bare, answers: {primary: {ssh: 'root@a', expose: 'bind'}}});
    const change = [...provision.plan(input)].find(({id}) => id === 'primary:config-patch:bind');
    expect(JSON.stringify(change?.kind === 'config-patch' && change.patch)).toContain('"mode":"token"');
  });
});

describe('what makes hosts unfit', () => {
  const standby = (change: Partial<HostFacts>) => findings(planInputOf({standby: bareStandby(change)}));
  const os = (id: string, versionId: string) => ({
    ...bareStandby().os,
    id,
    versionId,
    prettyName: `${id} ${versionId}`,
  });
  it.each([
    ['debian', '12', []],
    ['debian', '13', []],
    ['ubuntu', '22.04', []],
    ['ubuntu', '24.04', []],
    ['debian', '11', ['blocks os']],
    ['ubuntu', '20.04', ['blocks os']],
    ['alpine', '3.20', ['blocks os']],
    ['', '', ['blocks os']],
  ])('%s %s: %j', (id, version, expected) => expect(standby({os: os(id, version)})).toEqual(expected));
  it('wants systemd', () =>
    expect(standby({systemd: {known: false, reason: 'PID 1 is sh'}})).toEqual(['blocks systemd']));
  it('wants room on the disk', () => {
    expect(standby({disks: {'/': {totalBytes: 9e9, freeBytes: 1e9, readOnly: false}}})).toEqual([
      'blocks disk',
    ]);
    expect(standby({disks: {'/': {totalBytes: 9e9, freeBytes: 8e9, readOnly: true}}})).toEqual([
      'blocks disk',
    ]);
  });
  it('warns about little memory', () =>
    expect(standby({memory: {totalBytes: 1e9, availableBytes: 1e9}})).toEqual(['warning memory']));
  it.each([
    ['somebody else on the port of the gateway', 7, ['blocks port']],
    ['its own gateway, which sleeps warm', 8, []],
  ])('%s: %j', (_, pid, expected) => {
    const listener = {protocol: 'tcp' as const, address: '127.0.0.1', port: 18789, process: 'node', pid};
    const unit = {loadState: 'loaded', activeState: 'active', subState: 'running', mainPid: 8};
    expect(
      standby({
        listeners: {known: true, value: [listener]},
        units: {[units.gateway]: unit as HostFacts['units'][string]},
      }),
    ).toEqual(expected);
  });
  it('does not touch an active standby', () => {
    const monitorState = {
      known: true as const,
      value: {memory: {state: 'active', probe: {class: 'refused'}}},
    };
    expect(standby({monitorState})).toEqual(['blocks active']);
  });
  it('names a gateway that was started by hand', () => {
    const primary = runningPrimary();
    gateway(primary).form = 'foreground';
    expect(findings(planInputOf({primary}))).toEqual(['blocks gateway']);
  });
  it('finds a user unit that dies at logout, and mends it', () => {
    const primary = runningPrimary();
    primary.users.openclaw!.linger = false;
    expect(findings(planInputOf({primary}))).toEqual(['warning linger']);
    expect(ids(planInputOf({primary}))).toContain('primary:linger');
  });
});

describe('tailscale', () => {
  const input = planInputOf({
    answers: {network: {kind: 'tailscale', authKey: {env: 'TS'}}},
    secrets: {TAILSCALE_AUTHKEY: new Secret('tskey-auth-secret')},
  });
  it('is installed on both hosts from its own source, with the key pinned by fingerprint', () => {
    expect(ids(input)).toEqual(
      expect.arrayContaining([
        'primary:apt-source:tailscale',
        'standby:apt-source:tailscale',
        'primary:network',
        'standby:network',
      ]),
    );
    const source = [...provision.plan(input)].find(({id}) => id === 'standby:apt-source:tailscale');
    expect(source?.kind === 'apt-source' && source).toMatchObject({
      content: expect.stringContaining(
        'deb [signed-by=/usr/share/keyrings/tailscale-archive-keyring.gpg] https://pkgs.tailscale.com/stable/debian bookworm main',
      ),
      key: {
        url: 'https://pkgs.tailscale.com/stable/debian/bookworm.noarmor.gpg',
        fingerprint: expect.stringMatching(/^[0-9A-F]{40}$/),
      },
    });
  });
  it('never shows the auth key', () =>
    expect(JSON.stringify([...provision.plan(input)])).not.toContain('tskey-auth-secret'));
  it('is left alone where it runs', () => {
    const up = {known: true as const, value: {installed: true, state: 'Running', ip4: '100.64.0.11'}};
    const both = planInputOf({
      primary: runningPrimary({tailscale: up}),
      standby: bareStandby({tailscale: up}),
      answers: {network: {kind: 'tailscale'}},
    });
    expect(ids(both).filter((id) => /tailscale|network/.test(id))).toEqual([]);
  });
});
