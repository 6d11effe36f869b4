import type {MonitorSettings} from '../monitor/settings.js';
import type {Pair} from '../pair/schema.js';
import {layout} from './layout.js';

export interface MonitorPlaces {
  /** Where the standby reaches the primary's gateway. */
  primary: {address: string; port: number};
  /** The standby's own private address, to probe from; found by the routes when absent. */
  standbyAddress?: string;
  /** Where the standby's own gateway listens. Default: loopback, `layout.gatewayPort`. */
  gateway?: {address: string; port: number};
  /** Asked before a takeover whether the standby is online. Default: its default route's gateway. */
  witnesses?: {address: string; port: number}[];
  /** ms; shorter for a test of the pair. Default 120 000. */
  minActiveMs?: number;
}

/**
 * What monitor.json of a pair says. `classic` is the plain rule of the original guide, three failures 10 s apart;
 * the default profile looks every 5 s while all is well and then counts the same way.
 */
export function monitorSettings(pair: Pair, places: MonitorPlaces): MonitorSettings {
  const {profile, failback} = pair.monitor;
  const {primary, standbyAddress, witnesses = [], minActiveMs = 120_000} = places;
  return {
    pair: pair.name,
    profile,
    primary: {...primary, ...(standbyAddress !== undefined && {from: standbyAddress})},
    gateway: places.gateway ?? {address: '127.0.0.1', port: layout.gatewayPort},
    channel: {type: pair.channel.type, account: pair.channel.account},
    failback,
    witnesses,
    probe: {
      intervalMs: profile === 'classic' ? 10_000 : 5_000,
      suspectIntervalMs: 10_000,
      connectTimeoutMs: 1_000,
      timeoutMs: 2_000,
      maxBodyBytes: 4_096,
    },
    thresholds: {
      fall: 3,
      startingGraceMs: 45_000,
      drainingGraceMs: 330_000,
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
  };
}
