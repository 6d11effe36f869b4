import {describe, expect, test} from 'vitest';
import {chaptersIn} from '../../src/explain/chapters.js';
import {compare, giveBackText, outcomeText} from '../../src/explain/compare.js';
import {parseRecord} from '../../src/explain/parse.js';
import {compareText, notes} from '../../src/explain/text.js';
import {readWhatIf} from '../../src/explain/what-if.js';
import {widthOf} from '../../src/screens/clip.js';
import {textOf} from '../../src/screens/line.js';
import {keptRun, played, type Kept} from './recorded.js';

const withWords = (name: Kept, ...given: string[]) =>
  compare(keptRun(name).chapters, readWhatIf(given)!).map((one) =>
    one.kind === 'suspicion' ? outcomeText(one.would) : giveBackText(one.would),
  );

describe('with other settings the recorded probes mean', () => {
  test.each([
    ['stopped', 'holds.stopped=30s', 'verdict at +31 s: stopped'],
    ['stopped', 'holds.stopped=10s', 'verdict at +11 s: stopped'],
    ['stopped', 'holds.stopped=2m', 'verdict at +2:01: stopped ¹'],
    ['stopped', 'holds.stopped=10m', 'never: the primary answered again at +5:16, 40 s before the verdict ¹'],
    ['stopped', 'profile=classic', 'verdict at +21 s: classic'],
    ['stopped', 'fail=3', 'verdict at +21 s: classic'],
    ['stopped', 'fail=4', 'verdict at +31 s: classic'],
    ['stopped', 'profile=default', 'verdict at +31 s: stopped'],
    ['cleared', 'fail=2', 'verdict at +11 s: classic'],
    ['cleared', 'fail=4', 'never: the primary answered again at +24 s'],
    ['cleared', 'holds.stopped=12s', 'verdict at +13 s: stopped'],
    ['partition', 'onPartition=promote', 'verdict at +30.3 s: partition'],
    ['partition', 'onPartition=hold', 'never: the primary answered again at'],
    ['paused', 'fail=3', 'held from +20'],
    ['stopped', 'rise=8', 'gave back at +35 s'],
    ['stopped', 'riseFor=10s', 'gave back at +10 s'],
    ['stopped', 'minActive=10m', 'not by +50 s, where the record ends, due at +5:27'],
    ['stopped', 'failback=manual', 'held (failback is manual); the record ends at +50 s'],
  ] as const)('%s, %s: %s', (name, given, expected) => {
    const [would, ...more] = withWords(name, given);
    expect(would).toContain(expected);
    expect(more).toEqual([]);
  });

  test('the same settings change nothing, whatever happened', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      // oxlint-disable-next-line no-await-in-loop
      const {world} = await played(seed);
      const chapters = chaptersIn(parseRecord(world.standby.record));
      const hold = chapters[0]?.replayed.segment.settings.holds.drainingMs ?? 0;
      for (const {kind, was, would, chapter} of compare(
        chapters,
        readWhatIf([`holds.draining=${hold}ms`, 'minActive=2m'])!,
      )) {
        const same = {...would, atMs: 0, ...(kind === 'suspicion' && {assumedMs: null})};
        const before = {...was, atMs: 0, ...(kind === 'suspicion' && {assumedMs: null})};
        expect(same.kind, `seed ${seed} ${kind} at ${chapter.zeroMs}`).toBe(before.kind);
        if (would.kind !== 'unknown') expect(would.atMs, `seed ${seed} ${chapter.zeroMs}`).toBe(was.atMs);
      }
    }
  }, 60_000);

  test('what is taken as still true is said, and that the hosts are not known', () => {
    const compared = (given: string) => compare(keptRun('stopped').chapters, readWhatIf([given])!);
    expect(notes(compared('holds.stopped=2m'))[0]).toContain('the last answers are taken as still true');
    expect(notes(compared('holds.stopped=10s'))).toHaveLength(1);
    expect(notes(compared('holds.stopped=10s'))[0]).toContain('is not known');
  });

  test('side by side in 80 columns', () => {
    const whatIf = readWhatIf(['onPartition=promote', 'holds.partition=20s'])!;
    const compared = compare(keptRun('partition').chapters, whatIf);
    const lines = compareText(compared, whatIf.words, 80).map(textOf);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80);
    expect(lines[0]).toMatch(/^ {22}as it was +with onPartition=promote,/);
  });
});

describe('what --what-if takes', () => {
  test.each([
    [['foo=1'], '--what-if does not know "foo".'],
    [['fail'], '--what-if fail takes a number from 2 to 20'],
    [['fail=1'], 'and not "1".'],
    [['holds.stopped=ten'], '--what-if holds.stopped takes a time such as 10s, and not "ten".'],
    [['rise=5', 'rise=6'], '--what-if names rise twice.'],
    [['fail=4', 'profile=default'], 'leave out profile and holds.classic'],
    [['failback=never'], '--what-if failback takes auto or manual'],
  ])('not %j: exit 2, with all keys', (given, sentence) => {
    try {
      readWhatIf(given);
      expect.fail('it was taken');
    } catch (error) {
      expect(error).toMatchObject({exit: 2});
      expect((error as Error).message).toContain(sentence);
      expect((error as {detail: string}).detail).toMatch(
        /^fail: .*\n.*holds\.NAME.*plainHung, classic\n.*minActive/s,
      );
    }
  });

  test('a time that no monitor would take over is refused with the words of its check', () => {
    const whatIf = readWhatIf(['holds.hung=2h'])!;
    expect(() => compare(keptRun('stopped').chapters, whatIf)).toThrow(
      'No monitor would take over holds.hung=2h: monitor.holds.hungMs must be a whole number from 0 to 600000.',
    );
  });

  test('nothing given is nothing', () => {
    expect(readWhatIf(undefined)).toBeUndefined();
  });
});
