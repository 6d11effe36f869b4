// Takes out of dist/ what the program cannot reach: modules of the programs that run on hosts, which are bundled in
// dist/programs/, and what is left of sources that are gone. What is packed is then what is used.
import {readdirSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const {metafile} = await build({
  absWorkingDir: root,
  entryPoints: ['dist/cli/main.js'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  write: false,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  metafile: true,
  logLevel: 'warning',
});
const reached = new Set(Object.keys(metafile.inputs));
for (const name of readdirSync(join(root, 'dist'), {recursive: true})) {
  const path = `dist/${name.replaceAll('\\', '/')}`;
  if (/\.(?:js|js\.map|d\.ts)$/.test(path) && !reached.has(path)) rmSync(join(root, path));
}
