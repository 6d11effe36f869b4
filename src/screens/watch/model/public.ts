import {publicSplit} from '../../plain/public.js';
import type {MonitorSample} from './monitor-sample.js';
import type {HostSample, Ledger, WatchSample} from './sample.js';

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** A sample as `status --json` and `watch --json` give it (docs/watch.md). Bytes, s and ms as the names say. */
export function publicSample(sample: WatchSample) {
  const {pair, atMs, split, primary, standby, monitor, health, verdict, outlook, heartbeat, ledger} = sample;
  const {drill, drillUnderWay} = sample;
  return {
    pair,
    at: iso(atMs),
    split: publicSplit(split),
    primary: {...publicHost(primary), health: health && {by: 'standby', ...health}},
    standby: publicHost(standby),
    monitor: publicMonitor(monitor),
    workspace: {primary: primary.workspace, standby: standby.workspace},
    lastDrill: drill && {at: iso(atMs - drill.agoMs), ...drill},
    drillUnderWay,
    heartbeat,
    outlook,
    failover: ledger && publicLedger(ledger),
    verdict: {state: verdict.state, words: verdict.words, sentence: verdict.sentence},
  };
}

/** `ageMs` and `error` say how old all of it is, and why no newer; `active` is what most want of a gateway. */
function publicHost({gateway, link, ...host}: HostSample) {
  return {
    ...host,
    ageMs: link.silentMs,
    error: link.error,
    link,
    gateway: 'unknown' in gateway ? gateway : {active: gateway.state === 'running', ...gateway},
  };
}

function publicMonitor(monitor: MonitorSample) {
  if (!monitor.known) return monitor;
  const {noTakeoverUntilMs, ...rest} = monitor;
  return {...rest, noTakeoverUntil: iso(noTakeoverUntilMs)};
}

function publicLedger({kind, beganMs, endedMs, outcome, stages}: Ledger) {
  return {
    kind,
    began: iso(beganMs),
    ended: iso(endedMs),
    outcome: outcome?.words ?? null,
    stages: stages.map(({atMs, ...stage}) => ({...stage, at: iso(atMs)})),
  };
}
