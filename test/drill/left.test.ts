import {existsSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {Abort, ConnectionLost, Exit} from '../../src/errors.js';
import {loadRecord} from '../../src/drill/record.js';
import {drillReport, type DrillReport} from '../../src/drill/report.js';
import {runDrill} from '../../src/drill/run.js';
import {stage} from './engine/stage.js';
import {at, nowMs} from './engine/virtual-time.js';

vi.mock('node:timers/promises', () => import('./engine/virtual-time.js'));

let on: ReturnType<typeof stage>;
beforeEach(() => void (on = stage()));
afterEach(() => on.leave());

const drilled = async (): Promise<DrillReport> =>
  drillReport.parse(await runDrill(on.parts, on.options, on.port));
const ran = (word: string) => on.machines.ran.filter((each) => each.includes(word));
/** Some time after the fault. */
const after = (ms: number, act: () => void) => {
  const before = on.machines.onInject;
  on.machines.onInject = () => {
    before();
    at(nowMs() + ms, act);
  };
};

describe('Ctrl+C', () => {
  it('while something is waited for: it is taken back first, then left, and proves nothing', async () => {
    after(10_000, () => on.stop.abort());
    on.machines.onUndo = () => on.monitor.play([[12_000, 'cleared', 'watching']]);
    const report = await drilled();
    expect(report).toMatchObject({
      outcome: 'nothing',
      rtoMs: null,
      verdict: {result: 'stopped', reasons: ['The operator ended it.']},
      left: {primary: 'well', deadMan: 'disarmed'},
    });
    // Nobody who wants to leave waits for the standby.
    expect(Date.parse(report.endedAt) - Date.parse(report.faultAt!)).toBeLessThan(11_000);
    const [undo, disarm] = ['take back', 'disarm'].map((word) =>
      on.machines.ran.findIndex((each) => each.includes(word)),
    );
    expect(undo).toBeGreaterThan(0);
    expect(disarm).toBeGreaterThan(undo!);
    expect(existsSync(on.files.drillRunning)).toBe(false);
    const views = on.events.flatMap((event) => (event.type === 'view' ? [event.view] : []));
    expect(views.at(-1)).toMatchObject({stopping: true});
    expect(ran('release the lock')).toHaveLength(2);
  });

  it('before a takeover that comes while the primary is still starting: that is called a test all the same', async () => {
    after(10_000, () => on.stop.abort());
    on.machines.onUndo = () => {
      on.machines.gateway = 'down';
      at(nowMs() + 60_000, () => (on.machines.gateway = 'ready'));
    };
    expect((await drilled()).verdict.result).toBe('stopped');
    expect(ran('ask the monitor: tested')).toHaveLength(1);
  });

  it('while a gateway finishes what it does: it is started again', async () => {
    on.machines.onCommand = (command) => {
      if (command.includes('drill: stop')) on.stop.abort();
    };
    on.machines.onInject = () => undefined;
    on.machines.onUndo = () => undefined;
    const report = await drilled();
    expect(ran('take back')).toHaveLength(1);
    expect(report).toMatchObject({
      faultAt: null,
      verdict: {result: 'stopped', reasons: ['The operator ended it.']},
    });
  });

  it('before anything is broken: nothing is', async () => {
    on.machines.onCommand = (command) => {
      if (command.includes('primary: arm')) on.stop.abort();
    };
    on.machines.onUndo = () => undefined;
    const report = await drilled();
    expect(ran('drill: stop')).toEqual([]);
    expect(report.verdict.result).toBe('stopped');
    expect(on.machines.timerAtMs).toBeNull();
  });

  it('while the standby gives back: it is left as it is, and said how', async () => {
    after(80_000, () => on.stop.abort());
    const report = await drilled();
    expect(report.verdict).toMatchObject({
      result: 'stopped',
      reasons: ['The operator ended it before the standby was at rest.'],
    });
    expect(report.left).toMatchObject({
      primary: 'well',
      standby: 'active',
      say: 'The primary is well; the standby is in charge, and gives back by itself once the primary has stayed well.',
    });
  });

  it('the second time leaves at once: the record is kept, and the primary undoes it by itself', async () => {
    after(10_000, () => {
      on.stop.abort();
      on.force.abort();
    });
    const error = await runDrill(on.parts, on.options, on.port).catch((thrown: unknown) => thrown as Abort);
    expect(error).toMatchObject({
      exit: Exit.interrupted,
      message: expect.stringMatching(
        /^The drill was left in the middle\. The primary undoes the fault by itself at \d\d:/,
      ),
      next: ['To take it back now: failover-wizard drill --revert --pair default'],
    });
    expect(on.machines.timerAtMs).not.toBeNull();
    expect(await loadRecord(on.files.drillRunning)).toMatchObject({
      fault: 'stop',
      faultAtMs: expect.any(Number),
    });
    expect(ran('release the lock')).toHaveLength(2);
  });

  it.each([
    ['while the primary is out of reach', () => (on.machines.lost = 10_000)],
    ['while the primary gets ready', () => (on.machines.starts = false)],
  ])('the second time, %s, leaves at once as well', async (_, spoil) => {
    after(10_000, () => {
      spoil();
      on.stop.abort();
    });
    after(20_000, () => on.force.abort());
    const error = await runDrill(on.parts, on.options, on.port).catch((thrown: unknown) => thrown as Abort);
    expect(error).toMatchObject({exit: Exit.interrupted});
    expect(existsSync(on.files.drillRunning)).toBe(true);
    expect(ran('--user restart')).toEqual([]);
    expect(ran('disarm')).toEqual([]);
  });
});

describe('leaving at once', () => {
  it('waits for no connection to a host that does not answer', async () => {
    let leftMs = 0;
    after(10_000, () => {
      on.machines.silent = true;
      on.stop.abort();
      // Where everybody waits for a connection no time passes here.
      setTimeout(() => {
        leftMs = nowMs();
        on.force.abort();
      }, 20);
    });
    await expect(runDrill(on.parts, on.options, on.port)).rejects.toMatchObject({exit: Exit.interrupted});
    // One last try, and then the locks.
    expect(nowMs() - leftMs).toBeLessThanOrEqual(3_000 + 2_000);
    // That of the host that answers.
    expect(ran('release the lock')).toEqual([expect.stringMatching(/^standby: /)]);
    expect(existsSync(on.files.drillRunning)).toBe(true);
  });
});

describe('a connection that breaks', () => {
  it('takes no lock with it: both are released over new ones', async () => {
    after(10_000, () => on.machines.breakConnections());
    const report = await drilled();
    expect(report.verdict.result).toBe('passed');
    expect(ran('release the lock').map((each) => each.split(':')[0])).toEqual(['standby', 'primary']);
  });

  it('while the timer is armed leaves the record: it may be armed', async () => {
    on.machines.onCommand = (command) => {
      if (command.includes('primary: arm')) throw new ConnectionLost('primary', 'arm');
    };
    await expect(drilled()).rejects.toBeInstanceOf(ConnectionLost);
    expect(ran('drill: ')).toEqual([]);
    expect(await loadRecord(on.files.drillRunning)).toMatchObject({fault: 'stop', faultAtMs: null});
  });

  it('while the timer is looked at leaves the record as well', async () => {
    on.machines.onCommand = (command) => {
      if (command.includes('NextElapse')) throw new ConnectionLost('primary', 'show');
    };
    await expect(drilled()).rejects.toBeInstanceOf(ConnectionLost);
    expect(existsSync(on.files.drillRunning)).toBe(true);
  });
});

describe('a timer that runs before the drill has come to its end', () => {
  it('undid it, and so the drill proves nothing', async () => {
    on.machines.firedAt = '2026-11-20T14:00:30Z\n';
    const report = await drilled();
    expect(report).toMatchObject({
      outcome: 'takeover',
      rtoMs: null,
      verdict: {
        result: 'stopped',
        reasons: ['The timer on the primary undid the fault before the drill came to its end.'],
      },
      left: {primary: 'well', standby: 'asleep', deadMan: 'disarmed'},
    });
  });

  it.each([
    ['by its clock', 0],
    ['by a clock that is 40 min ahead', 2_400_000],
  ])('found nothing to do after the drill had undone it, %s', async (_, offsetMs) => {
    on.machines.offsets.primary = offsetMs;
    on.machines.firedAt = `${new Date(Date.parse('2026-11-20T14:01:30Z') + offsetMs).toISOString()}\n`;
    const report = await drilled();
    expect(report.verdict).toMatchObject({result: 'passed', reasons: [], remarks: []});
    expect(Date.parse(report.faultAt!) + report.stages.find(({id}) => id === 'undone')!.ms!).toBeLessThan(
      Date.parse('2026-11-20T14:01:30Z'),
    );
  });

  it('is one thing, and an operator who ended it before is the reason', async () => {
    on.machines.firedAt = '2026-11-20T14:00:05Z\n';
    after(10_000, () => on.stop.abort());
    expect((await drilled()).verdict.reasons).toEqual(['The operator ended it.']);
  });
});

describe('a program that is ended from outside', () => {
  const endedNow = () => Promise.all([...on.leaving].map((act) => act()));

  it.each([
    ['while something is waited for', () => after(10_000, () => void endedNow())],
    [
      'while the gateway still stops',
      () =>
        (on.machines.onCommand = (command) => {
          if (command.includes('drill: stop')) void endedNow();
        }),
    ],
  ])('%s takes the fault back once, without waiting', async (_, end) => {
    end();
    after(11_000, () => {
      expect(ran('take back')).toHaveLength(1);
      on.stop.abort();
    });
    await drilled();
    expect(ran('take back')).toHaveLength(2);
    expect(on.leaving.size).toBe(0);
  });

  it('has nothing to take back after it was taken back', async () => {
    after(80_000, () => void endedNow());
    await drilled();
    expect(ran('take back')).toHaveLength(1);
  });
});
