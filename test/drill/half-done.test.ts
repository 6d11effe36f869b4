import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {undoScript} from '../../src/drill/dead-man.js';
import {faults} from '../../src/drill/faults.js';
import {dropRecord, saveRecord, type DrillRecord} from '../../src/drill/record.js';
import {drillReport, type DrillReport, type StageId} from '../../src/drill/report.js';
import {endHalfDone, halfDone} from '../../src/drill/run.js';
import {Exit} from '../../src/errors.js';
import {givesBack, stage, takesOver} from './engine/stage.js';
import {nowMs, passTo} from './engine/virtual-time.js';

vi.mock('node:timers/promises', () => import('./engine/virtual-time.js'));

let on: ReturnType<typeof stage>;
beforeEach(() => void (on = stage()));
afterEach(() => on.leave());

const ran = (word: string) => on.machines.ran.filter((each) => each.includes(word));

describe('a drill that was cut off', () => {
  /** Ten seconds after its fault, by a process that is gone. */
  async function cutOff(change: Partial<DrillRecord> = {}, steps = takesOver): Promise<DrillRecord> {
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
    on.monitor.play(steps);
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

  it('with a primary that had come by itself is not waited for once more', async () => {
    const record = await cutOff(
      {
        fault: 'kill',
        soFar: {
          marks: [{id: 'primary-ready', atMs: nowMs() + 3_000, note: 'by itself'}],
          proofs: [],
          problems: [],
          notes: [],
          stopped: null,
          concluded: false,
        },
      },
      [],
    );
    on.machines.gateway = 'ready';
    const report = await ended(record, 'finish');
    expect(report).toMatchObject({outcome: 'primary-back', rtoMs: 3_000, verdict: {result: 'passed'}});
  });

  it('that somebody else has ended meanwhile is over, and its report stays', async () => {
    const record = await cutOff();
    await dropRecord(on.files.drillRunning);
    expect(await endHalfDone(on.parts, record, 'finish', on.options, on.port)).toEqual({none: 'nothing'});
    expect(ran('take back')).toEqual([]);
    expect(on.kept).toEqual([]);
    expect(existsSync(on.files.drillRunning)).toBe(false);
  });

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

  describe('after its fault was taken back', () => {
    const nothing = {marks: [], proofs: [], problems: [], notes: [], stopped: null, concluded: true};
    /** Concluded at some ms since the fault. */
    async function undone(
      soFar: Partial<NonNullable<DrillRecord['soFar']>>,
      change: Partial<DrillRecord> = {},
    ): Promise<DrillRecord> {
      const record = await cutOff({...change, soFar: {...nothing, ...soFar}});
      on.machines.gateway = 'ready';
      on.monitor.play(givesBack.map(([ms, ...rest]) => [ms + 50_000, ...rest] as const));
      passTo(record.faultAtMs! + 61_000);
      return record;
    }
    const at = (ms: number) => nowMs() + ms;
    const ms = ({stages}: DrillReport, id: StageId) => stages.find((each) => each.id === id)?.ms;

    it('is finished with what was seen and done before, also where its timer is disarmed', async () => {
      const proofs = [
        {kind: 'channel', ok: true, ms: 53_600, detail: 'irc backup is connected'},
        {kind: 'message', ok: true, ms: 55_000, detail: 'it was answered'},
      ] as const;
      const record = await undone({
        proofs: [...proofs],
        marks: [
          {id: 'answered', atMs: at(55_000), note: ''},
          {id: 'undone', atMs: at(56_000), note: ''},
          {id: 'primary-ready', atMs: at(58_000), note: ''},
        ],
      });
      on.machines.timerAtMs = null;
      const report = await ended(record, 'finish');
      expect(report).toMatchObject({
        outcome: 'takeover',
        rtoMs: 53_600,
        proofs,
        verdict: {result: 'passed', reasons: [], remarks: []},
        left: {primary: 'well', standby: 'asleep', deadMan: 'disarmed'},
      });
      expect([ms(report, 'answered'), ms(report, 'undone'), ms(report, 'primary-ready')]).toEqual([
        55_000, 56_000, 58_000,
      ]);
      expect(ran('take back')).toEqual([]);
      const views = on.events.flatMap((event) => (event.type === 'view' ? [event.view] : []));
      expect(views.at(-1)).toMatchObject({revertAtMs: null});
    });

    it('and before the primary was seen ready: it may have been so sooner', async () => {
      const report = await ended(
        await undone({marks: [{id: 'undone', atMs: at(54_000), note: ''}]}),
        'finish',
      );
      expect(ms(report, 'undone')).toBe(54_000);
      expect(report.stages.find(({id}) => id === 'primary-ready')).toMatchObject({
        note: 'or sooner: nobody looked',
      });
      expect(report.verdict.result).toBe('passed');
      expect(on.machines.timerAtMs).toBeNull();
    });

    it('and whose timer has run since, found nothing to do then', async () => {
      on.machines.firedAt = new Date(nowMs() + 58_000).toISOString();
      const record = await undone({marks: [{id: 'undone', atMs: at(54_000), note: ''}]});
      on.machines.timerAtMs = null;
      expect((await ended(record, 'finish')).verdict).toMatchObject({result: 'passed', reasons: []});
    });

    it('or had not to be, because the primary came by itself, is what it had come to', async () => {
      const marks = [{id: 'primary-ready', atMs: at(3_000), note: 'by itself'}] as const;
      const record = await cutOff({fault: 'kill', soFar: {...nothing, marks: [...marks]}}, []);
      on.machines.gateway = 'ready';
      on.machines.timerAtMs = null;
      expect(await ended(record, 'finish')).toMatchObject({
        fault: 'kill',
        outcome: 'primary-back',
        verdict: {result: 'passed', reasons: []},
      });
    });

    it('later than anybody would wait: what waited for the operator is no remark', async () => {
      const record = await undone({});
      on.parts.usual = (_, id) => (id === 'connected' ? 10_000 : 1_000);
      passTo(nowMs() + 400_000);
      const {verdict, stages} = await ended(record, 'finish');
      expect(stages.find(({id}) => id === 'undone')!.ms).toBeGreaterThan(400_000);
      expect(verdict.remarks.filter((remark) => /undone|primary ready|answered|rest/.test(remark))).toEqual(
        [],
      );
      expect(verdict.remarks).toContainEqual(expect.stringMatching(/^"bot connected" came after/));
    });

    it('proves nothing where it had been ended', async () => {
      const stopped = 'The operator ended it.';
      const report = await ended(
        await undone({stopped, marks: [{id: 'undone', atMs: at(54_000), note: ''}]}),
        'finish',
      );
      expect(report.verdict).toMatchObject({result: 'stopped', reasons: [stopped]});
    });

    it('has failed where it had', async () => {
      const why = 'The standby does not take over: paused.';
      const report = await ended(
        await undone({problems: [why], marks: [{id: 'undone', atMs: at(54_000), note: ''}]}),
        'finish',
      );
      expect(report.verdict).toMatchObject({result: 'failed', reasons: [why]});
    });

    it('had been held, and is: a network that is whole again is no primary that came back', async () => {
      on.machines.onUndo = () => undefined;
      const marks = [
        {id: 'held', atMs: at(8_000), note: 'the private network is cut'},
        {id: 'undone', atMs: at(8_500), note: ''},
      ] as const;
      const record = await cutOff(
        {fault: 'partition', stoppingMs: null, soFar: {...nothing, marks: [...marks]}},
        [
          [4_600, 'trouble', 'suspect', {reason: 'partition'}],
          [9_000, 'cleared', 'watching'],
        ],
      );
      on.machines.gateway = 'ready';
      const report = await ended(record, 'finish');
      expect(report).toMatchObject({
        fault: 'partition',
        outcome: 'held',
        verdict: {result: 'passed', reasons: [], remarks: []},
      });
    });
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
