/** A settings file that cannot be used; the message is one sentence with the path of the bad value. */
export class BadSettings extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'BadSettings';
  }
}

/** Gives the value when it is right; throws a BadSettings with its path when not. */
export type Check<T> = (value: unknown, path: string) => T;

export const fail = (path: string, must: string): never => {
  throw new BadSettings(`${path} ${must}.`);
};
export const integer =
  (min: number, max: number): Check<number> =>
  (value, path) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? (value as number)
      : fail(path, `must be a whole number from ${min} to ${max}`);
export const text =
  (pattern: RegExp, must: string): Check<string> =>
  (value, path) =>
    typeof value === 'string' && pattern.test(value) ? value : fail(path, must);
export const oneOf =
  <const T extends string>(...words: T[]): Check<T> =>
  (value, path) =>
    words.includes(value as T) ? (value as T) : fail(path, `must be one of: ${words.join(', ')}`);
export const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value, path) =>
    value === undefined ? undefined : check(value, path);
export const orNull =
  <T>(check: Check<T>): Check<T | null> =>
  (value, path) =>
    value === undefined || value === null ? null : check(value, path);
export const list =
  <T>(check: Check<T>, most: number): Check<T[]> =>
  (value, path) =>
    Array.isArray(value) && value.length <= most
      ? value.map((item, index) => check(item, `${path}[${index}]`))
      : fail(path, `must be a list of at most ${most}`);

type Shape = Record<string, Check<unknown>>;
type Checked<S extends Shape> = {[K in keyof S]: S[K] extends Check<infer T> ? T : never};

export const object =
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
