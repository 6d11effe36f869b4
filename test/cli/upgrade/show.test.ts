import {describe, expect, it} from 'vitest';
import {finishedPair} from '../../phases/finished-pair.js';
import {endWords, planWords} from '../../../src/cli/upgrade/show.js';
import type {PlanInput} from '../../../src/phases/phase.js';
import {planUpgrade, type UpgradeEnd} from '../../../src/plan/upgrade.js';
import {lineWidth, textOf} from '../../../src/screens/line.js';

const version = (input: PlanInput, openclaw: string) => {
  if (input.primary.openclaw.known) input.primary.openclaw.value!.version = openclaw;
  return input;
};
const shown = (lines: ReturnType<typeof planWords>) => lines.map((line) => textOf(line).trimEnd());

describe('what is shown before an upgrade', () => {
  it('versions, changes, what each step costs in protection, and what it does not try', () => {
    const input = version({...finishedPair(), version: '0.2.0'}, '2026.9.7');
    const lines = planWords(planUpgrade(input), input);
    const text = shown(lines).join('\n');
    expect(text).toContain('monitor on the standby   0.1.0 → 0.2.0');
    expect(text).toContain('OpenClaw on the standby  2026.9.6 → 2026.9.7');
    expect(text).toMatch(/monitor restarts {2}about 1 s +nobody watches/);
    expect(text).toMatch(/OpenClaw {10}0 s +swapped in one step/);
    expect(text).toContain('Not tried by an upgrade:');
    expect(Math.max(...lines.map(lineWidth))).toBeLessThanOrEqual(80);
  });
  it('another build of the same version', () => {
    const input = {...finishedPair(), programs: {monitor: '// other\n', accounts: '// accounts\n'}};
    expect(shown(planWords(planUpgrade(input), input)).join('\n')).toContain('0.1.0, another build → 0.1.0');
  });
  it('an OpenClaw that is newer than the primary’s, and stays', () => {
    const input = version(finishedPair(), '2026.9.5');
    const text = shown(planWords(planUpgrade(input), input))
      .join(' ')
      .replaceAll(/ +/g, ' ');
    expect(text).toContain("The standby's OpenClaw 2026.9.6 is newer than the primary's 2026.9.5.");
    expect(text).not.toContain('→');
  });
});

describe('what is said after it', () => {
  const end = (more: Partial<UpgradeEnd>, summary: Partial<UpgradeEnd['summary']> = {}): UpgradeEnd => ({
    gaps: [],
    unprotectedMs: 0,
    left: [],
    ...more,
    summary: {
      pair: 'default',
      nothingToDo: false,
      phases: [],
      split: {state: 'disjoint', primary: [], standby: []},
      measures: [],
      tookMs: 4_000,
      complete: true,
      ...summary,
    },
  });
  const input = finishedPair();
  it.each<[string, UpgradeEnd, string[]]>([
    ['nothing to do', end({}, {nothingToDo: true}), ['Nothing to upgrade']],
    ['at no moment', end({}), ['is upgraded, in 4 s.', 'It was unprotected at no moment.']],
    ['a quarter of a second', end({unprotectedMs: 243}), ['It was unprotected for 0.24 s in all.']],
    ['long', end({unprotectedMs: 29_100}), ['It was unprotected for 29.1 s in all.']],
    ['not seen to its end', end({unprotectedMs: null}), ['was not seen to its end']],
    ['a phase that was skipped', end({}, {complete: false}), ['in part only']],
  ])('%s', (_name, ended, parts) => {
    const text = shown(endWords(ended, input, false)).join('\n');
    for (const part of parts) expect(text).toContain(part);
  });
});
