import {describe, expect, it} from 'vitest';
import {exitOf, worse} from '../../../src/cli/watch/status.js';
import {Exit, type ExitCode} from '../../../src/errors.js';
import type {WatchSample} from '../../../src/screens/watch/model/sample.js';
import {textOf} from '../../../src/screens/line.js';
import {statusLines} from '../../../src/screens/watch/view/status.js';
import {
  activeSample,
  conflictSample,
  failoverSample,
  pausedSample,
  recoveringSample,
  silentSample,
  wellSample,
} from '../../screens/watch/model/samples.js';

describe('the exit code of status', () => {
  it.each<[string, WatchSample, ExitCode]>([
    ['a pair that is well', wellSample(), Exit.ok],
    ['a primary that only this machine cannot reach', silentSample('primary'), Exit.ok],
    ['a paused pair', pausedSample(), Exit.degraded],
    ['a takeover', failoverSample('starting'), Exit.degraded],
    ['an active standby', activeSample(), Exit.degraded],
    ['a primary that comes back', recoveringSample(), Exit.degraded],
    ['a standby that does not answer', silentSample('standby'), Exit.degraded],
    ['neither host within reach', silentSample('both'), Exit.unreachable],
    ['an account on both', conflictSample(), Exit.split],
  ])('of %s is %#', (_, sample, code) => expect(exitOf(sample)).toBe(code));

  it.each<[ExitCode, ExitCode, ExitCode]>([
    [Exit.ok, Exit.degraded, Exit.degraded],
    [Exit.degraded, Exit.ok, Exit.degraded],
    [Exit.degraded, Exit.unreachable, Exit.unreachable],
    [Exit.split, Exit.unreachable, Exit.split],
    [Exit.unreachable, Exit.split, Exit.split],
    [Exit.failed, Exit.degraded, Exit.failed],
    [Exit.unreachable, Exit.failed, Exit.failed],
    [Exit.failed, Exit.split, Exit.split],
  ])('of several pairs is that of the one that is worst off: %i and %i make %i', (one, other, both) =>
    expect(worse(one, other)).toBe(both),
  );
});

describe('status in words', () => {
  const words = (sample: WatchSample) => statusLines(sample).map(textOf);

  it('begins with the pair and its verdict', () => {
    expect(words(wellSample())[0]).toMatch(/^\w+: ● Protected$/);
    expect(words(failoverSample('starting'))[0]).toMatch(/▲ Taking over$/);
  });

  it('tells both hosts, the split and the newest test, in lines of at most 78 columns', () => {
    const lines = words(wellSample());
    expect(lines.join('\n')).toMatch(/PRIMARY[^]*gateway[^]*STANDBY[^]*monitor[^]*split ● disjoint/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
  });

  it('of a host that is silent tells what was known, how old that is and what is done about it', () => {
    expect(words(silentSample('primary')).join('\n')).toMatch(/PRIMARY .*old/);
  });
});
