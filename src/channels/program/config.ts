import {dirname, isAbsolute, normalize, relative, resolve} from 'node:path';
import JSON5 from 'json5';
import type {Files} from './files.js';
import {isTree, mergeDeep, withoutBlocked, type Tree} from './plain-object.js';

/** Why a config cannot be read as OpenClaw would read it, as a clause after the path. */
export class ConfigProblem extends Error {}

/** OpenClaw's own bound for nested includes. */
const maxDepth = 10;

/**
 * The config as written, with every `$include` replaced by what it names; `${VAR}` and SecretRefs stay.
 * Rules as in OpenClaw 2026.9.6: paths relative to the including file, inside the folder of the config or one
 * of `OPENCLAW_INCLUDE_ROOTS`, at most 10 deep, no circles; lists are merged in order, sibling keys win.
 * @throws ConfigProblem
 */
export function readConfig(path: string, files: Files, includeRoots: readonly string[] = []): Tree {
  const roots = [dirname(path), ...includeRoots.filter((root) => isAbsolute(root))].map((root) =>
    normalize(root),
  );
  const tree = expand(parse(path, files), {path, files, roots, trail: [normalize(path)]});
  if (!isTree(tree)) throw new ConfigProblem('is not an object');
  return withoutBlocked(tree) as Tree;
}

interface Place {
  /** The file that is being read. */
  path: string;
  files: Files;
  roots: readonly string[];
  /** Files on the way here. */
  trail: readonly string[];
}

function expand(value: unknown, place: Place): unknown {
  if (Array.isArray(value)) return value.map((entry) => expand(entry, place));
  if (!isTree(value)) return value;
  const entries = Object.entries(value);
  const rest = Object.fromEntries(
    entries.filter(([key]) => key !== '$include').map(([key, child]) => [key, expand(child, place)]),
  );
  if (!Object.hasOwn(value, '$include')) return rest;
  const included = include(value.$include, place);
  if (entries.length === 1) return included;
  if (!isTree(included)) throw new ConfigProblem('has an $include beside other keys that names no object');
  return mergeDeep(included, rest);
}

function include(value: unknown, place: Place): unknown {
  if (typeof value === 'string') return includeFile(value, place);
  if (!Array.isArray(value))
    throw new ConfigProblem('has an $include that is neither a path nor a list of paths');
  return value.reduce<unknown>((merged, name) => {
    if (typeof name !== 'string')
      throw new ConfigProblem('has an $include list with something that is no path');
    return mergeDeep(merged, includeFile(name, place));
  }, {});
}

function includeFile(name: string, {path, files, roots, trail}: Place): unknown {
  if (name.includes('\0') || name.length >= 4096)
    throw new ConfigProblem('has an $include with an impossible path');
  const target = normalize(resolve(dirname(path), name));
  if (!roots.some((root) => isInside(root, target))) {
    throw new ConfigProblem(`includes ${target}, which is outside its folder`);
  }
  if (trail.includes(target)) throw new ConfigProblem(`includes ${target} in a circle`);
  if (trail.length > maxDepth) throw new ConfigProblem(`includes more than ${maxDepth} files deep`);
  assertRealInside(target, roots, files);
  return expand(parse(target, files), {path: target, files, roots, trail: [...trail, target]});
}

/** A symlink inside the folder may point out of it; OpenClaw refuses that, so what it names is not the config. */
function assertRealInside(target: string, roots: readonly string[], files: Files): void {
  let real: string;
  let realRoots: string[];
  try {
    real = files.realpath(target);
    realRoots = roots.map((root) => files.realpath(root));
  } catch {
    return; // reading it will say what is wrong
  }
  if (!realRoots.some((root) => isInside(root, real))) {
    throw new ConfigProblem(`includes ${target}, a link to a file outside its folder`);
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}

function parse(path: string, files: Files): unknown {
  let text: string;
  try {
    text = files.read(path);
  } catch (error) {
    throw new ConfigProblem(`needs ${path}, which ${(error as Error).message}`);
  }
  try {
    return JSON5.parse<unknown>(text);
  } catch (error) {
    // JSON5 quotes the offending character only, with line and column: nothing secret.
    const where = /at (\d+:\d+)$/.exec((error as Error).message)?.[1];
    throw new ConfigProblem(`is not valid JSON5${where ? ` (${path}, line:column ${where})` : ` (${path})`}`);
  }
}
