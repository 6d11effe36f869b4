import type {Environment} from './environment.js';

/**
 * `Environment=` of a systemd unit with its drop-ins, in file order: quoted words, `\` at the end of a line, an
 * empty assignment that clears what came before. Only the specifiers that units of OpenClaw use are known.
 */
export function unitEnvironment(text: string, specifiers: Readonly<Record<string, string>>): Environment {
  let found: Environment = {};
  for (const [, value = ''] of text.replaceAll(/\\\n/g, ' ').matchAll(/^\s*Environment\s*=(.*)$/gm)) {
    if (value.trim() === '') found = {};
    for (const word of words(value)) {
      const at = word.indexOf('=');
      if (at > 0) found[word.slice(0, at)] = expand(word.slice(at + 1), specifiers);
    }
  }
  return found;
}

function words(text: string): string[] {
  const parts = text.matchAll(/(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|((?:\\.|[^\s"'\\])+))(?=\s|$)/g);
  return [...parts].map(([, double, single, bare]) =>
    (double ?? single ?? bare ?? '').replaceAll(/\\(.)/g, '$1'),
  );
}

function expand(value: string, specifiers: Readonly<Record<string, string>>): string {
  return value.replaceAll(/%(.)/g, (token, letter: string) =>
    letter === '%' ? '%' : (specifiers[letter] ?? token),
  );
}
