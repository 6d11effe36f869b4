import {execFileSync} from 'node:child_process';
import {describe, expect, it} from 'vitest';
import {quote, quoteWord} from '../../src/ssh/quote.js';

/** What a real POSIX shell makes of a command line: its words, each ended by NUL. */
function throughShell(line: string): string[] {
  const program = `${JSON.stringify(process.execPath)} -e 'process.stdout.write(process.argv.slice(1).map((w) => w + "\\0").join(""))' --`;
  return execFileSync('sh', ['-c', `${program} ${line}`], {encoding: 'utf8'})
    .split('\0')
    .slice(0, -1);
}

const words = [
  'plain',
  '',
  ' ',
  'a b',
  "it's",
  "''",
  "'",
  '"',
  '$HOME',
  '$(id)',
  '`id`',
  '\\',
  'a\\',
  '\\n',
  'line\nline',
  '\ttab',
  '*',
  '?[a-z]',
  '~',
  '~root',
  '#comment',
  'a;b',
  'a&&b',
  '|',
  '>file',
  '<(x)',
  '{a,b}',
  '!history',
  '-n',
  '--',
  'A=b',
  'é ü 漢字 🙂',
  '\u0001\u001b[31m',
  '%s',
  '^x',
  'x'.repeat(5_000),
  '\r\n',
];

describe('quoting', () => {
  it('brings every word through a real shell unchanged', () => {
    expect(throughShell(words.map((word) => quoteWord(word)).join(' '))).toEqual(words);
  });

  it('brings random words through a real shell unchanged', () => {
    const alphabet = [...` '"\\$\`!*?[]{}()<>|&;#~=%^\n\tabcé🙂-`];
    let seed = 1;
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const random = Array.from({length: 300}, () =>
      Array.from({length: next(12)}, () => alphabet[next(alphabet.length)]).join(''),
    );
    expect(throughShell(random.map((word) => quoteWord(word)).join(' '))).toEqual(random);
  });

  it.each(['if', 'time', 'FOO=bar', 'done'])('takes %s in front for a command', (word) => {
    const line = `${quote([word, 'x'])} 2>&1; echo "code $?"`;
    expect(execFileSync('/bin/sh', ['-c', line], {encoding: 'utf8', env: {PATH: '/nowhere'}})).toMatch(
      /not found\ncode 127/,
    );
  });

  it('leaves harmless words readable', () => {
    expect(quote(['systemctl', 'restart', 'openclaw@1.service', '/etc/a-b_c'])).toBe(
      'systemctl restart openclaw@1.service /etc/a-b_c',
    );
  });

  it.each([[['a\0b']], [['ls', '\0']]])('refuses NUL in %j', (argv) => {
    expect(() => quote(argv)).toThrow(/NUL/);
  });

  it('refuses an empty command', () => {
    expect(() => quote([])).toThrow(TypeError);
    expect(() => quote([''])).toThrow(TypeError);
  });
});
