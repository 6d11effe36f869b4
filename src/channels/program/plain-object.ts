export type Tree = Record<string, unknown>;

/** Names that would reach into an object's prototype; OpenClaw drops them too. */
const blocked = new Set(['__proto__', 'constructor', 'prototype']);

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a key, or an empty one. */
export function treeAt(tree: Tree | undefined, key: string): Tree {
  const value = tree && Object.hasOwn(tree, key) ? tree[key] : undefined;
  return isTree(value) ? value : {};
}

/** The value at a dotted path, own keys only. */
export function valueAt(tree: Tree, path: string): unknown {
  let value: unknown = tree;
  for (const key of path.split('.')) {
    if (!isTree(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** Sets a dotted path, making objects on the way. */
export function setAt(tree: Tree, path: string, value: unknown): void {
  const keys = path.split('.').filter((key) => !blocked.has(key));
  const last = keys.pop();
  if (last === undefined) return;
  let inside = tree;
  for (const key of keys) {
    if (!isTree(inside[key])) inside[key] = {};
    inside = inside[key] as Tree;
  }
  inside[last] = value;
}

/** OpenClaw's merge of included files: objects recursively, arrays concatenated, otherwise the later one. */
export function mergeDeep(base: unknown, over: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(over)) return [...(base as unknown[]), ...(over as unknown[])];
  if (!isTree(base) || !isTree(over)) return over;
  const merged: Tree = {...base};
  for (const [key, value] of Object.entries(over)) {
    if (!blocked.has(key)) merged[key] = Object.hasOwn(merged, key) ? mergeDeep(merged[key], value) : value;
  }
  return merged;
}

/** A copy without keys that reach into prototypes. */
export function withoutBlocked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => withoutBlocked(entry));
  if (!isTree(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !blocked.has(key))
      .map(([key, child]) => [key, withoutBlocked(child)]),
  );
}
