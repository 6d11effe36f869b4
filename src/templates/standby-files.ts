import type {MonitorSettings} from '../monitor/settings.js';
import type {RemoteFile} from '../ssh/host.js';
import {header, headerLine, type Origin} from './header.js';
import {layout} from './layout.js';
import {guardScript} from './scripts/guard.js';
import {handbackPushScript, handbackScript} from './scripts/handback.js';
import {roleScript} from './scripts/role.js';
import {syncScript} from './scripts/sync.js';
import {
  gatewayUnit,
  handbackUnits,
  monitorUnit,
  rolePathUnit,
  roleUnit,
  syncUnits,
  verifyUnit,
} from './standby-units.js';

export interface StandbyFilesInput extends Origin {
  /** Texts of the built programs. */
  programs: {monitor: string; accounts: string};
  settings: MonitorSettings;
  /** The workspace's branch that both nodes follow. */
  branch: string;
}

/**
 * Everything of ours that lands on the standby for phase 4, in an order in which it can be written. Users
 * `openclaw` and `openclaw-monitor` exist before; `systemctl daemon-reload` comes after.
 */
export function standbyFiles(input: StandbyFilesInput): RemoteFile[] {
  return [
    programFile(input, layout.accountsProgram, input.programs.accounts),
    programFile(input, layout.monitorProgram, input.programs.monitor),
    settingsFile(input, input.settings),
    guardScript(input),
    syncScript(input, input.branch),
    handbackScript(input, input.branch),
    handbackPushScript(input),
    roleScript(input),
    gatewayUnit(input),
    verifyUnit(input),
    ...syncUnits(input),
    ...handbackUnits(input),
    roleUnit(input),
    rolePathUnit(input),
    monitorUnit(input),
  ];
}

const programFile = (origin: Origin, path: string, text: string): RemoteFile => ({
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
