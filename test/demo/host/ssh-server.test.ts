import {describe, expect, it, test} from 'vitest';
import {admitted} from '../../../src/demo/host/ssh-server.js';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKEYKEYKEYKEYKEYKEYKEYKEYKEYKEYKEYKEYKEYKEYK';
const other = key.replace('IKEY', 'IOTH');
const from = '100.64.0.12';

describe('who is let in by authorized_keys', () => {
  test.each<[string, string, {command?: string} | undefined]>([
    ['a key', `${key} you@laptop\n`, {}],
    ['a key without a comment or a newline', key, {}],
    ['a key between others', `${other} a\n${key} b\n${other} c\n`, {}],
    ['another key', `${other} you@laptop\n`, undefined],
    ['an empty file', '', undefined],
    ['a line that is a comment', `# ${key}\n`, undefined],
    ['a comment that is indented', `  # ${key}\n`, undefined],
    ['from its address', `from="100.64.0.12" ${key}\n`, {}],
    ['from one of its addresses', `from="203.0.113.20,100.64.0.12" ${key}\n`, {}],
    ['from elsewhere only', `from="203.0.113.20" ${key}\n`, undefined],
    ['from an address that begins like it', `from="100.64.0.1,100.64.0.123" ${key}\n`, undefined],
    ['a forced command', `command="/usr/local/lib/x/report" ${key}\n`, {command: '/usr/local/lib/x/report'}],
    [
      'all of it, as setup writes it',
      `restrict,from="100.64.0.12,203.0.113.20",command="/usr/local/lib/openclaw-failover/report" ${key} openclaw-failover:lab\n`,
      {command: '/usr/local/lib/openclaw-failover/report'},
    ],
    [
      'from elsewhere, and again from here',
      `from="192.0.2.1" ${key}\nfrom="${from}",command="b" ${key}\n`,
      {command: 'b'},
    ],
  ])('%s', (_what, text, door) => {
    expect(admitted(text, key, from)).toEqual(door);
  });

  it('takes the first line that fits', () => {
    expect(admitted(`command="a" ${key}\n${key}\n`, key, from)).toEqual({command: 'a'});
  });
});

test('a key that only begins like one of the file is another key', () => {
  expect(admitted(`${key}MORE you@laptop\n`, key, from)).toBeUndefined();
});

test('a key that stands in the comment of another is not let in', () => {
  expect(admitted(`${other} was ${key}\n`, key, from)).toBeUndefined();
});
