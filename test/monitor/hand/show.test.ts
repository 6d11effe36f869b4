import {describe, expect, it} from 'vitest';
import {checksOf} from '../../../src/monitor/hand/checks.js';
import {clockOf, inWords, wrapText} from '../../../src/monitor/hand/show.js';
import {saying, gone} from './look-of-tests.js';

function onPaper(columns: number | undefined, colour = false) {
  let text = '';
  const paper = {
    write: (more: string) => (text += more),
    ...(columns !== undefined && {isTTY: true, columns}),
  };
  return {show: inWords(paper, {colour}), text: () => text};
}
const heard = {
  time: '2026-05-01T10:00:00.000Z',
  event: 'gateway-ready',
  say: "The standby's gateway is ready, 10.2 s after the decision.",
};
const seen = saying({state: 'suspect', inStateMs: 12_000, probe: gone});

describe('on a phone of 40 columns', () => {
  it('every line fits, and further lines are moved in', () => {
    const {show, text} = onPaper(40);
    const act = {name: 'promote', why: ''} as const;
    show.checks(act, seen, checksOf(act, seen).checks);
    show.heard(heard, 11_000);
    show.end({
      result: 'silent',
      exit: 124,
      say: 'The monitor said nothing about it within 4 min 0 s.',
      next: ['openclaw-failover status'],
    });
    expect(text()).toBe(`Take over by hand · pair default · irc
  account "backup"
✔ The monitor runs: suspect for 12 s:
  the standby sleeps, the primary is in
  doubt.
✔ The primary is not well (refused,
  ECONNREFUSED, 1 ms).
✔ The channel split is disjoint.
✔ The config of the standby holds only
  the approved account.
✔ The workspace was fetched 3 min ago.
✔ The model answered with these
  credentials when setup tried it.
  0:11  The standby's gateway is ready,
        10.2 s after the decision.
✖ The monitor said nothing about it
  within 4 min 0 s.
→ openclaw-failover status
`);
  });

  it('what is waited for moves on one row, and is gone when something is told', () => {
    const {show, text} = onPaper(40);
    show.waiting('waiting for the channel account to connect', 2_000);
    show.waiting('waiting for the channel account to connect', 2_200);
    show.heard(heard, 2_300);
    const rows = text().split('\r\u001b[K').filter(Boolean);
    expect(rows).toHaveLength(3);
    expect(rows[0]!.length).toBeLessThan(40);
    expect(rows[0]).toMatch(/^⠋ 0:02 {2}waiting for the channel/);
    expect(rows[2]).toMatch(/^ {2}0:02 {2}The standby's/);
  });
});

it('without a terminal each sentence is one line, and nothing moves', () => {
  const {show, text} = onPaper(undefined);
  show.waiting('waiting', 1);
  show.heard(heard, 11_000);
  expect(text()).toBe("  0:11  The standby's gateway is ready, 10.2 s after the decision.\n");
});

it('colours the sign and nothing else, when asked to', () => {
  const {show, text} = onPaper(80, true);
  show.end({result: 'done', exit: 0, say: 'Done.'});
  expect(text()).toBe('\u001b[32m✔\u001b[0m Done.\n');
});

describe('wrapText', () => {
  it.each([
    ['a bb ccc', 4, 0, 'a bb\nccc'],
    ['a bb ccc', 4, 2, 'a bb\n  ccc'],
    ['averylongword b', 5, 2, 'averylongword\n  b'],
    ['short', Infinity, 2, 'short'],
  ])('%j in %i columns, moved in by %i', (text, columns, hang, wrapped) =>
    expect(wrapText(text, columns, hang)).toBe(wrapped),
  );
});

it('a time of another day has its date', () => {
  const at = new Date(2026, 4, 1, 14, 2, 11);
  expect(clockOf(at.toISOString(), at.getTime() + 3_600_000)).toBe('14:02:11');
  expect(clockOf(at.toISOString(), at.getTime() + 86_400_000)).toBe('05-01 14:02:11');
  expect(clockOf('never', 0)).toBe('?');
});
