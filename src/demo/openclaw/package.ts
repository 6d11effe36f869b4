import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

/** What every file of the package says first. */
const says = "Stand-in of failover-wizard's rehearsal, not OpenClaw.";

/**
 * Writes a folder that is shaped like the npm package `openclaw`, and runs the stand-in.
 * @param dir the package's folder; made where it is missing, its files replaced
 * @param distUrl URL of failover-wizard's own `dist`, whose demo/openclaw/cli.js is the stand-in's code
 */
export async function writePackage(dir: string, version: string, distUrl: string): Promise<void> {
  await mkdir(join(dir, 'dist'), {recursive: true});
  const manifest = {
    name: 'openclaw',
    version,
    description: says,
    private: true,
    type: 'module',
    bin: {openclaw: 'openclaw.mjs'},
    main: 'dist/index.js',
    // What OpenClaw's own manifest asks for.
    engines: {node: '>=22.22.2'},
  };
  const code = `${distUrl.replace(/\/+$/, '')}/demo/openclaw/cli.js`;
  const run = `import {openclaw} from ${JSON.stringify(code)};\nawait openclaw(${JSON.stringify(version)});\n`;
  await writeFile(join(dir, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(dir, 'openclaw.mjs'), `#!/usr/bin/env node\n// ${says}\n${run}`, {mode: 0o755});
  await writeFile(join(dir, 'dist/index.js'), `// ${says}\n${run}`);
}
