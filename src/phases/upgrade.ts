import semver from 'semver';
import type {Change, FileChange, SwapChange, UnitChange} from '../plan/change.js';
import {appliedStamp, layout, units} from '../templates/layout.js';
import {provision} from './1-provision.js';
import {install} from './2-install.js';
import {phases} from './index.js';
import {monitor} from './4-monitor.js';
import {interrogationKey} from './interrogation.js';
import {reportAccess} from './report-access.js';
import type {Phase, PlanInput} from './phase.js';

/** What an upgrade is made of; null: it is setup's. */
export type Part = 'ours' | 'openclaw' | 'sleep' | null;

const ourUnits: ReadonlySet<string> = new Set([...Object.values(units), 'fail2ban.service']);
const ourProofs: ReadonlySet<string> = new Set(['monitor', 'report']);

/** Which part of an upgrade a change of a finished pair belongs to. Pure; the table is in test/phases/upgrade.test.ts. */
export function partOf(change: Change): Part {
  switch (change.kind) {
    case 'file':
      return change.secret ? null : 'ours';
    case 'directory':
      return change.owner === 'root' ? 'ours' : null;
    case 'unit':
      return ourUnits.has(change.unit) ? 'ours' : null;
    case 'swap':
      return 'ours';
    case 'proof':
      return ourProofs.has(change.proof) ? 'ours' : null;
    case 'node':
    case 'npm-package':
      return 'openclaw';
    case 'script':
      if (change.id.startsWith('standby:plugin:')) return 'openclaw';
      return change.id === 'standby:sleeping-gateway' ? 'sleep' : null;
    default:
      return null;
  }
}

/** The standby's OpenClaw is newer than the primary's: an older one may refuse what the newer one has written. */
export function isAhead({primary, standby}: Pick<PlanInput, 'primary' | 'standby'>): boolean {
  const there = primary.openclaw.known ? primary.openclaw.value?.version : undefined;
  const here = standby.openclaw.known ? standby.openclaw.value?.version : undefined;
  if (!semver.valid(there) || !semver.valid(here)) return false;
  return semver.gt(here!, there!);
}

/**
 * The phases of setup, narrowed to what an upgrade changes. The monitor comes before OpenClaw, so that what a warm
 * standby is without (its sleeping gateway) is last and short.
 */
export function upgradePhases(): Phase[] {
  const only = (phase: Phase, title: string, ...parts: Part[]): Phase => ({
    ...phase,
    title,
    // What stands against a setup need not stand against this.
    findings: () => [],
    plan: (input) => {
      const changes = [...phase.plan(input)].filter((change) => parts.includes(partOf(change)));
      return isAhead(input) ? changes.filter((change) => partOf(change) !== 'openclaw') : changes;
    },
  });
  const programs = only(monitor, 'Monitor, scripts and units', 'ours');
  return [
    only(provision, 'Settings of the standby', 'ours'),
    {...programs, plan: (input) => inOneSwap(askable([...programs.plan(input)], input), input)},
    only(install, 'OpenClaw', 'ours', 'openclaw'),
    only(monitor, 'Sleeping gateway', 'sleep'),
  ];
}

const isStandbyFile = (change: Change): change is FileChange =>
  change.kind === 'file' && change.host === 'standby';
const isStandbyUnit = (change: Change): change is UnitChange =>
  change.kind === 'unit' && change.host === 'standby';

/** Whether the report comes is not tried where setup has yet to let the monitor in for it. */
function askable(changes: readonly Change[], input: PlanInput): Change[] {
  const shut = [...reportAccess(input), ...interrogationKey(input)].some((change) => partOf(change) === null);
  return changes.filter((change) => !shut || change.kind !== 'proof' || change.proof !== 'report');
}

/** Files and units of the standby as one change, where the first of them stood; everything else keeps its place. */
function inOneSwap(changes: readonly Change[], {version}: PlanInput): Change[] {
  const files = changes.filter(isStandbyFile);
  const own = changes.filter(isStandbyUnit);
  if (files.length === 0 && own.length === 0) return [...changes];
  const others = changes.filter((change) => !isStandbyFile(change) && !isStandbyUnit(change));
  const restarts = own.some(({unit, restart, active}) => unit === units.monitor && (restart || active));
  const count = files.length === 1 ? '1 file' : `${files.length} files`;
  const swap: SwapChange = {
    kind: 'swap',
    id: 'standby:swap',
    host: 'standby',
    title:
      files.length === 0
        ? `units of the standby as their files are${restarts ? '; its monitor restarts' : ''}`
        : `failover-wizard ${version} on the standby: ${count}, swapped at once${restarts ? '; its monitor restarts' : ''}`,
    ...(restarts && {
      why: 'For that moment nobody watches the primary. If the new monitor does not come up, the old one is put back.',
    }),
    files,
    units: own,
  };
  const firstProof = others.findIndex(({kind}) => kind === 'proof');
  const at = firstProof < 0 ? others.length : firstProof;
  return [...others.slice(0, at), swap, ...others.slice(at)];
}

/** What differs from the pair and is setup's to change, each once. */
export function leftToSetup(input: PlanInput): Change[] {
  const upgraded = new Set(
    upgradePhases().flatMap((phase) =>
      [...phase.plan(input)].flatMap((change) =>
        change.kind === 'swap' ? [...change.files, ...change.units].map(({id}) => id) : [change.id],
      ),
    ),
  );
  const left = new Map<string, Change>();
  for (const phase of phases)
    for (const change of phase.plan(input)) if (!upgraded.has(change.id)) left.set(change.id, change);
  return [...left.values()];
}

/** Why this is no pair that can be upgraded, in a sentence; undefined: it is one. What it lacks is setup's to make. */
export function notUpgradable(input: PlanInput): string | undefined {
  const {pair, primary, standby} = input;
  const there = (path: string) => Boolean(standby.files[path]);
  const own = standby.openclaw.known && standby.openclaw.value?.packageDir === layout.openclawPackage;
  if (!own || !there(layout.manifest) || !there(layout.monitorProgram) || !standby.units[units.monitor])
    return 'This standby is not set up yet.';
  if (!primary.openclaw.known || !primary.openclaw.value)
    return "OpenClaw's version on the primary cannot be told, so it is not known which one the standby needs.";
  const sleeps = there(appliedStamp(units.gateway));
  if (pair.monitor.standby === 'warm' ? !sleeps : sleeps)
    return `The pair is to have a ${pair.monitor.standby} standby, and this one is ${sleeps ? 'warm' : 'cold'} still.`;
  if (leftToSetup(input).some(({id}) => id === 'standby:secrets-off'))
    return 'The pair pulls no secrets any more, and its standby still does.';
  return undefined;
}
