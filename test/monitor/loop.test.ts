import {describe, expect, test} from 'vitest';
import type {MonitorSettings} from '../../src/monitor/settings.js';
import {report} from './hearing.js';
import {settings} from './settings-of-tests.js';
import {minutes, seconds, World} from './world.js';

const started = async (s: MonitorSettings = settings) => {
  const world = new World(s);
  await world.run(seconds(20));
  return world;
};
const names = (world: World) => world.events.map(({event}) => event);
const at = (world: World, event: string) => world.events.find((one) => one.event === event)?.ms ?? NaN;
const lastState = (world: World) => world.monitor.memory.state;

describe('a takeover and the way back', () => {
  test('the classic rule: noticed within 20 to 30 s, and the bot is there when its channel is', async () => {
    const classic: MonitorSettings = {
      ...settings,
      profile: 'classic',
      probe: {...settings.probe, intervalMs: 10_000, suspectIntervalMs: 10_000},
    };
    const world = await started(classic);
    const downMs = world.nowMs;
    world.primary = 'refused';
    await world.run(minutes(1));
    expect(at(world, 'promoting') - downMs).toBeGreaterThanOrEqual(19_000);
    expect(at(world, 'promoting') - downMs).toBeLessThanOrEqual(31_000);
    expect(names(world)).toEqual([
      'started',
      'suspected',
      'asked',
      'promoting',
      'gateway-started',
      'gateway-ready',
      'promoted',
    ]);
    expect(at(world, 'promoted') - at(world, 'promoting')).toBeLessThan(14_000);
    expect(lastState(world)).toBe('active');
  });

  test.each([120, 250, 400])(
    'a failed unit: two reports that take %i ms each, one soon after the other',
    async (ms) => {
      const world = await started();
      world.primary = 'refused';
      world.asked = report({unit: 'failed'});
      world.askingMs = ms;
      await world.run(seconds(20));
      const {durations} = world.events.find(({event}) => event === 'promoting')!;
      expect(durations.sinceFirstBadMs).toBeGreaterThanOrEqual(900);
      expect(durations.sinceFirstBadMs).toBeLessThanOrEqual(700 + ms + 200);
    },
  );

  test("without the primary's word a silent one is dead 25 s after the first bad probe", async () => {
    const world = await started();
    const downMs = world.nowMs;
    world.primary = 'unreachable';
    await world.run(minutes(1));
    expect(at(world, 'promoting') - downMs).toBeLessThanOrEqual(32_000);
    expect(
      world.events.find(({event}) => event === 'promoting')!.durations.sinceFirstBadMs,
    ).toBeGreaterThanOrEqual(25_000);
  });

  test('the primary is well for 30 s and the takeover 2 min old: the standby gives back and rests', async () => {
    const world = await started();
    world.primary = 'refused';
    await world.run(minutes(1));
    world.primary = 'ok';
    await world.run(minutes(3));
    expect(names(world).slice(-3)).toEqual(['primary-back', 'demoting', 'demoted']);
    expect(at(world, 'demoting') - at(world, 'promoted')).toBeGreaterThanOrEqual(120_000);
    expect(lastState(world)).toBe('watching');
    expect(world.running).toBeUndefined();
    const demoted = world.events.at(-1)!;
    expect(demoted.durations.sinceDemotingMs).toBeGreaterThan(1000);
    expect(demoted.say).toMatch(
      /^Given back: the standby's gateway is stopped, 1\.\d s after the decision\.$/,
    );
  });

  test('one good probe in an outage gives nothing back', async () => {
    const world = await started();
    world.primary = 'refused';
    await world.run(minutes(4));
    world.primary = 'ok';
    await world.run(seconds(12));
    world.primary = 'refused';
    await world.run(minutes(3));
    expect(names(world)).not.toContain('demoting');
    expect(lastState(world)).toBe('active');
  });

  test('a restart of the primary, seen as draining, refused, starting, is waited for', async () => {
    const world = await started();
    for (const [shown, ms] of [
      ['draining', 200_000],
      ['refused', 9000],
      ['starting', 25_000],
      ['ok', 60_000],
    ] as const) {
      world.primary = shown;
      await world.run(ms);
    }
    expect(names(world)).toEqual(['started', 'suspected', 'asked', 'asked', 'asked', 'cleared']);
    expect(world.monitor.memory.restarts).toHaveLength(1);
  });

  test.each([
    ['draining', 330_000],
    ['starting', 45_000],
  ] as const)('%s for ever is dead after its grace of %i ms, not earlier', async (shown, graceMs) => {
    const world = await started();
    const fromMs = world.nowMs;
    world.primary = shown;
    await world.run(graceMs + 60_000);
    expect(at(world, 'promoting') - fromMs).toBeGreaterThanOrEqual(graceMs - 1000);
    expect(at(world, 'promoting') - fromMs).toBeLessThanOrEqual(graceMs + 20_000);
  });

  test('manual failback waits for the operator, says so once, and then gives back', async () => {
    const world = await started({...settings, failback: 'manual'});
    world.primary = 'refused';
    await world.run(minutes(1));
    world.primary = 'ok';
    await world.run(minutes(10));
    expect(names(world).filter((name) => name === 'held')).toHaveLength(1);
    expect(lastState(world)).toBe('recovering');
    world.failback = true;
    await world.run(seconds(30));
    expect(lastState(world)).toBe('watching');
  });

  test('a primary that is lost for good: settings that name another host, read while active, give back to that', async () => {
    const world = await started();
    world.primary = 'unreachable';
    await world.run(minutes(5));
    expect(lastState(world)).toBe('active');
    world.elsewhere = {'10.0.0.9': 'ok'};
    world.monitor.use({...settings, primary: {...settings.primary, address: '10.0.0.9'}});
    await world.run(minutes(2));
    expect(names(world).slice(-4)).toEqual(['settings', 'primary-back', 'demoting', 'demoted']);
    expect(lastState(world)).toBe('watching');
  });

  test('a takeover that was a test does not count: the next two are given back and then latched', async () => {
    const world = await started();
    const outage = async () => {
      world.primary = 'refused';
      await world.run(minutes(1));
      world.primary = 'ok';
      await world.run(minutes(4));
    };
    await outage();
    world.tested = true;
    await world.run(seconds(5));
    expect(world.events.at(-1)).toMatchObject({event: 'tested', evidence: {promotions: 0}});
    await outage();
    expect(lastState(world)).toBe('watching');
    expect(names(world)).not.toContain('latched');
    await outage();
    expect(names(world)).toContain('latched');
  });

  test('a test that is told while it goes on latches nothing, also after a real takeover', async () => {
    const world = await started();
    for (const tested of [false, true]) {
      world.primary = 'refused';
      await world.run(seconds(34));
      expect(lastState(world)).toBe('promoting');
      world.tested = tested;
      await world.run(seconds(35));
      expect(lastState(world)).toBe('active');
      world.primary = 'ok';
      await world.run(minutes(4));
      expect(lastState(world)).toBe('watching');
    }
    expect(names(world)).not.toContain('latched');
    expect(world.monitor.memory.promotions).toHaveLength(1);
  });

  test('nothing is forgotten by a monitor that has not taken over', async () => {
    const world = await started();
    world.tested = true;
    await world.run(seconds(5));
    expect(names(world)).not.toContain('tested');
  });

  test('takeovers of long ago do not come back with a reboot', async () => {
    const world = await started();
    for (const _round of [1, 2]) {
      world.primary = 'refused';
      await world.run(minutes(1));
      world.primary = 'ok';
      await world.run(minutes(3));
    }
    await world.run(minutes(60));
    expect(world.monitor.memory.promotions).toEqual([]);
  });

  test('a request to give back while asleep is refused in words', async () => {
    const world = await started();
    world.failback = true;
    await world.run(seconds(5));
    expect(world.events.at(-1)).toMatchObject({event: 'failback-refused', to: 'watching'});
    expect(world.monitor.memory.failbackAsked).toBe(false);
  });
});

describe('what keeps it from taking over', () => {
  test('a host that is cut off never does, and says so once', async () => {
    const world = await started();
    world.primary = 'unreachable';
    world.online = false;
    await world.run(minutes(5));
    expect(names(world)).toEqual(['started', 'suspected', 'trouble']);
    expect(world.events.at(-1)!.say).toContain('this host itself is cut off (no witness answers)');
    world.online = true;
    await world.run(minutes(1));
    expect(lastState(world)).toBe('active');
  });

  test('trouble of its own network is not the death of the primary', async () => {
    const world = await started();
    world.primary = 'own-network-bad';
    await world.run(minutes(5));
    expect(names(world)).toEqual(['started', 'suspected', 'trouble']);
  });

  test('a pause holds it until its time is over, whatever the wall clock does', async () => {
    const world = await started();
    world.pause = {untilMs: world.nowMs + world.wallOffsetMs + minutes(10), why: 'setup', id: 'a'};
    await world.run(seconds(5));
    world.primary = 'refused';
    world.wallOffsetMs += minutes(60);
    await world.run(minutes(9));
    expect(names(world)).toEqual(['started', 'paused', 'suspected', 'asked', 'held']);
    world.wallOffsetMs -= minutes(120);
    await world.run(minutes(2));
    expect(names(world).slice(5, 7)).toEqual(['resumed', 'promoting']);
    expect(names(world).filter((name) => name === 'paused')).toHaveLength(1);
  });

  test('the end of a pause by hand counts at once', async () => {
    const world = await started();
    world.pause = {untilMs: world.nowMs + world.wallOffsetMs + minutes(60), why: 'setup', id: 'a'};
    await world.run(seconds(5));
    world.pause = undefined;
    await world.run(seconds(5));
    expect(names(world)).toEqual(['started', 'paused', 'resumed']);
  });

  describe('while active and paused', () => {
    const pausedActive = async () => {
      const world = await started();
      world.primary = 'refused';
      await world.run(minutes(2));
      world.pause = {untilMs: world.nowMs + world.wallOffsetMs + minutes(60), why: 'a new disk', id: 'a'};
      await world.run(seconds(5));
      return world;
    };

    test('a gateway that crashes is started again: nobody takes over by that', async () => {
      const world = await pausedActive();
      world.crash();
      await world.run(minutes(1));
      expect(names(world).slice(-4)).toEqual([
        'gateway-lost',
        'gateway-started',
        'gateway-ready',
        'promoted',
      ]);
      expect(world.monitor.memory).toMatchObject({state: 'active', promotions: [expect.any(Number)]});
    });

    test('one that hangs is killed and started again', async () => {
      const world = await pausedActive();
      world.hang();
      await world.run(minutes(2));
      expect(names(world)).toContain('gateway-hung');
      expect(lastState(world)).toBe('active');
      expect(world.running?.hungMs).toBeUndefined();
    });

    test('one that somebody stops and starts again is not taken for one that hangs', async () => {
      const world = await pausedActive();
      world.stopByHand();
      await world.run(minutes(3));
      world.running = {sinceMs: world.nowMs, seq: world.role!.seq};
      await world.run(minutes(1));
      expect(names(world)).not.toContain('gateway-hung');
      expect(lastState(world)).toBe('active');
    });

    test('one that somebody stops stays so until the pause is over, and that is told once', async () => {
      const world = await pausedActive();
      world.stopByHand();
      await world.run(minutes(10));
      const told = world.events.filter(({event}) => event === 'gateway-lost');
      expect(told).toHaveLength(1);
      expect(told[0]).toMatchObject({level: 'alert', from: 'active', to: 'active'});
      expect(world.running).toBeUndefined();
      world.killMonitor();
      await world.run(minutes(1));
      expect(names(world).filter((name) => name === 'gateway-lost')).toHaveLength(1);
      world.pause = undefined;
      await world.run(minutes(1));
      expect(names(world).slice(-4)).toEqual([
        'gateway-lost',
        'gateway-started',
        'gateway-ready',
        'promoted',
      ]);
    });

    test('one that crashes again and again is left alone, and it is said that the pause holds it too', async () => {
      const world = await pausedActive();
      world.gateway.crashMs = 30_000;
      world.crash();
      await world.run(minutes(5));
      expect(lastState(world)).toBe('blocked');
      expect(world.events.at(-1)!.say).toContain('the pause has to be over as well');
    });
  });

  test('a pause without end is cut to four hours', async () => {
    const world = await started();
    world.pause = {untilMs: Number.MAX_SAFE_INTEGER, why: 'for ever', id: 'a'};
    await world.run(seconds(5));
    expect(world.monitor.memory.pause!.untilMs - world.nowMs).toBeLessThanOrEqual(minutes(240));
  });

  test.each([
    ['frozen', (world: World) => world.advance(minutes(10))],
    ['suspended', (world: World) => (world.suspendedMs += minutes(10))],
  ])('a host that was %s in the middle of counting starts to count again', async (_how, standStill) => {
    const world = await started();
    world.primary = 'refused';
    await world.run(seconds(18));
    expect(world.monitor.memory.suspicion?.count).toBeGreaterThan(10);
    standStill(world);
    await world.run(seconds(20));
    expect(names(world)).toEqual(['started', 'suspected', 'asked', 'gap', 'suspected', 'asked']);
    await world.run(seconds(30));
    expect(names(world)).toContain('promoting');
  });
});

describe('a gateway that will not come up', () => {
  test('the second try is good', async () => {
    const world = await started();
    world.gateway.failures = 1;
    world.primary = 'refused';
    await world.run(minutes(2));
    expect(names(world)).toEqual([
      'started',
      'suspected',
      'asked',
      'promoting',
      'attempt-failed',
      'retrying',
      'gateway-started',
      'gateway-ready',
      'promoted',
    ]);
  });

  test('two failures block, nothing is left running, and it is tried again after 5 min', async () => {
    const world = await started();
    world.gateway.failures = 2;
    world.primary = 'refused';
    await world.run(minutes(2));
    expect(names(world).at(-1)).toBe('blocked');
    expect(world.role?.want).toBe('standby');
    // Both count towards OpenClaw's own limit, should somebody promote by hand now.
    expect(world.monitor.memory.crashes).toHaveLength(2);
    await world.run(minutes(6));
    expect(lastState(world)).toBe('active');
    expect(names(world).filter((name) => name === 'promoting')).toHaveLength(1);
  });

  test('a blocked standby goes back to watching when the primary is well', async () => {
    const world = await started();
    world.gateway.failures = 9;
    world.primary = 'refused';
    await world.run(minutes(2));
    world.primary = 'ok';
    await world.run(minutes(1));
    expect(names(world).at(-1)).toBe('unblocked');
    expect(lastState(world)).toBe('watching');
  });

  test('ready without its channel: tried twice, then it stays up and is told as an alert, and later well', async () => {
    const world = await started();
    world.gateway.connectedMs = minutes(4);
    world.primary = 'refused';
    await world.run(minutes(4));
    const promoted = world.events.find(({event}) => event === 'promoted')!;
    expect(promoted.say).toContain('is not seen connected: running, recovering');
    expect(promoted.level).toBe('alert');
    expect(at(world, 'promoted') - at(world, 'promoting')).toBeLessThanOrEqual(180_000);
    expect(world.monitor.memory.degraded).toBe('running, recovering');
    await world.run(minutes(4));
    expect(names(world).at(-1)).toBe('channel-back');
    expect(world.monitor.memory.degraded).toBeNull();
  });

  test('a gateway that never listens is blocked within 3 min', async () => {
    const world = await started();
    world.gateway.readyMs = minutes(30);
    world.primary = 'refused';
    await world.run(minutes(5));
    expect(names(world).at(-1)).toBe('blocked');
    expect(at(world, 'blocked') - at(world, 'promoting')).toBeLessThanOrEqual(180_000);
    expect(world.running).toBeUndefined();
  });

  test('it crashes while active: started again twice, then left alone so that its channels are not muted', async () => {
    const world = await started();
    world.gateway.crashMs = 30_000;
    world.primary = 'refused';
    await world.run(minutes(5));
    expect(names(world).filter((name) => name === 'gateway-lost')).toHaveLength(3);
    expect(lastState(world)).toBe('blocked');
  });

  test('it hangs while active: told at once, killed after a minute, and the bot is there again', async () => {
    const world = await started();
    world.primary = 'refused';
    await world.run(minutes(2));
    const {length} = world.events;
    const hungMs = world.nowMs;
    world.hang();
    await world.run(minutes(2));
    const since = world.events.slice(length);
    expect(since.map(({event}) => event)).toEqual([
      'channel-lost',
      'gateway-hung',
      'gateway-started',
      'gateway-ready',
      'promoted',
    ]);
    expect(since[0]!.ms - hungMs).toBeLessThan(seconds(15));
    expect(since[1]!.ms - hungMs).toBeGreaterThanOrEqual(seconds(60));
    expect(since[1]!.ms - hungMs).toBeLessThanOrEqual(seconds(85));
    expect(since[1]!.say).toContain('has not answered for 1 min');
    expect(world.role).toMatchObject({want: 'active', kill: true});
    expect(world.monitor.memory).toMatchObject({state: 'active', degraded: null, crashes: [since[1]!.ms]});
  });

  test('it stalls for 45 s and comes back: it is not killed', async () => {
    const world = await started();
    world.primary = 'refused';
    await world.run(minutes(2));
    world.hang();
    await world.run(seconds(45));
    delete world.running!.hungMs;
    await world.run(minutes(2));
    expect(names(world).slice(-2)).toEqual(['channel-lost', 'channel-back']);
  });

  test('it hangs again and again: the third time it is killed and left alone', async () => {
    const world = await started();
    world.primary = 'refused';
    await world.run(minutes(2));
    for (let n = 0; n < 3; n++) {
      world.hang();
      await world.run(seconds(95));
    }
    expect(names(world).filter((name) => name === 'gateway-hung')).toHaveLength(3);
    expect(lastState(world)).toBe('blocked');
    expect(world.running).toBeUndefined();
  });

  test('nobody acts on the role: it is written again and again, and the promotion ends in blocked', async () => {
    const world = await started();
    world.rolePathWorks = false;
    world.primary = 'refused';
    await world.run(minutes(4));
    expect(names(world).at(-1)).toBe('blocked');
    world.rolePathWorks = true;
    await world.run(minutes(6));
    expect(lastState(world)).toBe('active');
  });

  test('without an answer of systemctl it goes by what the gateway and its channel show', async () => {
    const world = await started();
    world.systemctlWorks = false;
    world.primary = 'refused';
    await world.run(minutes(1));
    expect(lastState(world)).toBe('active');
    world.primary = 'ok';
    await world.run(minutes(4));
    expect(lastState(world)).toBe('watching');
  });
});

describe('flapping', () => {
  test('after the second promotion within 15 min it stays active, says so, and gives back when the first is old', async () => {
    const world = await started();
    for (const _round of [1, 2]) {
      world.primary = 'refused';
      await world.run(minutes(1));
      world.primary = 'ok';
      await world.run(minutes(3));
    }
    expect(names(world).filter((name) => name === 'latched')).toHaveLength(1);
    expect(lastState(world)).toBe('recovering');
    await world.run(minutes(12));
    expect(names(world)).toContain('unlatched');
    expect(lastState(world)).toBe('watching');
    expect(at(world, 'unlatched') - at(world, 'promoting')).toBeGreaterThanOrEqual(900_000);
  });
});

describe('a disk that takes nothing', () => {
  test('stops no promotion; what happened is written when there is room again', async () => {
    const world = await started();
    world.diskFull = true;
    world.primary = 'refused';
    await world.run(minutes(1));
    expect(lastState(world)).toBe('active');
    expect(names(world)).toEqual(['started']);
    expect(world.told.map(({event}) => event)).toContain('disk');
    world.diskFull = false;
    await world.run(minutes(1));
    expect(world.events.map(({seq}) => seq)).toEqual(world.events.map((_event, index) => index + 1));
    expect(names(world)).toContain('promoted');
    expect(world.events.at(-1)).toMatchObject({event: 'disk', level: 'info'});
  });

  test('a restart with a state that is older than the role goes on as what this host is', async () => {
    const world = await started();
    world.diskFull = true;
    world.primary = 'refused';
    await world.run(minutes(2));
    world.killMonitor();
    await world.run(minutes(1));
    expect(lastState(world)).toBe('active');
    expect(world.role).toEqual({want: 'active', seq: 2});
  });
});

describe('the gateway runs although it should not', () => {
  test('it is stopped, and that is told', async () => {
    const world = await started();
    world.running = {sinceMs: world.nowMs, seq: 0};
    await world.run(seconds(30));
    expect(names(world)).toEqual(['started', 'drift']);
    expect(world.running).toBeUndefined();
  });
});
