import {existsSync, readFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {drillReport, type DrillReport, type StageId} from '../../src/drill/report.js';
import {runDrill} from '../../src/drill/run.js';
import {givesBack, stage, type Step} from './engine/stage.js';
import {at, nowMs} from './engine/virtual-time.js';

vi.mock('node:timers/promises', () => import('./engine/virtual-time.js'));

let on: ReturnType<typeof stage>;
beforeEach(() => void (on = stage()));
afterEach(() => on.leave());

async function drilled(options: Partial<typeof on.options> = {}): Promise<DrillReport> {
  const end = await runDrill(on.parts, {...on.options, ...options}, on.port);
  return drillReport.parse(end);
}
const ms = ({stages}: DrillReport, id: StageId) => stages.find((each) => each.id === id)?.ms;
const without = (list: readonly string[]) =>
  list.filter((each) => !/: date |: GET |: wait for |take the lock|release the lock|holder/.test(each));

describe('a drill that stops the primary', () => {
  it('passes where the standby takes over and gives back, with the time of each stage', async () => {
    const report = await drilled();
    expect(report).toMatchObject({
      outcome: 'takeover',
      expected: 'takeover',
      rtoMs: 53_600,
      rpoMs: 180_000,
      workspace: {behind: 0, dirty: 0},
      verdict: {result: 'passed', reasons: [], remarks: [], slowest: {id: 'verdict', tookMs: 30_600}},
      left: {primary: 'well', standby: 'asleep', deadMan: 'disarmed'},
      proofs: [{kind: 'channel', ok: true, ms: 53_600}],
    });
    const reached = ['stopping', 'fault', 'first-bad', 'asked', 'verdict', 'started', 'ready'] as const;
    expect(reached.map((id) => ms(report, id))).toEqual([-200, 0, 4_600, 5_000, 35_600, 35_900, 53_300]);
    expect(ms(report, 'undone')).toBe(53_600);
    expect(ms(report, 'rest')).toBe(53_600 + 92_400);
  });

  it('does everything in its order: remembered, armed, seen to be armed, broken, taken back, disarmed', async () => {
    await drilled();
    expect(without(on.machines.ran)).toEqual([
      'primary: look at the primary before a drill',
      'standby: openclaw config validate',
      expect.stringMatching(/^primary: .*boot_id/),
      'standby: where this connection comes from',
      'primary: look at the primary before a drill',
      'standby: openclaw config validate',
      expect.stringMatching(/^primary: .*boot_id/),
      'standby: where this connection comes from',
      'primary: arm openclaw-failover-drill-revert.timer (600 s)',
      expect.stringMatching(/^primary: .*NextElapseUSecMonotonic/),
      "primary: drill: stop the primary's gateway cleanly",
      'standby: ask the monitor: tested',
      "primary: drill: take back: stop the primary's gateway cleanly",
      'primary: disarm openclaw-failover-drill-revert.timer',
    ]);
    const first = on.machines.ran.findIndex((each) => each.startsWith('primary: arm '));
    expect(on.machines.remembered.indexOf(true)).toBe(first);
    expect(existsSync(on.files.drillRunning)).toBe(false);
    const locks = on.machines.ran.filter((each) => each.includes('the lock'));
    expect(locks.map((each) => each.split(' /')[0])).toEqual([
      'standby: take the lock',
      'primary: take the lock',
      'standby: release the lock',
      'primary: release the lock',
    ]);
  });

  it('is kept before it is forgotten that there was one', async () => {
    const report = await drilled();
    expect(on.kept).toEqual([{report, remembered: true}]);
  });

  it('puts the same into the timer that takes it back from here', async () => {
    await drilled();
    const text = (word: string) =>
      on.machines.texts[on.machines.ran.findIndex((each) => each.includes(word))] ?? '';
    const undo = text('take back');
    expect(undo).toContain('systemctl --user start');
    // The file is quoted once more on its way there.
    expect(text('primary: arm ')).toContain(undo.replaceAll("'", String.raw`'\''`));
  });

  it.each([
    ['3 s ahead', 3_000],
    ['40 min behind', -2_400_000],
  ])('has the same figures with a standby whose clock is %s', async (_, offsetMs) => {
    on.machines.offsets = {primary: -1_500, standby: offsetMs};
    const report = await drilled();
    expect(report.clocks).toMatchObject({primary: {offsetMs: -1_500}, standby: {offsetMs}});
    expect([ms(report, 'first-bad'), ms(report, 'connected'), ms(report, 'rest')]).toEqual([
      4_600, 53_600, 146_000,
    ]);
    expect(report.verdict.result).toBe('passed');
  });

  it('says that a clock was set meanwhile', async () => {
    on.machines.onUndo = () => {
      on.monitor.play(givesBack);
      on.machines.offsets.standby = 7_000;
    };
    const report = await drilled();
    expect(report.verdict.remarks).toEqual(['The clock of the standby was set by 7000 ms during the drill.']);
    expect(ms(report, 'rest')).toBe(146_000);
  });

  it('arms the timer once, also where the stop took long: what it was armed for holds', async () => {
    on.machines.stopMs = 200_000;
    const report = await drilled();
    expect(on.machines.ran.filter((each) => each.startsWith('primary: arm '))).toHaveLength(1);
    expect(ms(report, 'stopping')).toBe(-200_000);
  });

  it('keeps a record from which it can be finished', async () => {
    const kept: unknown[] = [];
    on.machines.onCommand = (command) => {
      if (command.includes('tested')) kept.push(JSON.parse(readFileSync(on.files.drillRunning, 'utf8')));
    };
    const report = await drilled();
    expect(kept).toMatchObject([
      {
        id: report.id,
        fault: 'stop',
        pid: process.pid,
        stoppingMs: 200,
        targets: report.targets,
        checks: report.preflight.checks,
        forced: false,
      },
    ]);
    expect((kept[0] as {faultAtMs: number}).faultAtMs).toBe(Date.parse(report.faultAt!));
  });

  it('and at its end one with what was seen, done and proven', async () => {
    let kept: unknown;
    // Written beside everything else; no time passes here that it could take.
    on.parts.keep = () =>
      vi.waitFor(() => {
        kept = JSON.parse(readFileSync(on.files.drillRunning, 'utf8'));
        expect(kept).toMatchObject({soFar: {concluded: true, marks: [{}, {}]}});
      });
    const report = await drilled();
    const at = (id: StageId) => Date.parse(report.faultAt!) + ms(report, id)!;
    expect(kept).toMatchObject({
      soFar: {
        marks: [
          {id: 'undone', atMs: at('undone')},
          {id: 'primary-ready', atMs: at('primary-ready')},
        ],
        proofs: report.proofs,
        problems: [],
        stopped: null,
        concluded: true,
      },
    });
  });
});

describe('what is told meanwhile', () => {
  it('is what goes on, with the moment at which the primary undoes it by itself', async () => {
    await drilled();
    const views = on.events.flatMap((event) => (event.type === 'view' ? [event.view] : []));
    const said = views.map(({doing}) => doing).filter((doing, index, all) => doing !== all[index - 1]);
    expect(said).toEqual([
      'arming the timer on the primary that undoes it by itself',
      'the gateway of the primary finishes what it does, and stops',
      'waiting for the first bad probe',
      'the standby asks around',
      expect.stringMatching(/^the standby waits for its verdict/),
      'the gateway of the standby is started',
      'the gateway of the standby gets ready',
      'its channel account connects',
      'taking the fault back',
      'the gateway of the primary gets ready',
      'the standby gives back once the primary has stayed well',
      'both hosts come to rest',
    ]);
    const armed = views.find(({revertAtMs}) => revertAtMs !== null)!;
    expect(armed.faultAtMs).toBeNull();
    expect(views.at(-1)).toMatchObject({stopping: false, revertAtMs: null});
  });
});

describe('a primary that was killed', () => {
  beforeEach(() => {
    on.machines.onInject = () => {
      on.monitor.play([
        [3_000, 'suspected', 'suspect', {reason: 'plain'}],
        [3_400, 'asked', 'suspect', {reason: 'starting'}],
        [16_000, 'cleared', 'watching'],
      ]);
      at(nowMs() + 14_000, () => (on.machines.gateway = 'ready'));
    };
  });

  it('that is back by itself needs no takeover, and nothing is taken back', async () => {
    const report = await drilled({fault: 'kill'});
    expect(report).toMatchObject({
      expected: 'either',
      outcome: 'primary-back',
      verdict: {result: 'passed'},
      left: {primary: 'well', standby: 'asleep', deadMan: 'disarmed'},
    });
    expect(report.rtoMs).toBeGreaterThanOrEqual(14_000);
    expect(report.rtoMs).toBeLessThanOrEqual(14_500);
    expect(on.machines.ran.some((each) => each.includes('take back'))).toBe(false);
  });
});

describe('a network that was cut', () => {
  const silent = (to: Step[]) => {
    on.machines.look = {...on.machines.look, 'cut-way': 'yes', client: '198.51.100.7'};
    on.machines.onInject = () => {
      on.machines.gateway = 'ready';
      on.monitor.play([
        [6_000, 'suspected', 'suspect', {reason: 'plain', durations: {sinceFirstBadMs: 1_000}}],
        ...to,
      ]);
    };
    on.machines.onUndo = () => on.monitor.play([[3_000, 'cleared', 'watching']]);
  };

  it('is held where the standby knows what it is and keeps still', async () => {
    silent([[8_000, 'trouble', 'suspect', {reason: 'partition'}]]);
    const report = await drilled({fault: 'partition'});
    expect(report).toMatchObject({outcome: 'held', expected: 'hold', rtoMs: null, proofs: []});
    expect(report.verdict).toMatchObject({result: 'passed', reasons: []});
    expect(ms(report, 'held')).toBeGreaterThanOrEqual(5_000 + 40_000);
    expect(ms(report, 'primary-ready')).toBeUndefined();
    // What counts its seconds began once.
    const views = on.events.flatMap((event) => (event.type === 'view' ? [event.view] : []));
    const still = views.filter(({doing}) => doing.startsWith('the standby must keep still'));
    expect(new Set(still.map(({doing}) => doing)).size).toBeGreaterThan(30);
    expect(new Set(still.map(({sinceMs}) => sinceMs)).size).toBe(1);
  });

  it('fails as soon as the standby takes over, and is healed at once', async () => {
    silent([
      [8_000, 'trouble', 'suspect', {reason: 'partition'}],
      [20_000, 'promoting', 'promoting', {reason: 'silent'}],
      [21_000, 'gateway-started', 'promoting'],
      [30_000, 'promoted', 'active', {connected: true}],
    ]);
    on.machines.onUndo = () => on.monitor.play(givesBack);
    const report = await drilled({fault: 'partition'});
    expect(report.verdict).toMatchObject({
      result: 'failed',
      reasons: ['The standby took over although the primary lives and only the network was cut.'],
    });
    expect(ms(report, 'undone')).toBe(20_000);
    expect(report.left).toMatchObject({primary: 'well', standby: 'asleep', deadMan: 'disarmed'});
  });

  it('that cannot be healed keeps its timer, and is told', async () => {
    silent([[8_000, 'trouble', 'suspect', {reason: 'partition'}]]);
    const undo = 'drill: take back';
    on.machines.wrong = (label) => label.startsWith(undo);
    const report = await drilled({fault: 'partition'});
    expect(report.verdict).toMatchObject({
      result: 'failed',
      reasons: [
        expect.stringContaining('could not be taken back from here'),
        'The primary did not become well again.',
      ],
    });
    expect(on.machines.ran.filter((each) => each.includes(undo))).toHaveLength(5);
    expect(report.left).toMatchObject({deadMan: 'armed'});
    expect(on.machines.ran.some((each) => each.includes('disarm'))).toBe(false);
  });
});
