import {describe, expect, it} from 'vitest';
import {finishedPair} from './finished-pair.js';
import {provision} from '../../src/phases/1-provision.js';
import {phases} from '../../src/phases/index.js';
import type {PlanInput} from '../../src/phases/phase.js';
import {
  isAhead,
  leftToSetup,
  notUpgradable,
  partOf,
  upgradePhases,
  type Part,
} from '../../src/phases/upgrade.js';
import type {Change, SwapChange} from '../../src/plan/change.js';
import {appliedStamp, layout, units} from '../../src/templates/layout.js';
import {applyToFacts} from './apply-to-facts.js';

const planned = (input: PlanInput): Change[] => upgradePhases().flatMap((phase) => [...phase.plan(input)]);
const idsOf = (changes: readonly Change[]) => changes.map(({id}) => id);

function apply(changes: readonly Change[], input: PlanInput): void {
  for (const change of changes) {
    if (change.kind === 'swap') apply([...change.files, ...change.units], input);
    else applyToFacts(change, input);
  }
}

const primaryHas = (input: PlanInput, version: string) => {
  if (input.primary.openclaw.known && input.primary.openclaw.value)
    input.primary.openclaw.value.version = version;
};

const base = {id: 'standby:x', host: 'standby', title: 'x'} as const;
const file = {path: '/x', content: '', owner: 'root', group: 'root', mode: 0o644};

describe('what belongs to an upgrade', () => {
  const script = {label: 'x', text: 'x'};
  it.each<[string, Change, Part]>([
    ['a file of ours', {...base, kind: 'file', file, secret: false}, 'ours'],
    ['a secret file', {...base, kind: 'file', file, secret: true}, null],
    [
      'a folder of root',
      {...base, kind: 'directory', path: '/x', owner: 'root', group: 'root', mode: 0o755},
      'ours',
    ],
    [
      'a folder of a user',
      {...base, kind: 'directory', path: '/x', owner: 'openclaw', group: 'openclaw', mode: 0o700},
      null,
    ],
    ['a unit of ours', {...base, kind: 'unit', unit: units.syncTimer}, 'ours'],
    ['somebody else’s unit', {...base, kind: 'unit', unit: 'nginx.service'}, null],
    ['Node', {...base, kind: 'node', range: '*', mirror: '', dir: '/x'}, 'openclaw'],
    ['OpenClaw', {...base, kind: 'npm-package', package: 'openclaw', version: '1', prefix: '/x'}, 'openclaw'],
    [
      'its channel plugin',
      {...base, id: 'standby:plugin:irc', kind: 'script', doing: 'x', script, timeoutMs: 1},
      'openclaw',
    ],
    [
      'the sleeping gateway',
      {...base, id: 'standby:sleeping-gateway', kind: 'script', doing: 'x', script, timeoutMs: 1},
      'sleep',
    ],
    [
      'any other script',
      {...base, id: 'standby:hostname', kind: 'script', doing: 'x', script, timeoutMs: 1},
      null,
    ],
    ['a package of the system', {...base, kind: 'packages', packages: ['git']}, null],
    ['the firewall', {...base, kind: 'firewall', rules: [], enable: true}, null],
    ['a user', {...base, kind: 'user', user: 'x', home: '/x', shell: '/bin/sh'}, null],
    ['a key', {...base, kind: 'authorized-key', user: 'x', line: 'x'}, null],
    [
      'secrets',
      {
        ...base,
        kind: 'env-file',
        path: '/x',
        owner: 'x',
        group: 'x',
        entries: {},
        drop: [],
        proofs: [],
        header: '',
      },
      null,
    ],
    [
      'the gateway’s config',
      {...base, kind: 'gateway-config', path: '/x', user: 'x', tree: {}, header: ''},
      null,
    ],
    [
      'the primary’s config',
      {...base, host: 'primary', kind: 'config-patch', patch: {}, before: {}, takesEffect: 'reload'},
      null,
    ],
    ['the workspace', {...base, kind: 'checkout', path: '/x', user: 'x', remote: 'x', branch: 'x'}, null],
    ['that the monitor watches', {...base, kind: 'proof', proof: 'monitor', inputs: ''}, 'ours'],
    ['that the report comes', {...base, kind: 'proof', proof: 'report', inputs: ''}, 'ours'],
    ['a live test', {...base, kind: 'proof', proof: 'live', inputs: ''}, null],
    ['a failover', {...base, kind: 'proof', proof: 'failover', inputs: ''}, null],
  ])('%s', (_name, change, part) => expect(partOf(change)).toBe(part));
});

describe('an upgrade of a finished pair', () => {
  it('has nothing to do, and nothing is left to setup', () => {
    const input = finishedPair();
    expect(notUpgradable(input)).toBeUndefined();
    expect(planned(input)).toEqual([]);
    expect(leftToSetup(input)).toEqual([]);
  });

  it('brings another version of this program in one swap, and setup finds nothing after it', () => {
    const input = {
      ...finishedPair(),
      version: '0.2.0',
      programs: {monitor: '// new\n', accounts: '// new too\n'},
    };
    const changes = planned(input);
    const swaps = changes.filter((change): change is SwapChange => change.kind === 'swap');
    expect(swaps).toHaveLength(1);
    const paths = swaps[0]!.files.map((one) => one.file.path);
    expect(paths).toContain(layout.monitorProgram);
    expect(paths).toContain(layout.accountsProgram);
    expect(paths).toContain(layout.monitorSettings);
    expect(paths).toContain(layout.manifest);
    expect(paths).toContain(`/etc/systemd/system/${units.gateway}`);
    expect(new Set(paths).size).toBe(paths.length);
    expect(swaps[0]!.units.find(({unit}) => unit === units.monitor)).toMatchObject({restart: true});
    expect(swaps[0]!.title).toContain('its monitor restarts');
    // The primary has programs of ours as well.
    expect(idsOf(changes)).toContain(`primary:file:${layout.reportProgram}`);
    expect(idsOf(changes)).toContain(`primary:unit:${units.pushTimer}`);
    expect(leftToSetup(input)).toEqual([]);
    apply(changes, input);
    expect(planned(input)).toEqual([]);
    expect(phases.flatMap((phase) => [...phase.plan(input)])).toEqual([]);
  });

  it('restarts no monitor for a script alone', () => {
    const input = finishedPair();
    const path = `${layout.lib}/prepare`;
    input.standby.files[path]!.hash = 'other';
    const [swap] = planned(input) as SwapChange[];
    expect(swap!.files.map((one) => one.file.path)).toEqual([path]);
    expect(swap!.units).toEqual([]);
    expect(swap!.title).not.toContain('restarts');
  });

  it("brings the primary's OpenClaw, tried beside the old one first; what proves it is left", () => {
    const input = finishedPair();
    primaryHas(input, '2026.9.7');
    const changes = planned(input);
    expect(changes).toMatchObject([{kind: 'npm-package', version: '2026.9.7', rehearse: true}]);
    expect(idsOf(leftToSetup(input))).toEqual([
      'standby:proof:models',
      'standby:proof:live',
      'standby:proof:failover',
    ]);
  });

  it('a warm one lets its gateway sleep anew, last', () => {
    const input = finishedPair({answers: {monitor: {standby: 'warm'}}});
    expect(notUpgradable(input)).toBeUndefined();
    primaryHas(input, '2026.9.7');
    expect(idsOf(planned(input))).toEqual(['standby:npm-package:openclaw', 'standby:sleeping-gateway']);
  });

  it('leaves an OpenClaw alone that is newer than the primary’s, with its Node and its plugin', () => {
    const input = finishedPair();
    primaryHas(input, '2026.9.5');
    input.primary.plugins['irc'] = '2026.9.1';
    expect(isAhead(input)).toBe(true);
    expect(planned(input)).toEqual([]);
  });

  it('names what is setup’s, and leaves it', () => {
    const input = finishedPair();
    input.standby.packages['git'] = null;
    input.standby.envFiles[layout.envFile] = {};
    expect(planned(input)).toEqual([]);
    expect(idsOf(leftToSetup(input))).toEqual(['standby:packages:git', `standby:env-file:${layout.envFile}`]);
  });

  it('does not try the report where setup has yet to let the monitor in for it', () => {
    const input = {...finishedPair(), version: '0.2.0'};
    const ids = () => idsOf(planned(input));
    expect(ids()).toContain('standby:proof:report');
    input.primary.users['openclaw']!.authorizedKeys = [];
    expect(ids()).not.toContain('standby:proof:report');
    expect(idsOf(leftToSetup(input))).toContain('primary:authorized-key:openclaw');
    apply(planned(input), input);
    expect(planned(input)).toEqual([]);
  });

  it('takes along what is ours of the first phase', () => {
    const input = {...finishedPair(), version: '0.2.0'};
    const first = [...upgradePhases()[0]!.plan(input)];
    expect(idsOf(first)).toEqual(idsOf([...provision.plan(input)]));
    expect(first.every(({kind}) => kind === 'file' || kind === 'unit')).toBe(true);
  });
});

describe('what cannot be upgraded', () => {
  it.each<[string, (input: PlanInput) => void, RegExp]>([
    ['a bare standby', ({standby}) => (standby.files[layout.manifest] = null), /not set up/],
    ['one without a monitor', ({standby}) => delete standby.units[units.monitor], /not set up/],
    [
      'another OpenClaw there than ours',
      ({standby}) => (standby.openclaw = {known: true, value: null}),
      /not set up/,
    ],
    [
      'a primary that does not say its version',
      ({primary}) => (primary.openclaw = {known: false, reason: 'x'}),
      /cannot be told/,
    ],
    [
      'a cold one that is to be warm',
      ({pair}) => (pair.monitor.standby = 'warm'),
      /warm standby, and this one is cold/,
    ],
    [
      'a warm one that is to be cold',
      ({standby}) => (standby.files[appliedStamp(units.gateway)] = standby.files[layout.manifest]!),
      /cold standby, and this one is warm/,
    ],
  ])('%s', (_name, spoil, sentence) => {
    const input = finishedPair();
    spoil(input);
    expect(notUpgradable(input)).toMatch(sentence);
  });
});
