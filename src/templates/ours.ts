import type {HostName} from '../ssh/host.js';
import {layout, units} from './layout.js';
import {fail2banJail, unattendedUpgrades} from './hardening.js';

// What this program can have put on a host, by name. A manifest is text of the host, and whatever it says beside this
// is never removed.

/** Folders that hold nothing but ours; removed whole. */
const foldersOf: Readonly<Record<HostName, readonly string[]>> = {
  standby: [
    layout.lib,
    layout.opt,
    layout.compileCache,
    layout.run,
    layout.roleRun,
    layout.workRun,
    layout.state,
    layout.etc,
  ],
  primary: [layout.lib, layout.drillRun, layout.reportHome, layout.etc],
};

/** Single files of ours in folders of others, units apart. Each begins with a header that names this program. */
const filesOf: Readonly<Record<HostName, readonly string[]>> = {
  standby: ['/usr/local/bin/openclaw', layout.standbyCommand],
  primary: [],
};

/** Settings that are good on any server, and stay unless it is asked for. */
export const hardeningFiles: readonly string[] = [fail2banJail('', 22).path, unattendedUpgrades('').path];

/** Users that exist for this alone, with the home by which they are known as ours. */
const usersOf: Readonly<Record<HostName, Readonly<Record<string, string>>>> = {
  standby: {[layout.monitorUser]: layout.state, [layout.user]: layout.home},
  primary: {[layout.reportUser]: layout.reportHome},
};

/** On the primary only what the push, drills and edits have; the rest of its units is its owner's. */
const primaryUnits: readonly string[] = [units.pushTimer, units.push];
const standbyUnits: readonly string[] = Object.values(units).filter((unit) => !primaryUnits.includes(unit));
/** Units of other versions of this program. */
const family = /^openclaw-failover-[a-z]+(?:-[a-z]+)*\.(?:service|timer|path)$/;

export const unitFolder = '/etc/systemd/system';
export const ownFolders = (host: HostName): readonly string[] => foldersOf[host];
export const ownFiles = (host: HostName): readonly string[] => filesOf[host];
export const ownUsers = (host: HostName): Readonly<Record<string, string>> => usersOf[host];
export const ownUnits = (host: HostName): readonly string[] =>
  host === 'standby' ? standbyUnits : primaryUnits;

export const isOwnUnit = (host: HostName, unit: string): boolean =>
  ownUnits(host).includes(unit) || family.test(unit);

/** An absolute path that names one place in one way: no `..`, no `//`, nothing that a shell or a terminal reads otherwise. */
const plainPath = /^(?:\/(?!\.{1,2}(?:\/|$))[\w@.:+-]+)+$/;

/** Whether this program can have written something at a path of a host; whatever else is there is somebody else's. */
export function isOwnPath(host: HostName, path: string): boolean {
  if (!plainPath.test(path)) return false;
  const unit = path.startsWith(`${unitFolder}/`) ? path.slice(unitFolder.length + 1) : undefined;
  if (unit !== undefined) return isOwnUnit(host, unit);
  if (filesOf[host].includes(path)) return true;
  if (host === 'standby' && (hardeningFiles.includes(path) || path.startsWith(`${layout.home}/`)))
    return true;
  return foldersOf[host].some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/**
 * Whether a path may be given to `rm -rf`: a whole folder of ours, or one file of ours in a folder of others. A home goes
 * with its user and is not among them.
 */
export const mayRemove = (host: HostName, path: string): boolean =>
  isOwnPath(host, path) &&
  (foldersOf[host].includes(path) ||
    filesOf[host].includes(path) ||
    hardeningFiles.includes(path) ||
    path.startsWith(`${unitFolder}/`));
