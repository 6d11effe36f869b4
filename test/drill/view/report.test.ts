import {describe, expect, test} from 'vitest';
import type {DrillReport} from '../../../src/drill/report.js';
import {reportLines} from '../../../src/drill/view/report.js';
import {widthOf} from '../../../src/screens/clip.js';
import {textOf} from '../../../src/screens/line.js';
import {paint} from '../../../src/screens/theme.js';
import {recorded, recordedNames} from '../recorded.js';
import {reportOf, yearOfDrills} from '../report-of.js';

const path = '~/.local/state/failover-wizard/default/drills/2026-11-20T1430.md';
const rows = (report: DrillReport, columns = 80, others: readonly DrillReport[] = []) =>
  reportLines(report, {others, columns, path}).map((line) => paint(line, false));
const whole = (...args: Parameters<typeof rows>) => `\n${rows(...args).join('\n')}\n`;

describe('the report of a drill', () => {
  test('that passed fits 80x24', () => {
    const report = recorded('passed-stop');
    const year = yearOfDrills().map((each) => ({...each, fault: 'stop' as const}));
    expect(rows(report, 80, year).length).toBeLessThan(24);
    expect(whole(report, 80, year)).toMatchInlineSnapshot(`
      "
       Drill 2026-11-20 14:30   default   fault: stop          ✔ Passed   target 60 s
       The bot was back after 39.9 s, within the 60 s that are asked for.
       since the fault ±14 ms       this     usual  plain rule  it took 2.1 s to stop
       ✔ first bad probe           2.4 s     2.7 s
       ✔ suspect, asked around     3.0 s     3.3 s
       ✔ verdict                  30.1 s    30.4 s      25.0 s  slowest, 27.1 s;
                                                                grace for an operator
       ✔ gateway started          30.2 s    30.5 s      25.1 s
       ✔ gateway ready            39.8 s    40.1 s      34.7 s
       ✔ bot connected            39.9 s    40.2 s      34.8 s
       ✔ answered                 43.2 s    44.0 s      38.1 s  a real message
       ✔ told                     41.0 s    41.3 s      35.9 s
       ✔ fault undone             45.0 s    45.3 s
       ✔ primary ready            52.4 s    52.7 s
       ✔ first good probe         53.0 s    53.3 s
       ✔ giving back              83.1 s    83.4 s
       ✔ handed back              83.6 s    83.9 s
       ✔ at rest                  84.2 s    84.5 s

       12 drills   ▁▁▁▁▁▁▁▂▂▂▂█   17.4 s to 39.9 s until the bot was back
       workspace   3 min old at takeover, nothing to hand back
       hosts       primary well, standby asleep, timer disarmed
       report      ~/.local/state/failover-wizard/default/drills/2026-11-20T1430.md
      "
    `);
  });
  test('has what was promised beside it where it is wide', () => {
    expect(whole(recorded('passed-stop'), 120)).toMatchInlineSnapshot(`
      "
       Drill 2026-11-20 14:30   default   fault: stop                                                  ✔ Passed   target 60 s
       The bot was back after 39.9 s, within the 60 s that are asked for.
       since the fault ±14 ms       this     usual  promised  plain rule  it took 2.1 s to stop
       ✔ first bad probe           2.4 s     2.7 s    10.5 s
       ✔ suspect, asked around     3.0 s     3.3 s
       ✔ verdict                  30.1 s    30.4 s    32.5 s      25.0 s  slowest, 27.1 s; grace for an operator
       ✔ gateway started          30.2 s    30.5 s                25.1 s
       ✔ gateway ready            39.8 s    40.1 s                34.7 s
       ✔ bot connected            39.9 s    40.2 s    52.0 s      34.8 s
       ✔ answered                 43.2 s    44.0 s                38.1 s  a real message
       ✔ told                     41.0 s    41.3 s                35.9 s
       ✔ fault undone             45.0 s    45.3 s
       ✔ primary ready            52.4 s    52.7 s
       ✔ first good probe         53.0 s    53.3 s
       ✔ giving back              83.1 s    83.4 s
       ✔ handed back              83.6 s    83.9 s
       ✔ at rest                  84.2 s    84.5 s

       workspace   3 min old at takeover, nothing to hand back
       hosts       primary well, standby asleep, timer disarmed
       report      ~/.local/state/failover-wizard/default/drills/2026-11-20T1430.md
      "
    `);
  });
  test('says what was slow, what is missing, and what became of the workspace', () => {
    expect(whole(recorded('remarks-kill'))).toMatchInlineSnapshot(`
      "
       Drill 2026-10-20 14:30   fault: kill    ▲ Passed, with remarks   promised 41 s
       The bot was back after 31.4 s, within the 41.0 s that are promised.
       ▲ The workspace was 90 min old; 60 min are asked for.
       ▲ The message to the bot was not answered.
       since the fault ±14 ms       this     usual  plain rule
       ✔ first bad probe           3.1 s
       ✔ suspect, asked around     3.6 s                        silent on both paths
       ✔ verdict                   7.3 s     7.3 s      25.0 s
       ✔ gateway started           7.5 s
       ▲ gateway ready            31.2 s    17.2 s      48.9 s  slowest, 23.7 s
       ▲ bot connected            31.4 s    17.4 s      49.1 s  promised 30.0 s
       · answered                      –    20.6 s
       ✔ told                     32.0 s
       ✔ fault undone             36.0 s
       ✔ primary ready            45.0 s
       ✔ first good probe         46.0 s
       ✔ giving back              76.0 s
       ✔ handed back              78.0 s
       ✔ at rest                  79.0 s    66.1 s

       proofs      ✔ channel 31.4 s   ✖ message: no answer within 60 s
       workspace   1 h 30 min old at takeover, target 1 h, 2 commits behind, 3 files
                   that no commit had, 4 files put aside on failover/2026-10-20 and
                   pushed
       hosts       primary well, standby asleep, timer disarmed
       report      ~/.local/state/failover-wizard/default/drills/2026-11-20T1430.md
      "
    `);
  });
  test('says why it failed, how the hosts were left, and that it was forced', () => {
    expect(whole(recorded('failed-hang'))).toMatchInlineSnapshot(`
      "
       Drill 2026-11-25 09:00   default   fault: hang          ✖ Failed   target 60 s
       The bot was not back within 60 s.
       ✖ The gateway of the standby was not ready within 30 s: its unit says
         "exit-code", and its newest line is: Cannot find module @openclaw/telegram.
       ▲ Begun all the same: The credentials of the standby were not proven.
       since the fault              this     usual  plain rule
       ✔ first bad probe           4.0 s
       ✔ suspect, asked around     4.3 s
       ✔ verdict                  20.0 s                25.0 s  slowest, 15.7 s;
                                                                gateway hung
       ✔ gateway started          20.5 s                25.5 s
       ✖ gateway ready                 –    32.0 s
       ✖ bot connected                 –    32.3 s

       workspace   age not known
       hosts       primary not well, standby active, timer still armed: it undoes the
                   fault by itself. Give back with: failover-wizard demote
       report      ~/.local/state/failover-wizard/default/drills/2026-11-20T1430.md
      "
    `);
  });
  test('that the standby rightly kept still has neither a plain rule nor bars', () => {
    expect(whole(recorded('held-partition'))).toMatchInlineSnapshot(`
      "
       Drill 2026-08-03 09:00   default   fault: partition                   ✔ Passed
       The standby kept still: the primary was alive on the public path.
       since the fault ±14 ms       this
       ✔ first bad probe           4.0 s
       ✔ suspect, asked around     4.3 s
       ✔ held back                 9.0 s  the primary lives
       ✔ fault undone             60.0 s
       ✔ first good probe         61.0 s

       workspace   3 min old at the fault
       hosts       primary well, standby asleep, timer disarmed
       report      ~/.local/state/failover-wizard/default/drills/2026-11-20T1430.md
      "
    `);
  });
  test.each(recordedNames)('%s is never wider than the terminal, but for its path', (name) => {
    for (const columns of [60, 80, 100, 120, 200])
      for (const row of rows(recorded(name), columns).slice(0, -1))
        expect(widthOf(row), row).toBeLessThan(columns);
  });
  test('shows nothing of a host that could steer the terminal', () => {
    const nasty = '\u001b[2Jgone\u0007\u202e';
    const report = reportOf('2026-10-20T14:30:00.000Z', {
      pair: nasty,
      stage: {verdict: {note: nasty}},
      proofs: [{kind: 'message', ok: false, ms: null, detail: nasty}],
      workspace: {behind: 0, dirty: 0, handBack: nasty},
      left: {primary: 'unknown', standby: 'unknown', deadMan: 'unknown', say: nasty},
      verdict: {say: nasty, reasons: [nasty], remarks: [nasty]},
    });
    const text = reportLines(report, {others: [], columns: 80, path}).map(textOf).join('\n');
    expect(text).toContain('gone');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
  test('without a kept file names none', () => {
    const lines = reportLines(recorded('passed-stop'), {others: [], columns: 80, path: null});
    expect(lines.map(textOf).join('\n')).not.toContain('report');
  });
});

describe('the bars', () => {
  const bars = (report: DrillReport, others: readonly DrillReport[]) =>
    rows(report, 120, others).find((row) => /^ \d+ drills/.test(row));
  const year = yearOfDrills();
  const newest = year.at(-1)!;
  test('are of the newest twelve of the same fault, this one the last', () => {
    expect(bars(newest, year)).toBe(
      ' 12 drills   ▁▁▁▁▁▂▃▄▅▆▇█   17.4 s to 21.7 s until the bot was back, since 2025-12',
    );
    const many = [
      ...year.map((each) => ({
        ...each,
        id: `2024${each.id.slice(4)}`,
        startedAt: `2024${each.startedAt.slice(4)}`,
      })),
      ...year,
    ];
    expect(bars(newest, many)).toBe(bars(newest, year));
  });
  test('know nothing of later ones, of other faults, nor of what was stopped', () => {
    expect(bars(year[1]!, year)).toContain(' 2 drills ');
    expect(bars(newest, [year[0]!, {...year[1]!, fault: 'stop'}])).toContain(' 2 drills ');
    const stopped = reportOf('2026-01-20T14:30:00.000Z', {verdict: {result: 'stopped'}});
    expect(bars(newest, [year[0]!, stopped])).toContain(' 2 drills ');
    expect(bars(newest, [newest])).toBeUndefined();
  });
  test('show what was never back, and that nothing has changed', () => {
    const failed = reportOf('2026-01-20T14:30:00.000Z', {rtoMs: null, verdict: {result: 'failed'}});
    expect(bars(year[2]!, [year[0]!, failed])).toContain(
      '▄·▅   17.4 s to 17.6 s until the bot was back, · none',
    );
  });
});
