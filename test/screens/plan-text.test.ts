import {expect, test} from 'vitest';
import {textOf} from '../../src/screens/line.js';
import {diffLines, planLines} from '../../src/screens/plan-text.js';
import {paint} from '../../src/screens/theme.js';
import {scenes} from './recorded.js';

const phases = scenes.map(({number, title, scenes: list}) => ({
  number,
  title,
  changes: list.map(({change}) => change),
}));
const hosts = {primary: 'root@203.0.113.10', standby: 'root@203.0.113.20'};

test('every change of every phase is there once, under its host', () => {
  const lines = planLines(phases, hosts).map(textOf);
  for (const {changes} of phases) {
    for (const {title} of changes)
      expect(lines.filter((line) => line.includes(title)).length).toBeGreaterThan(0);
  }
  expect(lines).toContain('  on the primary  root@203.0.113.10');
  expect(lines.at(-1)).toBe('36 changes, 2 of them interrupting something that runs.');
});

test('diffs are shown line by line, told apart by their signs without colour', () => {
  const plain = planLines(phases, hosts).map((line) => paint(line, false));
  expect(plain).toContain('     -backend = auto');
  expect(plain).toContain('     +backend = systemd');
  expect(plain.join('\n')).not.toContain('\u001B');
  const coloured = planLines(phases, hosts).map((line) => paint(line, true));
  expect(coloured.find((line) => line.includes('+backend'))).toContain('\u001B[32m');
  expect(coloured.find((line) => line.includes('-backend'))).toContain('\u001B[31m');
});

test('a removed line that begins with dashes is told from the header', () => {
  const lines = diffLines('--- a.sql\n+++ a.sql\n@@ -1 +1 @@\n--- old comment\n+++ new', '');
  expect(lines.map(([part]) => part?.tone)).toEqual([undefined, undefined, undefined, 'bad', 'good']);
});

test('nothing to do is said per phase and in the end', () => {
  const lines = planLines([{number: 1, title: 'Provision', changes: []}]).map(textOf);
  expect(lines).toEqual(['1 Provision   nothing to do', '', 'Nothing differs; there is nothing to do.']);
});

test('escape sequences in titles and diffs do not reach the terminal', () => {
  const change = {
    id: 'x',
    host: 'standby' as const,
    kind: 'file',
    title: 'a\u001B[2Jb',
    disruptive: false,
    diff: '+\u001B[31mred',
  };
  const text = planLines([{number: 1, title: 't', changes: [change]}])
    .map(textOf)
    .join('\n');
  expect(text).not.toContain('\u001B');
});
