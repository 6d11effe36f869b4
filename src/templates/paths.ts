import {monitorSettings} from './monitor-settings.js';
import {pairSchema} from '../pair/schema.js';
import {appliedStamp, layout, units} from './layout.js';
import {primaryFiles} from './primary-files.js';
import {standbyFiles} from './standby-files.js';

const origin = {pairName: 'any', version: '0'};
/** Paths do not depend on the pair; its decisions are only needed to make the contents, which are thrown away. */
const anyPair = pairSchema.parse({
  primary: {ssh: 'any'},
  standby: {ssh: 'any'},
  channel: {type: 'any'},
  model: {primary: 'any/any'},
});

/** Every path on the standby whose state a reading must tell. */
export function standbyPaths(): string[] {
  const settings = monitorSettings(anyPair, {primary: {address: '0.0.0.0', port: layout.gatewayPort}});
  const files = standbyFiles({...origin, programs: {monitor: '', accounts: ''}, settings, branch: 'any'});
  return [
    ...files.map(({path}) => path),
    layout.manifest,
    layout.lib,
    layout.etc,
    layout.stateDir,
    ...['models', 'live', 'failover'].map((name) => `${layout.proofs}/${name}`),
    ...[units.monitor, units.rolePath, units.syncTimer, 'fail2ban.service'].map((unit) => appliedStamp(unit)),
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
    layout.lib,
    layout.etc,
    appliedStamp(units.pushTimer),
  ];
}
