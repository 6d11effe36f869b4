import {describe, expect, it} from 'vitest';
import {dueOf} from '../../../src/drill/due.js';
import {reminderOf} from '../../../src/drill/schedule/reminder.js';
import {parseWindow} from '../../../src/drill/schedule/window.js';
import {madeReport} from '../made-report.js';

const local = (text: string) => new Date(text.replace(' ', 'T'));
const days = (number: number) => number * 86_400_000;

interface Case {
  passed?: string;
  failed?: string;
  now: string;
  aheadMs?: number;
  window?: string;
}

function of({passed, failed, now, aheadMs, window}: Case) {
  const reports = [
    ...(passed ? [madeReport(local(passed).toISOString(), 'passed')] : []),
    ...(failed ? [madeReport(local(failed).toISOString(), 'failed')] : []),
  ];
  const nowMs = local(now).getTime();
  return reminderOf(dueOf(reports, nowMs), {
    nowMs,
    ...(aheadMs !== undefined && {aheadMs}),
    ...(window !== undefined && {window: parseWindow(window)}),
  });
}

describe('the reminder', () => {
  it.each<[string, Case, RegExp | null]>([
    [
      'says that none has passed',
      {now: '2026-11-27 10:00'},
      /^No drill with a takeover has passed yet: nobody knows/,
    ],
    ['says nothing while none is due', {passed: '2026-11-01 12:00', now: '2026-11-27 10:00'}, null],
    [
      'says that one is due',
      {passed: '2026-10-28 09:00', now: '2026-11-27 10:00'},
      /^The drill is due; the last one passed 30 d ago, on 2026-10-28\.$/,
    ],
    [
      'says by how much it is overdue',
      {passed: '2026-10-20 09:00', now: '2026-11-27 10:00'},
      /^The drill is overdue by 8 d; /,
    ],
    [
      'on a fixed day says what is due soon',
      {passed: '2026-11-08 09:00', now: '2026-11-27 10:00', aheadMs: days(15)},
      /^The drill is due in 10 d, on 2026-12-08; /,
    ],
    [
      'on a fixed day is silent after a fresh one',
      {passed: '2026-11-20 09:00', now: '2026-11-27 10:00', aheadMs: days(15)},
      null,
    ],
    [
      'says that the newest failed, also where none is due',
      {passed: '2026-11-01 09:00', failed: '2026-11-22 03:20', now: '2026-11-27 10:00'},
      /^The newest drill failed on 2026-11-22 \("It failed"\)/,
    ],
    [
      'is silent again once one has passed',
      {failed: '2026-11-01 09:00', passed: '2026-11-02 03:20', now: '2026-11-27 10:00'},
      null,
    ],
    // The first Sunday of December is the 6th.
    [
      'leaves the window its chance',
      {passed: '2026-11-01 03:20', now: '2026-12-04 10:00', window: '1st Sun 03:00-05:00'},
      null,
    ],
    [
      'speaks once the window has passed without one',
      {passed: '2026-11-01 03:20', now: '2026-12-06 10:00', window: '1st Sun 03:00-05:00'},
      /overdue by 5 d; .* Its window opens Sun 2027-01-03 03:00\.$/,
    ],
    [
      'is silent while the window is open',
      {passed: '2026-11-01 03:20', now: '2026-12-06 04:59', window: '1st Sun 03:00-05:00'},
      null,
    ],
  ])('%s', (_, given, words) => {
    const {speak, say} = of(given);
    expect(speak).toBe(words !== null);
    if (words) expect(say).toMatch(words);
  });

  it('makes nothing of control characters in a report', () => {
    const nowMs = Date.parse('2026-11-27T10:00:00Z');
    const report = madeReport('2026-11-26T10:00:00Z', 'failed');
    const verdict = {...report.verdict, say: '\u001b]0;x\u0007It\nfailed.'};
    expect(reminderOf(dueOf([{...report, verdict}], nowMs), {nowMs}).say).toContain('("It failed")');
  });
});
