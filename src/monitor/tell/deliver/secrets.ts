/**
 * The values of an env file by their names, quotes taken off as they were put on: a value in quotes of any of the
 * three kinds is taken as it is. Pure.
 */
export function parseSecrets(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim());
    if (!match) continue;
    const [, name = '', raw = ''] = match;
    const quote = raw.charAt(0);
    const quoted = raw.length >= 2 && `'"\``.includes(quote) && raw.endsWith(quote);
    found.set(name, quoted ? raw.slice(1, -1) : raw);
  }
  return found;
}
