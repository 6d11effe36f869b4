import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {monitor} from '../../src/phases/4-monitor.js';
import {test} from '../../src/phases/6-test.js';
import {withoutLine} from '../../src/phases/authorized-line.js';
import {interrogationPlan} from '../../src/phases/interrogation.js';
import {publicAddress} from '../../src/phases/public-address.js';
import type {PlanInput, Reached} from '../../src/phases/phase.js';
import {monitorSettingsOf, primaryManifest} from '../../src/phases/template-input.js';
import type {HostFacts} from '../../src/facts/types.js';
import type {Change} from '../../src/plan/change.js';
import {requestFor} from '../../src/plan/requests.js';
import {layout} from '../../src/templates/layout.js';
import type {Manifest} from '../../src/templates/manifest.js';
import {applyToFacts, monitorKey} from './apply-to-facts.js';
import {bareStandby, planInputOf, runningPrimary} from './facts.js';

const plan = (input: PlanInput): Change[] => [...monitor.plan(input)];
const ids = (input: PlanInput) => plan(input).map(({id}) => id);
const find = (input: PlanInput, id: string) => plan(input).find((change) => change.id === id);
function apply(input: PlanInput, until: (id: string) => boolean = () => false): void {
  for (const change of plan(input)) {
    if (until(change.id)) return;
    applyToFacts(change, input);
  }
}
function installed(input = planInputOf()): PlanInput {
  apply(input);
  expect(plan(input)).toEqual([]);
  return input;
}
function systemUnit(): HostFacts {
  const primary = runningPrimary();
  if (primary.gateway.known) Object.assign(primary.gateway.value, {form: 'system-unit', user: 'claw'});
  return primary;
}
const ours = 'primary:authorized-key:openclaw';
const line = `restrict,from="100.64.0.12,203.0.113.20",command="/usr/local/lib/openclaw-failover/report" ${monitorKey} openclaw-failover default`;

describe('the interrogation of a primary with a user unit', () => {
  it('is set up before the monitor is told of it, and tried last', () => {
    const order = ids(planInputOf()).filter((id) =>
      /interrogation|report|authorized|monitor\.json|proof/.test(id),
    );
    expect(order).toEqual([
      'standby:interrogation-key',
      `standby:file:${layout.interrogationKnownHosts}`,
      `primary:file:${layout.reportProgram}`,
      ours,
      `standby:file:${layout.monitorSettings}`,
      'standby:proof:monitor',
      'standby:proof:report',
    ]);
  });
  it('lets one key in, for one command, from the standby only', () => {
    expect(installed().primary.users['openclaw']?.authorizedKeys).toEqual([line]);
  });
  it('shows the line before the key is made', () => {
    const change = find(planInputOf(), ours);
    expect(change).toMatchObject({
      line: line.replace(monitorKey, '{key}'),
      keyOf: {host: 'standby', path: `${layout.interrogationKey}.pub`},
      user: 'openclaw',
    });
    expect(change).not.toHaveProperty('rootsFile');
  });
  it('leaves other keys of that user alone', () => {
    const input = planInputOf();
    input.primary.users['openclaw']!.authorizedKeys = [
      'ssh-ed25519 AAAA me',
      'ssh-ed25519 BBBB openclaw-failover other',
    ];
    installed(input);
    expect(input.primary.users['openclaw']!.authorizedKeys).toEqual([
      'ssh-ed25519 AAAA me',
      'ssh-ed25519 BBBB openclaw-failover other',
      line,
    ]);
  });
  it('tells the monitor whom to ask, and where', () => {
    expect(monitorSettingsOf(planInputOf())?.interrogation).toEqual({
      user: 'openclaw',
      addresses: [
        {address: '100.64.0.11', port: 22, path: 'private'},
        {address: '203.0.113.10', port: 22, path: 'public'},
      ],
      connectTimeoutMs: 1500,
      timeoutMs: 3000,
    });
  });
  it('asks that user’s own manager', () =>
    expect(String(interrogationPlan(planInputOf())?.program.content)).toMatch(
      /^manager=user\nunit=openclaw-gateway\.service\nport=18789\nprivate_address=100\.64\.0\.11$/m,
    ));
});

describe('the interrogation of any other primary', () => {
  it('has a user for nothing else, whose keys are root’s', () => {
    const input = planInputOf({primary: systemUnit()});
    expect(find(input, `primary:user:${layout.reportUser}`)).toMatchObject({
      system: true,
      shell: '/bin/sh',
      home: layout.reportHome,
    });
    expect(find(input, `primary:authorized-key:${layout.reportUser}`)).toMatchObject({
      rootsFile: `${layout.reportHome}/.ssh/authorized_keys`,
    });
    installed(input);
    const content = JSON.parse(String(primaryManifest(input).content)) as Manifest;
    expect(content).toMatchObject({
      users: [layout.reportUser],
      authorizedKeys: [{user: layout.reportUser, comment: 'openclaw-failover default'}],
      folders: [layout.lib, layout.etc, layout.reportHome],
    });
  });
  it('asks the system’s manager', () =>
    expect(String(interrogationPlan(planInputOf({primary: systemUnit()}))?.program.content)).toContain(
      '\nmanager=system\n',
    ));
  it('in a container there is no unit to ask for', () => {
    const primary = runningPrimary();
    if (primary.gateway.known) {
      primary.gateway.value = {...primary.gateway.value, form: 'compose'};
      delete primary.gateway.value.unit;
    }
    expect(String(interrogationPlan(planInputOf({primary}))?.program.content)).toContain('\nmanager=none\n');
  });
});

describe('what is there already', () => {
  it.each<[string, (input: PlanInput) => void, string[]]>([
    [
      'an older from-list',
      ({primary}) =>
        (primary.users['openclaw']!.authorizedKeys = [line.replace('100.64.0.12', '100.64.0.99')]),
      [ours, 'standby:proof:report'],
    ],
    [
      'an older line beside the right one',
      ({primary}) => primary.users['openclaw']!.authorizedKeys.push(line.replace('AAAAI', 'AAAAJ')),
      [ours, 'standby:proof:report'],
    ],
    [
      'a line that was taken away',
      ({primary}) => (primary.users['openclaw']!.authorizedKeys = []),
      [ours, 'standby:proof:report'],
    ],
    [
      'a key that anybody can read',
      ({standby}) => (standby.files[layout.interrogationKey]!.mode = 0o644),
      ['standby:interrogation-key', 'standby:proof:report'],
    ],
    [
      'a key of somebody else',
      ({standby}) => (standby.files[layout.interrogationKey]!.owner = 'root'),
      ['standby:interrogation-key', 'standby:proof:report'],
    ],
    [
      'a key without its public half',
      ({standby}) => (standby.files[`${layout.interrogationKey}.pub`] = null),
      ['standby:interrogation-key', ours, 'standby:proof:report'],
    ],
    [
      'a program that was changed',
      ({primary}) => (primary.files[layout.reportProgram]!.hash = 'x'),
      [`primary:file:${layout.reportProgram}`, 'standby:proof:report'],
    ],
    [
      'another host key, pinned since',
      ({reached}) => (reached!.primary.hostKeys = [`ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'Q'.repeat(43)}`]),
      [
        `standby:file:${layout.interrogationKnownHosts}`,
        `standby:file:${layout.manifest}`,
        'standby:proof:report',
      ],
    ],
  ])('%s is mended, and the report tried again', (_what, change, expected) => {
    const input = installed();
    change(input);
    expect(ids(input)).toEqual(expected);
    installed(input);
  });
  it('cut between the two hosts, the next run goes on', () => {
    const input = planInputOf();
    apply(input, (id) => id === ours);
    expect(ids(input)[0]).toBe(ours);
    installed(input);
  });
});

describe('a gateway that has moved to another kind of unit', () => {
  const others = ['ssh-ed25519 AAAA me', 'ssh-ed25519 BBBB openclaw-failover other'];
  const manifestOf = ({primary}: PlanInput) =>
    JSON.parse(primary.files[layout.manifest]!.content!) as Manifest;
  function move(input: PlanInput, form: 'system-unit' | 'user-unit'): PlanInput {
    const {gateway} = input.primary;
    if (gateway.known) gateway.value.form = form;
    return input;
  }
  it('from a user’s to the system’s: the line of that user goes, and no other', () => {
    const input = installed();
    input.primary.users['openclaw']!.authorizedKeys.unshift(...others);
    move(input, 'system-unit');
    expect(find(input, 'primary:report-line:openclaw')).toMatchObject({user: 'openclaw'});
    expect((JSON.parse(String(primaryManifest(input).content)) as Manifest).authorizedKeys).toHaveLength(2);
    installed(input);
    expect(input.primary.users['openclaw']!.authorizedKeys).toEqual(others);
    expect(input.primary.users[layout.reportUser]!.authorizedKeys).toHaveLength(1);
    expect(manifestOf(input).authorizedKeys).toEqual([
      {user: layout.reportUser, comment: 'openclaw-failover default'},
    ]);
  });
  it('and back: the line goes from root’s file, and the user is not forgotten', () => {
    const input = installed(planInputOf({primary: systemUnit()}));
    if (input.primary.gateway.known) input.primary.gateway.value.user = 'openclaw';
    move(input, 'user-unit');
    const change = find(input, `primary:report-line:${layout.reportUser}`);
    expect(change).not.toHaveProperty('user');
    expect(change?.kind === 'script' && change.script.text).toContain(
      `keys=${layout.reportHome}/.ssh/authorized_keys`,
    );
    installed(input);
    expect(input.primary.users[layout.reportUser]!.authorizedKeys).toEqual([]);
    expect(manifestOf(input)).toMatchObject({
      users: [layout.reportUser],
      authorizedKeys: [{user: 'openclaw', comment: 'openclaw-failover default'}],
    });
  });
  it('while nobody can tell who is to run it, nothing is taken away or forgotten', () => {
    const input = installed();
    input.primary.gateway = {known: false, reason: 'x'};
    expect(ids(input).filter((id) => id.startsWith('primary:report-line:'))).toEqual([]);
    expect((JSON.parse(String(primaryManifest(input).content)) as Manifest).authorizedKeys).toHaveLength(1);
  });
  it('looks at users that only the manifest still knows', () => {
    const input = installed();
    const {pair, primary} = input;
    const file = primary.files[layout.manifest]!;
    file.content = file.content!.replace('"user": "openclaw"', '"user": "claw-before"');
    expect(requestFor('primary', pair, 'k', {primary}).users).toContain('claw-before');
    file.content = file.content.replace('claw-before', "x'; reboot");
    expect(requestFor('primary', pair, 'k', {primary}).users).not.toContain("x'; reboot");
  });
  it('takes the line away as a whole, for real', () => {
    const folder = mkdtempSync(join(tmpdir(), 'authorized-'));
    mkdirSync(join(folder, '.ssh'));
    const keys = join(folder, '.ssh/authorized_keys');
    const run = (...argv: string[]) =>
      execFileSync('sh', ['-s'], {
        input: withoutLine('openclaw-failover default', ...argv),
        env: {...process.env, HOME: folder},
      });
    writeFileSync(keys, [others[0], line, others[1], ''].join('\n'));
    run();
    expect(readFileSync(keys, 'utf8')).toBe(`${others.join('\n')}\n`);
    writeFileSync(keys, `${line}\n`);
    run(keys);
    expect(readFileSync(keys, 'utf8')).toBe('');
    rmSync(folder, {recursive: true});
  });
});

describe('a primary that does not give its report', () => {
  const stamp = (input: PlanInput, result: string) => {
    const fact = input.standby.files[`${layout.proofs}/report`]!;
    fact.content = `${fact.content!.split(' ')[0]} ${result}\n`;
  };
  it('is a warning at every run, and nothing to do', () => {
    const input = installed();
    stamp(input, 'refused: Permission denied (publickey).');
    expect(plan(input)).toEqual([]);
    const [finding] = monitor.findings!(input);
    expect(finding).toMatchObject({level: 'warning', host: 'primary'});
    expect(finding?.sentence).toContain('(refused: Permission denied (publickey))');
  });
  const reach = (input: PlanInput, works: boolean | null) => {
    const memory = {state: 'watching', probe: {class: 'ok'}, reach: {works, detail: 'no\u001b[2J route'}};
    input.standby.monitorState = {known: true, value: {memory}};
  };
  it('and gives it later is no finding any more', () => {
    const input = installed();
    stamp(input, 'refused: x');
    reach(input, true);
    expect(monitor.findings!(input)).toEqual([]);
    reach(input, null);
    expect(monitor.findings!(input)).toHaveLength(1);
  });
  it('and gave it when it was set up is a finding, in the monitor’s words', () => {
    const input = installed();
    reach(input, false);
    expect(monitor.findings!(input)[0]?.sentence).toContain('over SSH (no route), so');
  });
  it('one that gives it is no finding', () => expect(monitor.findings!(installed())).toEqual([]));
});

describe('without a way to ask', () => {
  it.each<[string, (input: PlanInput) => void]>([
    ['nobody was reached', (input) => delete input.reached],
    ['no host key is pinned', ({reached}) => (reached!.primary.hostKeys = [])],
    ['there is no private network yet', ({primary}) => (primary.addresses = primary.addresses.slice(0, 2))],
    ['the gateway is unknown', ({primary}) => (primary.gateway = {known: false, reason: 'x'})],
  ])('because %s, nothing of it is planned', (_why, change) => {
    const input = planInputOf();
    change(input);
    expect(ids(input).filter((id) => /interrogation|report|authorized/.test(id))).toEqual([]);
    expect(monitorSettingsOf(input)?.interrogation ?? null).toBeNull();
  });
});

describe('the primary’s firewall', () => {
  const guarded = (rules: string[], change: {enabled?: boolean; closed?: boolean} = {}) =>
    planInputOf({
      primary: runningPrimary({
        firewall: {known: true, value: {installed: true, enabled: true, closed: true, ...change, rules}},
      }),
    });
  const rule = 'primary:firewall:ssh';
  it.each([
    [['allow 22/tcp'], false],
    [['limit 22/tcp'], false],
    [['allow in on tailscale0'], false],
    [['allow in on tailscale0 to any port 22 proto tcp'], false],
    [['allow from 100.64.0.12 to any port 22 proto tcp'], false],
    [['allow from 100.64.0.12 to any'], false],
    [['allow from 198.51.100.7 to any port 22 proto tcp'], true],
    [['allow from 100.64.0.12 to any port 18789 proto tcp'], true],
    [['allow from 100.64.0.120 to any port 22 proto tcp'], true],
    [['allow from 100.64.0.12 to any port 2222 proto tcp'], true],
    [['deny from 100.64.0.12 to any port 22 proto tcp'], true],
    [['allow in on eth1'], true],
    [[], true],
  ])('with %j gets a rule for the standby: %s', (rules, planned) => {
    const input = guarded(rules);
    expect(ids(input).includes(rule)).toBe(planned);
    installed(input);
  });
  it.each([{enabled: false}, {closed: false}])('that is %j needs none', (change) =>
    expect(ids(guarded([], change))).not.toContain(rule),
  );
  it('lets in one address, one port', () =>
    expect(find(guarded([]), rule)).toMatchObject({
      enable: false,
      rules: [
        [
          'allow',
          'from',
          '100.64.0.12',
          'to',
          'any',
          'port',
          '22',
          'proto',
          'tcp',
          'comment',
          'standby asks (failover-wizard)',
        ],
      ],
    }));
});

describe('a public address', () => {
  const reached = (addresses: string[], port = 22): Reached => ({addresses, port, hostKeys: []});
  const primary = (...addresses: [name: string, address: string, prefix: number][]) =>
    runningPrimary({
      addresses: addresses.map(([name, address, prefix]) => ({
        name,
        address,
        prefix,
        family: address.includes(':') ? 6 : 4,
      })),
    });
  const vps = primary(
    ['eth0', '203.0.113.10', 24],
    ['eth0', '2001:db8::10', 64],
    ['tailscale0', '100.64.0.11', 32],
  );
  const cases: [string, HostFacts, Reached, object | undefined][] = [
    [
      'is where the operator meets the host',
      vps,
      reached(['203.0.113.10'], 2222),
      {address: '203.0.113.10', port: 2222},
    ],
    ['is an interface’s behind a jump host', vps, reached([], 2222), {address: '203.0.113.10', port: 22}],
    [
      'is an interface’s where the operator comes over the tailnet',
      vps,
      reached(['100.64.0.11']),
      {address: '203.0.113.10', port: 22},
    ],
    [
      'is the name’s address where it is translated',
      primary(['eth0', '10.0.0.5', 24]),
      reached(['198.51.100.4']),
      {address: '198.51.100.4', port: 22},
    ],
    [
      'is not one of several that no interface has',
      vps,
      reached(['198.51.100.4', '203.0.113.10']),
      {address: '203.0.113.10', port: 22},
    ],
    [
      'is no forwarded port of the operator’s machine',
      primary(['eth0', '10.0.0.5', 24]),
      reached(['127.0.0.1'], 2200),
      undefined,
    ],
    [
      'is no address of another private network',
      primary(['eth0', '10.0.0.5', 24]),
      reached(['192.168.1.4']),
      undefined,
    ],
    [
      'may be private where the peer is on it too',
      primary(['eth0', '203.0.113.10', 24]),
      reached(['203.0.113.10']),
      {address: '203.0.113.10', port: 22},
    ],
    ['is no link-local one', primary(['eth0', 'fe80::1', 64]), reached(['fe80::1']), undefined],
    [
      'is IPv6 where there is nothing else',
      primary(['eth0', '2001:db8::10', 64]),
      reached([]),
      {address: '2001:db8::10', port: 22},
    ],
  ];
  it.each(cases)('%s', (_what, host, how, expected) =>
    expect(publicAddress(host, how, bareStandby(), '100.64.0.11')).toEqual(expected),
  );
  it('of the standby is of the family that the primary is met on', () => {
    const address = publicAddress(vps, reached(['203.0.113.10', '2001:db8::10']), bareStandby(), 'x', 6);
    expect(address?.address).toBe('2001:db8::10');
  });
});

it('by which way the primary is asked does not ask for another failover test', () => {
  const input = planInputOf();
  const inputs = () => [...test.plan(input)].map((change) => change.kind === 'proof' && change.inputs);
  const before = inputs();
  input.reached!.primary.addresses = ['198.51.100.4'];
  expect(inputs()).toEqual(before);
});
