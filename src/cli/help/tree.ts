import type {Argument, Command, Option} from 'commander';

/** What a value is, so that a shell can complete it. */
export type ValueKind = 'file' | 'pair' | 'command' | 'other';

export interface ValueNode {
  /** As it is written: `<name>`, `[event]`. */
  text: string;
  kind: ValueKind;
  /** The only values it may have; empty: anything. */
  choices: readonly string[];
  optional: boolean;
}

export interface OptionNode {
  /** `--pair <name>`, `-h, --help` */
  flags: string;
  /** Both spellings, the short one first. */
  names: readonly string[];
  value?: ValueNode;
  words: string;
  /** Heading under which it stands; undefined: the plain one. */
  group?: string;
}

export interface ArgumentNode extends ValueNode {
  words: string;
  many: boolean;
}

/** One command, as help, man page and completion need it. */
export interface CommandNode {
  /** Words behind the program's name; empty: the program. */
  path: readonly string[];
  /** One line, no full stop. */
  purpose: string;
  args: readonly ArgumentNode[];
  options: readonly OptionNode[];
  /** Hidden ones are left out. */
  commands: readonly CommandNode[];
}

/** The commands that the program really has. */
export function treeOf(command: Command, path: readonly string[] = []): CommandNode {
  const help = command.createHelp();
  return {
    path,
    purpose: command.summary() || command.description(),
    args: command.registeredArguments.map(argumentOf),
    options: help.visibleOptions(command).map(optionOf),
    commands: help.visibleCommands(command).map((below) => treeOf(below, [...path, below.name()])),
  };
}

/** The command at these words, or undefined. */
export function nodeAt(root: CommandNode, path: readonly string[]): CommandNode | undefined {
  let here: CommandNode | undefined = root;
  for (const word of path) here = here?.commands.find(({path: own}) => own.at(-1) === word);
  return here;
}

/** A command and all below it, in the order of the help. */
export const everyNode = (root: CommandNode): CommandNode[] => [root, ...root.commands.flatMap(everyNode)];

function optionOf(option: Option): OptionNode {
  const text = /[<[].*$/.exec(option.flags)?.[0];
  return {
    flags: option.flags,
    names: [option.short, option.long].filter((name) => name !== undefined),
    ...(text !== undefined && {
      value: {
        text,
        kind: kindOf(option.long ?? '', text),
        choices: option.argChoices ?? [],
        optional: option.optional,
      },
    }),
    words: option.description,
    ...(option.helpGroupHeading !== undefined && {group: option.helpGroupHeading}),
  };
}

function argumentOf(argument: Argument): ArgumentNode {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return {
    text: argument.required ? `<${name}>` : `[${name}]`,
    kind: argument.name() === 'command' ? 'command' : 'other',
    choices: argument.argChoices ?? [],
    optional: !argument.required,
    words: argument.description,
    many: argument.variadic,
  };
}

/** `<dir>` and its like are folders of a server. */
function kindOf(flag: string, text: string): ValueKind {
  if (flag === '--pair' || text === '<pair>') return 'pair';
  return /^<(?:file|path|program)>$/.test(text) || flag === '--operator-key' ? 'file' : 'other';
}
