import type {CommandNode, ValueNode} from '../help/tree.js';
import {flatCommands, singleQuoted, type FlatCommand} from './flat.js';

/**
 * For bash from 3.2 on, which is what macOS has: no associative arrays, no mapfile; `compopt` only where there is one.
 * Pure.
 */
export function bashScript(root: CommandNode): string {
  const all = flatCommands(root);
  return `# Completion of failover-wizard for bash: source <(failover-wizard completion bash)
_failover_wizard_pairs() {
  local folder="\${XDG_CONFIG_HOME:-$HOME/.config}/failover-wizard/pairs" pair
  for pair in "$folder"/*/; do
    [ -d "$pair" ] || continue
    pair=\${pair%/}
    pair=\${pair##*/}
    # compgen expands its words: a name that is no pair's is not given to it.
    case "$pair" in *[!a-z0-9-]*) continue ;; esac
    printf '%s\\n' "$pair"
  done
}

# The options of a command that take a value as a word of their own.
_failover_wizard_takes() {
  case "$1" in
${all.map(takesRow).join('\n')}
  esac
  return 1
}

# What may stand behind an option; empty: nothing is known.
_failover_wizard_value() {
  case "$1 $2" in
${all.flatMap(valueRows).join('\n')}
  esac
}

_failover_wizard_names() {
  case "$1" in
${all.map(namesRow).join('\n')}
  esac
}

_failover_wizard_options() {
  case "$1" in
${all.map(optionsRow).join('\n')}
  esac
}

_failover_wizard_word() {
  case "$1" in
${all.flatMap(wordRow).join('\n')}
  esac
}

_failover_wizard() {
  local current=\${COMP_WORDS[COMP_CWORD]} at='' word before='' skip='' index known list
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    # bash makes a word of its own of "="; what stands behind it is a value.
    if [ "$word" = '=' ]; then skip=1; continue; fi
    if [ -n "$skip" ]; then skip=''; before=''; continue; fi
    case "$word" in
      -*)
        before=$word
        if _failover_wizard_takes "$at" "$word" && [ "\${COMP_WORDS[index + 1]}" != '=' ]; then skip=1; fi
        ;;
      *)
        before=''
        for known in $(_failover_wizard_names "$at"); do
          if [ "$known" = "$word" ]; then at="\${at:+$at }$word"; break; fi
        done
        ;;
    esac
  done
  if [ "$current" = '=' ]; then current=''; skip=1; fi
  if [ -n "$skip" ] && [ -n "$before" ]; then
    list=$(_failover_wizard_value "$at" "$before")
  elif [ "\${current:0:1}" = '-' ]; then
    list=$(_failover_wizard_options "$at")
  else
    list="$(_failover_wizard_names "$at") $(_failover_wizard_word "$at")"
  fi
  if [ "$list" = ':file' ]; then
    type compopt >/dev/null 2>&1 && compopt -o filenames 2>/dev/null
    local IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$current"))
    return
  fi
  COMPREPLY=($(compgen -W "$list" -- "$current"))
}
complete -F _failover_wizard failover-wizard
`;
}

const row = (pattern: string, act: string) => `    ${pattern}) ${act} ;;`;
const listed = (names: readonly string[]) => `printf '%s\\n' ${names.map(singleQuoted).join(' ')}`;

function takesRow({path, options}: FlatCommand): string {
  const names = options.filter(({value}) => value && !value.optional).flatMap((one) => one.names);
  return row(singleQuoted(path), `case "$2" in ${names.join(' | ')}) return 0 ;; esac`);
}

function valueRows({path, options}: FlatCommand): string[] {
  return options.flatMap(({names, value}) => {
    const act = value && valueAct(value);
    return act === undefined
      ? []
      : [row(names.map((name) => singleQuoted(`${path} ${name}`)).join(' | '), act)];
  });
}

function valueAct({kind, choices}: ValueNode): string | undefined {
  if (choices.length > 0) return listed(choices);
  if (kind === 'pair') return '_failover_wizard_pairs';
  if (kind === 'file') return 'echo :file';
  return undefined;
}

const namesRow = ({path, commands}: FlatCommand) =>
  row(singleQuoted(path), commands.length === 0 ? ':' : listed(commands.map(({name}) => name)));

const optionsRow = ({path, options}: FlatCommand) =>
  row(singleQuoted(path), listed(options.flatMap(({names}) => names)));

function wordRow({path, word}: FlatCommand): string[] {
  if (word === undefined) return [];
  if (word.choices.length > 0) return [row(singleQuoted(path), listed(word.choices))];
  return word.kind === 'command' ? [row(singleQuoted(path), `_failover_wizard_names ''`)] : [];
}
