import type {Footprint} from '../../src/remove/footprint.js';
import type {JudgedManifest} from '../../src/remove/manifest.js';
import type {RemovalInput} from '../../src/remove/input.js';
import type {Traces} from '../../src/remove/traces.js';
import {layout, units} from '../../src/templates/layout.js';
import {ownFiles, ownFolders, unitFolder} from '../../src/templates/ours.js';
import type {HostName} from '../../src/ssh/host.js';
import {account, planInputOf, runningPrimary} from '../phases/facts.js';

const empty = (host: HostName): Footprint => ({
  host,
  paths: [],
  units: [],
  users: [],
  processes: [],
  logins: ['root'],
  lines: [],
  firewall: {active: false, rules: [], others: 0},
});

export const noTraces: Traces = {backups: [], notes: [], serve: undefined};

/** A host of a finished pair, as the look at it finds it. */
export function footprintOf(host: HostName, change: Partial<Footprint> = {}): Footprint {
  const names =
    host === 'standby'
      ? [units.gateway, units.rolePath, units.role, units.monitor, units.syncTimer, units.sync]
      : [units.push, units.pushTimer];
  return {
    ...empty(host),
    paths: [
      ...names.map((name) => ({path: `${unitFolder}/${name}`, kind: 'file' as const, ours: true})),
      ...ownFolders(host).map((path) => ({path, kind: 'folder' as const, ours: false})),
      ...ownFiles(host).map((path) => ({path, kind: 'file' as const, ours: true})),
    ],
    units: names.map((unit) => ({
      unit,
      load: 'loaded',
      active: /\.(?:timer|path)$/.test(unit) || unit === units.monitor ? 'active' : 'inactive',
      enabled: /\.(?:timer|path)$/.test(unit) || unit === units.monitor ? 'enabled' : 'static',
    })),
    users:
      host === 'standby'
        ? [
            {user: layout.monitorUser, uid: 998, home: layout.state},
            {user: layout.user, uid: 1001, home: layout.home},
          ]
        : [],
    lines: host === 'primary' ? [{user: 'openclaw', comment: 'openclaw-failover default'}] : [],
    ...change,
  };
}

export const bare = empty;

/** A primary whose account `backup` was disabled for the standby. */
export const givenAway = () =>
  runningPrimary({
    accounts: {known: true, accounts: [account('main'), account('backup', {enabled: false})]},
    config: {
      known: true,
      value: {
        path: '/home/openclaw/.openclaw/openclaw.json',
        hash: 'h',
        backups: [],
        plugins: {},
        tree: {
          gateway: {port: 18789},
          channels: {irc: {accounts: {main: {}, backup: {enabled: false}}}},
        },
      },
    },
  });

/** What the standby's manifest says, judged. */
export const standbyManifest: JudgedManifest = {
  pair: 'default',
  host: 'standby',
  files: [],
  units: [],
  users: [layout.monitorUser, layout.user],
  letIn: [],
  strange: [],
};

/** A finished pair that is to be taken apart. */
export function removalOf(change: Partial<RemovalInput> = {}): RemovalInput {
  return {
    pair: planInputOf().pair,
    standby: {footprint: footprintOf('standby'), manifest: standbyManifest},
    primary: {footprint: footprintOf('primary'), traces: noTraces, facts: givenAway()},
    choices: {restoreChannel: true, keepUser: false, alsoHardening: false},
    ...change,
  };
}
