import {describe, expect, it} from 'vitest';
import {stripControl} from '../../src/ssh/strip.js';

describe('remote text for a terminal', () => {
  it.each([
    ['colours', '\x1b[31mred\x1b[0m', 'red'],
    ['cursor movement', 'a\x1b[2Jb\x1b[10;20Hc', 'abc'],
    ['a window title', '\x1b]0;owned\x07ok', 'ok'],
    ['a title ended by ST', '\x1b]2;owned\x1b\\ok', 'ok'],
    ['a link', '\x1b]8;;http://x\x07text\x1b]8;;\x07', 'text'],
    ['a device control string', '\x1bPq#0;2\x1b\\ok', 'ok'],
    ['8-bit sequences', '\x9b31mred\x9d0;x\x9cok', 'redok'],
    ['a character set switch', '\x1b(0lqk\x1b(B', 'lqk'],
    ['a reset', '\x1bcgone', 'gone'],
    ['an unfinished sequence', 'a\x1b[31', 'a'],
    ['an unfinished title', 'a\x1b]0;xyz', 'a'],
    ['bell, backspace, NUL, DEL', 'a\x07b\x08c\0d\x7f', 'abcd'],
    ['a carriage return', 'safe\rfake', 'safefake'],
    ['right-to-left overrides', 'a\u202egnp.exe\u2066', 'agnp.exe'],
    ['invisible characters', 'a\u200bb\ufeff\u2028', 'ab'],
    ['a tab', 'a\tb', 'a  b'],
  ])('takes out %s', (_, dirty, clean) => {
    expect(stripControl(dirty)).toBe(clean);
  });

  it('keeps newlines, accents, emoji and box drawing', () => {
    const text = 'é 漢字 👩‍🚀 ✔ ─│\nnext';
    expect(stripControl(text)).toBe(text);
  });

  it('stays fast on hostile input', () => {
    const began = performance.now();
    stripControl('\x1b['.repeat(200_000));
    stripControl('\x1b]'.repeat(50_000) + 'x'.repeat(50_000));
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
