import {mkdirSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeEach, describe, expect, test} from 'vitest';
import {keptDrillsIn} from '../../src/drill/kept-drills.js';
import {freeId, loadMarkdown, loadReport, loadReports, saveReport} from '../../src/drill/store.js';
import {Abort} from '../../src/errors.js';
import {recorded} from './recorded.js';
import {reportOf} from './report-of.js';

let drills = '';
beforeEach(() => {
  drills = join(mkdtempSync(join(tmpdir(), 'drills-')), 'default', 'drills');
});

const put = (name: string, text: string) => {
  mkdirSync(drills, {recursive: true});
  writeFileSync(join(drills, name), text);
};
const october = reportOf('2026-10-20T14:30:00.000Z');
const november = recorded('passed-stop');
const save = (...reports: readonly (typeof october)[]) =>
  Promise.all(reports.map((report) => saveReport(report, `# ${report.id}`, {drills})));

describe('a report', () => {
  test('is kept as JSON and as Markdown, for the operator alone', async () => {
    expect(await saveReport(november, '# It', {drills})).toBe(join(drills, '2026-11-20T1430.md'));
    for (const name of ['2026-11-20T1430.json', '2026-11-20T1430.md'])
      expect(statSync(join(drills, name)).mode & 0o777, name).toBe(0o600);
    expect(statSync(drills).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(drills, '2026-11-20T1430.md'), 'utf8')).toBe('# It\n');
    expect(await loadReports(drills)).toEqual({reports: [november], broken: []});
    expect(await loadMarkdown(november, drills)).toBe('# It\n');
  });
  test('that could not be read again is not kept', async () => {
    await expect(saveReport({...november, id: '../x'}, '', {drills})).rejects.toThrow(TypeError);
  });
  test('has the minute of its beginning as its ID, and a number where that is taken', async () => {
    const at = new Date(2026, 10, 27, 4, 36, 59);
    expect(await freeId(at, drills)).toBe('2026-11-27T0436');
    put('2026-11-27T0436.md', '');
    expect(await freeId(at, drills)).toBe('2026-11-27T0436-2');
    put('2026-11-27T0436-2.json', '');
    expect(await freeId(at, drills)).toBe('2026-11-27T0436-3');
  });
});

describe('the reports of a folder', () => {
  test('are none where there is no folder', async () => {
    expect(await loadReports(drills)).toEqual({reports: [], broken: []});
  });
  test('are told the newest last, also those of one minute', async () => {
    const ids = ['', '-2', '-10'].map((number) => ({...october, id: `2026-10-20T1430${number}`}));
    await save(november, ...ids.toReversed());
    expect((await loadReports(drills)).reports.map(({id}) => id)).toEqual([
      '2026-10-20T1430',
      '2026-10-20T1430-2',
      '2026-10-20T1430-10',
      '2026-11-20T1430',
    ]);
  });
  test.each([
    ['no JSON at all', '{"version": 1,', 'it is not valid JSON'],
    [
      'of a newer version',
      '{"version": 2, "what": "ever"}',
      'it was written by a newer version of this program',
    ],
    ['something else', '{"version": 1, "id": 3}', /^it is no report of a drill: id: /],
    [
      'with more than there is',
      JSON.stringify({...october, id: '2026-01-01T0000', more: 1}),
      /^it is no report/,
    ],
    ['with another ID than its name', JSON.stringify(october), 'it calls itself 2026-10-20T1430'],
    ['endless', ' '.repeat((4 << 20) + 1), 'it is too long for a report'],
  ])('one that is %s is told, and hides none of the others', async (_, text, why) => {
    await save(october, november);
    put('2026-01-01T0000.json', text);
    const {reports, broken} = await loadReports(drills);
    expect(reports.map(({id}) => id)).toEqual([october.id, november.id]);
    expect(broken).toEqual([{file: '2026-01-01T0000.json', why: expect.stringMatching(why) as string}]);
  });
  test('a folder or a link to nothing in place of one is told as well', async () => {
    await save(october);
    mkdirSync(join(drills, '2026-01-01T0000.json'));
    symlinkSync('/nowhere/at/all', join(drills, '2026-01-02T0000.json'));
    const {reports, broken} = await loadReports(drills);
    expect(reports).toHaveLength(1);
    expect(broken.map(({file}) => file)).toEqual(['2026-01-01T0000.json', '2026-01-02T0000.json']);
  });
  test('what is no report by its name is not looked at', async () => {
    await save(october);
    put('notes.json', '{');
    put('2026-01-01T0000.json.a1b2.tmp', '{');
    expect(await loadReports(drills)).toEqual({reports: [october], broken: []});
  });
});

describe('one report', () => {
  const refused = async (id: string): Promise<Abort> => {
    const error: unknown = await loadReport(id, drills).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Abort);
    return error as Abort;
  };
  test.each(['2026-11-20T1430', '2026-11', '2026-11-20T'])('is found by %s', async (id) => {
    await save(october, november);
    expect(await loadReport(id, drills)).toEqual(november);
  });
  test('is found by its whole ID although another one begins so', async () => {
    await save(november, {...november, id: `${november.id}-2`});
    expect((await loadReport(november.id, drills)).id).toBe(november.id);
    expect((await loadReport(`${november.id}-2`, drills)).id).toBe(`${november.id}-2`);
  });
  test.each(['2026-12', '', '2025', '2026-11-20T1430.json', 'notes'])(
    'is not found by "%s", which names the newest',
    async (id) => {
      await save(october, november);
      put('notes.json', '{}');
      const {exit, next} = await refused(id);
      expect(exit).toBe(2);
      expect(next[0]).toBe('The newest: 2026-11-20T1430, 2026-10-20T1430');
    },
  );
  test('whose beginning several have is not guessed', async () => {
    await save(october, november);
    const error = await refused('2026');
    expect(error).toMatchObject({message: '2 drills begin with "2026".', exit: 2});
    expect(error.next[0]).toBe('Name one of them: 2026-11-20T1430, 2026-10-20T1430');
  });
  test('outside the folder cannot be reached by any name', async () => {
    await save(october);
    mkdirSync(join(drills, '..', 'other'));
    writeFileSync(join(drills, '..', 'other', '2026-11-20T1430.json'), JSON.stringify(november));
    writeFileSync(join(drills, '..', '2026-11-20T1430.json'), JSON.stringify(november));
    for (const id of [
      '../other/2026-11-20T1430',
      '../2026-11-20T1430',
      join(drills, '../2026-11-20T1430'),
      '.',
      '..',
    ])
      expect((await refused(id)).exit, id).toBe(2);
  });
  test('that is broken says why', async () => {
    await save(october);
    put('2026-11-20T1430.json', '{');
    expect((await refused('2026-11')).message).toMatch(
      /2026-11-20T1430\.json cannot be used: it is not valid JSON/,
    );
  });
  test('of a pair without one says how to make it', async () => {
    expect(await refused('2026')).toMatchObject({exit: 1, next: ['Make one: failover-wizard drill']});
  });
});

describe('for whoever looks at the pair', () => {
  const ended = (report: typeof october) => Date.parse(report.endedAt);
  test('the newest report is told once, and again when there is another', async () => {
    const look = keptDrillsIn(drills);
    expect(await look()).toEqual({newest: null, stopped: [], testedMs: null});
    expect(await look()).toBeUndefined();
    await save(october);
    expect(await look()).toEqual({
      newest: {endedAtMs: ended(october), rtoMs: 17_400, result: 'passed', fault: 'kill'},
      stopped: [],
      testedMs: ended(october),
    });
    expect(await look()).toBeUndefined();
    await save(november);
    expect(await look()).toMatchObject({newest: {endedAtMs: ended(november), fault: 'stop'}});
  });
  test('the newest that needed no takeover stands beside the newest that did, and passed', async () => {
    const back = reportOf('2026-11-22T10:00:00.000Z', {outcome: 'primary-back'});
    const failed = reportOf('2026-11-21T10:00:00.000Z', {verdict: {result: 'failed'}});
    await save(october, failed, back);
    expect(await keptDrillsIn(drills)()).toMatchObject({
      newest: {endedAtMs: ended(back), result: 'passed'},
      // Whatever takeover was in these has tested nothing.
      stopped: [{toMs: ended(back)}, {toMs: ended(failed)}],
      testedMs: ended(october),
    });
  });
  test('one that was stopped or is broken does not stand before one that counts', async () => {
    const stopped = reportOf('2026-11-21T10:00:00.000Z', {verdict: {result: 'stopped'}});
    await save(november, stopped);
    put('2026-11-22T0000.json', '{');
    expect(await keptDrillsIn(drills)()).toMatchObject({
      newest: {endedAtMs: ended(november)},
      stopped: [{fromMs: Date.parse(stopped.startedAt), toMs: ended(stopped)}],
    });
  });
});
