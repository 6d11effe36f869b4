import {describe, expect, it} from 'vitest';
import {between, spread, summarize, type Report} from '../../bench/failover/figures.js';
import {pageOf} from '../../bench/failover/page.js';

const report: Report = {
  date: '2026-01-02T03:04:05.000Z',
  cores: 2,
  load: [0.5, 1.25],
  capMs: 150_000,
  standby: 'cold',
  floor: [
    {ready: 3_000, online: 4_000, answer: 4_500},
    {ready: 3_200, online: 4_400, answer: 4_900},
    {ready: 3_100, online: 4_200, answer: 4_600},
  ],
  ours: {
    failed: [
      {
        suspected: 1_000,
        verdict: 3_000,
        asked: 3_100,
        process: 3_300,
        ready: 6_500,
        online: 7_600,
        answer: 8_000,
      },
      {
        suspected: 4_000,
        verdict: 6_000,
        asked: 6_100,
        process: 6_200,
        ready: 9_300,
        online: 10_500,
        answer: 11_000,
      },
    ],
    hung: [
      {suspected: 2_000, verdict: 62_000, process: 62_300, ready: 65_500, online: 67_000, answer: 67_500},
    ],
  },
  plain: {
    failed: [{process: 25_000, ready: 28_000, online: 29_000, answer: 29_400}],
    hung: [{}],
  },
};

describe('a spread', () => {
  it.each([
    ['an odd number', [3, 1, 2], {p50: 2, min: 1, max: 3}],
    ['an even number', [4, 1, 2, 3], {p50: 2.5, min: 1, max: 4}],
    ['a run that never came', [1, undefined, 2], {p50: 2, min: 1, max: Infinity}],
    ['most runs never came', [1, undefined, undefined], {p50: Infinity, min: 1, max: Infinity}],
    ['half of the runs never came', [1, undefined], {p50: Infinity, min: 1, max: Infinity}],
    ['no run', [], {p50: Infinity, min: Infinity, max: Infinity}],
  ])('of %s', (_, list, expected) => {
    expect(spread(list)).toEqual(expected);
  });
});

describe('a summary', () => {
  const {faults} = summarize(report);

  it('has the faults that were measured, in their order', () => {
    expect(faults.map(({fault}) => fault)).toEqual(['failed', 'hung']);
  });

  it('times a takeover within each run, and takes the own start of the gateway off', () => {
    const [failed] = faults;
    expect(failed!.takeover).toEqual({p50: 4_550, min: 4_500, max: 4_600});
    expect(failed!.beyondFloorMs).toBe(350);
  });

  it('compares the medians until the bot is there', () => {
    expect(faults[0]!.ratio).toBeCloseTo(29_000 / 9_050);
    expect(faults[1]!.ratio).toBe(Infinity);
  });

  it('has no time between moments that did not come', () => {
    expect(between({verdict: 1}, 'verdict', 'online')).toBeUndefined();
  });
});

describe('the page', () => {
  const page = pageOf(report);

  it('says what was measured on', () => {
    expect(page).toContain('2026-01-02 03:04 UTC, 2 cores for all hosts, load 0.5 → 1.3, 3 runs.');
  });

  it('has both contenders under each other, with the ratio', () => {
    expect(rowOf('unit failed', 'failover-wizard')).toEqual([
      '4.50 (3.00–6.00)',
      '4.75 (3.30–6.20)',
      '9.05 (7.60–10.50)',
      '9.50 (8.00–11.00)',
      '2',
      '',
    ]);
    expect(rowOf('', 'plain rule')).toEqual(['', '25.00', '29.00', '29.40', '1', '3.2 x']);
  });

  it('says that the plain rule never came', () => {
    expect(page).toMatch(/\| plain rule +\| +\| never +\| never +\| never +\| 1 +\| never +\|/);
  });

  it('has the own start first, and what a takeover needs beyond it', () => {
    expect(rowOf("the gateway's own start").slice(1, 4)).toEqual([
      '0',
      '3.10 (3.00–3.20)',
      '4.20 (4.00–4.40)',
    ]);
    expect(page).toContain('+0.35');
  });

  it('says by how much a goal is missed', () => {
    expect(page).toContain('- unit failed, verdict: 4.50 s, goal 4.00 s: missed by 0.50 s');
    expect(page).toContain(
      "- gateway hung, beyond the gateway's own start: 0.80 s, goal 0.50 s: missed by 0.30 s",
    );
    expect(page).toContain('- gateway hung, verdict: 62.00 s, goal 65.00 s: met');
  });

  /** Cells after those that begin the row. */
  function rowOf(...begin: string[]): string[] {
    const rows = page.split('\n').map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    const row = rows.find((cells) => begin.every((text, index) => cells[index] === text));
    return row!.slice(begin.length);
  }
});

describe('the page of a warm standby', () => {
  const page = pageOf({
    ...report,
    standby: 'warm',
    takes: {gatewayMb: 780, companionMb: 60},
    ours: {failed: [{suspected: 1_000, verdict: 3_000, online: 5_000, answer: 5_500}]},
  });

  it('says what it takes, in memory', () => {
    expect(page).toContain('which takes 0.84 GB resident (gateway 0.78, companion 0.06).');
  });

  it('times no start of a gateway that runs already', () => {
    expect(page).toMatch(/unit failed +\| failover-wizard +\| 3\.00 +\| runs already +\| 5\.00 +\| 5\.50/);
    expect(page).toMatch(
      /unit failed +\| runs already +\| runs already +\| runs already +\| 2\.00 +\| 2\.50 +\| -2\.20/,
    );
  });
});
