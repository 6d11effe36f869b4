import {nearest} from '../../pair/nearest.js';
import type {CommandNode} from './tree.js';
import {everyNode} from './tree.js';

/**
 * One sentence out of an error of commander's: what is wrong, and what was most likely meant. Pure.
 * @param code of commander, e.g. `commander.unknownOption`
 * @param message as commander words it: `error: unknown option '--foo'\n(Did you mean --bar?)`
 */
export function usageSentence(message: string, code = '', root?: CommandNode): string {
  const plain = message
    .replace(/^error: /, '')
    .replace(/\.?\s*\(Did you mean (?:one of )?(.+?)\?\)\s*$/s, '; did you mean $1?')
    .trim();
  const told = sentence(plain);
  if (root === undefined || plain.includes('did you mean')) return told;
  switch (code) {
    case 'commander.invalidArgument':
      return withChoice(told);
    case 'commander.excessArguments':
      return (tooManyWords(plain, root) ?? told).replace(/\. Expected (\d+) .*$/s, '; it takes $1.');
    case 'commander.unknownOption':
      return elsewhere(plain, root) ?? told;
    default:
      return told;
  }
}

/** `option '--fault <name>' argument 'hng' is invalid. Allowed choices are stop, kill.` */
function withChoice(told: string): string {
  const [, given, list] = /'([^']*)' is invalid[^.]*\. Allowed choices are (.+)\.$/s.exec(told) ?? [];
  const meant = given === undefined ? undefined : nearest(given, list?.split(', ') ?? []);
  return meant === undefined ? told : `${told.slice(0, -1)}; did you mean ${meant}?`;
}

/** `too many arguments for 'drill'. Expected 0 arguments but got 1: shedule.`: a command below it was meant. */
function tooManyWords(plain: string, root: CommandNode): string | undefined {
  const [, name, given = ''] = /for '([^']+)'\..* but got \d+: (\S+?)[,.]?(?:\s|$)/s.exec(plain) ?? [];
  const node = everyNode(root).find(({path, commands}) => path.at(-1) === name && commands.length > 0);
  if (!node) return undefined;
  const names = node.commands.map(({path}) => path.at(-1) ?? '');
  const meant = nearest(given, names);
  return `Unknown command '${name} ${given}'; ${meant === undefined ? `${name} has ${names.join(', ')}.` : `did you mean ${name} ${meant}?`}`;
}

/** An option of another command. */
function elsewhere(plain: string, root: CommandNode): string | undefined {
  const flag = /^unknown option '([^']+)'/.exec(plain)?.[1]?.replace(/=.*$/s, '');
  const having = everyNode(root).filter(({options}) => options.some(({names}) => names.includes(flag ?? '')));
  if (flag === undefined || having.length === 0) return undefined;
  const names = having.map(({path}) => path.join(' '));
  return `Unknown option '${flag}' here; ${names.join(', ')} ${names.length === 1 ? 'has' : 'have'} it.`;
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(begun) ? begun : `${begun}.`;
}
