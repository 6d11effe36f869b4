/** Characters that no POSIX shell gives a meaning to, wherever they stand in a word. */
const plain = /^[A-Za-z0-9_@%+:,./-]+$/;

/** Words that mean something to a shell where it expects a command; quoted, they are ordinary names. */
const reserved =
  /^(?:if|then|elif|else|fi|for|in|do|done|while|until|case|esac|select|function|time|coproc)$/;

/**
 * One word for a POSIX shell, whatever bytes are in it.
 * @throws TypeError for NUL, which no argument of a process can hold.
 */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw new TypeError('A command argument holds a NUL byte.');
  if (plain.test(word)) return word;
  // Nothing is special between single quotes; a quote itself closes them, stands escaped, and opens them again.
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * An argv as one string that a POSIX shell splits into exactly that argv, and whose first word it takes for
 * a command: not for a keyword (`if`), and not for an assignment (`NAME=value` is always quoted).
 * @throws TypeError for an empty argv or a NUL byte.
 */
export function quote(argv: readonly string[]): string {
  const [command, ...rest] = argv;
  if (command === undefined || command === '') throw new TypeError('A command needs at least one word.');
  return [
    reserved.test(command) ? `'${command}'` : quoteWord(command),
    ...rest.map((word) => quoteWord(word)),
  ].join(' ');
}
