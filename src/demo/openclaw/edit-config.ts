import {chmodSync, copyFileSync, existsSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import JSON5 from 'json5';
import {hostFiles} from '../../channels/program/files.js';
import {isTree, withoutBlocked, type Tree} from '../../channels/program/plain-object.js';
import type {Issue} from './check-config.js';
import {loadConfig} from './config.js';
import type {Place} from './place.js';

/** What came of an edit; `changed`: something in the file is another than before. */
export type Edited = {ok: true; changed: boolean} | {ok: false; issues: Issue[]};

/**
 * Merges a patch into the config file as it is written (RFC 7396: null deletes; `${}` and `$include` stay, comments
 * go), and puts it in place when the whole of it is accepted: checked beside it, renamed, the old one kept as `.bak`.
 * @throws Error when the file cannot be read or written
 */
export function patchConfig(
  place: Place,
  patch: Tree,
  {version, dryRun}: {version: string; dryRun: boolean},
): Edited {
  const {configPath} = place;
  const before = existsSync(configPath) ? parseTree(hostFiles.read(configPath), configPath) : {};
  const merged = merge(before, withoutBlocked(patch)) as Tree;
  const changed = JSON.stringify(merged) !== JSON.stringify(before);
  const meta = isTree(merged.meta) ? merged.meta : {};
  const written = changed ? {...merged, meta: {...meta, lastTouchedVersion: version}} : merged;
  const next = `${configPath}.${process.pid}.tmp`;
  try {
    writeFileSync(next, `${JSON.stringify(written, null, 2)}\n`, {mode: 0o600, flush: true});
    const {issues} = loadConfig({...place, configPath: next});
    if (issues.length > 0)
      return {
        ok: false,
        issues: issues.map((one) => ({...one, message: one.message.replaceAll(next, configPath)})),
      };
    if (dryRun || !changed) return {ok: true, changed};
    if (existsSync(configPath)) {
      copyFileSync(configPath, `${configPath}.bak`);
      chmodSync(`${configPath}.bak`, 0o600);
      chmodSync(next, statSync(configPath).mode & 0o777);
    }
    renameSync(next, configPath);
    return {ok: true, changed};
  } finally {
    rmSync(next, {force: true});
  }
}

/** @throws Error with a sentence when the text is no object in JSON5 */
export function parseTree(text: string, what: string): Tree {
  let tree: unknown;
  try {
    tree = JSON5.parse<unknown>(text);
  } catch (error) {
    throw new Error(`${what} is not valid JSON5: ${(error as Error).message}`, {cause: error});
  }
  if (!isTree(tree)) throw new Error(`${what} is no object.`);
  return tree;
}

/** A dotted path and a value as a patch. */
export function patchAt(path: string, value: unknown): Tree {
  return path
    .split('.')
    .reduceRight<unknown>((inner, key) => ({[key]: inner}), value === undefined ? null : value) as Tree;
}

function merge(base: unknown, patch: unknown): unknown {
  if (!isTree(patch)) return patch;
  const merged: Tree = isTree(base) ? {...base} : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}
