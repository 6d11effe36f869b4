import type {FileFact, HostFacts} from '../facts/types.js';
import {linesOfOurs} from '../phases/authorized-line.js';
import {changesOf, type Comparison} from '../plan/compare.js';
import type {HostName} from '../ssh/host.js';
import {enabledUnits, layout, units} from '../templates/layout.js';
import {isReadByAll, type Manifest, type ManifestFile} from '../templates/manifest.js';
import {versionIn, manifestIn} from './manifest-in.js';

/**
 * Something on a host that is not as the last setup left it. `changed`, `gone`, `owner`: of a file; `drop-in`: of a unit;
 * `unit`: stopped or disabled; `config`: the gateway's; `key`: a line of ours in authorized_keys; `user`: one of ours.
 */
export interface DriftItem {
  kind: 'changed' | 'gone' | 'owner' | 'drop-in' | 'unit' | 'config' | 'key' | 'user';
  /** Path, unit or user. */
  what: string;
  says: string;
  /** epoch ms of this machine; null: not known. */
  changedAtMs: number | null;
  do: string;
}

/** What was done to a host since setup last wrote there, or why that cannot be told. */
export type Drift =
  | {known: false; reason: string}
  | {
      known: true;
      /** When setup last wrote something there: epoch ms of this machine; null: not known. */
      sinceMs: number | null;
      /** Version of the program that did. */
      writtenBy: string | null;
      items: readonly DriftItem[];
      /** Files of which an older version did not note what it wrote. */
      unnoted: readonly string[];
    };

const setupAgain = 'failover-wizard setup writes it anew';

/**
 * What the manifest of a host notes beside what is there now. Pure.
 * @param comparison what setup would change today; undefined: not known, because the other host was not read
 */
export function driftOf(facts: HostFacts, comparison: Comparison | undefined): Drift {
  const fact = facts.files[layout.manifest];
  // On a primary that neither pushes nor reports there is nothing of ours.
  if (!fact && comparison && asWanted(facts.host, comparison)(layout.manifest)) return nothingOfOurs;
  if (!fact) return {known: false, reason: `there is no ${layout.manifest}: setup has not finished here`};
  const manifest = manifestIn(fact.content);
  if (manifest === undefined) return {known: false, reason: `${layout.manifest} cannot be understood`};
  const at = (ms: number | undefined) => (ms === undefined ? null : ms - facts.clockOffsetMs);
  const files = manifest.files.map((entry) => ({entry, now: facts.files[entry.path]}));
  const wanted = comparison && asWanted(facts.host, comparison);
  return {
    known: true,
    sinceMs: at(fact.changedMs),
    writtenBy: versionIn(manifest),
    items: [
      ...files.flatMap(({entry, now}) => fileDrift(entry, now, at, wanted)),
      ...dropIns(facts, manifest),
      ...stopped(facts, manifest),
      ...config(facts, comparison, at),
      ...people(facts, manifest),
    ],
    unnoted: files.flatMap(({entry, now}) =>
      now?.kind === 'file' && entry.sha256 === undefined && isNoted(entry) ? [entry.path] : [],
    ),
  };
}

const nothingOfOurs: Drift = {known: true, sinceMs: null, writtenBy: null, items: [], unnoted: []};

/** Their contents are the host's own. */
const madeThere: ReadonlySet<string> = new Set([layout.secretsKnownHosts, layout.secretsPullKey]);

const isNoted = ({path, mode}: ManifestFile) => isReadByAll(mode) && !madeThere.has(path);

/** Paths that setup would leave as they are: a setup that was cut off before its manifest has written some of them. */
function asWanted(host: HostName, comparison: Comparison): (path: string) => boolean {
  const differing = new Set(
    changesOf(comparison).flatMap((change) =>
      change.host === host && change.kind === 'file' ? [change.file.path] : [],
    ),
  );
  return (path) => !differing.has(path);
}

function fileDrift(
  {path, owner, group, mode, sha256}: ManifestFile,
  now: FileFact | null | undefined,
  at: (ms: number | undefined) => number | null,
  wanted: ((path: string) => boolean) | undefined,
): DriftItem[] {
  // Another version's: nobody asked for it.
  if (now === undefined) return [];
  if (now === null)
    return [{kind: 'gone', what: path, says: `${path} is gone.`, changedAtMs: null, do: setupAgain}];
  const changedAtMs = at(now.changedMs);
  if (now.kind !== 'file')
    return [{kind: 'changed', what: path, says: `${path} is no file any more.`, changedAtMs, do: setupAgain}];
  const other = sha256 !== undefined && now.sha256 !== undefined && now.sha256 !== sha256;
  if (other && wanted?.(path) !== true)
    return [{kind: 'changed', what: path, says: `${path} was changed.`, changedAtMs, do: setupAgain}];
  const is = `${now.owner}:${now.group} ${now.mode.toString(8)}`;
  const was = `${owner}:${group} ${mode}`;
  if (is === was) return [];
  const says = `${path} was ${was}, and is ${is}.`;
  return [{kind: 'owner', what: path, says, changedAtMs: null, do: setupAgain}];
}

/** What `systemctl edit` makes: setup leaves it alone, and it changes what the unit does. */
function dropIns(facts: HostFacts, manifest: Manifest): DriftItem[] {
  return manifest.units.flatMap((unit) =>
    (facts.units[unit]?.dropIns ?? []).map((path) => ({
      kind: 'drop-in' as const,
      what: path,
      says: `${unit} is changed by ${path}.`,
      changedAtMs: null,
      do: `See it: systemctl cat ${unit}. Take it back: systemctl revert ${unit}, then failover-wizard setup`,
    })),
  );
}

/** Units that setup leaves enabled and running wherever they are installed. */
const alwaysOn: readonly string[] = [...enabledUnits, units.pushTimer];

function stopped(facts: HostFacts, manifest: Manifest): DriftItem[] {
  return manifest.units
    .filter((unit) => alwaysOn.includes(unit))
    .flatMap((unit): DriftItem[] => {
      const now = facts.units[unit];
      if (now === undefined) return [];
      const runs = ['active', 'activating', 'reloading'].includes(now.activeState);
      const enabled = now.unitFileState.startsWith('enabled');
      if (runs && enabled) return [];
      const how = [...(runs ? [] : [`is ${now.activeState}`]), ...(enabled ? [] : ['is not enabled'])];
      const says = `${unit} ${how.join(' and ')}; setup left it enabled and running.`;
      return [{kind: 'unit', what: unit, says, changedAtMs: null, do: 'failover-wizard setup starts it'}];
    });
}

/**
 * OpenClaw writes into its config too, so that a hash of the file says nothing. But the proof that its models work notes
 * what config setup wrote: while that is what setup would write today, another config was made by somebody else.
 */
function config(
  facts: HostFacts,
  comparison: Comparison | undefined,
  at: (ms: number | undefined) => number | null,
): DriftItem[] {
  if (facts.host !== 'standby' || comparison === undefined) return [];
  const ids = new Set(changesOf(comparison).map(({id}) => id));
  if (!ids.has('standby:gateway-config') || ids.has('standby:proof:models')) return [];
  const says = `${layout.config} is another than setup wrote and proved.`;
  const changedAtMs = at(facts.files[layout.config]?.changedMs);
  return [{kind: 'config', what: layout.config, says, changedAtMs, do: setupAgain}];
}

function people(facts: HostFacts, manifest: Manifest): DriftItem[] {
  const users = manifest.users
    .filter((user) => facts.users[user] === null)
    .map((user) => ({
      kind: 'user' as const,
      what: user,
      says: `The user ${user} is gone.`,
      changedAtMs: null,
      do: 'failover-wizard setup makes it again',
    }));
  const keys = manifest.authorizedKeys
    .filter(({user, comment}) => facts.users[user] && linesOfOurs(facts, user, comment).length === 0)
    .map(({user, comment}) => ({
      kind: 'key' as const,
      what: user,
      says: `The line "${comment}" is gone from the authorized_keys of ${user}.`,
      changedAtMs: null,
      do: 'failover-wizard setup puts it back',
    }));
  return [...users, ...keys];
}
