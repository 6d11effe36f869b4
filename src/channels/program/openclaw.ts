import {dirname, join} from 'node:path';
import type {OpenClawFact} from '../../facts/types.js';
import type {Files} from './files.js';
import {isTree, treeAt, type Tree} from './plain-object.js';

/**
 * The OpenClaw package that the first of some paths belongs to: an entry file, a link in a bin folder, or the
 * package's folder itself.
 * @returns null when none of them leads to a package
 */
export function findPackage(
  candidates: readonly string[],
  files: Files,
  runtime: {node: string; nodeVersion: string},
): OpenClawFact | null {
  for (const candidate of candidates) {
    const found = packageAbove(candidate, files);
    if (!found) continue;
    const {dir, manifest} = found;
    const bin = isTree(manifest.bin) ? manifest.bin.openclaw : manifest.bin;
    return {
      packageDir: dir,
      entry: join(dir, typeof bin === 'string' ? bin : 'openclaw.mjs'),
      version: String(manifest.version ?? ''),
      engines: String(treeAt(manifest, 'engines').node ?? ''),
      ...runtime,
    };
  }
  return null;
}

function packageAbove(path: string, files: Files): {dir: string; manifest: Tree} | undefined {
  let dir: string;
  try {
    dir = files.realpath(path);
  } catch {
    return undefined;
  }
  for (let depth = 0; depth < 8; depth += 1) {
    const manifest = readJson(join(dir, 'package.json'), files);
    if (manifest?.name === 'openclaw') return {dir, manifest};
    if (dirname(dir) === dir) return undefined;
    dir = dirname(dir);
  }
  return undefined;
}

/** Plugins installed in a state folder (npm projects and plain extension folders): id → version. */
export function installedPlugins(stateDir: string, files: Files): Record<string, string> {
  const found: Record<string, string> = {};
  const projects = join(stateDir, 'npm', 'projects');
  const modules = files.list(projects).map((project) => join(projects, project, 'node_modules'));
  const folders = [
    ...modules.flatMap((folder) => packagesIn(folder, files)),
    ...files.list(join(stateDir, 'extensions')).map((name) => join(stateDir, 'extensions', name)),
  ];
  for (const folder of folders) {
    const id = readJson(join(folder, 'openclaw.plugin.json'), files)?.id;
    if (typeof id === 'string')
      found[id] = String(readJson(join(folder, 'package.json'), files)?.version ?? '');
  }
  return found;
}

function packagesIn(folder: string, files: Files): string[] {
  return files.list(folder).flatMap((name) => {
    if (name.startsWith('.')) return [];
    const path = join(folder, name);
    return name.startsWith('@') ? files.list(path).map((inner) => join(path, inner)) : [path];
  });
}

function readJson(path: string, files: Files): Tree | undefined {
  try {
    const value: unknown = JSON.parse(files.read(path));
    return isTree(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
