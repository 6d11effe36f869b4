// Writes the programs that are copied to hosts: each one a single file that needs Node and nothing else.
import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const {name, version} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const programs = [
  {
    entry: 'src/channels/program/main.ts',
    out: 'dist/programs/accounts.mjs',
    what: 'channel accounts and the split guard',
  },
  {
    entry: 'src/sampler/program/main.ts',
    out: 'dist/programs/sampler.mjs',
    what: 'channel accounts of a running gateway',
    // Nobody reads it on a host; it travels with each stream of the live view.
    minify: true,
  },
  {entry: 'src/monitor/main.ts', out: 'dist/programs/monitor.mjs', what: 'health monitor'},
];

for (const {entry, out, what, minify = false} of programs) {
  if (!existsSync(join(root, entry))) {
    process.stderr.write(`${entry} is missing; ${out} is not written.\n`);
    continue;
  }
  mkdirSync(join(root, dirname(out)), {recursive: true});
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: out,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    minify,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
    banner: {js: `// ${what}: written by ${name} ${version}, replaced by its next setup; do not edit.`},
  });
}
