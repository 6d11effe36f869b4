import {buildProgram} from '../../../src/cli/program.js';
import {treeOf} from '../../../src/cli/help/tree.js';

/** The real program; no action runs. */
export const program = () => buildProgram('9.9.9', () => undefined);
export const tree = treeOf(program());
