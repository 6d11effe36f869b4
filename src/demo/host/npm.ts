// What the rehearsal's Node brings in place of npm: it installs one thing, the rehearsal's OpenClaw.
import {pathToFileURL} from 'node:url';
import {writePackage} from '../openclaw/package.js';
import {dist} from './programs.js';

const words = process.argv.slice(2);
const prefix = words[words.indexOf('--prefix') + 1] ?? '';
const spec = words.find((word) => word.startsWith('openclaw@'));
if (!words.includes('install') || spec === undefined || !words.includes('--prefix')) {
  process.stderr.write('npm of a rehearsal installs openclaw@VERSION with --prefix, and nothing else.\n');
  process.exit(1);
}
await writePackage(
  `${prefix}/lib/node_modules/openclaw`,
  spec.slice('openclaw@'.length),
  pathToFileURL(dist).href,
);
process.stdout.write(`added 1 package: ${spec} (rehearsal)\n`);
