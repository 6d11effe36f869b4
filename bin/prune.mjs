// Takes out of dist/ what the program cannot reach: modules of the programs that run on hosts, which are bundled in
// dist/programs/, and what is left of sources that are gone. What is packed is then what is used.
import {readFileSync, readdirSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Modules that these import, now or later, as `dist/…` paths. */
async function importedBy(entryPoints) {
  const {metafile} = await build({
    absWorkingDir: root,
    entryPoints,
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
  return Object.keys(metafile.inputs);
}

/** Modules that are named and not imported, because a process or thread of its own runs them. */
function namedIn(path) {
  const text = readFileSync(join(root, path), 'utf8');
  const urls = [...text.matchAll(/new URL\(\s*['"](\.{1,2}\/[^'"]+\.js)['"],\s*import\.meta\.url\s*\)/g)];
  return urls.map(([, url]) => join(dirname(path), url).replaceAll('\\', '/'));
}

const entries = new Set(['dist/cli/main.js']);
const reached = new Set();
for (let before = -1; before !== entries.size;) {
  before = entries.size;
  for (const path of await importedBy([...entries])) reached.add(path);
  for (const path of reached)
    for (const named of namedIn(path)) if (named.startsWith('dist/')) entries.add(named);
}

for (const name of readdirSync(join(root, 'dist'), {recursive: true})) {
  const path = `dist/${name.replaceAll('\\', '/')}`;
  if (/\.(?:js|js\.map|d\.ts)$/.test(path) && !reached.has(path)) rmSync(join(root, path));
}
