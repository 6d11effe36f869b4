// What the rehearsal's Node brings in place of npm: it installs one thing, the rehearsal's OpenClaw.
import {dirname} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {writePackage} from '../openclaw/package.js';

const words = process.argv.slice(2);
const prefix = words[words.indexOf('--prefix') + 1] ?? '';
const spec = words.find((word) => word.startsWith('openclaw@'));
if (!words.includes('install') || spec === undefined || !words.includes('--prefix')) {
  process.stderr.write('npm of a rehearsal installs openclaw@VERSION with --prefix, and nothing else.\n');
  process.exit(1);
}
const dist = pathToFileURL(dirname(dirname(dirname(fileURLToPath(import.meta.url))))).href;
await writePackage(`${prefix}/lib/node_modules/openclaw`, spec.slice('openclaw@'.length), dist);
process.stdout.write(`added 1 package: ${spec} (rehearsal)\n`);
