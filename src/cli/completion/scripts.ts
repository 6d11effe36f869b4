import type {CommandNode} from '../help/tree.js';
import {bashScript} from './bash.js';
import {fishScript} from './fish.js';
import {zshScript} from './zsh.js';

/** The script for each shell. Pure. */
export const scripts: Readonly<Record<'bash' | 'zsh' | 'fish', (root: CommandNode) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};
