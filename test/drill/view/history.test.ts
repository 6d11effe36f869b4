import {describe, expect, test} from 'vitest';
import {historyOf, type Log} from '../../../src/drill/history.js';
import type {DrillReport} from '../../../src/drill/report.js';
import {historyMarkdown} from '../../../src/drill/view/history-markdown.js';
import {comparisonSentences, historyLines} from '../../../src/drill/view/history.js';
import {widthOf} from '../../../src/screens/clip.js';
import {paint} from '../../../src/screens/theme.js';
import type {EventTold} from '../../../src/sampler/told.js';
import {recordedEvents} from '../../screens/watch/model/recorded-events.js';
import {recorded} from '../recorded.js';
import {reportOf, yearOfDrills} from '../report-of.js';

const notRead: Log = {why: 'the standby was not asked (--offline).'};
const history = (
  reports: readonly DrillReport[],
  log: Log = notRead,
  broken: {file: string; why: string}[] = [],
) => historyOf('default', {reports: [...reports], broken}, log);
const rows = (columns: number, ...args: Parameters<typeof history>) =>
  historyLines(history(...args), columns).map((line) => paint(line, false));
const whole = (columns: number, ...args: Parameters<typeof history>) =>
  `\n${rows(columns, ...args).join('\n')}\n`;

const all = [
  ...yearOfDrills().slice(0, 8),
  recorded('held-partition'),
  ...yearOfDrills().slice(8, 10),
  recorded('remarks-kill'),
  recorded('passed-stop'),
  reportOf('2026-11-21T09:00:00.000Z', {fault: 'reboot', verdict: {result: 'stopped'}}),
  recorded('failed-hang'),
];
const asIfReal: EventTold[] = recordedEvents
  .filter(({event}) => event !== 'tested')
  .map((event) => ({...event, atMs: event.atMs - 50 * 86_400_000}));

describe('the history', () => {
  test('is complete in 80 columns', () => {
    expect(whole(80, all)).toMatchInlineSnapshot(`
      "
       Drills of default                                      seconds since the fault
       date       fault          RTO  seen verdict  ready    bot answer   rest    RPO
       2025-12-20 kill      ✔   17.4   3.1     7.3   17.2   17.4   20.6   66.1  3 min
       2026-01-20 kill      ✔   17.5   3.1     7.3   17.3   17.5   20.7   66.2  3 min
       2026-02-20 kill      ✔   17.6   3.1     7.3   17.4   17.6   20.8   66.3  3 min
       2026-03-20 kill      ✔   17.5   3.1     7.3   17.3   17.5   20.7   66.2  3 min
       2026-04-20 kill      ✔   17.6   3.1     7.3   17.4   17.6   20.8   66.3  3 min
       2026-05-20 kill      ✔   18.0   3.1     7.3   17.8   18.0   21.2   66.7  3 min
       2026-06-20 kill      ✔   18.7   3.1     7.3   18.5   18.7   21.9   67.4  3 min
       2026-07-20 kill      ✔   19.4   3.1     7.3   19.2   19.4   22.6   68.1  3 min
       2026-08-03 partition ✔      –   4.0       –      –      –      –      –  3 min
       2026-08-20 kill      ✔   19.9   3.1     7.3   19.7   19.9   23.1   68.6  3 min
       2026-09-20 kill      ✔   20.6   3.1     7.3   20.4   20.6   23.8   69.3  3 min
       2026-10-20 kill      ▲   31.4   3.1     7.3   31.2   31.4      –   79.0    1 h
       2026-11-20 stop      ✔   39.9   2.4    30.1   39.8   39.9   43.2   84.2  3 min
       2026-11-21 reboot    –   17.4   3.1     7.3   17.2   17.4   20.6   66.1  3 min
       2026-11-25 hang      ✖      –   4.0    20.0      –      –      –      –      –
       ▲ passed, with remarks   ✖ failed   – stopped, proves nothing

       By month   medians, each row in its own scale; · no drill
       kill                     DJFMAMJJASO    lowest   highest    newest
       until the bot is back    ▁▁▁▁▁▁▂▂▂▃█    17.4 s    31.4 s    31.4 s
         until first bad probe  ▅▅▅▅▅▅▅▅▅▅▅     3.1 s     3.1 s     3.1 s
         then until verdict     ▅▅▅▅▅▅▅▅▅▅▅     4.2 s     4.2 s     4.2 s
         then until started     ▅▅▅▅▅▅▅▅▅▅▅     0.2 s     0.2 s     0.2 s
         then until ready       ▁▁▁▁▁▁▂▂▂▃█     9.7 s    23.7 s    23.7 s
         then until connected   ▅▅▅▅▅▅▅▅▅▅▅     0.2 s     0.2 s     0.2 s
         then until answered    ▅▅▅▅▅▅▅▅▅▅·     3.2 s     3.2 s     3.2 s
         undone, until at rest  ▄▄▄▄▄▄▄▄▄▄▅    42.1 s    43.0 s    43.0 s
       ▲ kill: ready takes 3.0 s longer than half a year ago: 12.9 s, was 9.9 s.

       Without the real failovers: the standby was not asked (--offline).
      "
    `);
  });
  test('has words and times of day in 120', () => {
    expect(whole(120, all)).toMatchInlineSnapshot(`
      "
       Drills of default                                                                              seconds since the fault
       date              fault      result        RTO  noticed  verdict   ready  connected  answered  at rest     RPO
       2025-12-20 14:30  kill       ✔ passed     17.4      3.1      7.3    17.2       17.4      20.6     66.1   3 min
       2026-01-20 14:30  kill       ✔ passed     17.5      3.1      7.3    17.3       17.5      20.7     66.2   3 min
       2026-02-20 14:30  kill       ✔ passed     17.6      3.1      7.3    17.4       17.6      20.8     66.3   3 min
       2026-03-20 14:30  kill       ✔ passed     17.5      3.1      7.3    17.3       17.5      20.7     66.2   3 min
       2026-04-20 14:30  kill       ✔ passed     17.6      3.1      7.3    17.4       17.6      20.8     66.3   3 min
       2026-05-20 14:30  kill       ✔ passed     18.0      3.1      7.3    17.8       18.0      21.2     66.7   3 min
       2026-06-20 14:30  kill       ✔ passed     18.7      3.1      7.3    18.5       18.7      21.9     67.4   3 min
       2026-07-20 14:30  kill       ✔ passed     19.4      3.1      7.3    19.2       19.4      22.6     68.1   3 min
       2026-08-03 09:00  partition  ✔ passed        –      4.0        –       –          –         –        –   3 min
       2026-08-20 14:30  kill       ✔ passed     19.9      3.1      7.3    19.7       19.9      23.1     68.6   3 min
       2026-09-20 14:30  kill       ✔ passed     20.6      3.1      7.3    20.4       20.6      23.8     69.3   3 min
       2026-10-20 14:30  kill       ▲ remarks    31.4      3.1      7.3    31.2       31.4         –     79.0     1 h
       2026-11-20 14:30  stop       ✔ passed     39.9      2.4     30.1    39.8       39.9      43.2     84.2   3 min
       2026-11-21 09:00  reboot     – stopped    17.4      3.1      7.3    17.2       17.4      20.6     66.1   3 min
       2026-11-25 09:00  hang       ✖ failed        –      4.0     20.0       –          –         –        –       –

       By month   medians, each row in its own scale; · no drill
       kill                     DJFMAMJJASO    lowest   highest    newest
       until the bot is back    ▁▁▁▁▁▁▂▂▂▃█    17.4 s    31.4 s    31.4 s
         until first bad probe  ▅▅▅▅▅▅▅▅▅▅▅     3.1 s     3.1 s     3.1 s
         then until verdict     ▅▅▅▅▅▅▅▅▅▅▅     4.2 s     4.2 s     4.2 s
         then until started     ▅▅▅▅▅▅▅▅▅▅▅     0.2 s     0.2 s     0.2 s
         then until ready       ▁▁▁▁▁▁▂▂▂▃█     9.7 s    23.7 s    23.7 s
         then until connected   ▅▅▅▅▅▅▅▅▅▅▅     0.2 s     0.2 s     0.2 s
         then until answered    ▅▅▅▅▅▅▅▅▅▅·     3.2 s     3.2 s     3.2 s
         undone, until at rest  ▄▄▄▄▄▄▄▄▄▄▅    42.1 s    43.0 s    43.0 s
       ▲ kill: ready takes 3.0 s longer than half a year ago: 12.9 s, was 9.9 s.

       Without the real failovers: the standby was not asked (--offline).
      "
    `);
  });
  test('compares with what really happened', () => {
    const text = rows(80, yearOfDrills(0), {events: asIfReal});
    const from = text.findIndex((row) => row.startsWith(' Real failovers'));
    expect(text[from]).toMatch(/in the monitor's log +seconds since the last good probe$/);
    expect(text[from + 2]).toMatch(/^ 2026-\d\d-\d\d \S.{9,11} +\d+\.\d( +\d+\.\d){4} +– +– +–$/);
    expect(
      text
        .slice(from + 3)
        .join('')
        .replaceAll(/ +/g, ' '),
    ).toMatch(
      / 1 real failover like a drill of a stop: the bot was back after \d+\.\d s\. There is no such drill yet: failover-wizard drill --fault stop/,
    );
  });
  test('compares with drills of the same kind, where something is like one', () => {
    const stops = yearOfDrills(0).map((each) => ({...each, fault: 'stop' as const}));
    const sentences = (like: 'stop' | null) => {
      const whole = history([...stops, recorded('remarks-kill')], {events: asIfReal});
      return comparisonSentences({...whole, failovers: whole.failovers!.map((each) => ({...each, like}))});
    };
    expect(sentences('stop')[0]).toMatch(
      /^1 real failover like a drill of a stop: the bot was back after \d+\.\d s; in those drills after 17\.5 s\.$/,
    );
    expect(sentences(null)[0]).toMatch(
      /^1 real failover that no drill is like: .*; in all drills after 17\.5 s\.$/,
    );
  });
  test('says that nothing has really happened', () => {
    expect(whole(80, yearOfDrills(), {events: []})).toContain("The monitor's log has no real failover");
  });
  test('says why the log was not read, and shows the rest', () => {
    const text = whole(80, yearOfDrills(), {why: 'The standby cannot be reached: refused.'});
    expect(text).toContain('Without the real failovers: The standby cannot be reached: refused.\n');
    expect(text).toContain('2026-11-20 kill');
  });
  test('of a pair without a drill says how to make one', () => {
    const text = whole(80, []);
    expect(text).toContain(
      ' Drills of default: none is kept on this machine yet.\n Make one: failover-wizard drill\n',
    );
    expect(text).not.toContain('By month');
  });
  test('of one month has no trend, and says what that takes', () => {
    expect(whole(80, yearOfDrills().slice(0, 1))).toContain('By month nothing can be told yet');
  });
  test('says what is as it was', () => {
    expect(whole(80, yearOfDrills(0))).toContain('kill: nothing takes notably longer than before.');
  });
  test('names the files that are left out, and nothing in them steers the terminal', () => {
    const text = whole(80, [], notRead, [{file: '2026-01-01T0000.json', why: 'it is no report: \u001b[2J'}]);
    expect(text).toContain('▲ 2026-01-01T0000.json is left out: it is no report: .');
  });
  test.each([42, 60, 80, 100, 109, 110, 120, 200])('in %i columns no row is wider', (columns) => {
    for (const row of rows(columns, all, {events: asIfReal})) expect(widthOf(row), row).toBeLessThan(columns);
  });
});

describe('its Markdown', () => {
  const markdown = historyMarkdown(history(all, {events: asIfReal}));
  test('has tables whose rows are as long as their headers', () => {
    const tables = markdown.split(/\n\n+/).filter((part) => part.startsWith('|'));
    expect(tables.length).toBe(3);
    for (const table of tables)
      expect(new Set(table.split('\n').map((row) => row.split('|').length)).size, table).toBe(1);
  });
  test('has the drills, the trend and the failovers', () => {
    expect(markdown).toContain(
      '| 2026-11-20T1430 | 39.9 | 2.4 | 30.1 | 39.8 | 39.9 | 43.2 | 84.2 | 3 min | stop | ✔ Passed |',
    );
    expect(markdown).toContain('### kill, by month, 2025-12 to 2026-10');
    expect(markdown).toContain('- kill: ready takes');
    expect(markdown).toContain('### Real failovers');
  });
  test('without a drill says how to make one', () => {
    expect(historyMarkdown(history([]))).toContain('Make one: failover-wizard drill');
  });
});
