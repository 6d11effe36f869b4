import {describe, expect, it} from 'vitest';
import {
  IrcLines,
  ircLine,
  longestLine,
  parseIrc,
  sameNick,
  withoutColour,
} from '../../../src/drill/probe/irc-lines.js';

describe('a line of an IRC server', () => {
  it.each([
    ['PING :cookie', {from: '', command: 'PING', params: ['cookie']}],
    [':hub 001 alice :Welcome alice', {from: 'hub', command: '001', params: ['alice', 'Welcome alice']}],
    [':bot!b@h PRIVMSG alice :a :b  c', {from: 'bot!b@h', command: 'PRIVMSG', params: ['alice', 'a :b  c']}],
    ['@time=1;a=b :bot!b@h notice alice hi', {from: 'bot!b@h', command: 'NOTICE', params: ['alice', 'hi']}],
    [':bot!b@h PRIVMSG alice ::)\r', {from: 'bot!b@h', command: 'PRIVMSG', params: ['alice', ':)']}],
    [':bot!b@h PRIVMSG alice :', {from: 'bot!b@h', command: 'PRIVMSG', params: ['alice', '']}],
    [
      ':bot!b@h PRIVMSG alice :two\u2028lines',
      {from: 'bot!b@h', command: 'PRIVMSG', params: ['alice', 'two\u2028lines']},
    ],
  ])('%j is read', (line, message) => expect(parseIrc(line)).toEqual(message));

  it.each(['', ' ', ':hub', ':hub ', '12 x', '\u0000\u0001', 'HTTP/1.1 400 Bad Request'])(
    '%j is none',
    (line) => expect(parseIrc(line)).toBeUndefined(),
  );

  it('comes whole, however the bytes are cut', () => {
    const bytes = Buffer.from('PING :ä\r\n:hub 001 x :y\n\nrest');
    for (let size = 1; size < bytes.length; size++) {
      const lines = new IrcLines();
      const heard: string[] = [];
      for (let at = 0; at < bytes.length; at += size)
        heard.push(...lines.push(bytes.subarray(at, at + size)));
      expect(heard).toEqual(['PING :ä\r', ':hub 001 x :y', '']);
    }
  });

  it('is dropped whole when it is too long, and the next is read', () => {
    const lines = new IrcLines();
    expect(lines.push(Buffer.from('x'.repeat(longestLine)))).toEqual([]);
    expect(lines.push(Buffer.from('x'.repeat(longestLine)))).toEqual([]);
    expect(lines.push(Buffer.from(':bot!b@h PRIVMSG alice :forged\nPING :1\n'))).toEqual(['PING :1']);
    expect(lines.push(Buffer.from(`${'y'.repeat(longestLine)}\n`))).toEqual(['y'.repeat(longestLine)]);
  });
});

describe('a line for an IRC server', () => {
  it('is one line of at most 512 bytes', () => {
    expect(ircLine('QUIT')).toBe('QUIT\r\n');
    expect(ircLine('PRIVMSG', 'bot', 'a\r\nQUIT')).toBe('PRIVMSG bot :a QUIT\r\n');
    const long = ircLine('PRIVMSG', 'bot', 'ä'.repeat(600));
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(512);
    expect(long).toMatch(/^PRIVMSG bot :ä+\r\n$/);
  });
});

it.each([
  ['Alice', 'aLICE', true],
  ['a[]\\~', 'A{}|^', true],
  ['alice', 'alice_', false],
])('%s and %s are one nick: %s', (one, other, same) => expect(sameNick(one, other)).toBe(same));

it('colours go with their numbers', () =>
  expect(withoutColour('\x0304,01red\x03 and \x033green')).toBe('red and green'));
