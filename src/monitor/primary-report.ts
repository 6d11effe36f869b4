import type {PrimaryReport} from './evidence.js';

/** bytes; a report has about 300, and 700 at most. */
export const longestReport = 4096;

type Check = (value: unknown) => boolean;

const oneOf =
  (...words: string[]): Check =>
  (value) =>
    words.includes(value as string);
const text =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const count =
  (most: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;

/** Fields of `PrimaryReport` that a report always has. */
const fields = {
  unit: oneOf('active', 'activating', 'deactivating', 'inactive', 'failed', 'absent', 'unknown'),
  result: text(/^[a-z][a-z-]{0,31}$/),
  exitCode: count(255),
  restarts: count(1_000_000_000),
  bootId: text(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  uptimeS: count(10_000_000_000),
  loopback: oneOf('ok', 'starting', 'draining', 'bad', 'hung', 'refused', 'unknown'),
  listens: oneOf('private', 'loopback', 'all', 'nowhere', 'unknown'),
} satisfies Partial<Record<keyof PrimaryReport, Check>>;

const names = text(/^[\w:.,-]{0,200}$/);
/** What the report of an older setup does not have. */
const newer = {ready: oneOf('yes', 'no', 'unknown'), failing: names, suppressed: names};
const all: Record<keyof PrimaryReport, Check> = {...fields, ...newer};

/**
 * What the report program printed. The primary may be broken or in somebody else's hands, so everything that is not
 * exactly a report (another field, another word, a second line) is none.
 */
export function parseReport(printed: string): PrimaryReport | undefined {
  const line = printed.replace(/\n$/, '');
  if (line.length > longestReport || line.includes('\n')) return undefined;
  let tree: unknown;
  try {
    tree = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return undefined;
  const given = tree as Record<string, unknown>;
  const whole =
    Object.keys(fields).every((name) => Object.hasOwn(given, name)) &&
    Object.entries(given).every(
      ([name, value]) => Object.hasOwn(all, name) && all[name as keyof PrimaryReport](value),
    );
  return whole ? (given as unknown as PrimaryReport) : undefined;
}
