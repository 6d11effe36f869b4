import {expect, test} from 'vitest';
import type {Split} from '../../src/channels/types.js';
import {textOf} from '../../src/screens/line.js';
import {splitBadge, splitPage, splitSentences} from '../../src/screens/split-words.js';
import {conflict, disjoint, unknown} from './recorded.js';

test.each([
  [undefined, 'split · not checked yet'],
  [disjoint, 'split ● disjoint'],
  [conflict, 'split ▲ conflict irc backup'],
  [unknown, 'split ? unknown: primary: telegram "default" takes its token from an exec reference'],
])('the badge says the state in words', (split, text) => expect(textOf(splitBadge(split))).toBe(text));

test('a conflict between two names shows both, and how many more there are', () => {
  if (conflict.state !== 'conflict') throw new Error('not a conflict');
  const [first] = conflict.conflicts;
  const two = {...conflict, conflicts: [{...first!, primaryAccount: 'other'}, first!]};
  expect(textOf(splitBadge(two))).toBe('split ▲ conflict irc other = backup and 1 more');
});

test('the page lists every account of both nodes and never a fingerprint', () => {
  const text = splitPage(disjoint).map(textOf).join('\n');
  expect(text).toMatch(/PRIMARY\n.*irc main +enabled +clawmain@irc.example.org:6667\n.*irc backup +disabled/);
  expect(text).toMatch(/STANDBY\n.*irc backup +enabled/);
  expect(text).not.toContain('fp-');
});

test('a reason that names the host itself is not told with the host twice', () => {
  const split: Split = {
    state: 'unknown',
    reasons: [{host: 'primary', reason: 'The primary (root@10.0.0.1) did not answer.'}],
  };
  expect(splitSentences(split)).toEqual([
    'The split is unknown: the primary (root@10.0.0.1) did not answer.',
  ]);
  expect(textOf(splitBadge(split))).toBe('split ? unknown: The primary (root@10.0.0.1) did not answer.');
});

test('unknown is told with its reason and is not called disjoint', () => {
  expect(splitSentences(unknown)).toEqual([
    'The split is unknown: on the primary, telegram "default" takes its token from an exec reference',
  ]);
  expect(splitPage(unknown).map(textOf).join('\n')).toContain('Unknown is not disjoint');
});
