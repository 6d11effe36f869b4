import {BadSettings, fail, integer, list, object, oneOf, optional, orNull, text} from './checked.js';

export {BadSettings} from './checked.js';

/** What the monitor is told: one JSON file, checked completely before any of it is used. Times are ms. */
export interface MonitorSettings {
  pair: string;
  /** `classic`: dead is three bad probes in a row, 10 s apart, whatever else is known of the primary. */
  profile: 'default' | 'classic';
  /** Where the primary's gateway answers; `from` is this host's own address to probe from. */
  primary: {address: string; port: number; from?: string};
  /** Where the standby's own gateway answers once it runs. */
  gateway: {address: string; port: number};
  /** The channel account whose connection ends a promotion. */
  channel: {type: string; account: string};
  failback: 'auto' | 'manual';
  /** While asleep the standby's gateway is stopped, or runs with its channel account off. */
  standby: 'cold' | 'warm';
  /** Asked before a promotion whether this host is online at all, by name or address; empty: the default route's gateway. */
  witnesses: {address: string; port: number}[];
  probe: {
    /** Between probes while the primary is well. */
    intervalMs: number;
    /** Between probes while it is suspected; a probe that takes longer takes the place of the next. */
    suspectIntervalMs: number;
    connectTimeoutMs: number;
    /** The whole request. */
    timeoutMs: number;
    maxBodyBytes: number;
  };
  /** When only the way to the primary is cut and its host lives: keep still, or take over as well. */
  onPartition: 'hold' | 'promote';
  /** How long each reason of verdict.ts has to hold before it means dead, ms. */
  holds: {
    failedMs: number;
    stoppedMs: number;
    /** Until the primary's own restarts have shown what it needs. */
    startingMs: number;
    drainingMs: number;
    unboundMs: number;
    hungMs: number;
    wrongMs: number;
    silentMs: number;
    partitionMs: number;
    plainMs: number;
    plainHungMs: number;
    /** Profile `classic`: from the first of three bad probes to the last. */
    classicMs: number;
  };
  /** A host that has just booted takes over from nobody for so long, unless it was active before. */
  bootGraceMs: number;
  thresholds: {
    /** Good probes in a row, over at least `riseMs`, that mean well again. */
    rise: number;
    riseMs: number;
    /** A promotion lasts at least this long. */
    minActiveMs: number;
  };
  promotion: {
    tries: number;
    backoffMs: number;
    /** One try: from the wish to the connected channel. */
    attemptMs: number;
    /** At most `max` promotions within `windowMs`; then the standby stays active. */
    max: number;
    windowMs: number;
    /** A blocked promotion, and a gateway that keeps crashing, is tried again after this. */
    blockedRetryMs: number;
  };
  demotion: {timeoutMs: number};
  /** How the primary is asked for its report on suspicion; null: it cannot be asked. */
  interrogation: InterrogationSettings | null;
}

export interface InterrogationSettings {
  /** Who runs the report on the primary, and nothing else. */
  user: string;
  /** Where the primary's SSH answers, the best way first; each way at most once. */
  addresses: {address: string; port: number; path: 'private' | 'public'}[];
  /** To one address, until SSH speaks. */
  connectTimeoutMs: number;
  /** All of it, whoever answers. */
  timeoutMs: number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
// Numbers only: a name would make a decision depend on DNS.
const address = text(/^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)$/, 'must be an IP address');
const port = integer(1, 65_535);
const endpoint = {address, port};
// The monitor keeps what a name stands for while all is well (witness-book.ts).
const witness = text(
  /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,252}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)$/,
  'must be a host name or an IP address',
);
const hold = integer(0, 10 * minute);

const shape = object({
  _: optional(text(/^[^\n]*$/, 'must be one line')),
  version: integer(1, 1),
  pair: text(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be the name of a pair'),
  profile: oneOf('default', 'classic'),
  primary: object({...endpoint, from: optional(address)}),
  gateway: object(endpoint),
  channel: object({
    type: text(/^[a-z][a-z0-9-]*$/, 'must be a channel of OpenClaw'),
    account: text(/^[A-Za-z0-9][\w.-]*$/, 'must be the name of a channel account'),
  }),
  failback: oneOf('auto', 'manual'),
  standby: oneOf('cold', 'warm'),
  witnesses: list(object({address: witness, port}), 8),
  probe: object({
    intervalMs: integer(second, minute),
    suspectIntervalMs: integer(second, minute),
    connectTimeoutMs: integer(50, 5 * second),
    timeoutMs: integer(100, 10 * second),
    maxBodyBytes: integer(64, 65_536),
  }),
  onPartition: oneOf('hold', 'promote'),
  holds: object({
    failedMs: hold,
    stoppedMs: hold,
    startingMs: hold,
    drainingMs: hold,
    unboundMs: hold,
    hungMs: hold,
    wrongMs: hold,
    silentMs: hold,
    partitionMs: hold,
    plainMs: hold,
    plainHungMs: hold,
    classicMs: hold,
  }),
  bootGraceMs: integer(0, 10 * minute),
  thresholds: object({
    rise: integer(1, 100),
    riseMs: integer(0, hour),
    minActiveMs: integer(0, 24 * hour),
  }),
  promotion: object({
    tries: integer(1, 3),
    backoffMs: integer(0, minute),
    attemptMs: integer(5 * second, 3 * minute),
    max: integer(1, 100),
    windowMs: integer(minute, 24 * hour),
    blockedRetryMs: integer(10 * second, 24 * hour),
  }),
  demotion: object({timeoutMs: integer(10 * second, 15 * minute)}),
  // Absent in the settings of an older version: it is not asked then.
  interrogation: orNull(
    object({
      user: text(/^[A-Za-z_][\w.-]{0,31}$/, 'must be the name of a user'),
      addresses: list(object({...endpoint, path: oneOf('private', 'public')}), 2),
      connectTimeoutMs: integer(100, 10 * second),
      timeoutMs: integer(500, 10 * second),
    }),
  ),
});

/** monitor.md, invariant I3. */
const longestPromotionMs = 180 * second;

/**
 * Reads the text of monitor.json.
 * @throws BadSettings naming the first bad value.
 */
export function parseSettings(json: string): MonitorSettings {
  let tree: unknown;
  try {
    tree = JSON.parse(json);
  } catch (error) {
    throw new BadSettings(`The settings are not JSON: ${(error as Error).message}.`);
  }
  const {_: _header, version: _version, ...settings} = shape(tree, 'monitor');
  const {probe, promotion, interrogation} = settings;
  if (probe.timeoutMs < probe.connectTimeoutMs)
    fail('monitor.probe.timeoutMs', 'must not be shorter than connectTimeoutMs');
  if (probe.timeoutMs > probe.intervalMs)
    fail('monitor.probe.timeoutMs', 'must not be longer than the interval between probes');
  if (
    promotion.tries * promotion.attemptMs + (promotion.tries - 1) * promotion.backoffMs >
    longestPromotionMs
  )
    fail(
      'monitor.promotion',
      `must fit into ${longestPromotionMs / 1000} s: tries × attemptMs, and backoffMs between them`,
    );
  if (interrogation) checkWays(interrogation);
  return settings as MonitorSettings;
}

function checkWays({addresses, connectTimeoutMs, timeoutMs}: InterrogationSettings): void {
  const path = 'monitor.interrogation';
  if (addresses.length === 0) fail(`${path}.addresses`, 'must hold an address; null where there is none');
  if (addresses.length === 2 && addresses[0]?.path === addresses[1]?.path)
    fail(`${path}.addresses`, 'must name each path at most once');
  if (timeoutMs < connectTimeoutMs) fail(`${path}.timeoutMs`, 'must not be shorter than connectTimeoutMs');
}
