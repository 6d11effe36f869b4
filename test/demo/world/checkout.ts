// A rehearsal runs what is built. Here it is built from the sources as they are, into a folder of its own.

import {spawnSync} from 'node:child_process';
import {cpSync, globSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** @returns the folder, in which `dist` and `bin` are as after a build, and what removes it */
export async function builtCheckout(): Promise<{folder: string; remove: () => void}> {
  const folder = mkdtempSync(join(tmpdir(), 'built-'));
  mkdirSync(join(folder, 'bin'));
  for (const name of ['bin/failover-wizard.js', 'bin/bundle.mjs', 'package.json'])
    cpSync(join(root, name), join(folder, name));
  symlinkSync(realpathSync(join(root, 'node_modules')), join(folder, 'node_modules'));
  symlinkSync(join(root, 'src'), join(folder, 'src'));
  await build({
    absWorkingDir: root,
    entryPoints: globSync('src/**/*.{ts,tsx}', {cwd: root}),
    outdir: join(folder, 'dist'),
    outbase: 'src',
    format: 'esm',
    platform: 'node',
    jsx: 'automatic',
    logLevel: 'warning',
  });
  for (const name of globSync('src/**/*.json', {cwd: root}))
    cpSync(join(root, name), join(folder, 'dist', name.slice('src/'.length)));
  const {status, stderr} = spawnSync(process.execPath, [join(folder, 'bin/bundle.mjs')], {encoding: 'utf8'});
  if (status !== 0) throw new Error(stderr);
  return {folder, remove: () => rmSync(folder, {recursive: true, force: true})};
}
