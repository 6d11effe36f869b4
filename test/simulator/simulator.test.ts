import {spawnSync} from 'node:child_process';
import {describe, expect, test} from 'vitest';
import {auditors, elsewhere as rulesElsewhere} from './auditors/index.js';
import {elsewhere, faults} from './faults/index.js';
import {mutants} from './mutants.js';
import {run} from './run.js';
import {draw, variants} from './sequence.js';
import {shrink} from './shrink.js';
import {exactly, parseShort, short, story} from './story.js';

describe('the fault matrix', () => {
  test('each of its 75 rows is drawn here, or is shown by somebody else', () => {
    const rows = new Set(faults.map(({row}) => /^\d+/.exec(row)?.[0] ?? row));
    for (let row = 1; row <= 75; row++)
      expect(rows.has(`${row}`) || Object.hasOwn(elsewhere, `${row}`), `row ${row}`).toBe(true);
  });

  test('no row is there twice', () => {
    expect(new Set(faults.map(({row}) => row)).size).toBe(faults.length);
  });

  test('ten thousand sequences hold every fault at least 50 times, and every way that a pair is set up', () => {
    const drawn = new Map<string, number>();
    for (let seed = 1; seed <= 10_000; seed++) {
      const {variant, faults: planned} = draw(seed);
      for (const name of [variant, ...planned.map(({row}) => row)])
        drawn.set(name, (drawn.get(name) ?? 0) + 1);
    }
    for (const name of [...Object.keys(variants), ...faults.map(({row}) => row)])
      expect(drawn.get(name) ?? 0, name).toBeGreaterThanOrEqual(50);
  });
});

describe('the rules', () => {
  const audited = new Set<string>(auditors.map(([rule]) => rule));

  test('I1 to I12 are each looked at here, or shown by somebody else', () => {
    for (let n = 1; n <= 12; n++)
      expect(audited.has(`I${n}`), `I${n}`).not.toBe(Object.hasOwn(rulesElsewhere, `I${n}`));
  });

  test('each that is looked at is broken by a mistake that is put in', () => {
    const broken = new Set<string>(mutants.flatMap(({breaks}) => breaks));
    expect(broken).toEqual(audited);
  });
});

describe('a seed', () => {
  test.each([3, 14, 92])('%i tells the same story every time, to the tenth of a second', async (seed) => {
    const first = story(await run(draw(seed)));
    expect(story(await run(draw(seed)))).toBe(first);
    expect(first.split('\n').length).toBeGreaterThan(3);
  });

  test('faults in short form are the same faults', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const sequence = draw(seed);
      expect(parseShort(short(sequence))).toEqual(sequence.faults);
    }
    expect(() => parseShort('21@now')).toThrow('"21@now" is not a fault');
  });

  test('the command line runs it', () => {
    const ran = (...words: string[]) =>
      spawnSync(process.execPath, ['--import', 'tsx', 'test/simulator/cli.ts', ...words], {encoding: 'utf8'});
    const good = ran('--seed', '14', '--story');
    expect(good.stdout).toMatch(/^seed 14, /);
    expect(good.stdout).toMatch(/1 sequence, 0 failed/);
    expect(good.status).toBe(0);
    const bad = ran('--seed', 'x');
    expect(bad.stderr).toContain('--seed must be a whole number.');
    expect(bad.status).toBe(2);
  });
});

describe('a sequence that breaks a rule', () => {
  const {core} = mutants.find(({mistake}) => mistake === 'a hung gateway is given 30 s')!;

  test('is shrunk to the faults that it takes, and told with the command that shows it again', async () => {
    const long = {
      seed: 7,
      variant: 'usual',
      faults: parseShort('40@15000+0#1 48@20000+300000#2 56@30000+900000#3 5@125400+400000#4 50@200000+0#5'),
    } as const;
    const outcome = await run(long, core);
    expect(outcome.violation?.rule).toBe('I4');
    const smallest = await shrink(outcome, core);
    expect(smallest.sequence.faults.map(({row}) => row)).toEqual(['5']);
    expect(smallest.sequence.faults[0]!.forMs).toBeLessThanOrEqual(40_000);
    expect(smallest.violation?.rule).toBe('I4');
    const told = story(smallest);
    expect(told).toContain("⚡ the primary's gateway hangs (SIGSTOP)");
    expect(told).toContain('✗ I4: it takes over, and the primary has been ');
    const again = /--faults "(.+)"/.exec(exactly(smallest.sequence))![1]!;
    const repeated = await run({...smallest.sequence, faults: parseShort(again)}, core);
    expect(story(repeated)).toBe(told);
  });
});
