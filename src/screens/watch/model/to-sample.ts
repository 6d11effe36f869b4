import {drillOf} from './drill.js';
import {episodesOf} from './episodes.js';
import type {HostState} from './host-state.js';
import {heartbeatOf} from './heartbeat.js';
import {hostSample} from './host.js';
import {ledgerOf} from './ledger.js';
import {monitorOf} from './monitor.js';
import {outlookOf} from './outlook.js';
import type {HealthSample, Outlook, WatchSample} from './sample.js';
import {isSettled, type WatchState} from './state.js';
import {verdictOf} from './verdict.js';

/** Everything the live view shows at `nowMs`, epoch ms of this machine. Pure; ages grow between two inputs. */
export function toSample(state: WatchState, nowMs: number): WatchSample {
  const {pair, hosts, split, events, drills} = state;
  const episodes = episodesOf(events);
  const seen = {
    pair,
    atMs: nowMs,
    split,
    primary: hostSample(state, 'primary', nowMs),
    standby: hostSample(state, 'standby', nowMs),
    health: healthOf(state, nowMs),
    monitor: monitorOf(state, nowMs),
    drill: drillOf(episodes, drills, nowMs),
    drillUnderWay: drillUnderWay(hosts.primary, nowMs),
    heartbeat: heartbeatOf(state, nowMs),
    ledger: ledgerOf(episodes, hosts.standby.live, nowMs),
  };
  const whole = {...seen, outlook: outlook(state, seen)};
  return {...whole, verdict: verdictOf(whole, isSettled(state))};
}

/** ms for which a primary that is out of reach may be so by its drill: a host that reboots. */
const drillLostMs = 10 * 60_000;

/** What a primary told of a drill before it was lost says nothing for ever. */
const drillUnderWay = ({drill, lostMs}: HostState, nowMs: number): WatchSample['drillUnderWay'] =>
  lostMs !== null && nowMs - lostMs > drillLostMs ? null : drill;

/** The primary's health as the standby's probes see it: that view is the one that counts. */
function healthOf({hosts, history}: WatchState, nowMs: number): HealthSample | null {
  const heard = hosts.standby.live;
  const probe = heard?.value?.probe ?? null;
  if (heard === null || probe === null) return null;
  const agoMs = probe.agoMs + Math.max(0, nowMs - heard.atMs);
  const {downMs} = hosts.primary;
  return {
    class: probe.class,
    well: probe.class === 'ok',
    tookMs: probe.tookMs,
    detail: probe.detail,
    agoMs,
    stoppedSince: downMs !== null && nowMs - agoMs < downMs,
    history: history?.values ?? [],
  };
}

/** Only of a standby that sleeps beside its primary: else there is nothing to foresee. */
function outlook(
  {hosts, events}: WatchState,
  {primary, standby, monitor}: Pick<WatchSample, 'primary' | 'standby' | 'monitor'>,
): Outlook | null {
  const {live, basics} = hosts.standby;
  if (!live?.value || !monitor.known || monitor.state !== 'watching') return null;
  return outlookOf({
    settings: basics?.settings ?? null,
    live: live.value,
    episodes: episodesOf(events),
    warm: monitor.warm,
    primary,
    standby,
  });
}
