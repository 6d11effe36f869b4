import {describe, expect, test} from 'vitest';
import {historyCsv, historyJson} from '../../src/drill/exports.js';
import {historyOf} from '../../src/drill/history.js';
import {recordedEvents} from '../screens/watch/model/recorded-events.js';
import {recorded} from './recorded.js';
import {reportOf, yearOfDrills} from './report-of.js';

/** A reader of RFC 4180, as strict as it gets. */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [];
  let rest = csv;
  let row: string[] = [];
  while (rest !== '') {
    const [whole, quoted, plain, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest)!;
    row.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === '\r\n') {
      rows.push(row);
      row = [];
    }
    rest = rest.slice(whole.length);
  }
  return rows;
}

describe('CSV', () => {
  const table = (...reports: Parameters<typeof historyCsv>[0]) => {
    const [names, ...rows] = cellsOf(historyCsv(reports));
    return rows.map((row) => Object.fromEntries(row.map((cell, index) => [names![index]!, cell])));
  };
  test('has a row for each drill under the names, and what was not measured is empty', () => {
    const [passed, failed] = table(recorded('passed-stop'), recorded('failed-hang'));
    expect(passed).toMatchObject({
      id: '2026-11-20T1430',
      fault: 'stop',
      result: 'passed',
      rto_ms: '39900',
      stopping_ms: '-2100',
      first_bad_ms: '2400',
      rest_ms: '84200',
      target_rto_ms: '60000',
      target_rpo_ms: '',
      say: 'The bot was back after 39.9 s, within the 60 s that are asked for.',
    });
    expect(failed).toMatchObject({result: 'failed', rto_ms: '', ready_ms: ''});
  });
  test('without a drill is the names alone', () => {
    expect(historyCsv([])).toMatch(/^id,pair,fault,[a-z_,]+,say\r\n$/);
  });
  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '=HYPERLINK("http://x","y")'])(
    '%j is no formula in a spreadsheet',
    (say) => {
      const [row] = table(reportOf('2026-10-20T14:30:00.000Z', {verdict: {say}}));
      expect(row!['say']).toBe(`'${say}`);
    },
  );
  test.each(['a, b', 'a "quoted" word', 'two\r\nlines'])('%j is one cell', (say) => {
    expect(table(reportOf('2026-10-20T14:30:00.000Z', {verdict: {say}}))[0]!['say']).toBe(say);
  });
});

describe('JSON', () => {
  const year = yearOfDrills();
  test('is one object of drills, failovers and trend', () => {
    const events = recordedEvents.filter(({event}) => event !== 'tested');
    const broken = [{file: '2026-01-01T0000.json', why: 'it is not valid JSON'}];
    const text = JSON.stringify(historyJson(historyOf('default', {reports: year, broken}, {events})));
    expect(JSON.parse(text)).toMatchObject({
      pair: 'default',
      drills: year,
      failovers: [{stages: {connected: expect.any(Number) as number}}],
      trend: [{fault: 'kill', slower: [{step: 'ready'}]}],
      notRead: null,
      broken,
    });
  });
  test('says why there are no failovers', () => {
    expect(historyJson(historyOf('default', {reports: [], broken: []}, {why: 'refused'}))).toEqual({
      pair: 'default',
      drills: [],
      failovers: null,
      trend: [],
      notRead: 'refused',
      broken: [],
    });
  });
});
