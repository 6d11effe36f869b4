// `sh FILE` on a host of the rehearsal: prints the name of a copy whose paths were translated.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {homes, scriptsOf} from './folders.js';
import {translate} from './translate.js';

const [root = '', file = ''] = process.argv.slice(2);
const scripts = scriptsOf(root);
const copy = `${scripts}${file.slice(root.length)}`;
mkdirSync(dirname(copy), {recursive: true});
writeFileSync(copy, translate(readFileSync(file, 'utf8'), {root, scripts, homeOf: homes(root)}, true), {
  mode: 0o700,
});
process.stdout.write(copy);
