import {existsSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {Abort} from '../../src/errors.js';
import {drillReport, type DrillReport} from '../../src/drill/report.js';
import {runDrill} from '../../src/drill/run.js';
import {givesBack, stage, takesOver} from './engine/stage.js';
import {at, nowMs} from './engine/virtual-time.js';

vi.mock('node:timers/promises', () => import('./engine/virtual-time.js'));

let on: ReturnType<typeof stage>;
beforeEach(() => void (on = stage()));
afterEach(() => on.leave());

async function drilled(options: Partial<typeof on.options> = {}): Promise<DrillReport> {
  const end = await runDrill(on.parts, {...on.options, ...options}, on.port);
  return drillReport.parse(end);
}
const thrown = (options: Partial<typeof on.options> = {}) =>
  runDrill(on.parts, {...on.options, ...options}, on.port).then(
    () => undefined,
    (error: unknown) => error as Abort,
  );
const ran = (word: string) => on.machines.ran.filter((each) => each.includes(word));
const nobodyLocked = () => expect(ran('release the lock')).toHaveLength(ran('take the lock').length);

describe('a timer that is not seen to be armed', () => {
  it.each([
    ['not at all', () => (on.machines.timerHides = true)],
    [
      'for another time',
      () =>
        (on.machines.onCommand = (command) => {
          if (command.includes('NextElapse')) on.machines.timerAtMs = nowMs() + 200_000;
        }),
    ],
  ])('%s: nothing is broken, and nothing is left', async (_, spoil) => {
    spoil();
    const error = await thrown();
    expect(error).toBeInstanceOf(Abort);
    expect(error?.message).toMatch(/not seen to be armed; without it nothing is left broken/);
    expect(ran('drill: ')).toEqual([]);
    expect(ran('disarm').length).toBeGreaterThan(0);
    expect(existsSync(on.files.drillRunning)).toBe(false);
    nobodyLocked();
  });
});

describe('a fault that cannot be made', () => {
  it('is taken back all the same, and says nothing of the pair', async () => {
    on.machines.injectFails = true;
    on.machines.onUndo = () => undefined;
    const report = await drilled();
    expect(report).toMatchObject({
      faultAt: null,
      outcome: 'nothing',
      rpoMs: null,
      left: {primary: 'well', standby: 'asleep', deadMan: 'disarmed'},
    });
    expect(report.verdict).toMatchObject({
      result: 'stopped',
      reasons: [
        expect.stringMatching(/^The fault could not be made: Could not stop the primary's gateway cleanly/),
      ],
    });
    expect(ran('take back')).toHaveLength(1);
    nobodyLocked();
  });
});

describe('a primary that is out of reach when the fault is to be taken back', () => {
  it('is tried again until it is done', async () => {
    on.machines.onCommand = (command) => {
      if (command.includes('tested')) at(nowMs() + 15_000, () => (on.machines.lost = 40));
    };
    const report = await drilled();
    expect(ran('out of reach').length).toBe(40);
    expect(ran('take back')).toHaveLength(1);
    const views = on.events.flatMap((event) => (event.type === 'view' ? [event.view.doing] : []));
    expect(views).toContainEqual(
      expect.stringMatching(/cannot be told to take it back; it does so by itself at \d\d:\d\d:\d\d; trying/),
    );
    expect(report.left).toMatchObject({primary: 'well', standby: 'asleep', deadMan: 'disarmed'});
    expect(report.verdict.result).toBe('passed');
  });

  it('is given up a minute after it must have undone it by itself', async () => {
    on.machines.onCommand = (command) => {
      if (command.includes('tested')) at(nowMs() + 15_000, () => (on.machines.lost = 10_000));
    };
    const report = await drilled();
    expect(report.left).toMatchObject({primary: 'unknown', standby: 'active', deadMan: 'unknown'});
    expect(report.left.say).not.toContain('once more');
    expect(report.verdict.reasons[0]).toMatch(/^The fault could not be taken back from here: /);
    expect(report.verdict.result).toBe('failed');
    expect(Date.parse(report.endedAt) - Date.parse(report.startedAt)).toBeGreaterThan(660_000);
  });
});

describe('a primary that does not become ready', () => {
  it('is restarted once; then it is not well, and the timer stays armed', async () => {
    on.machines.starts = false;
    on.machines.onUndo = () => undefined;
    const report = await drilled();
    expect(ran('--user restart')).toHaveLength(1);
    expect(ran('disarm')).toEqual([]);
    expect(on.machines.timerAtMs).not.toBeNull();
    expect(report.left).toMatchObject({primary: 'not-well', standby: 'active', deadMan: 'armed'});
    expect(report.left.say).toMatch(/takes the fault back once more by itself at/);
    expect(report.verdict).toMatchObject({
      result: 'failed',
      reasons: ['The primary did not become well again.'],
    });
  });

  it('is well where the restart helps, with a remark', async () => {
    on.machines.starts = false;
    on.machines.onUndo = () => undefined;
    on.machines.onCommand = (command) => {
      if (!command.includes('--user restart')) return;
      on.machines.starts = true;
      on.monitor.play(givesBack);
    };
    const report = await drilled();
    expect(report.left).toMatchObject({primary: 'well', standby: 'asleep', deadMan: 'disarmed'});
    expect(report.verdict).toMatchObject({
      result: 'remarks',
      reasons: [],
      remarks: [expect.stringMatching(/was restarted once/)],
    });
  });
});

describe('a standby that does not take over', () => {
  it('is not waited for any longer once it is blocked, and both hosts come to rest', async () => {
    on.machines.onInject = () =>
      on.monitor.play([
        ...takesOver.slice(0, 3),
        [36_400, 'attempt-failed', 'promoting', {say: "The standby's gateway did not start (failed)."}],
        [41_600, 'retrying', 'promoting'],
        [42_600, 'blocked', 'blocked', {level: 'alert', say: 'It does not stay up (unit failed).'}],
      ]);
    on.machines.onUndo = () => on.monitor.play([[40_000, 'unblocked', 'watching']]);
    const report = await drilled();
    expect(report.verdict.result).toBe('failed');
    expect(report.verdict.reasons[0]).toBe(
      'The standby did not take over as it should: blocked: the standby could not take over.',
    );
    expect(report.left).toMatchObject({primary: 'well', standby: 'asleep', deadMan: 'disarmed'});
    // At rest is at rest: nothing is waited for that does not come.
    const tookMs = Date.parse(report.endedAt) - Date.parse(report.faultAt!);
    expect(tookMs).toBeGreaterThan(82_000);
    expect(tookMs).toBeLessThan(90_000);
  });

  it('is not waited for when something holds it back for long', async () => {
    on.machines.onInject = () =>
      on.monitor.play([
        ...takesOver.slice(0, 2),
        [35_600, 'held', 'suspect', {say: 'It is dead; the standby does not take over: it is paused.'}],
      ]);
    on.machines.onUndo = () => on.monitor.play([[12_000, 'cleared', 'watching']]);
    const report = await drilled();
    expect(report.verdict.reasons[0]).toBe('The standby does not take over: it is paused.');
    expect(report).toMatchObject({outcome: 'nothing', left: {primary: 'well', standby: 'asleep'}});
    expect(Date.parse(report.endedAt) - Date.parse(report.faultAt!)).toBeLessThan(75_000);
  });

  it('that notices nothing has failed after what is promised and two tries', async () => {
    on.machines.onInject = () => undefined;
    on.machines.onUndo = () => undefined;
    const report = await drilled();
    expect(report.verdict.reasons).toEqual(['The standby did not notice that the primary is down.']);
    // It was the drill that brought it back.
    expect(report).toMatchObject({outcome: 'nothing', rtoMs: null});
    const tookMs = Date.parse(report.endedAt) - Date.parse(report.faultAt!);
    expect(tookMs).toBeGreaterThan(71_000 + 150_000);
    expect(tookMs).toBeLessThan(71_000 + 152_000);
  });

  it('does not give back: that is a failure of its own', async () => {
    on.machines.onUndo = () => on.monitor.play(givesBack.slice(0, 1));
    const report = await drilled();
    expect(report.verdict).toMatchObject({
      result: 'failed',
      reasons: ['The standby was not at rest in time.', 'The standby did not give back.'],
    });
    expect(report.left).toMatchObject({primary: 'well', standby: 'active', deadMan: 'disarmed'});
  });
});
