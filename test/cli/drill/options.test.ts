import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {drill} from '../../../src/cli/drill/drill.js';
import {exitOf} from '../../../src/cli/drill/ending.js';
import type {DrillOptions} from '../../../src/cli/drill/commands.js';
import {Abort, Exit} from '../../../src/errors.js';
import {folders} from '../../../src/pair/paths.js';
import {pairSchema} from '../../../src/pair/schema.js';
import {loadPair, savePair} from '../../../src/pair/store.js';
import {answers} from '../../phases/facts.js';
import {madeReport} from '../../drill/made-report.js';

let home: string;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'drill-options-'));
  vi.stubEnv('XDG_CONFIG_HOME', join(home, 'config'));
  vi.stubEnv('XDG_STATE_HOME', join(home, 'state'));
  await savePair(pairSchema.parse({...answers, drill: {rtoS: 60}}), folders());
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, {recursive: true, force: true});
});

/** What stands against it before any host is asked. */
async function refused(options: Partial<DrillOptions>): Promise<Abort> {
  const error = await drill({pair: 'default', input: false, ...options} as DrillOptions).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Abort);
  return error as Abort;
}
const savedTargets = async () => (await loadPair('default', folders()))?.drill;

describe('a drill is refused with exit 2', () => {
  it.each([
    ['59s', /^--revert-after: must be from 1 min to 1 h\.$/],
    ['61m', /^--revert-after: must be from 1 min to 1 h\.$/],
    ['600', /^--revert-after: "600" is no length of time/],
  ])('where the timer is to run after %s', async (revertAfter, message) => {
    const {message: said, exit} = await refused({revertAfter});
    expect(said).toMatch(message);
    expect(exit).toBe(Exit.usage);
  });

  it.each(['1m', '60s', '1h'])('and not where it is to run after %s', async (revertAfter) =>
    expect((await refused({revertAfter, confirm: 'another'})).message).not.toMatch(/revert-after/),
  );

  it('where it is to be finished and taken back at once, before a target is saved', async () => {
    const {message, exit} = await refused({finish: true, revert: true, rto: '2m'});
    expect(message).toMatch(/only one can be had/);
    expect(exit).toBe(Exit.usage);
    expect(await savedTargets()).toEqual({rtoS: 60});
  });

  it('where another pair was named than the one it is of, before a target is saved', async () => {
    const {exit} = await refused({confirm: 'another', rto: '2m'});
    expect(exit).toBe(Exit.usage);
    expect(await savedTargets()).toEqual({rtoS: 60});
  });

  it('where it is to be finished and none was cut off', async () =>
    expect(await refused({finish: true, confirm: 'default'})).toMatchObject({
      exit: Exit.usage,
      message: expect.stringMatching(/^There is no drill on this machine that was cut off/),
    }));
});

describe('the exit code of a drill', () => {
  const of = (result: 'passed' | 'remarks' | 'failed' | 'stopped', left = {}) => {
    const report = madeReport('2026-11-20T14:05:00.000Z', result);
    return {...report, left: {...report.left, ...left}};
  };
  it.each([
    ['passed', {}, Exit.ok],
    ['remarks', {}, Exit.degraded],
    ['failed', {}, Exit.failed],
    // What could not be made, or was undone by its timer, was ended by nobody.
    ['stopped', {}, Exit.failed],
    ['stopped', {interrupted: true}, Exit.interrupted],
    ['passed', {interrupted: true}, Exit.ok],
    ['stopped', {reverted: true}, Exit.ok],
    ['stopped', {reverted: true, interrupted: true}, Exit.ok],
  ] as const)('that %s (%j) is %i', (result, how, code) => expect(exitOf(of(result), how)).toBe(code));

  it.each([
    ['the primary', {primary: 'not-well'}],
    ['the standby', {standby: 'active'}],
  ])('that was taken back is 1 where %s is not as it was', (_, left) =>
    expect(exitOf(of('stopped', left), {reverted: true})).toBe(Exit.failed),
  );
});
