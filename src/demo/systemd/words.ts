const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/**
 * Words as systemd.syntax(7) separates them: by blanks, quotes hold together, C escapes.
 * `\;` stays as it is: in a command line it is a word of its own.
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!;
    if (char === '\\' && at + 1 < text.length && !(text[at + 1] === ';' && quote === '')) {
      const [made, length] = escaped(text.slice(at + 1));
      word = (word ?? '') + made;
      at += length;
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  return word === undefined ? words : [...words, word];
}

function escaped(after: string): [string, number] {
  const [, hex] = /^x([0-9a-fA-F]{2})/.exec(after) ?? [];
  if (hex !== undefined) return [String.fromCodePoint(Number.parseInt(hex, 16)), 3];
  const [octal] = /^[0-7]{3}/.exec(after) ?? [];
  if (octal !== undefined) return [String.fromCodePoint(Number.parseInt(octal, 8)), 3];
  const char = after[0]!;
  return [escapes[char] ?? `\\${char}`, 1];
}

/** Specifiers of systemd.unit(5): one character after a percent sign. */
export type Specifiers = Readonly<Record<string, string>>;

/** Those that it does not know stay as they are. */
export const specified = (text: string, known: Specifiers): string =>
  text.replaceAll(/%(.)/g, (whole, char: string) => (char === '%' ? '%' : (known[char] ?? whole)));

/** The words behind a program with variables put in: `$X` as a word is split at blanks, `${X}` is not, `$$` is `$`. */
export function expanded(words: readonly string[], env: Readonly<Record<string, string>>): string[] {
  return words.flatMap((word) => {
    const [, alone] = /^\$([A-Za-z_]\w*)$/.exec(word) ?? [];
    if (alone !== undefined) return splitWords(env[alone] ?? '');
    return [
      word.replaceAll(
        /\$\$|\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g,
        (whole, braced?: string, bare?: string) => {
          if (whole === '$$') return '$';
          return env[braced ?? bare ?? ''] ?? '';
        },
      ),
    ];
  });
}

/** One program of an `Exec…=` line. */
export interface Command {
  words: readonly string[];
  /** `-`: how it ends does not matter. */
  mayFail: boolean;
  /** `+`, `!`: with full privileges. */
  asRoot: boolean;
  /** `:`: without variables. */
  literal: boolean;
}

/** The commands of an `Exec…=` line; several are separated by `;` as a word. */
export function commandsOf(value: string, known: Specifiers): Command[] {
  const commands: Command[] = [];
  let words: string[] = [];
  const end = () => {
    if (words.length > 0) commands.push(commandOf(words));
    words = [];
  };
  for (const word of splitWords(value)) {
    if (word === ';') end();
    else words.push(word === '\\;' ? ';' : specified(word, known));
  }
  end();
  return commands;
}

function commandOf([first = '', ...rest]: readonly string[]): Command {
  const [prefix = ''] = /^[-@:+!|]*/.exec(first) ?? [];
  return {
    // The word behind the program is what it is told to be called.
    words: [first.slice(prefix.length), ...(prefix.includes('@') ? rest.slice(1) : rest)],
    mayFail: prefix.includes('-'),
    asRoot: prefix.includes('+') || prefix.includes('!'),
    literal: prefix.includes(':'),
  };
}

/** `NAME=value` words of `Environment=`. */
export const assignments = (value: string, known: Specifiers): [string, string][] =>
  splitWords(value).flatMap((word) => {
    const [, name, text] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(specified(word, known)) ?? [];
    return name === undefined || text === undefined ? [] : [[name, text] as [string, string]];
  });

/** A file as `EnvironmentFile=` reads it. */
export function environmentFile(text: string): [string, string][] {
  return text
    .replaceAll(/\\\n/g, '')
    .split('\n')
    .flatMap((raw) => {
      const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(raw) ?? [];
      if (name === undefined || value === undefined) return [];
      const [, , quoted] = /^(["'])([\s\S]*)\1$/.exec(value) ?? [];
      return [[name, quoted ?? value] as [string, string]];
    });
}
