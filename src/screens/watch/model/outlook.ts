import type {MonitorSettings} from '../../../monitor/settings.js';
import type {LiveTold} from '../../../sampler/told.js';
import type {Episode} from './episode.js';
import type {HostSample, Outlook, WorkspaceSample} from './sample.js';
import {usualSpan} from './usual.js';

/** The numbers of docs/monitor.md, where the monitor's settings are not known. ms */
const usual = {
  profile: 'default',
  standby: 'cold',
  probe: {intervalMs: 5_000, connectTimeoutMs: 1_000},
  holds: {silentMs: 12_000, plainMs: 25_000, classicMs: 20_000},
} as const;

/** ms from the decision to the connected channel, as the lab's pairs needed it (bench/README.md). */
const typicalMs = {cold: 15_000, warm: 2_500} as const;

type Known = Pick<MonitorSettings, 'profile' | 'standby'> & {
  probe: Pick<MonitorSettings['probe'], 'intervalMs' | 'connectTimeoutMs'>;
  holds: Pick<MonitorSettings['holds'], 'silentMs' | 'plainMs' | 'classicMs'>;
};

export interface OutlookInput {
  settings: MonitorSettings | null;
  live: LiveTold;
  episodes: readonly Episode[];
  /** A warm standby's gateway sleeps now. */
  warm: boolean;
  primary: HostSample;
  standby: HostSample;
}

/** What would happen if the primary's host died now. Pure. */
export function outlookOf({settings, live, episodes, warm, primary, standby}: OutlookInput): Outlook {
  const known: Known = settings ?? usual;
  // A warm standby that has to be cold for now does not start as it did before.
  const takeovers = episodes.filter(({kind}) => kind === 'takeover');
  const startMs = known.standby === 'warm' && !warm ? null : usualSpan(takeovers, 'connected');
  const start = startMs ?? typicalMs[warm ? 'warm' : 'cold'];
  return {
    reachableInMs: Math.round(verdictMs(known, live) + start),
    measured: startMs !== null,
    rpoMs: rpoOf(primary, standby),
  };
}

/** ms until a lost host is called dead: on average half an interval passes before a probe finds out. */
function verdictMs({profile, probe, holds}: Known, {interrogation}: LiveTold): number {
  const noticedMs = probe.intervalMs / 2 + probe.connectTimeoutMs;
  if (profile === 'classic') return noticedMs + holds.classicMs;
  // Silence counts only of somebody who has answered before (src/monitor/verdict.ts).
  return noticedMs + (interrogation?.works === true ? holds.silentMs : holds.plainMs);
}

/** null: there is none, or nothing was told of it yet. */
export const workspaceOf = ({workspace}: HostSample): WorkspaceSample | null =>
  workspace === null || 'unknown' in workspace ? null : workspace;

/** ms since the primary pushed; of a primary that this machine does not reach it is only known what it was. */
export const pushedAgo = (primary: HostSample) =>
  primary.link.stale || primary.link.state === 'lost' ? null : (workspaceOf(primary)?.syncAgeMs ?? null);
export const fetchedAgo = (standby: HostSample) => workspaceOf(standby)?.syncAgeMs ?? null;

/** The copy is as old as the older of the two ways that lead to it. A pair that never pushed has no age. */
function rpoOf(primary: HostSample, standby: HostSample): number | null {
  const known = [pushedAgo(primary), fetchedAgo(standby)].filter((ms) => ms !== null);
  return known.length === 0 ? null : Math.max(...known);
}
