/** What the monitor is told: one JSON file, checked completely before any of it is used. Times are ms. */
export interface MonitorSettings {
  pair: string;
  /** `classic` probes every 10 s all the time; `default` probes every 5 s while the primary is well. */
  profile: 'default' | 'classic';
  /** Where the primary's gateway answers; `from` is this host's own address to probe from. */
  primary: {address: string; port: number; from?: string};
  /** Where the standby's own gateway answers once it runs. */
  gateway: {address: string; port: number};
  /** The channel account whose connection ends a promotion. */
  channel: {type: string; account: string};
  failback: 'auto' | 'manual';
  /** Asked before a promotion whether this host is online at all; empty: the default route's gateway. */
  witnesses: {address: string; port: number}[];
  probe: {
    /** Between probes while the primary is well. */
    intervalMs: number;
    /** Between probes otherwise; failures closer together than this do not count. */
    suspectIntervalMs: number;
    connectTimeoutMs: number;
    /** The whole request. */
    timeoutMs: number;
    maxBodyBytes: number;
  };
  thresholds: {
    /** Failures in a row that mean dead. */
    fall: number;
    startingGraceMs: number;
    drainingGraceMs: number;
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
}

/** A settings file that cannot be used; the message is one sentence with the path of the bad value. */
export class BadSettings extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'BadSettings';
  }
}

type Check<T> = (value: unknown, path: string) => T;

const fail = (path: string, must: string): never => {
  throw new BadSettings(`${path} ${must}.`);
};
const integer =
  (min: number, max: number): Check<number> =>
  (value, path) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? (value as number)
      : fail(path, `must be a whole number from ${min} to ${max}`);
const text =
  (pattern: RegExp, must: string): Check<string> =>
  (value, path) =>
    typeof value === 'string' && pattern.test(value) ? value : fail(path, must);
const oneOf =
  <const T extends string>(...words: T[]): Check<T> =>
  (value, path) =>
    words.includes(value as T) ? (value as T) : fail(path, `must be one of: ${words.join(', ')}`);
const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value, path) =>
    value === undefined ? undefined : check(value, path);
const list =
  <T>(check: Check<T>, most: number): Check<T[]> =>
  (value, path) =>
    Array.isArray(value) && value.length <= most
      ? value.map((item, index) => check(item, `${path}[${index}]`))
      : fail(path, `must be a list of at most ${most}`);

type Shape = Record<string, Check<unknown>>;
type Checked<S extends Shape> = {[K in keyof S]: S[K] extends Check<infer T> ? T : never};

const object =
  <S extends Shape>(shape: S): Check<Checked<S>> =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return fail(path, 'must be an object');
    const given = value as Record<string, unknown>;
    const unknown = Object.keys(given).find((key) => !Object.hasOwn(shape, key));
    if (unknown !== undefined) fail(`${path}.${unknown}`, 'is not a setting of the monitor');
    const checked: Record<string, unknown> = {};
    for (const [key, check] of Object.entries(shape)) {
      const result = check(given[key], `${path}.${key}`);
      if (result !== undefined) checked[key] = result;
    }
    return checked as Checked<S>;
  };

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
// Numbers only: a name would make a decision depend on DNS.
const address = text(/^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)$/, 'must be an IP address');
const port = integer(1, 65_535);
const endpoint = {address, port};

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
  witnesses: list(object(endpoint), 8),
  probe: object({
    intervalMs: integer(second, minute),
    suspectIntervalMs: integer(second, minute),
    connectTimeoutMs: integer(50, 5 * second),
    timeoutMs: integer(100, 10 * second),
    maxBodyBytes: integer(64, 65_536),
  }),
  thresholds: object({
    fall: integer(1, 100),
    startingGraceMs: integer(0, 10 * minute),
    drainingGraceMs: integer(0, 10 * minute),
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
  const {probe, promotion} = settings;
  if (probe.timeoutMs < probe.connectTimeoutMs)
    fail('monitor.probe.timeoutMs', 'must not be shorter than connectTimeoutMs');
  if (probe.timeoutMs > Math.min(probe.intervalMs, probe.suspectIntervalMs))
    fail('monitor.probe.timeoutMs', 'must not be longer than the interval between probes');
  if (
    promotion.tries * promotion.attemptMs + (promotion.tries - 1) * promotion.backoffMs >
    longestPromotionMs
  )
    fail(
      'monitor.promotion',
      `must fit into ${longestPromotionMs / 1000} s: tries × attemptMs, and backoffMs between them`,
    );
  return settings as MonitorSettings;
}
