import {mkdtemp, mkdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {dueOf, everyMs} from '../../src/drill/due.js';
import {newestDrillsOf} from '../../src/drill/newest.js';
import {madeReport} from './made-report.js';

const now = Date.parse('2026-11-27T12:00:00Z');

describe('the next drill', () => {
  it.each([
    ['is due where there was none', [], null, true],
    ['is due where none has passed', [madeReport('2026-11-20T12:00:00Z', 'failed')], null, true],
    [
      'is not due 29 days after one',
      [madeReport('2026-10-29T12:00:00Z', 'passed')],
      '2026-11-28T12:00:00.000Z',
      false,
    ],
    [
      'is due 30 days after one, to the ms',
      [madeReport('2026-10-28T12:00:00Z', 'passed')],
      '2026-11-27T12:00:00.000Z',
      true,
    ],
    [
      'counts from one with remarks as well',
      [madeReport('2026-11-01T12:00:00Z', 'remarks')],
      '2026-12-01T12:00:00.000Z',
      false,
    ],
    [
      'is due where a primary was back before the standby was needed',
      [madeReport('2026-11-20T12:00:00Z', 'passed', {outcome: 'primary-back'})],
      null,
      true,
    ],
    [
      'counts from the takeover before one that was held',
      [
        madeReport('2026-11-20T12:00:00Z', 'passed', {outcome: 'held'}),
        madeReport('2026-11-01T12:00:00Z', 'passed'),
      ],
      '2026-12-01T12:00:00.000Z',
      false,
    ],
    [
      'counts from none that took over and failed',
      [madeReport('2026-11-20T12:00:00Z', 'failed', {outcome: 'takeover'})],
      null,
      true,
    ],
    [
      'counts from the newest that passed, in whatever order they come',
      [
        madeReport('2026-11-10T12:00:00Z', 'stopped'),
        madeReport('2026-11-05T12:00:00Z', 'passed'),
        madeReport('2026-09-01T12:00:00Z', 'passed'),
      ],
      '2026-12-05T12:00:00.000Z',
      false,
    ],
  ])('%s', (_, reports, dueAt, isDue) => {
    const due = dueOf(reports, now);
    expect({at: due.dueMs === null ? null : new Date(due.dueMs).toISOString(), isDue: due.isDue}).toEqual({
      at: dueAt,
      isDue,
    });
    if (due.passedMs !== null) expect(due.dueMs).toBe(due.passedMs + everyMs);
  });

  it('knows how the newest of all ended', () => {
    const reports = [
      madeReport('2026-11-20T12:00:00Z', 'failed'),
      madeReport('2026-11-01T12:00:00Z', 'passed'),
    ];
    expect(dueOf(reports, now).newest).toMatchObject({
      id: '2026-11-20T1200',
      result: 'failed',
      say: 'It failed.',
    });
    expect(dueOf([], now).newest).toBeNull();
  });
});

describe('the reports in a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drills-'));
  });
  afterEach(() => rm(folder, {recursive: true}));
  const put = (name: string, value: unknown) =>
    writeFile(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));

  it('are none where there is no folder', async () => {
    expect(await newestDrillsOf(join(folder, 'nowhere'))).toEqual([]);
  });

  it('are read from the newest back to the first that passed', async () => {
    await put('2026-09-01T1200.json', madeReport('2026-09-01T12:00:00Z', 'passed'));
    await put('2026-10-01T1200.json', madeReport('2026-10-01T12:00:00Z', 'remarks'));
    for (const number of [2, 9, 10])
      await put(
        `2026-11-01T1200-${number}.json`,
        madeReport('2026-11-01T12:00:00Z', 'failed', {id: `2026-11-01T1200-${number}`}),
      );
    expect((await newestDrillsOf(folder)).map(({id}) => id)).toEqual([
      '2026-11-01T1200-10',
      '2026-11-01T1200-9',
      '2026-11-01T1200-2',
      '2026-10-01T1200',
    ]);
  });

  it('are read on past those that needed no takeover', async () => {
    await put('2026-10-01T1200.json', madeReport('2026-10-01T12:00:00Z', 'passed'));
    await put(
      '2026-11-01T1200.json',
      madeReport('2026-11-01T12:00:00Z', 'passed', {outcome: 'primary-back'}),
    );
    expect((await newestDrillsOf(folder)).map(({id}) => id)).toEqual(['2026-11-01T1200', '2026-10-01T1200']);
  });

  it('may stand among what is none', async () => {
    const good = madeReport('2026-10-01T12:00:00Z', 'passed');
    await put('2026-10-01T1200.json', good);
    await put('2026-10-01T1200.md', '# A drill');
    await put('2026-10-02T1200.json', '{"version": 1');
    await put('2026-10-03T1200.json', {...good, version: 2});
    await put('2026-10-04T1200.json.a1b2.tmp', good);
    await mkdir(join(folder, '2026-10-05T1200.json'));
    expect(await newestDrillsOf(folder)).toEqual([good]);
  });
});
