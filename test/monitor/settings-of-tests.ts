import type {MonitorSettings} from '../../src/monitor/settings.js';

/** Settings as the default profile has them. */
export const settings: MonitorSettings = {
  pair: 'default',
  profile: 'default',
  primary: {address: '127.0.0.1', port: 1},
  gateway: {address: '127.0.0.1', port: 2},
  channel: {type: 'irc', account: 'backup'},
  failback: 'auto',
  witnesses: [],
  probe: {
    intervalMs: 5000,
    suspectIntervalMs: 10_000,
    connectTimeoutMs: 1000,
    timeoutMs: 2000,
    maxBodyBytes: 4096,
  },
  thresholds: {
    fall: 3,
    startingGraceMs: 45_000,
    drainingGraceMs: 330_000,
    rise: 3,
    riseMs: 30_000,
    minActiveMs: 120_000,
  },
  promotion: {
    tries: 2,
    backoffMs: 5000,
    attemptMs: 80_000,
    max: 2,
    windowMs: 900_000,
    blockedRetryMs: 300_000,
  },
  demotion: {timeoutMs: 420_000},
};
