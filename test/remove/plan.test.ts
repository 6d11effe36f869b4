import {describe, expect, it} from 'vitest';
import type {HostFacts} from '../../src/facts/types.js';
import type {RemovalInput} from '../../src/remove/input.js';
import {planRemoval} from '../../src/remove/plan.js';
import {layout, units} from '../../src/templates/layout.js';
import {hardeningFiles, mayRemove, unitFolder} from '../../src/templates/ours.js';
import {bare, footprintOf, givenAway, noTraces, removalOf, standbyManifest} from './footprints.js';

const changesOf = (input: RemovalInput) => planRemoval(input).flatMap(({changes}) => changes);
const idsOf = (input: RemovalInput) => changesOf(input).map(({id}) => id);

describe('the plan of a removal', () => {
  it('ends what could start the gateway first, then gives the channel back, and the manifests go last', () => {
    expect(planRemoval(removalOf()).map(({id}) => id)).toEqual(['silence', 'channel', 'standby', 'primary']);
    const ids = idsOf(removalOf());
    expect(ids).toEqual([
      'standby:units-off',
      'standby:units',
      'primary:config-patch:irc:backup',
      'standby:paths',
      'standby:user:openclaw-monitor',
      'standby:user:openclaw',
      'standby:etc',
      'primary:units-off',
      'primary:units',
      'primary:line:openclaw:openclaw-failover default',
      'primary:paths',
      'primary:etc',
    ]);
  });

  it('stops the monitor first and the gateway last', () => {
    const [off] = changesOf(removalOf());
    expect(off).toMatchObject({kind: 'units-off'});
    const order = off?.kind === 'units-off' ? off.units : [];
    expect(order[0]).toBe(units.monitor);
    expect(order.at(-1)).toBe(units.gateway);
    expect(order.indexOf(units.rolePath)).toBeLessThan(order.indexOf(units.role));
  });

  it.each([
    ['in force', false, true],
    ['asleep', true, undefined],
  ])('says that it interrupts a gateway that is %s: %s', (_name, asleep, disruptive) => {
    const footprint = footprintOf('standby');
    const on = footprint.units.map((one) => (one.unit === units.gateway ? {...one, active: 'active'} : one));
    const standby = {footprint: {...footprint, units: on}, manifest: standbyManifest, asleep};
    expect(changesOf(removalOf({standby}))[0]?.disruptive).toBe(disruptive);
  });

  it('is empty where nothing of ours is', () => {
    const input = removalOf({
      standby: {footprint: bare('standby'), manifest: standbyManifest},
      primary: {footprint: bare('primary'), traces: noTraces, facts: givenAway()},
      choices: {restoreChannel: false, keepUser: false, alsoHardening: true},
    });
    expect(planRemoval(input)).toEqual([]);
  });

  it('names no path that may not be removed, and never the root of a folder of others', () => {
    for (const change of changesOf(
      removalOf({choices: {restoreChannel: true, keepUser: false, alsoHardening: true}}),
    )) {
      if (change.kind !== 'remove-paths') continue;
      for (const path of change.paths) expect(mayRemove(change.host, path), path).toBe(true);
    }
  });

  it('goes on after a cut: what is gone is not planned again', () => {
    const cut = footprintOf('standby');
    const input = removalOf({
      standby: {
        manifest: standbyManifest,
        footprint: {
          ...cut,
          units: [],
          paths: cut.paths.filter(({path}) => path === layout.etc || path === layout.state),
          users: cut.users.slice(1),
        },
      },
    });
    expect(idsOf(input).filter((id) => id.startsWith('standby:'))).toEqual([
      'standby:paths',
      'standby:user:openclaw',
      'standby:etc',
    ]);
  });

  it.each<[string, Partial<RemovalInput>, string[]]>([
    ['the standby is gone for good', {standby: undefined as never}, ['channel', 'primary']],
    ['the primary is gone for good', {primary: undefined as never}, ['silence', 'standby']],
  ])('%s: the other one is done', (_name, change, steps) => {
    const given = Object.entries({...removalOf(), ...change}).filter(([, value]) => value !== undefined);
    expect(planRemoval(Object.fromEntries(given) as unknown as RemovalInput).map(({id}) => id)).toEqual(
      steps,
    );
  });
});

describe("the primary's channel", () => {
  const patchOf = (facts: HostFacts) =>
    changesOf(removalOf({primary: {footprint: footprintOf('primary'), traces: noTraces, facts}})).find(
      ({kind}) => kind === 'config-patch',
    );
  it('is enabled where its account stands', () => {
    expect(patchOf(givenAway())).toMatchObject({
      patch: {channels: {irc: {accounts: {backup: {enabled: true}}}}},
      before: {channels: {irc: {accounts: {backup: {enabled: false}}}}},
      takesEffect: 'reload',
    });
  });
  it('restarts a gateway that reloads nothing, and says that it interrupts', () => {
    const facts = givenAway();
    if (facts.config.known && facts.config.value) facts.config.value.tree.gateway = {reload: {mode: 'off'}};
    expect(patchOf(facts)).toMatchObject({takesEffect: 'restart', disruptive: true});
  });
  it.each([
    ['the operator leaves it', {restoreChannel: false}],
    ['it is enabled', {restoreChannel: true}],
  ])('is left alone where %s', (name, {restoreChannel}) => {
    const facts = givenAway();
    if (name === 'it is enabled' && facts.accounts.known)
      for (const one of facts.accounts.accounts) one.enabled = true;
    const input = removalOf({
      primary: {footprint: footprintOf('primary'), traces: noTraces, facts},
      choices: {restoreChannel, keepUser: false, alsoHardening: false},
    });
    expect(planRemoval(input).map(({id}) => id)).not.toContain('channel');
  });
});

describe('what is of the primary itself', () => {
  const backups = ['/home/openclaw/.openclaw/openclaw.json.failover-backup-20261127T173247Z'];
  const notes = ['/home/openclaw/.openclaw/workspace/.git/failover-last-sync'];
  const traces = {backups, notes, serve: 18_789};
  const container = (form: 'compose' | 'podman'): Partial<HostFacts> => ({
    gateway: {
      known: true,
      value: {
        form,
        user: 'ops',
        active: true,
        stateDir: '/data',
        listeners: [],
        container: {
          engine: form === 'compose' ? 'docker' : 'podman',
          name: 'claw',
          ...(form === 'podman' && {user: 'ops'}),
        },
      },
    },
  });
  const gatewayUnit = (user: string): Partial<HostFacts> => ({
    gateway: {
      known: true,
      value: {
        form: 'system-unit',
        unit: 'openclaw-gateway.service',
        user,
        active: true,
        stateDir: '/srv/claw',
        listeners: [],
      },
    },
  });
  it.each<[string, Partial<HostFacts>, {user?: string; text: string}]>([
    ['user unit', {}, {user: 'openclaw', text: `rm -f -- ${backups[0]} </dev/null\n`}],
    ['system unit', gatewayUnit('claw'), {user: 'claw', text: `rm -f -- ${backups[0]} </dev/null\n`}],
    ['compose', container('compose'), {text: `docker exec -i claw rm -f -- ${backups[0]} </dev/null\n`}],
    [
      'podman',
      container('podman'),
      {user: 'ops', text: `podman exec -i claw rm -f -- ${backups[0]} </dev/null\n`},
    ],
  ])(
    '%s: copies of the config are removed where its files are, by their owner',
    (_form, facts, {user, text}) => {
      const input = removalOf({
        primary: {footprint: footprintOf('primary'), traces, facts: {...givenAway(), ...facts}},
      });
      const change = changesOf(input).find(({id}) => id === 'primary:backups');
      expect(change).toMatchObject({kind: 'script', script: {text}});
      expect(change?.kind === 'script' ? change.user : '').toBe(user);
    },
  );
  it('ends the forward of tailscale serve, and the notes in .git go as their owner', () => {
    const input = removalOf({primary: {footprint: footprintOf('primary'), traces, facts: givenAway()}});
    const scripts = changesOf(input).filter(({kind}) => kind === 'script');
    expect(scripts.map(({id}) => id)).toEqual([
      'primary:line:openclaw:openclaw-failover default',
      'primary:serve',
      'primary:notes',
      'primary:backups',
    ]);
    expect(scripts[2]).toMatchObject({user: 'openclaw'});
  });
  it('never removes its gateway, its user or its unit', () => {
    const footprint = footprintOf('primary', {
      users: [{user: 'openclaw', uid: 1000, home: '/home/openclaw'}],
      units: [{unit: 'openclaw-gateway.service', load: 'loaded', active: 'active', enabled: 'enabled'}],
    });
    const changes = changesOf(removalOf({primary: {footprint, traces: noTraces, facts: givenAway()}}));
    const texts = JSON.stringify(
      changes.filter(({host, kind}) => host === 'primary' && kind !== 'config-patch'),
    );
    expect(texts).not.toContain('openclaw-gateway');
    expect(changes.some(({id}) => id === 'primary:user:openclaw')).toBe(false);
  });
  it('removes the user of the report and its home where that was made', () => {
    const footprint = footprintOf('primary', {
      users: [{user: layout.reportUser, uid: 997, home: layout.reportHome}],
      lines: [{user: layout.reportUser, comment: 'openclaw-failover default'}],
    });
    const changes = changesOf(removalOf({primary: {footprint, traces: noTraces, facts: givenAway()}}));
    expect(changes.find(({id}) => id === 'primary:user:openclaw-report')).toMatchObject({uid: 997});
    expect(changes.some(({id}) => id.startsWith('primary:line:'))).toBe(false);
  });
  it('removes our firewall rules and leaves the firewall on', () => {
    const rules = [['allow', 'from', '100.64.0.12', 'to', 'any', 'port', '18789', 'proto', 'tcp']];
    const footprint = footprintOf('primary', {firewall: {active: true, rules, others: 3}});
    const changes = changesOf(removalOf({primary: {footprint, traces: noTraces, facts: givenAway()}}));
    expect(changes.find(({kind}) => kind === 'firewall-off')).toMatchObject({rules, disable: false});
  });
});

describe('what stays on the standby unless it is asked for', () => {
  const ssh = [['allow', '22/tcp']];
  const hardened = (others: number) =>
    footprintOf('standby', {
      firewall: {active: true, rules: ssh, others},
      paths: [
        ...footprintOf('standby').paths,
        ...hardeningFiles.map((path) => ({path, kind: 'file' as const, ours: true})),
      ],
    });
  const standby = (others: number) => ({footprint: hardened(others), manifest: standbyManifest});
  const choices = {restoreChannel: false, keepUser: false, alsoHardening: true};
  it('firewall, fail2ban and security updates', () => {
    const texts = JSON.stringify(changesOf(removalOf({standby: standby(0)})));
    for (const path of hardeningFiles) expect(texts).not.toContain(path);
    expect(texts).not.toContain('firewall-off');
  });
  it('asked for, the firewall is switched off before its rule for SSH goes', () => {
    const changes = changesOf(removalOf({standby: standby(0), choices}));
    expect(changes.find(({kind}) => kind === 'firewall-off')).toMatchObject({rules: ssh, disable: true});
    expect(changes.find(({id}) => id === 'standby:hardening')).toMatchObject({paths: [...hardeningFiles]});
  });
  it('a firewall with rules of others stays on, and so does the rule that lets SSH in', () => {
    const changes = changesOf(removalOf({standby: standby(2), choices}));
    expect(changes.some(({kind}) => kind === 'firewall-off')).toBe(false);
  });
  it.each([
    ['kept by choice', ['root'], {restoreChannel: false, keepUser: true, alsoHardening: false}],
    [
      'the one that is logged in',
      ['root', 'openclaw'],
      {restoreChannel: false, keepUser: false, alsoHardening: false},
    ],
  ])('the user openclaw, %s', (_name, logins, wish) => {
    const input = removalOf({
      standby: {footprint: footprintOf('standby', {logins}), manifest: standbyManifest},
      choices: wish,
    });
    expect(idsOf(input)).not.toContain('standby:user:openclaw');
  });
  it.each([
    ['was left when the rest went', undefined],
    ['another manifest is silent about', {...standbyManifest, users: [layout.monitorUser]}],
    ['is the gateway’s on a primary', {...standbyManifest, host: 'primary' as const}],
  ])('a user openclaw that %s', (_name, manifest) => {
    const input = removalOf({standby: {footprint: footprintOf('standby'), manifest}});
    expect(idsOf(input)).not.toContain('standby:user:openclaw');
    expect(idsOf(input)).toContain('standby:user:openclaw-monitor');
  });
  it('a user of the same name that lives elsewhere is somebody', () => {
    const footprint = footprintOf('standby', {users: [{user: 'openclaw', uid: 1001, home: '/srv/openclaw'}]});
    expect(idsOf(removalOf({standby: {footprint, manifest: standbyManifest}}))).not.toContain(
      'standby:user:openclaw',
    );
  });
  it('a unit or a command of the same name that this program did not write', () => {
    const footprint = footprintOf('standby');
    const paths = footprint.paths.map((one) =>
      one.path === `${unitFolder}/${units.gateway}` || one.path === '/usr/local/bin/openclaw'
        ? {...one, ours: false}
        : one,
    );
    const texts = JSON.stringify(
      changesOf(removalOf({standby: {footprint: {...footprint, paths}, manifest: standbyManifest}})),
    );
    expect(texts).not.toContain('"openclaw.service"');
    expect(texts).not.toContain('"/usr/local/bin/openclaw"');
  });
});
