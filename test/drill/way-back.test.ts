import {afterEach, describe, expect, it, vi} from 'vitest';
import {drillReport, type DrillReport, type StageId} from '../../src/drill/report.js';
import {runDrill} from '../../src/drill/run.js';
import {ConnectionLost} from '../../src/errors.js';
import {givesBack, stage, takesOver, type Step} from './engine/stage.js';
import {at, nowMs} from './engine/virtual-time.js';

vi.mock('node:timers/promises', () => import('./engine/virtual-time.js'));

let on: ReturnType<typeof stage>;
afterEach(() => on.leave());

async function drilled(options: Partial<typeof on.options> = {}): Promise<DrillReport> {
  return drillReport.parse(await runDrill(on.parts, {...on.options, ...options}, on.port));
}
const stageOf = ({stages}: DrillReport, id: StageId) => stages.find((each) => each.id === id);

describe('the way back', () => {
  it('is asked for where the standby waits for an operator', async () => {
    on = stage();
    const {settings} = on.store;
    on.parts.store = new Proxy(on.store, {
      get: (store, key) =>
        key === 'settings' ? {...settings, failback: 'manual'} : (Reflect.get(store, key, store) as unknown),
    });
    await drilled();
    const asked = on.machines.ran.filter((each) => each.includes('ask the monitor'));
    expect(asked).toEqual(['standby: ask the monitor: tested', 'standby: ask the monitor: demote']);
  });

  /** Settings of the monitor, as they are on the standby. */
  const settled = (change: {thresholds?: object; demotion?: object}) => {
    on = stage();
    const {settings} = on.store;
    const {thresholds, demotion} = settings!;
    const other = {
      ...settings,
      thresholds: {...thresholds, ...change.thresholds},
      demotion: {...demotion, ...change.demotion},
    };
    on.parts.store = new Proxy(on.store, {
      get: (store, key) => (key === 'settings' ? other : (Reflect.get(store, key, store) as unknown)),
    });
  };
  const demotes = () => on.machines.ran.filter((each) => each.includes('ask the monitor: demote'));
  const late = (ms: number): Step[] =>
    givesBack.map(([at, name, to, more]) => [name === 'primary-back' ? at : at + ms, name, to, more]);

  it.each([
    ['for as long as the standby stays active at least', 600_000, 0],
    ['and for as long as the primary has to stay well', 300_000, 280_000],
  ])('is waited for %s', async (_, minActiveMs, riseMs) => {
    settled({thresholds: {minActiveMs, ...(riseMs > 0 && {riseMs})}});
    on.machines.onUndo = () => on.monitor.play(late(580_000));
    const report = await drilled();
    expect(demotes()).toEqual([]);
    expect(report.verdict.reasons).toEqual([]);
    expect(report.left.standby).toBe('asleep');
  });

  it('is asked for where nobody would wait for so long', async () => {
    settled({thresholds: {minActiveMs: 601_000}});
    await drilled();
    expect(demotes()).toHaveLength(1);
  });

  it('that does not come in time is said to be late, whatever the standby does then', async () => {
    on = stage();
    on.machines.onUndo = () => on.monitor.play([...givesBack.slice(0, 2), [93_000, 'blocked', 'blocked']]);
    const report = await drilled();
    expect(report.left.standby).toBe('other');
    expect(report.verdict.reasons).toEqual(
      expect.arrayContaining(['The standby was not at rest in time.', 'The standby did not come to rest.']),
    );
  });

  it('has what was handed back in it, also a moment after the standby is at rest', async () => {
    on = stage();
    const later: Step = [
      94_000,
      'handback',
      'watching',
      {say: 'What the standby changed is on a branch: failover/x.'},
    ];
    on.machines.onUndo = () => on.monitor.play([...givesBack, later]);
    const report = await drilled();
    expect(report.workspace.handBack).toBe('failover/x');
    expect(stageOf(report, 'handed-back')?.ms).toBe(53_600 + 94_000);
  });

  it('that loses the work of the standby is a failure', async () => {
    on = stage();
    const failed: Step = [
      92_000,
      'handback',
      'demoting',
      {level: 'alert', say: 'It could not be put aside: no space.'},
    ];
    on.machines.onUndo = () => on.monitor.play([...givesBack.slice(0, 2), failed, givesBack[2]!]);
    expect((await drilled()).verdict.reasons).toEqual([
      'What the standby changed in the workspace was not handed back.',
    ]);
  });
});

describe('a reboot', () => {
  it('that takes the connection with it has begun when it was asked for', async () => {
    on = stage();
    on.machines.onUndo = () => undefined;
    on.machines.onCommand = (command) => {
      if (!command.includes('drill: reboot')) return;
      on.machines.onCommand = () => undefined;
      on.machines.gateway = 'down';
      on.machines.timerAtMs = null;
      on.machines.lost = 10_000;
      on.monitor.play(takesOver);
      at(nowMs() + 60_000, () => {
        on.machines.lost = 0;
        on.machines.gateway = 'ready';
        on.monitor.play(givesBack);
      });
      throw new ConnectionLost('primary', 'reboot');
    };
    const report = await drilled({fault: 'reboot'});
    expect(report).toMatchObject({
      outcome: 'takeover',
      expected: 'either',
      rtoMs: 53_600,
      faultAt: expect.any(String),
    });
    expect(report.left).toMatchObject({primary: 'well', standby: 'asleep', deadMan: 'disarmed'});
    expect(report.verdict.reasons).toEqual([]);
  });
});

describe('a host that was asked to reboot', () => {
  /** What was taken back right after it was asked to; it still answers then. */
  const asked = (act: () => void = () => undefined) => {
    on = stage();
    on.machines.onUndo = () => undefined;
    on.machines.onInject = () => {
      on.machines.gateway = 'ready';
      at(nowMs() + 1_000, () => on.stop.abort());
      act();
    };
  };
  const goesDown = (boot: string) => () => {
    at(nowMs() + 6_000, () => {
      on.machines.lost = 10_000;
      on.machines.gateway = 'down';
    });
    at(nowMs() + 40_000, () => {
      Object.assign(on.machines, {boot, lost: 0, gateway: 'ready', timerAtMs: null});
    });
  };

  it('is well only when it is up again: until it goes down it answers as ever', async () => {
    asked(goesDown('boot-2'));
    const report = await drilled({fault: 'reboot'});
    expect(report.left).toMatchObject({primary: 'well', deadMan: 'disarmed'});
    expect(stageOf(report, 'primary-ready')!.ms).toBeGreaterThanOrEqual(40_000);
    expect(stageOf(report, 'primary-ready')!.ms).toBeLessThan(50_000);
    expect(on.machines.ran.filter((each) => each.includes('--user restart'))).toEqual([]);
  });

  it('and goes down at the very moment in which that is looked at does not end the drill', async () => {
    asked(() => {
      goesDown('boot-2')();
      on.machines.onCommand = (command) => {
        if (!command.includes('GET ') || !on.port.stop.aborted) return;
        on.machines.onCommand = () => undefined;
        on.machines.lost = 1;
      };
    });
    expect((await drilled({fault: 'reboot'})).left).toMatchObject({primary: 'well', deadMan: 'disarmed'});
  });

  it('and does not go down is well after a minute and a half', async () => {
    asked();
    const report = await drilled({fault: 'reboot'});
    expect(report.left).toMatchObject({primary: 'well', deadMan: 'disarmed'});
    expect(stageOf(report, 'primary-ready')!.ms).toBeGreaterThan(90_000);
    expect(stageOf(report, 'primary-ready')!.ms).toBeLessThan(93_000);
  });

  it('has forgotten its timer when it is up again', async () => {
    asked(goesDown('boot-2'));
    on.machines.wrong = (label) => label.startsWith('disarm ');
    const report = await drilled({fault: 'reboot'});
    // Nobody could look, and it went with the boot before.
    expect(report.left.deadMan).toBe('unknown');
    const views = on.events.flatMap((event) => (event.type === 'view' ? [event.view] : []));
    expect(views.at(-1)?.revertAtMs).toBeNull();
  });
});
