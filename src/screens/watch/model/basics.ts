import {treeAt} from '../../../channels/program/plain-object.js';
import type {Accounts} from '../../../channels/types.js';
import type {HostFacts} from '../../../facts/types.js';
import {parseSettings, type MonitorSettings} from '../../../monitor/settings.js';
import {layout} from '../../../templates/layout.js';
import {clean} from '../../clip.js';
import {privateAddress} from '../../found.js';

/** What a whole reading of a host gives that its stream does not: it changes rarely, or has to be compared. */
export interface Basics {
  hostname: string;
  address: string | null;
  version: string | null;
  /** How its gateway runs, e.g. `user-unit`. */
  form: string;
  cpus: number;
  accounts: Accounts;
  /** What the fingerprints in `accounts` are made with: only those of one key can be compared. */
  key: string;
  /** Secrets that the standby pulls: name → fingerprint. */
  pulled: Readonly<Record<string, string>>;
  /** The monitor's, on the standby; null: there are none that this program understands. */
  settings: MonitorSettings | null;
  /** A warm standby's gateway slept when it was read; `atMs` by the host's clock. */
  warm: {asleep: boolean; atMs: number} | null;
  /** epoch ms by the standby's clock until which it takes over no more; null: it would. */
  noTakeoverUntilMs: number | null;
}

/** Remote text is cleaned here. */
export function basicsOf(facts: HostFacts): Basics {
  const {openclaw, gateway, accounts, cpus, key, pulled} = facts;
  // state.json may be another version's: what is not as expected is not there.
  const state = (facts.monitorState.known && facts.monitorState.value) || {};
  const version = openclaw.known ? openclaw.value?.version : undefined;
  return {
    hostname: clean(facts.hostname),
    address: privateAddress(facts) ?? null,
    version: version === undefined ? null : clean(version),
    form: gateway.known ? gateway.value.form : '',
    cpus,
    accounts,
    key,
    pulled,
    settings: settingsOf(facts),
    warm: warmOf(treeAt(treeAt(state, 'retold'), 'warm')),
    noTakeoverUntilMs: epoch(state['noTakeoverUntil']),
  };
}

function settingsOf({files}: HostFacts): MonitorSettings | null {
  const text = files[layout.monitorSettings]?.content;
  if (text === undefined) return null;
  try {
    return parseSettings(text);
  } catch {
    // Another version's. The usual numbers have to do; `check` and setup say what is wrong with them.
    return null;
  }
}

function warmOf({result, at}: Record<string, unknown>): Basics['warm'] {
  return typeof result === 'string' ? {asleep: result === 'asleep', atMs: epoch(at) ?? 0} : null;
}

function epoch(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
