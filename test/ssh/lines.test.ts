import {describe, expect, it} from 'vitest';
import {Lines, Tail} from '../../src/ssh/lines.js';

function linesOf(chunks: (string | Uint8Array)[]): string[] {
  const found: string[] = [];
  const lines = new Lines((line) => found.push(line));
  for (const chunk of chunks) lines.push(Buffer.from(chunk as string));
  lines.end();
  return found;
}

describe('lines out of chunks', () => {
  it.each([
    ['one chunk', ['a\nb\n'], ['a', 'b']],
    ['a rest without newline', ['a\nb'], ['a', 'b']],
    ['a line over chunks', ['a', 'b', '\nc', '\n'], ['ab', 'c']],
    ['empty lines', ['\n\na\n'], ['', '', 'a']],
    ['CRLF', ['a\r\nb\r\n'], ['a', 'b']],
    ['CRLF split between chunks', ['a\r', '\nb'], ['a', 'b']],
    ['progress bars', ['10%\r20%\r', '30%\n'], ['10%', '20%', '30%']],
    ['nothing', [], []],
  ])('%s', (_, chunks, expected) => {
    expect(linesOf(chunks)).toEqual(expected);
  });

  it('puts UTF-8 together wherever it is split', () => {
    const bytes = Buffer.from('ä漢🙂\nß\n');
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(linesOf([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(['ä漢🙂', 'ß']);
    }
    expect(linesOf([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(['ä漢🙂', 'ß']);
  });

  it('hands on a line that never ends in pieces', () => {
    const pieces = linesOf(['x'.repeat(40_000)]);
    expect(pieces.join('')).toBe('x'.repeat(40_000));
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(16_384);
  });
});

describe('the tail of an output', () => {
  it('is everything below the limit', () => {
    const tail = new Tail(10);
    tail.push(Buffer.from('abc'));
    tail.push(Buffer.from('defg'));
    expect(tail.text).toBe('abcdefg');
    expect(tail.bytes.leftOut).toBe(0);
  });

  it('is the last bytes above it, from a whole line on, and says what is missing', () => {
    const tail = new Tail(10);
    for (const line of ['first\n', 'second\n', 'third\n', 'last\n']) tail.push(Buffer.from(line));
    expect(tail.bytes).toEqual({kept: Buffer.from('hird\nlast\n'), leftOut: 14});
    expect(tail.text).toBe('[the first 19 bytes were left out]\nlast\n');
  });

  it('cuts one chunk that is larger than the limit', () => {
    const tail = new Tail(4);
    tail.push(Buffer.from('a\nbcdefgh'));
    expect(tail.bytes).toEqual({kept: Buffer.from('efgh'), leftOut: 5});
  });
});
