import {describe, expect, it} from 'vitest';
import {hanging, modeOf, printable, wrapped} from '../../src/cli/terminal.js';

const tty = {isTTY: true};
const pipe = {isTTY: false};
const terminal = {stdin: tty, stdout: tty, stderr: tty};

describe('modeOf', () => {
  it.each([
    ['a terminal', {}, terminal, {ask: true, output: 'screen'}],
    ['--plain on a terminal', {plain: true}, terminal, {ask: true, output: 'plain'}],
    ['--no-input on a terminal', {input: false}, terminal, {ask: false, output: 'screen'}],
    ['--json on a terminal', {json: true}, terminal, {ask: false, output: 'json'}],
    ['answers piped in', {}, {...terminal, stdin: pipe}, {ask: false, output: 'plain'}],
    ['results piped out', {}, {...terminal, stdout: pipe}, {ask: false, output: 'plain'}],
    ['progress into a file', {}, {...terminal, stderr: pipe}, {ask: false, output: 'plain'}],
    [
      'no terminal at all',
      {json: true},
      {stdin: pipe, stdout: pipe, stderr: pipe},
      {ask: false, output: 'json'},
    ],
  ] as const)('with %s', (_what, options, streams, expected) => {
    expect(modeOf(options, streams, {TERM: 'xterm'})).toMatchObject(expected);
  });

  it('draws no screen on a terminal that cannot move its cursor', () => {
    expect(modeOf({}, terminal, {TERM: 'dumb'})).toMatchObject({ask: true, output: 'plain'});
  });
});

describe('printable', () => {
  it('takes the terminal out of the hands of remote text', () => {
    expect(printable('a\u001b[2Jb\u0007c\u009b31md\re\tf\ng')).toBe('abc31mde\tf\ng');
  });
});

describe('hanging', () => {
  it('breaks between words where the terminal ends, and goes on below the first one', () => {
    expect(hanging('one two three four five six', 4, 24)).toBe('one two three four\n    five six');
  });

  it('leaves a path whole, and everything where there is no terminal', () => {
    const path = '/a/very/long/path/that/is/wider/than/it';
    expect(hanging(path, 4, 24)).toBe(path);
    expect(hanging('one two three four five six seven eight', 4, undefined)).not.toContain('\n');
  });
});

describe('wrapped', () => {
  it('breaks between words within the columns', () => {
    const lines = wrapped('one two three four five six seven eight nine ten', 24).split('\n');
    expect(lines.every((line) => line.length <= 24 && line.startsWith('  '))).toBe(true);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(
      'one two three four five six seven eight nine ten',
    );
  });
});
