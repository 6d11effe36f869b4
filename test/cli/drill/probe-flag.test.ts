import {homedir} from 'node:os';
import {describe, expect, it} from 'vitest';
import {probeFlag, probeWords} from '../../../src/cli/drill/probe-flag.js';
import {Abort, Exit} from '../../../src/errors.js';
import type {DrillProbe} from '../../../src/pair/schema.js';

describe('--probe', () => {
  it.each<[string, DrillProbe | undefined]>([
    ['none', undefined],
    ['irc=alice', {kind: 'irc', nick: 'alice', timeoutS: 120}],
    ['irc=alice,timeoutS=60', {kind: 'irc', nick: 'alice', timeoutS: 60}],
    ['command=/opt/ask', {kind: 'command', path: '/opt/ask', timeoutS: 120}],
    ['command=~/bin/ask', {kind: 'command', path: '~/bin/ask', timeoutS: 120}],
    ['command=./ask', {kind: 'command', path: '/here/ask', timeoutS: 120}],
    ['command=/a,b/ask=1,timeoutS=5', {kind: 'command', path: '/a,b/ask=1', timeoutS: 5}],
  ])('%s is read, and printed so that it means the same', (text, probe) => {
    expect(probeFlag(text, '/here')).toEqual(probe);
    const [flag, words = ''] = probeWords(probe);
    expect(flag).toBe('--probe');
    expect(probeFlag(words, homedir())).toEqual(probe);
  });

  it.each([
    ['', /must look like/],
    ['alice', /must look like/],
    ['irc=', /must look like/],
    ['signal=+49', /must look like/],
    ['irc=a b', /irc: nick must be an IRC nick/],
    ['irc=1alice', /irc: nick must be an IRC nick/],
    ['irc=alice,timeoutS=0', /irc: timeoutS must be at least 1/],
    ['irc=alice,timeoutS=2m', /irc: timeoutS /],
    ['irc=alice,timeoutS=', /irc: timeoutS /],
    ['irc=alice,timeoutS=601', /irc: timeoutS must be at most 600/],
    ['irc=alice,user=bob', /irc: nick must be an IRC nick/],
    ['command=/a\u0007', /command: path must be/],
  ])('%j is refused with examples, exit 2', (text, words) => {
    try {
      probeFlag(text, '/here');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Abort);
      const abort = error as Abort;
      expect(abort.message).toMatch(words);
      expect(abort.exit).toBe(Exit.usage);
      expect(abort.next.join('\n')).toMatch(/irc=alice[^]*command=[^]*none/);
    }
  });
});
