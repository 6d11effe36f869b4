import {describe, expect, test} from 'vitest';
import {settings} from './settings-of-tests.js';
import {minutes, seconds, World} from './world.js';

const seqs = (world: World) => world.events.map(({seq}) => seq);
const count = (world: World, event: string) => world.events.filter((one) => one.event === event).length;

/** Watching, a whole takeover, the way back, watching again. */
async function wholeStory(world: World): Promise<void> {
  await world.run(seconds(20));
  world.primary = 'refused';
  await world.run(minutes(2));
  world.primary = 'ok';
  await world.run(minutes(5));
}

describe('killed at any instruction, the next monitor goes on', () => {
  /** Calls of ports in the whole story. */
  let allSteps = 0;

  test('the story without a kill, to know how many steps it has', async () => {
    const world = new World(settings);
    await wholeStory(world);
    allSteps = world.calls;
    expect(allSteps).toBeGreaterThan(1000);
    expect(world.monitor.memory.state).toBe('watching');
  });

  test.each([
    ['before', false],
    ['after', true],
  ])(
    '%s each step: one promotion, one demotion, every event once',
    async (_when, after) => {
      for (let call = 1; call <= allSteps; call += call < 600 ? 1 : 7) {
        const world = new World(settings);
        world.killAt = {call, after};
        await wholeStory(world);
        await world.run(seconds(5));
        const story = `killed at call ${call}: ${world.events.map(({event}) => event).join(' ')}`;
        expect(world.monitor.memory.state, story).toBe('watching');
        expect(world.running, story).toBeUndefined();
        expect(count(world, 'promoting'), story).toBe(1);
        expect(count(world, 'promoted'), story).toBe(1);
        expect(count(world, 'demoted'), story).toBe(1);
        expect(
          count(world, 'gateway-lost') + count(world, 'attempt-failed') + count(world, 'drift'),
          story,
        ).toBe(0);
        expect(seqs(world), story).toEqual(seqs(world).map((_seq, index) => index + 1));
      }
    },
    120_000,
  );
});

/** A takeover by hand and its end by hand; a takeover that is a test, and its end by hand. */
async function storyOfRequests(world: World): Promise<number[]> {
  const asked: number[] = [];
  const ask = (what: Partial<Pick<World, 'promote' | 'failback' | 'tested'>>) => {
    asked.push(world.calls);
    Object.assign(world, what);
  };
  await world.run(seconds(20));
  ask({promote: 'a new kernel'});
  await world.run(seconds(40));
  ask({failback: true});
  await world.run(seconds(20));
  world.primary = 'refused';
  await world.run(minutes(1));
  ask({tested: true});
  await world.run(seconds(20));
  ask({failback: true});
  world.primary = 'ok';
  await world.run(minutes(1));
  return asked;
}

describe('an operator is heard once, whenever the monitor is killed', () => {
  const manual = {...settings, failback: 'manual' as const};
  /** Some rounds of the loop after each request. */
  let steps: number[] = [];
  const told = (world: World) =>
    world.events.flatMap(({event}) =>
      /^(promoting|tested|failback-asked|demoted|.*-refused)$/.test(event) ? event : [],
    );
  const whole = [
    'promoting',
    'failback-asked',
    'demoted',
    'promoting',
    'tested',
    'failback-asked',
    'demoted',
  ];

  test('the story without a kill', async () => {
    const world = new World(manual);
    const asked = await storyOfRequests(world);
    steps = asked.flatMap((call) => Array.from({length: 50}, (_, index) => call + index + 1));
    expect(told(world)).toEqual(whole);
    expect(world.monitor.memory).toMatchObject({state: 'watching', promotions: []});
  });

  test.each([
    ['before', false],
    ['after', true],
  ])(
    '%s each step',
    async (_when, after) => {
      expect(steps).toHaveLength(200);
      for (const call of steps) {
        const world = new World(manual);
        world.killAt = {call, after};
        await storyOfRequests(world);
        const story = `killed at call ${call}: ${world.events.map(({event}) => event).join(' ')}`;
        expect(told(world), story).toEqual(whole);
        expect(world.monitor.memory, story).toMatchObject({state: 'watching', promotions: []});
        expect(seqs(world), story).toEqual(seqs(world).map((_seq, index) => index + 1));
      }
    },
    120_000,
  );
});

describe('a restart changes no role', () => {
  test.each(['watching', 'suspect', 'promoting', 'active', 'recovering', 'demoting', 'blocked'] as const)(
    'in %s',
    async (state) => {
      const world = new World(settings);
      await world.run(seconds(20));
      if (state === 'blocked') world.gateway.failures = 2;
      if (state === 'demoting') world.gateway.stopMs = 60_000;
      world.primary = state === 'watching' ? 'ok' : 'refused';
      for (let n = 0; n < 3000 && world.monitor.memory.state !== state; n++) {
        if (state === 'recovering' || state === 'demoting')
          if (world.monitor.memory.state === 'active') world.primary = 'ok';
        await world.run(200);
      }
      expect(world.monitor.memory.state).toBe(state);
      const {role} = world;
      for (let n = 0; n < 3; n++) {
        world.killMonitor();
        await world.run(100);
        expect(world.monitor.memory.state).toBe(state);
        expect(world.role).toEqual(role);
      }
    },
  );

  test('failures that were counted before a quick restart still count', async () => {
    const world = new World(settings);
    await world.run(seconds(20));
    const downMs = world.nowMs;
    world.primary = 'refused';
    await world.run(seconds(16));
    expect(world.monitor.memory.suspicion?.count).toBeGreaterThan(10);
    world.killMonitor();
    await world.run(seconds(20));
    expect(world.events.find(({event}) => event === 'promoting')!.ms - downMs).toBeLessThan(33_000);
  });

  test('failures from before a long absence do not', async () => {
    const world = new World(settings);
    await world.run(seconds(20));
    world.primary = 'refused';
    await world.run(seconds(16));
    world.killMonitor();
    world.advance(minutes(5));
    await world.run(seconds(12));
    expect(world.monitor.memory.state).toBe('suspect');
  });

  test('it was away while the primary came back: it gives back then', async () => {
    const world = new World(settings);
    await world.run(seconds(20));
    world.primary = 'refused';
    await world.run(minutes(2));
    world.killMonitor();
    world.primary = 'ok';
    world.advance(minutes(10));
    await world.run(minutes(2));
    expect(world.monitor.memory.state).toBe('watching');
  });
});

describe('a state file that cannot be trusted', () => {
  test('while active: it stays active', async () => {
    const world = new World(settings);
    await world.run(seconds(20));
    world.primary = 'refused';
    await world.run(minutes(2));
    const role = {...world.role};
    world.stateBroken = true;
    world.killMonitor();
    await world.run(seconds(30));
    expect(world.monitor.memory.state).toBe('active');
    expect(world.role).toEqual(role);
    expect(count(world, 'state-broken')).toBe(1);
    expect(seqs(world)).toEqual(seqs(world).map((_seq, index) => index + 1));
  });

  test('while asleep: it watches', async () => {
    const world = new World(settings);
    await world.run(seconds(20));
    world.stateBroken = true;
    world.killMonitor();
    await world.run(seconds(30));
    expect(world.monitor.memory.state).toBe('watching');
    expect(world.running).toBeUndefined();
  });

  test('in the middle of a promotion: the promotion goes on', async () => {
    const world = new World(settings);
    await world.run(seconds(20));
    world.primary = 'refused';
    for (let n = 0; n < 300 && world.monitor.memory.state !== 'promoting'; n++) await world.run(200);
    world.stateBroken = true;
    world.killMonitor();
    await world.run(seconds(40));
    expect(world.monitor.memory.state).toBe('active');
  });
});

describe('the host reboots', () => {
  test('while active and the primary still gone: back after one failed probe', async () => {
    const world = new World(settings);
    await world.run(seconds(20));
    world.primary = 'refused';
    await world.run(minutes(2));
    world.reboot();
    await world.run(seconds(20));
    expect(world.monitor.memory.state).toBe('active');
    expect(world.monitor.memory.promotions).toHaveLength(1);
  });

  test('while active and the primary is back: nothing starts, and the workspace is handed back', async () => {
    const world = new World(settings);
    await world.run(seconds(20));
    world.primary = 'refused';
    await world.run(minutes(2));
    world.primary = 'ok';
    world.reboot();
    await world.run(seconds(30));
    expect(world.monitor.memory.state).toBe('watching');
    expect(world.events.slice(-3).map(({event}) => event)).toEqual(['resuming', 'demoting', 'demoted']);
    expect(world.handled?.role).toBe('standby');
  });

  test('in a pause: the pause goes on for what is left of it, and can be ended', async () => {
    const world = new World(settings);
    await world.run(seconds(20));
    const untilS = Math.ceil((world.nowMs + world.wallOffsetMs + minutes(60)) / 1000);
    world.pause = {untilMs: untilS * 1000, why: 'kernel', id: `${untilS} kernel`};
    await world.run(seconds(5));
    world.reboot();
    await world.run(seconds(5));
    expect(world.monitor.memory.pause?.why).toBe('kernel');
    const leftMs = world.monitor.memory.pause!.untilMs - world.nowMs;
    expect(leftMs).toBeGreaterThan(minutes(58));
    expect(leftMs).toBeLessThan(minutes(60));
    world.pause = undefined;
    await world.run(seconds(5));
    expect(world.monitor.memory.pause).toBeNull();
  });

  test('after its pause has run out while it was down: there is none', async () => {
    const world = new World(settings);
    await world.run(seconds(20));
    const untilS = Math.ceil((world.nowMs + world.wallOffsetMs + seconds(30)) / 1000);
    world.pause = {untilMs: untilS * 1000, why: 'kernel', id: `${untilS} kernel`};
    await world.run(seconds(5));
    world.reboot(minutes(5));
    await world.run(seconds(5));
    expect(world.monitor.memory.pause).toBeNull();
  });

  test('taken over by hand and the primary well: it takes over again, until somebody gives back', async () => {
    const world = new World(settings);
    await world.run(seconds(20));
    world.promote = 'maintenance';
    await world.run(minutes(1));
    expect(world.monitor.memory.state).not.toBe('watching');
    world.reboot();
    await world.run(minutes(5));
    expect(world.monitor.memory).toMatchObject({state: 'recovering', byHand: true});
    expect(world.running).toBeDefined();
    world.failback = true;
    await world.run(minutes(1));
    expect(world.monitor.memory.state).toBe('watching');
  });

  test('while asleep: it counts from the start', async () => {
    const world = new World(settings);
    await world.run(seconds(20));
    world.primary = 'refused';
    await world.run(seconds(16));
    world.reboot();
    await world.run(seconds(15));
    expect(world.monitor.memory.state).toBe('suspect');
  });
});
