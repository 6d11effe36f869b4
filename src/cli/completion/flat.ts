import {everyNode, type CommandNode, type OptionNode, type ValueNode} from '../help/tree.js';

/** One command with all that may follow it: its own options, those above it, and those of every command. */
export interface FlatCommand {
  /** `drill schedule`; empty: the program. */
  path: string;
  purpose: string;
  commands: readonly {name: string; purpose: string}[];
  options: readonly OptionNode[];
  /** What comes as a word of its own. */
  word?: ValueNode;
}

/** Every command as a row, in the order of the help. Pure. */
export function flatCommands(root: CommandNode): FlatCommand[] {
  return everyNode(root).map((node) => {
    // `--version` is the program's only.
    const common = root.options.filter(({names}) => !names.includes('--version'));
    const own = node.options.filter(
      ({names}) => !common.some((one) => one.names.some((name) => names.includes(name))),
    );
    const [word] = node.args;
    return {
      path: node.path.join(' '),
      purpose: node.purpose,
      commands: node.commands.map(({path, purpose}) => ({name: path.at(-1) ?? '', purpose})),
      options: node === root ? root.options : [...own, ...common],
      ...(word !== undefined && {word}),
    };
  });
}

/** A text between single quotes of a POSIX shell. */
export const singleQuoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
