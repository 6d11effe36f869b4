import type {MonitorSettings} from '../monitor/settings.js';
import {gatewayPort} from '../plan/health.js';
import type {RemoteFile} from '../ssh/host.js';
import {monitorSettings} from '../templates/monitor-settings.js';
import {primaryFiles, type PrimaryFilesInput} from '../templates/primary-files.js';
import {interrogationKnownHosts} from '../templates/known-hosts-file.js';
import {manifest} from '../templates/manifest.js';
import {standbyFiles} from '../templates/standby-files.js';
import {layout} from '../templates/layout.js';
import {knownHostsFile} from '../templates/secrets-source.js';
import {fail2banJail, unattendedUpgrades} from '../templates/hardening.js';
import {header} from '../templates/header.js';
import {notifyTargets} from '../templates/notify-settings.js';
import {openclawCommand} from '../templates/openclaw-command.js';
import {primaryWorkspacePath, workspaceRemote} from './workspace.js';
import {privateAddress, standbyAddress} from './network.js';
import {interrogationPlan} from './interrogation.js';
import type {PlanInput} from './phase.js';
import {reportFootprint} from './report-access.js';
import {secretsFootprint} from './secrets-pull.js';
import {sshPort} from './ssh-port.js';
import {witnessesOf} from './witnesses.js';

/** ms a promotion of the plain rule lasts at least; the default profile keeps its own, longer one. */
const classicMinActiveMs = 60_000;
/** Shown in a plan as long as the private network is not up yet; no such address is ever written to a host. */
const notYetKnown = '0.0.0.0';

/** What monitor.json of this pair says; undefined while the primary's private address is not known. */
export function monitorSettingsOf(input: PlanInput): MonitorSettings | undefined {
  const {pair, primary, standby} = input;
  const address = privateAddress(primary, standby, pair);
  if (!address.known) return undefined;
  const own = standbyAddress(primary, standby, pair);
  const plan = interrogationPlan(input);
  return monitorSettings(pair, {
    primary: {address: address.value, port: gatewayPort(primary)},
    ...(own.known && {standbyAddress: own.value}),
    witnesses: witnessesOf(input),
    ...(plan && {interrogation: {user: plan.user, addresses: plan.addresses}}),
    ...(pair.monitor.profile === 'classic' && {minActiveMs: classicMinActiveMs}),
  });
}

/** Every file of phase 4, as this pair wants it. */
export function standbyFilesOf(input: PlanInput): RemoteFile[] {
  const {pair, version, programs} = input;
  const settings =
    monitorSettingsOf(input) ??
    monitorSettings(pair, {primary: {address: notYetKnown, port: gatewayPort(input.primary)}});
  return standbyFiles({
    pairName: pair.name,
    version,
    programs,
    settings,
    notify: notifyTargets(pair),
    branch: pair.workspace.branch,
    secretsSync: pair.secretsSync,
  });
}

/** What the manifest says of the pull's key and host key; their contents are made on the host. */
const secretsPullFiles: RemoteFile[] = [
  knownHostsFile('', '', []),
  {path: layout.secretsPullKey, content: '', owner: layout.user, group: layout.user, mode: 0o600},
];

/** Files of the earlier phases and of the interrogation, for the manifest. */
export function otherFilesOf(input: PlanInput): RemoteFile[] {
  const {pair, version, standby} = input;
  const origin = {pairName: pair.name, version};
  const plan = interrogationPlan(input);
  return [
    ...(plan ? [interrogationKnownHosts(origin, plan.hostKeys)] : []),
    fail2banJail(header(origin), sshPort(standby)),
    unattendedUpgrades(header(origin, '//')),
    openclawCommand(header(origin)),
  ];
}

/** The same of files that the standby makes itself. */
export const filesMadeThere = ({pair}: PlanInput): RemoteFile[] =>
  pair.secretsSync === null ? [] : secretsPullFiles;

/** The program that guards the split, which phase 3 may need before the rest of phase 4. */
export function accountsFile(input: PlanInput): RemoteFile {
  const file = standbyFilesOf(input).find(({path}) => path === layout.accountsProgram);
  if (!file) throw new TypeError(`${layout.accountsProgram} is missing from the standby's files.`);
  return file;
}

/** Everything of ours on the primary, whichever phase puts it there; `others`: as `reportFootprint` has it. */
export function primaryManifest(input: PlanInput, others?: string[]): RemoteFile {
  const {pair, version} = input;
  const push = primaryFilesInput(input);
  const plan = interrogationPlan(input);
  const files = [...(push ? primaryFiles(push) : []), ...(plan ? [plan.program] : [])];
  const also = reportFootprint(input, others);
  const authorizedKeys = [...(also.authorizedKeys ?? []), ...secretsFootprint(input)];
  return manifest({pairName: pair.name, version}, 'primary', files, {...also, authorizedKeys});
}

/** What the push timer on the primary needs; undefined where there is nothing to push, or nowhere to push it to. */
export function primaryFilesInput(input: PlanInput): PrimaryFilesInput | undefined {
  const {pair, primary, version} = input;
  const workspace = primaryWorkspacePath(primary);
  const gatewayUser = primary.gateway.known ? primary.gateway.value.user : undefined;
  const exists = workspace !== undefined && primary.checkouts[workspace]?.exists;
  if (!exists || gatewayUser === undefined || workspaceRemote(input) === undefined) return undefined;
  return {pairName: pair.name, version, gatewayUser, workspace, branch: pair.workspace.branch};
}
