import {describe, expect, it} from 'vitest';
import {pageOf, spread, type WatchReport} from '../../bench/watch/page.js';

const report: WatchReport = {
  date: '2026-01-02T03:04:05.000Z',
  cores: 2,
  load: 0.5,
  firstFrame: {ssh: [200, 100, 300], bare: [50], screen: [600, 400, 500], whole: [1400]},
  costs: {
    seconds: 60,
    laptop: {cpu: 1.5, memory: 150e6},
    primary: {cpu: 0.7, bytes: 70},
    standby: {cpu: 0.6, bytes: 470},
  },
  latency: {killed: [240, 11_000], event: []},
};

describe('the page of the live view', () => {
  it('gives each time as a ratio of an ssh to the same host in the same run', () => {
    expect(pageOf(report)).toContain('| first frame | 500 (400–600) | 2.5× an ssh |');
  });
  it('sets what it costs beside what it may cost', () => {
    expect(pageOf(report)).toContain('| primary: CPU of one core | 0.70 % | 1 % |');
    expect(pageOf(report)).toContain('| standby: sent | 0.47 kB/s | 2 kB/s |');
  });
  it('says never for what was never seen', () => {
    expect(spread([])).toBe('never');
    expect(pageOf(report)).toContain('| event written → on the screen | never | 300 |');
  });
  it('gives a long time in seconds', () => expect(spread([11_000])).toBe('11.0 s (11.0 s–11.0 s)'));
});
