import type {MonitorSettings} from '../monitor/settings.js';
import type {Target} from '../monitor/tell/targets.js';
import type {SecretsSync} from '../pair/secrets-source.js';
import type {RemoteFile} from '../ssh/host.js';
import {header, headerLine, type Origin} from './header.js';
import {layout} from './layout.js';
import {notifyFile} from './notify-settings.js';
import {fastForwardScript} from './scripts/fast-forward.js';
import {guardScript} from './scripts/guard.js';
import {handbackPushScript, handbackScript} from './scripts/handback.js';
import {outdatedScript} from './scripts/outdated.js';
import {portScript} from './scripts/port.js';
import {prepareScript} from './scripts/prepare.js';
import {roleScript} from './scripts/role.js';
import {secretsPullScript} from './scripts/secrets-pull.js';
import {syncScript} from './scripts/sync.js';
import {standbyCommand} from './standby-command.js';
import {wakeScript} from './scripts/warm.js';
import {
  handbackUnits,
  portUnit,
  prepareUnits,
  secretsPullUnits,
  syncUnits,
  verifyUnit,
  warmUnits,
} from './job-units.js';
import {gatewayUnit, monitorUnit, rolePathUnit, roleUnit} from './standby-units.js';

export interface StandbyFilesInput extends Origin {
  /** Texts of the built programs. */
  programs: {monitor: string; accounts: string};
  settings: MonitorSettings;
  /** Who is told; default: nobody. */
  notify?: readonly Target[];
  /** The workspace's branch that both nodes follow. */
  branch: string;
  /** Absent or null: no secrets are pulled. */
  secretsSync?: SecretsSync | null;
}

/**
 * Everything of ours that lands on the standby for phase 4, in an order in which it can be written. Users
 * `openclaw` and `openclaw-monitor` exist before; `systemctl daemon-reload` comes after.
 */
export function standbyFiles(input: StandbyFilesInput): RemoteFile[] {
  const standby = {mode: input.settings.standby, channel: input.settings.channel};
  return [
    programFile(input, layout.accountsProgram, input.programs.accounts),
    programFile(input, layout.monitorProgram, input.programs.monitor),
    settingsFile(input, input.settings),
    notifyFile(input, input.notify ?? []),
    standbyCommand(input),
    guardScript(input, standby),
    fastForwardScript(input, input.branch),
    syncScript(input, input.branch),
    prepareScript(input, input.branch),
    portScript(input),
    handbackScript(input, input.branch),
    handbackPushScript(input),
    roleScript(input, standby),
    gatewayUnit(input, standby),
    verifyUnit(input),
    ...syncUnits(input),
    wakeScript(input, standby.channel),
    outdatedScript(input),
    ...warmUnits(input),
    ...prepareUnits(input),
    portUnit(input),
    ...handbackUnits(input),
    ...secretsPullFiles(input, input.secretsSync ?? null),
    roleUnit(input),
    rolePathUnit(input),
    monitorUnit(input),
  ];
}

/** What pulls secrets, where the pair wants that. */
export const secretsPullFiles = (origin: Origin, sync: SecretsSync | null): RemoteFile[] =>
  sync === null ? [] : [secretsPullScript(origin, sync), ...secretsPullUnits(origin)];

/** A program with the line that says which version wrote it. */
export const programFile = (origin: Origin, path: string, text: string): RemoteFile => ({
  path,
  content: header(origin, '//') + text,
  owner: 'root',
  group: 'root',
  mode: 0o644,
});

/** World-readable: it holds no secrets, and the verify job of the gateway's user reads it too. */
const settingsFile = (origin: Origin, settings: MonitorSettings): RemoteFile => ({
  path: layout.monitorSettings,
  content: `${JSON.stringify({_: headerLine(origin), version: 1, ...settings}, undefined, 2)}\n`,
  owner: 'root',
  group: 'root',
  mode: 0o644,
});
