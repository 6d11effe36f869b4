// Writes the manual out of the commands that were just compiled.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Exit} from '../dist/errors.js';
import {buildProgram} from '../dist/cli/program.js';
import {pages} from '../dist/cli/help/pages/index.js';
import {manual} from '../dist/cli/help/roff.js';
import {treeOf} from '../dist/cli/help/tree.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const {version} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const tree = treeOf(buildProgram(version, () => {}));
mkdirSync(join(root, 'man'), {recursive: true});
writeFileSync(join(root, 'man', 'failover-wizard.1'), manual({root: tree, pages, exits: Exit, version}));
