import type {CommandNode, OptionNode, ValueNode} from '../help/tree.js';
import {flatCommands, singleQuoted, type FlatCommand} from './flat.js';

/** For zsh with its completion system (`compinit`); works sourced and as a file `_failover-wizard` in fpath. Pure. */
export function zshScript(root: CommandNode): string {
  const all = flatCommands(root);
  return `#compdef failover-wizard
# Completion of failover-wizard for zsh, after compinit: source <(failover-wizard completion zsh)
_failover_wizard_pairs() {
  local -a pairs
  pairs=(\${XDG_CONFIG_HOME:-$HOME/.config}/failover-wizard/pairs/*(N/:t))
  (( $#pairs )) && compadd -- $pairs
}

_failover_wizard_commands() {
  compadd -- ${all[0]?.commands.map(({name}) => name).join(' ')}
}

${all.map(functionOf).join('\n\n')}

_failover_wizard() {
  _failover_wizard_at_
}

# As a file in fpath it is called; sourced, it names itself.
if [ "$funcstack[1]" = "_failover-wizard" ]; then
  _failover_wizard "$@"
elif (( $+functions[compdef] )); then
  compdef _failover_wizard failover-wizard
fi
`;
}

const nameOf = (path: string) => `_failover_wizard_at_${path.replaceAll(/[^a-z0-9]/g, '_')}`;

function functionOf({path, commands, options, word}: FlatCommand): string {
  const specs = options.map(specOf).join(' \\\n    ');
  if (commands.length === 0) {
    const last =
      word === undefined ? '' : ` \\\n    ${singleQuoted(`*:${clean(word.text)}:${actionOf(word)}`)}`;
    return `${nameOf(path)}() {
  _arguments -s -S \\
    ${specs}${last}
}`;
  }
  const below = commands
    .map(({name, purpose}) => singleQuoted(`${name}:${clean(purpose)}`))
    .join('\n        ');
  const calls = commands
    .map(({name}) => `        ${name}) ${nameOf(path === '' ? name : `${path} ${name}`)} ;;`)
    .join('\n');
  return `${nameOf(path)}() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C -s \\
    ${specs} \\
    '1: :->command' \\
    '*:: :->rest'
  case "$state" in
    command)
      local -a below
      below=(
        ${below}
      )
      _describe -t commands command below
      ;;
    rest)
      case "$words[1]" in
${calls}
      esac
      ;;
  esac
}`;
}

/** One option as \`_arguments\` wants it; those that may come again begin with a star. */
function specOf({names, value, words}: OptionNode): string {
  const told = `[${clean(words)}]`;
  const behind =
    value === undefined ? '' : `:${value.optional ? ':' : ''}${clean(value.text)}:${actionOf(value)}`;
  const repeats = /repeat/.test(words) ? '*' : '';
  const exclusive = repeats ? '' : `(${names.join(' ')})`;
  return names
    .map((name) => {
      const equals = value !== undefined && name.startsWith('--') ? (value.optional ? '=-' : '=') : '';
      return singleQuoted(`${exclusive}${repeats}${name}${equals}${told}${behind}`);
    })
    .join(' ');
}

function actionOf({kind, choices}: ValueNode): string {
  if (choices.length > 0) return `(${choices.join(' ')})`;
  switch (kind) {
    case 'pair':
      return '_failover_wizard_pairs';
    case 'file':
      return '_files';
    case 'command':
      return '_failover_wizard_commands';
    default:
      return ' ';
  }
}

/** What means something to \`_arguments\`. */
const clean = (text: string) => text.replaceAll(/[[\]\\]/g, '').replaceAll(':', '\\:');
