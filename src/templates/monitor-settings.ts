import type {InterrogationSettings, MonitorSettings} from '../monitor/settings.js';
import type {Pair} from '../pair/schema.js';
import {layout} from './layout.js';

export interface MonitorPlaces {
  /** Where the standby reaches the primary's gateway. */
  primary: {address: string; port: number};
  /** The standby's own private address, to probe from; found by the routes when absent. */
  standbyAddress?: string;
  /** Where the standby's own gateway listens. Default: loopback, `layout.gatewayPort`. */
  gateway?: {address: string; port: number};
  /** Asked before a takeover whether the standby is online. Default: its default route's gateway alone. */
  witnesses?: {address: string; port: number}[];
  /** ms; shorter for a test of the pair. Default 120 000. */
  minActiveMs?: number;
  /** Who may be asked for the primary's report, and where. Default: nobody. */
  interrogation?: Pick<InterrogationSettings, 'user' | 'addresses'>;
}

/**
 * What monitor.json of a pair says: the times of docs/monitor.md. `classic` is the plain rule of the original guide,
 * three failures 10 s apart.
 */
export function monitorSettings(pair: Pair, places: MonitorPlaces): MonitorSettings {
  const {profile, failback, standby, onPartition} = pair.monitor;
  const classic = profile === 'classic';
  const {primary, standbyAddress, witnesses = [], minActiveMs = 120_000, interrogation} = places;
  return {
    pair: pair.name,
    profile,
    primary: {...primary, ...(standbyAddress !== undefined && {from: standbyAddress})},
    gateway: places.gateway ?? {address: '127.0.0.1', port: layout.gatewayPort},
    channel: {type: pair.channel.type, account: pair.channel.account},
    failback,
    standby,
    witnesses,
    probe: {
      intervalMs: classic ? 10_000 : 5_000,
      suspectIntervalMs: classic ? 10_000 : 1_000,
      connectTimeoutMs: 1_000,
      timeoutMs: 2_000,
      maxBodyBytes: 4_096,
    },
    onPartition,
    holds: {
      // The second report that says so comes 1 s after the first.
      failedMs: 900,
      stoppedMs: 30_000,
      startingMs: 45_000,
      drainingMs: 330_000,
      unboundMs: 60_000,
      // Not less when its own loopback hangs too: event loops stalled for 45 s come back (openclaw.md).
      hungMs: 60_000,
      wrongMs: 30_000,
      silentMs: 12_000,
      partitionMs: 30_000,
      plainMs: 25_000,
      plainHungMs: 90_000,
      classicMs: 20_000,
    },
    bootGraceMs: 60_000,
    thresholds: {
      rise: 3,
      riseMs: 30_000,
      minActiveMs,
    },
    promotion: {
      tries: 2,
      backoffMs: 5_000,
      attemptMs: 80_000,
      max: 2,
      windowMs: 15 * 60_000,
      blockedRetryMs: 5 * 60_000,
    },
    demotion: {timeoutMs: 7 * 60_000},
    interrogation: interrogation ? {...interrogation, connectTimeoutMs: 1_500, timeoutMs: 3_000} : null,
  };
}
