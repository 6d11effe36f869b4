import {monitorSettings} from './monitor-settings.js';
import {pairSchema} from '../pair/schema.js';
import {appliedStamp, enabledUnits, layout, publicHalf, units} from './layout.js';
import {primaryFiles} from './primary-files.js';
import {standbyFiles} from './standby-files.js';

const origin = {pairName: 'any', version: '0'};
/** Paths do not depend on the pair; its decisions are only needed to make the contents, which are thrown away. */
const anyPair = pairSchema.parse({
  primary: {ssh: 'any'},
  standby: {ssh: 'any'},
  channel: {type: 'any'},
  model: {primary: 'any/any'},
  // What is there although the pair does not want it any more is to be seen as well.
  secretsSync: {host: 'any@127.0.0.1', allow: ['any.env']},
});

/** Every path on the standby whose state a reading must tell. */
export function standbyPaths(): string[] {
  const settings = monitorSettings(anyPair, {primary: {address: '0.0.0.0', port: layout.gatewayPort}});
  const files = standbyFiles({
    ...origin,
    programs: {monitor: '', accounts: ''},
    settings,
    branch: 'any',
    secretsSync: anyPair.secretsSync,
  });
  return [
    ...files.map(({path}) => path),
    layout.manifest,
    layout.interrogationKnownHosts,
    publicHalf(layout.interrogationKey),
    layout.lib,
    layout.etc,
    layout.stateDir,
    ...[...enabledUnits, units.warmTimer, units.gateway, 'fail2ban.service'].map((unit) =>
      appliedStamp(unit),
    ),
    layout.secretsKnownHosts,
    layout.pulledSecrets,
    `${layout.workRun}/secrets.json`,
    ...['models', 'live', 'notify', 'report', 'secrets', 'failover'].map(
      (name) => `${layout.proofs}/${name}`,
    ),
    '/etc/fail2ban/jail.d/failover-wizard.local',
    '/etc/apt/apt.conf.d/52failover-wizard',
    '/usr/local/bin/openclaw',
  ];
}

/** The same for the primary. */
export function primaryPaths(): string[] {
  const files = primaryFiles({...origin, gatewayUser: 'any', workspace: '/any', branch: 'any'});
  return [
    ...files.map(({path}) => path),
    layout.manifest,
    layout.reportProgram,
    layout.reportHome,
    layout.lib,
    layout.etc,
    appliedStamp(units.pushTimer),
  ];
}
