import {describe, expect, test} from 'vitest';
import {clean, cleanLines, clip, widthOf, wrap, wrapHanging} from '../../src/screens/clip.js';

describe('width', () => {
  test.each([
    ['', 0],
    ['plain', 5],
    ['✔ ▸ ● ▲ … ✖ ❯ ─ ⠸', 17],
    ['日本', 4],
    ['e\u0301', 1],
    ['🦀', 2],
  ])('%j takes %d columns', (text, columns) => expect(widthOf(text)).toBe(columns));
});

describe('clipping', () => {
  test.each([
    ['short', 10, 'short'],
    ['exactly', 7, 'exactly'],
    ['a longer text', 8, 'a longe…'],
    ['a blank at the cut', 8, 'a blank…'],
    ['日本語です', 5, '日本…'],
    ['anything', 0, ''],
  ])('%j in %d columns is %j', (text, columns, clipped) => {
    expect(clip(text, columns)).toBe(clipped);
    expect(widthOf(clipped)).toBeLessThanOrEqual(columns);
  });
});

describe('wrapping', () => {
  test('breaks at blanks', () => expect(wrap('one two three', 8)).toEqual(['one two', 'three']));
  test('keeps the blanks a line begins with', () => expect(wrap('    +  a: 1', 20)).toEqual(['    +  a: 1']));
  test('breaks a long word without adding anything, so that it can be copied', () => {
    const key = 'A'.repeat(30);
    expect(wrap(key, 12)).toEqual(['A'.repeat(12), 'A'.repeat(12), 'A'.repeat(6)]);
    expect(wrap(`ssh-ed25519 ${key}`, 12).join('')).toBe(`ssh-ed25519${key}`);
  });
  test('keeps line breaks and empty lines', () => expect(wrap('a\n\nb', 5)).toEqual(['a', '', 'b']));
  test('gives up on a character wider than the line instead of hanging', () => {
    expect(wrap('日', 1)).toEqual(['…']);
  });
  test('moves later lines in', () => expect(wrapHanging('▲ one two', 6, 2)).toEqual(['▲ one', '  two']));
});

describe('remote text', () => {
  test.each([
    ['\u001B[31mred\u001B[0m', 'red'],
    ['title\u001B]0;evil\u0007 after', 'title after'],
    ['over\rwritten', 'over written'],
    ['bell\u0007 and \u0000 null', 'bell and  null'],
    ['c1 \u009B31m', 'c1 '],
  ])('%j is drawn as %j', (text, cleaned) => expect(clean(text)).toBe(cleaned));
  test('is split into lines whatever ends them', () => {
    expect(cleanLines('a\r\nb\rc\n\n')).toEqual(['a', 'b', 'c']);
  });
});
