import {describe, expect, it} from 'vitest';
import {driftOf, type Drift} from '../../src/check/drift.js';
import {manifestIn} from '../../src/check/manifest-in.js';
import type {PlanInput} from '../../src/phases/phase.js';
import {compare} from '../../src/plan/compare.js';
import type {HostName} from '../../src/ssh/host.js';
import {layout, units} from '../../src/templates/layout.js';
import {edited, finishedInput, handMs, setupMs} from './finished.js';

const unit = `/etc/systemd/system/${units.gateway}`;
const known = (drift: Drift) => {
  if (!drift.known) throw new Error(drift.reason);
  return drift;
};
const driftIn = (input: PlanInput, host: HostName = 'standby') => known(driftOf(input[host], compare(input)));
const items = (input: PlanInput, host: HostName = 'standby') =>
  driftIn(input, host).items.map(({kind, what}) => [kind, what]);

it('a pair that setup has just finished has none, and says when and by which version it was written', () => {
  const input = finishedInput();
  expect(compare(input).phases.flatMap(({changes}) => changes.map(({id}) => id))).toEqual([]);
  for (const host of ['primary', 'standby'] as const)
    expect(driftIn(input, host)).toEqual({
      known: true,
      sinceMs: setupMs,
      writtenBy: '0.1.0',
      items: [],
      unnoted: [],
    });
});

describe('what somebody did on a host is told', () => {
  it.each<[string, (input: PlanInput) => void, [string, string], HostName?]>([
    ['a unit that was edited', (input) => edited(input, 'standby', unit), ['changed', unit]],
    [
      'a large program that was replaced',
      (input) => edited(input, 'standby', layout.monitorProgram),
      ['changed', layout.monitorProgram],
    ],
    [
      'a script of the primary',
      (input) => edited(input, 'primary', `${layout.lib}/workspace-push`),
      ['changed', `${layout.lib}/workspace-push`],
      'primary',
    ],
    ['a file that is gone', ({standby}) => (standby.files[unit] = null), ['gone', unit]],
    [
      'a masked unit: a link in place of its file',
      ({standby}) =>
        (standby.files[unit] = {kind: 'other', mode: 0o777, owner: 'root', group: 'root', size: 9}),
      ['changed', unit],
    ],
    ['another mode', ({standby}) => (standby.files[unit]!.mode = 0o666), ['owner', unit]],
    ['another owner', ({standby}) => (standby.files[unit]!.owner = 'me'), ['owner', unit]],
    [
      'systemctl edit',
      ({standby}) => (standby.units[units.monitor]!.dropIns = ['/etc/systemd/system/x.d/override.conf']),
      ['drop-in', '/etc/systemd/system/x.d/override.conf'],
    ],
    [
      'a timer that was stopped',
      ({standby}) => (standby.units[units.syncTimer]!.activeState = 'inactive'),
      ['unit', units.syncTimer],
    ],
    [
      'the monitor, disabled',
      ({standby}) => (standby.units[units.monitor]!.unitFileState = 'disabled'),
      ['unit', units.monitor],
    ],
    [
      "the primary's push timer",
      ({primary}) => (primary.units[units.pushTimer]!.activeState = 'failed'),
      ['unit', units.pushTimer],
      'primary',
    ],
    [
      'the line that lets the monitor in',
      ({primary}) => (primary.users['openclaw']!.authorizedKeys = ['ssh-ed25519 AAAA me']),
      ['key', 'openclaw'],
      'primary',
    ],
    [
      'the user of the monitor',
      ({standby}) => (standby.users[layout.monitorUser] = null),
      ['user', layout.monitorUser],
    ],
    [
      'the config of the gateway, which OpenClaw writes into as well',
      ({standby}) => {
        if (standby.config.known) standby.config.value!.tree = {...standby.config.value!.tree, cron: {}};
      },
      ['config', layout.config],
    ],
  ])('%s', (_, change, expected, host) => {
    const input = finishedInput();
    change(input);
    expect(items(input, host)).toEqual([expected]);
  });

  it('with the time of the change, by the clock of this machine', () => {
    const input = finishedInput();
    input.standby.clockOffsetMs = 5_000;
    edited(input, 'standby', unit);
    expect(driftIn(input)).toMatchObject({
      sinceMs: setupMs - 5_000,
      items: [{changedAtMs: handMs - 5_000}],
    });
  });

  it('of a host whose other one was not read as well, but for what only the plan can tell', () => {
    const input = finishedInput();
    edited(input, 'standby', unit);
    expect(known(driftOf(input.standby, undefined)).items).toMatchObject([{kind: 'changed', what: unit}]);
  });
});

describe('what nobody did by hand is not told', () => {
  it('another version writes its files otherwise', () => {
    const input = finishedInput();
    input.version = '0.2.0';
    expect(compare(input).phases.flatMap(({changes}) => changes).length).toBeGreaterThan(10);
    expect(driftIn(input)).toMatchObject({items: [], writtenBy: '0.1.0'});
  });

  it('the operator has decided otherwise, and setup did not run since', () => {
    const input = finishedInput();
    input.pair = {...input.pair, channel: {...input.pair.channel, settings: {host: 'irc.example.net'}}};
    const changed = compare(input).phases.flatMap(({changes}) => changes.map(({id}) => id));
    expect(changed).toContain('standby:gateway-config');
    expect(items(input)).toEqual([]);
  });

  it('a setup was cut off between a file and its manifest', () => {
    const input = finishedInput();
    const later = structuredClone({...input, secrets: {}}) as PlanInput;
    later.version = '0.2.0';
    // The newer version has written this one file, and nothing else yet.
    const wanted = compare(later)
      .phases.flatMap(({changes}) => changes)
      .find(({id}) => id === `standby:file:${unit}`);
    if (wanted?.kind !== 'file') throw new Error('the unit is not planned');
    edited(later, 'standby', unit, String(wanted.file.content));
    expect(items(later)).toEqual([]);
  });

  it('a unit that only others start does not run', () => {
    const input = finishedInput();
    const timer = input.standby.units[units.syncTimer]!;
    input.standby.units[units.sync] = {...timer, activeState: 'inactive', unitFileState: 'static'};
    expect(items(input)).toEqual([]);
  });
});

it('on a primary that neither pushes nor reports there is nothing of ours, and nothing to note', () => {
  const input = finishedInput();
  input.primary.files = {};
  // As if setup wanted nothing there.
  const nothing = {phases: [], findings: []};
  expect(driftOf(input.primary, nothing)).toMatchObject({known: true, items: [], unnoted: []});
  expect(driftOf(input.primary, compare(input))).toMatchObject({known: false});
  expect(driftOf(input.primary, undefined)).toMatchObject({known: false});
});

describe('what is not known is said', () => {
  it('setup has never finished on a host', () => {
    const input = finishedInput();
    input.standby.files[layout.manifest] = null;
    expect(driftOf(input.standby, undefined)).toEqual({
      known: false,
      reason: expect.stringContaining('setup has not finished here') as string,
    });
  });

  it.each(['', 'no json', '[]', '{"version":2}', '{"version":1,"files":"none"}'])(
    'a manifest that is %j',
    (content) => {
      const input = finishedInput();
      edited(input, 'standby', layout.manifest, content);
      expect(driftOf(input.standby, undefined)).toMatchObject({known: false});
    },
  );

  it('a manifest from before contents were noted: owner and mode are compared, contents are not known', () => {
    const input = finishedInput();
    const old = JSON.parse(input.standby.files[layout.manifest]!.content!) as {files: {sha256?: string}[]};
    for (const file of old.files) delete file.sha256;
    edited(input, 'standby', layout.manifest, JSON.stringify(old));
    edited(input, 'standby', unit).mode = 0o600;
    const drift = known(driftOf(input.standby, undefined));
    expect(drift.items).toMatchObject([{kind: 'owner', what: unit}]);
    expect(drift.unnoted).toContain(unit);
    expect(drift.unnoted).toHaveLength(old.files.length);
  });

  it('a hash that is none counts as not noted', () => {
    const text = finishedInput().standby.files[layout.manifest]!.content!;
    const bent = text.replace(/"sha256": "[0-9a-f]{64}"/, '"sha256": "\\u001b[31m"');
    expect(manifestIn(bent)!.files.filter(({sha256}) => sha256 === undefined)).toHaveLength(1);
  });
});

it('pulled secrets and their key are made on the host: nothing can be said of their contents', () => {
  const input = finishedInput();
  const text = input.standby.files[layout.manifest]!.content!;
  const manifest = JSON.parse(text) as {files: object[]};
  const entry = {path: layout.secretsPullKey, owner: 'openclaw', group: 'openclaw', mode: '600'};
  edited(input, 'standby', layout.manifest, JSON.stringify({...manifest, files: [...manifest.files, entry]}));
  input.standby.files[layout.secretsPullKey] = {
    kind: 'file',
    mode: 0o600,
    owner: 'openclaw',
    group: 'openclaw',
    size: 400,
    hash: 'a'.repeat(64),
  };
  expect(known(driftOf(input.standby, undefined))).toMatchObject({items: [], unnoted: []});
});
