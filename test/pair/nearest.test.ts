import {describe, expect, it} from 'vitest';
import {distance, nearest} from '../../src/pair/nearest.js';

describe('distance', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', '', 3],
    ['watch', 'wach', 1],
    ['warm', 'wram', 1],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
    ['abcd', 'badc', 2],
  ])('between %j and %j is %i, both ways', (one, other, away) => {
    expect(distance(one, other)).toBe(away);
    expect(distance(other, one)).toBe(away);
  });
});

describe('nearest', () => {
  it.each([
    ['stop', ['stop', 'kill'], 'stop'],
    ['STOP', ['stop'], 'stop'],
    ['wram', ['cold', 'warm'], 'warm'],
    ['fsh', ['bash', 'zsh', 'fish'], 'fish'],
    ['abcdef', ['stop'], undefined],
    ['x', ['y', 'yes'], undefined],
    ['', ['a'], undefined],
    ['stop', [], undefined],
  ])('to %j among %j is %j', (word, known, meant) => {
    expect(nearest(word, known)).toBe(meant);
  });
});
