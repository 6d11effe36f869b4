import type {CommandNode, OptionNode, ValueNode} from '../help/tree.js';
import {flatCommands, type FlatCommand} from './flat.js';

/** For fish from 3.0 on. Pure. */
export function fishScript(root: CommandNode): string {
  const all = flatCommands(root);
  const common = root.options.filter(({names}) => !names.includes('--version'));
  const takes = [
    ...new Set(
      all
        .flatMap(({options}) => options)
        .filter(({value}) => value && !value.optional)
        .flatMap(({names}) => names),
    ),
  ];
  return `# Completion of failover-wizard for fish: failover-wizard completion fish | source
function __failover_wizard_pairs
    set -l config $XDG_CONFIG_HOME
    test -n "$config"; or set config $HOME/.config
    for pair in $config/failover-wizard/pairs/*/
        string replace -r '.*/([^/]+)/$' '$1' -- $pair
    end
end

# Whether the words so far, without options and their values, are these commands and nothing behind them is one.
function __failover_wizard_at
    set -l words
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if string match -q -- '-*' $word
            contains -- $word ${takes.join(' ')}; and set skip 1
        else
            set -a words $word
        end
    end
    set -l path (string join -- ' ' $words)
    switch "$path"
${all
  .filter(({path}) => path !== '')
  .toSorted((one, other) => other.path.length - one.path.length)
  .map(
    ({path}) => `        case ${quoted(path)} ${quoted(`${path} *`)}\n            set path ${quoted(path)}`,
  )
  .join('\n')}
        case '*'
            test -z "$path"; or set path '?'
    end
    test "$path" = "$argv[1]"
end

complete -c failover-wizard -f
${common.map((option) => optionLine('', option)).join('\n')}
${all.flatMap((one) => linesOf(one, common, all[0])).join('\n')}
`;
}

function linesOf(
  {path, commands, options, word}: FlatCommand,
  common: readonly OptionNode[],
  root: FlatCommand | undefined,
): string[] {
  const here = ` -n ${quoted(`__failover_wizard_at ${quoted(path)}`)}`;
  return [
    ...commands.map(
      ({name, purpose}) => `complete -c failover-wizard${here} -a ${name} -d ${quoted(purpose)}`,
    ),
    ...options
      .filter((one) => !common.some(({flags}) => flags === one.flags))
      .map((one) => optionLine(here, one)),
    ...(word === undefined ? [] : wordLines(here, word, root)),
  ];
}

function wordLines(here: string, word: ValueNode, root: FlatCommand | undefined): string[] {
  if (word.choices.length > 0)
    return [`complete -c failover-wizard${here} -a ${quoted(word.choices.join(' '))}`];
  if (word.kind !== 'command') return [];
  return (root?.commands ?? []).map(
    ({name, purpose}) => `complete -c failover-wizard${here} -a ${name} -d ${quoted(purpose)}`,
  );
}

function optionLine(here: string, {names, value, words}: OptionNode): string {
  const spelled = names.map((name) =>
    name.startsWith('--') ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`,
  );
  return `complete -c failover-wizard${here}${spelled.join('')}${value ? valueWords(value) : ''} -d ${quoted(words)}`;
}

function valueWords({kind, choices, optional}: ValueNode): string {
  if (choices.length > 0) return ` ${optional ? '' : '-x '}-a ${quoted(choices.join(' '))}`;
  if (kind === 'pair') return ` -x -a '(__failover_wizard_pairs)'`;
  if (kind === 'file') return ' -r -F';
  return optional ? '' : ' -x';
}

/** Between single quotes of fish, where a backslash and a quote are escaped with a backslash. */
const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
