import {expect, it, test} from 'vitest';
import {unable} from '../../src/demo/able.js';

const none = () => [];

test('a Linux machine that has everything is able', () => {
  expect(unable('linux', none)).toBeUndefined();
});

test.each([
  ['darwin', /macOS/],
  ['win32', /Linux/],
  ['freebsd', /Linux/],
] as const)('%s is not, whatever it has', (platform, why) => {
  expect(
    unable(platform, () => {
      throw new Error('nobody asks for its programs');
    }),
  ).toMatch(why);
});

it('names what is missing, and says how git and ssh are had', () => {
  expect(unable('linux', () => ['git', 'ssh'])).toBe(
    'This machine lacks git, ssh (Debian: apt-get install git openssh-client).',
  );
  expect(unable('linux', () => ['flock'])).toBe('This machine lacks flock.');
});
