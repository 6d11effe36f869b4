import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {undoScript} from '../../src/drill/dead-man.js';
import {faults} from '../../src/drill/faults.js';
import {saveRecord, type DrillRecord} from '../../src/drill/record.js';
import {drillReport} from '../../src/drill/report.js';
import {endHalfDone, halfDone} from '../../src/drill/run.js';
import {Exit} from '../../src/errors.js';
import {stage, takesOver} from './engine/stage.js';
import {nowMs, passTo} from './engine/virtual-time.js';

vi.mock('node:timers/promises', () => import('./engine/virtual-time.js'));

let on: ReturnType<typeof stage>;
beforeEach(() => void (on = stage()));
afterEach(() => on.leave());

const ran = (word: string) => on.machines.ran.filter((each) => each.includes(word));

describe('a drill that was cut off', () => {
  /** Ten seconds after its fault, by a process that is gone. */
  async function cutOff(change: Partial<DrillRecord> = {}): Promise<DrillRecord> {
    const record: DrillRecord = {
      version: 1,
      id: '2026-11-20T1355',
      pair: 'default',
      fault: 'stop',
      startedAt: new Date(nowMs()).toISOString(),
      who: 'ops',
      machine: 'laptop',
      pid: 2 ** 22 + 1,
      faultAtMs: nowMs(),
      stoppingMs: 300,
      revertAtMs: nowMs() + 600_000,
      targets: {rtoMs: 71_000, rtoFrom: 'promise', rpoMs: null},
      checks: [],
      forced: false,
      workspace: {rpoMs: 90_000, behind: 1, dirty: 2},
      ...change,
    };
    await saveRecord(on.files.drillRunning, record);
    on.machines.gateway = 'down';
    on.machines.timerAtMs = record.revertAtMs;
    on.monitor.play(takesOver);
    passTo(nowMs() + 10_000);
    return record;
  }
  /** One of which this machine has no record. */
  const endedUnknown = async () =>
    drillReport.parse(await endHalfDone(on.parts, undefined, 'revert', on.options, on.port));
  const ended = async (record: DrillRecord, how: 'finish' | 'revert') =>
    drillReport.parse(await endHalfDone(on.parts, record, how, on.options, on.port));

  it("is found, and is somebody else's while its process runs", async () => {
    const record = await cutOff();
    expect(await halfDone(on.parts)).toEqual(record);
    const other = spawn('/bin/sh', ['-c', 'sleep 5; :', 'failover-wizard'], {stdio: 'ignore'});
    await saveRecord(on.files.drillRunning, {...record, pid: other.pid!});
    await expect(halfDone(on.parts)).rejects.toThrow(/is under way on this machine since .*, process \d+\.$/);
    other.kill();
  });

  it('is finished from where it stands, with the figures of all of it', async () => {
    const report = await ended(await cutOff(), 'finish');
    expect(report).toMatchObject({
      id: '2026-11-20T1355',
      outcome: 'takeover',
      rtoMs: 53_600,
      // As it was at the fault, not as it is now.
      rpoMs: 90_000,
      workspace: {behind: 1, dirty: 2},
      verdict: {result: 'passed', reasons: []},
      left: {primary: 'well', standby: 'asleep', deadMan: 'disarmed'},
    });
    expect(report.stages.find(({id}) => id === 'stopping')?.ms).toBe(-300);
    expect(ran('drill: stop')).toEqual([]);
    expect(existsSync(on.files.drillRunning)).toBe(false);
  });

  it('is taken back, and both hosts come to rest', async () => {
    on.machines.onUndo = () => on.monitor.play([[12_000, 'cleared', 'watching']]);
    const record = await cutOff();
    const report = await ended(record, 'revert');
    expect(report.verdict).toMatchObject({
      result: 'stopped',
      reasons: [expect.stringMatching(/was found half-done, and was taken back/)],
    });
    expect(report.left).toMatchObject({primary: 'well', deadMan: 'disarmed'});
    expect(existsSync(on.files.drillRunning)).toBe(false);
  });

  it('that nobody here remembers is taken back as well', async () => {
    on.machines.gateway = 'down';
    on.machines.onUndo = () => undefined;
    on.machines.look['mark'] = JSON.stringify({
      id: 'another',
      fault: 'hang',
      startedAt: '2026-11-20T13:50:00.000Z',
      who: 'anna',
      machine: 'desk',
    });
    const report = await endedUnknown();
    expect(report).toMatchObject({
      // No report that is kept already is written over, and no host says the name of a file.
      id: on.options.id,
      fault: 'hang',
      startedAt: '2026-11-20T13:50:00.000Z',
      faultAt: null,
      verdict: {result: 'stopped'},
    });
    expect(report.left).toMatchObject({primary: 'well', standby: 'asleep', deadMan: 'disarmed'});
    expect(ran('take back')).toEqual([expect.stringContaining(faults.hang.title)]);
  });

  it.each([
    ['a network that is cut', () => (on.machines.look['is-cut'] = 'yes'), 'partition'],
    ['a timer that is armed', () => (on.machines.timerAtMs = nowMs() + 60_000), 'stop'],
  ])('of which nothing is left but %s is taken back as well', async (_, leaves, fault) => {
    on.machines.onUndo = () => undefined;
    leaves();
    expect(await endedUnknown()).toMatchObject({fault, verdict: {result: 'stopped'}});
    expect(ran('take back')).toHaveLength(1);
  });

  it('and is over: there is nothing to take back, and no report of it', async () => {
    expect(await endHalfDone(on.parts, undefined, 'revert', on.options, on.port)).toEqual({none: 'nothing'});
    expect(ran('take back')).toEqual([]);
    expect(ran('disarm')).toEqual([]);
    expect(on.kept).toEqual([]);
    expect(ran('release the lock')).toHaveLength(ran('take the lock').length);
  });

  it.each(['finish', 'revert'] as const)('%s: is judged by what was decided when it began', async (how) => {
    const checks = [{id: 'config', sign: 'stop', say: 'It is refused.'}] as const;
    const targets = {rtoMs: 50_000, rtoFrom: 'pair', rpoMs: 80_000} as const;
    on.parts.pair = {...on.parts.pair, drill: {rtoS: 600}};
    const report = await ended(await cutOff({forced: true, checks: [...checks], targets}), how);
    expect(report).toMatchObject({targets, preflight: {checks, forced: true}});
    if (how === 'finish')
      expect(report.verdict.reasons).toEqual([
        'A bot was there again after 53.6 s; the target is 50 s.',
        'The workspace was 1 min old; the target is 1 min.',
      ]);
  });

  it('before its fault was seen to be made is taken back, also by somebody who wants to finish it', async () => {
    on.machines.onUndo = () => on.monitor.play([[2_000, 'cleared', 'watching']]);
    const report = await ended(await cutOff({faultAtMs: null, stoppingMs: null}), 'finish');
    expect(report).toMatchObject({
      faultAt: null,
      rtoMs: null,
      verdict: {result: 'stopped', reasons: [expect.stringMatching(/was found half-done/)]},
    });
    expect(ran('take back')).toHaveLength(1);
  });

  it.each(['finish', 'revert'] as const)(
    '%s: may be left while both hosts are looked at, and is remembered',
    async (how) => {
      const record = await cutOff();
      on.machines.onCommand = (command) => {
        if (command.includes('look at the primary')) on.stop.abort();
      };
      await expect(ended(record, how)).rejects.toMatchObject({exit: Exit.interrupted});
      expect(ran(undoScript)).toHaveLength(how === 'revert' ? 1 : 0);
      expect(ran('take back')).toEqual([]);
      expect(existsSync(on.files.drillRunning)).toBe(true);
      expect(ran('release the lock')).toHaveLength(ran('take the lock').length);
    },
  );

  it('that the primary undid by itself cannot be finished any more, and is told as it is', async () => {
    on.machines.onUndo = () => on.monitor.play([[2_000, 'cleared', 'watching']]);
    const record = await cutOff();
    on.machines.timerAtMs = null;
    on.machines.gateway = 'ready';
    const report = await ended(record, 'finish');
    expect(report.verdict).toMatchObject({
      result: 'stopped',
      reasons: [expect.stringMatching(/the primary undid it by itself before it could be finished/)],
    });
    expect(ran('drill: stop')).toEqual([]);
  });

  it('is taken back on the primary first, before anything else is looked at', async () => {
    on.machines.onUndo = () => on.monitor.play([[12_000, 'cleared', 'watching']]);
    await ended(await cutOff(), 'revert');
    expect(on.machines.ran.slice(0, 3)).toEqual([
      expect.stringMatching(/^primary: take the lock/),
      `primary: drill: run ${undoScript}`,
      expect.stringMatching(/^primary: release the lock/),
    ]);
  });

  it('is not taken back under the hands of whoever still runs it elsewhere', async () => {
    const record = await cutOff();
    on.machines.holder.primary = JSON.stringify({
      who: 'anna',
      machine: 'desk',
      pid: 7,
      nonce: '123e4567-e89b-42d3-a456-426614174000',
      when: '2026-11-20T13:59:00.000Z',
      why: 'drill (stop) of the pair default',
    });
    await expect(ended(record, 'revert')).rejects.toThrow(/^The primary is locked: anna@desk/);
    expect(ran('drill: ')).toEqual([]);
    expect(existsSync(on.files.drillRunning)).toBe(true);
  });

  it('is taken back on the primary even when nothing can be seen of the standby', async () => {
    const record = await cutOff();
    on.parts.facts = (host) => (host === 'standby' ? undefined : on.facts.primary);
    await expect(ended(record, 'revert')).rejects.toThrow(
      /^The fault was taken back on the primary\. What became of it was not seen: The standby could not be read/,
    );
    expect(ran(undoScript)).toHaveLength(1);
    // Its timer is still armed, and nobody has seen the primary well.
    expect(existsSync(on.files.drillRunning)).toBe(true);
  });
});
