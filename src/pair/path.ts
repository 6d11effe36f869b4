/** A place in an answers object; record keys that contain dots (`nickserv.password`) are one element. */
export type Path = readonly (string | number)[];

/** An answers object that may still be incomplete or wrong; `checkPair` is the judge. */
export type Draft = Record<string, unknown>;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `channel.secrets.token`, `model.fallbacks[1]`: how a path is written for a person. */
export function pathText(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** The value at a path, or undefined. Only own keys count, so `constructor` is nothing special. */
export function getAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined;
    here = (here as Record<string | number, unknown>)[part];
  }
  return here;
}

/** A copy with the value at the path replaced (removed when undefined); what is beside it is shared. */
export function withValue(draft: Draft, path: Path, value: unknown): Draft {
  const [head, ...rest] = path;
  if (head === undefined) return draft;
  const copy: Draft = {...draft};
  if (rest.length > 0) {
    const child = getAt(draft, [head]);
    const [next] = rest;
    const inside =
      Array.isArray(child) && typeof next === 'number'
        ? withItem(child, next, rest.slice(1), value)
        : withValue(isRecord(child) ? child : {}, rest, value);
    define(copy, String(head), inside);
  } else if (value === undefined) {
    delete copy[String(head)];
  } else {
    define(copy, String(head), value);
  }
  return copy;
}

function withItem(list: readonly unknown[], index: number, rest: Path, value: unknown): unknown[] {
  const item = list[index];
  return list.with(index, rest.length === 0 ? value : withValue(isRecord(item) ? item : {}, rest, value));
}

/** Own property whatever its name is; a plain assignment to `__proto__` would change the prototype instead. */
function define(target: Draft, key: string, value: unknown): void {
  Object.defineProperty(target, key, {value, enumerable: true, writable: true, configurable: true});
}
