import {describe, expect, test} from 'vitest';
import type {ProbeClass} from '../../src/monitor/evidence.js';
import type {MonitorSettings} from '../../src/monitor/settings.js';
import {settings} from './settings-of-tests.js';
import {minutes, random, seconds, World} from './world.js';

const bad: ProbeClass[] = [
  'starting',
  'draining',
  'http-bad',
  'wrong-service',
  'hung',
  'refused',
  'unreachable',
];

/** Watches a world and fails with its story. */
class Auditor {
  /** When the primary was last well, and whether it was ever not. */
  lastOkMs: number;
  everBad = false;
  orphanSinceMs: number | undefined;

  constructor(
    readonly world: World,
    readonly name: string,
  ) {
    this.lastOkMs = world.nowMs;
  }

  look(): void {
    const {world} = this;
    if (world.primary === 'ok') this.lastOkMs = world.nowMs;
    else this.everBad = true;
    this.gatewayOnlyWhereItMay();
  }

  fail(why: string): never {
    const story = this.world.told
      .map(({ms, event, to}) => `${(ms / 1000).toFixed(1)} ${event} → ${to}`)
      .join('\n');
    throw new Error(`${this.name}: ${why}\n${story}`);
  }

  /** I1, with the time that stopping it takes. */
  gatewayOnlyWhereItMay(): void {
    const {world} = this;
    const state = world.monitor?.memory.state;
    const allowed = state === undefined || ['promoting', 'active', 'recovering', 'demoting'].includes(state);
    const runs = world.running !== undefined && world.running.stoppingMs === undefined;
    // Without root's answer nobody can stop it; it counts from when there is one again.
    if (allowed || !runs || !world.rolePathWorks) this.orphanSinceMs = undefined;
    else this.orphanSinceMs ??= world.nowMs;
    if (this.orphanSinceMs !== undefined && world.nowMs - this.orphanSinceMs > 60_000)
      this.fail(`I1: the gateway runs for a minute while ${state}`);
  }

  /** What can be said of the whole story; `s` the settings it ran with. */
  verdict(s: MonitorSettings): void {
    const {events} = this.world;
    for (const [index, event] of events.entries())
      if (event.seq !== index + 1) this.fail(`I8: event ${index + 1} has the number ${event.seq}`);
    if (!this.everBad && events.some(({event}) => event === 'promoting'))
      this.fail('I4: promoted, never bad');
    const takeovers = events.filter(({event, from}) => event === 'promoting' && from === 'suspect');
    const counted: typeof takeovers = [];
    for (const event of events) {
      if (takeovers.includes(event)) counted.push(event);
      if (event.event === 'tested') counted.pop();
      const first = counted.at(-1 - s.promotion.max);
      const last = counted.at(-1);
      if (first && last && first.boot === last.boot && last.ms - first.ms < s.promotion.windowMs)
        this.fail(`I9: ${s.promotion.max + 1} promotions within ${(last.ms - first.ms) / 1000} s`);
    }
    for (const takeover of takeovers) {
      if (
        (takeover.durations.sinceFirstBadMs ?? 0) <
        (s.thresholds.fall - 1) * s.probe.suspectIntervalMs * 0.9
      )
        this.fail(`I4: promoted ${takeover.durations.sinceFirstBadMs} ms after the first bad probe`);
    }
    this.promotionsAreShort();
  }

  /** I3 */
  promotionsAreShort(): void {
    let sinceMs: number | undefined;
    let boot = '';
    for (const {event, from, to, ms, boot: now} of this.world.events) {
      if (to === 'promoting' && from !== 'promoting') [sinceMs, boot] = [ms, now];
      else if (event === 'gap' || (event === 'started' && boot !== now)) sinceMs = undefined;
      else if (from === 'promoting' && to !== 'promoting' && sinceMs !== undefined && boot === now) {
        if (ms - sinceMs > 180_000 + 20_000) this.fail(`I3: promoting took ${(ms - sinceMs) / 1000} s`);
        sinceMs = undefined;
      }
    }
  }
}

/** A step of chaos: something happens, then time passes. */
function chaos(world: World, next: () => number, allow: {hostFaults: boolean}): void {
  const pick = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)]!;
  const dice = next();
  if (dice < 0.35) world.primary = pick(bad);
  else if (dice < 0.7) world.primary = 'ok';
  else if (dice < 0.74) world.gateway = {...world.gateway, failures: Math.floor(next() * 3)};
  else if (dice < 0.77) world.gateway = {...world.gateway, connectedMs: next() < 0.5 ? 11_500 : minutes(10)};
  else if (dice < 0.8) world.gateway = {...world.gateway, stopMs: next() < 0.7 ? 1500 : 200_000};
  else if (dice < 0.83) world.crash();
  else if (dice < 0.86) world.failback = true;
  else if (dice < 0.87) world.tested = true;
  else if (allow.hostFaults) hostFault(world, next);
}

function hostFault(world: World, next: () => number): void {
  const dice = next();
  if (dice < 0.3) world.killMonitor();
  else if (dice < 0.4) world.online = !world.online;
  else if (dice < 0.5) world.rolePathWorks = !world.rolePathWorks;
  else if (dice < 0.6) world.advance(seconds(20 + next() * 100));
  else if (dice < 0.65) world.suspendedMs += seconds(60);
  else if (dice < 0.75) world.wallOffsetMs += minutes(next() * 240 - 120);
  else if (dice < 0.85) world.killAt = {call: world.calls + Math.floor(next() * 200), after: next() < 0.5};
  else if (dice < 0.95) world.systemctlWorks = !world.systemctlWorks;
  else
    world.pause = {
      untilMs: world.nowMs + world.wallOffsetMs + minutes(next() * 10),
      why: 'chaos',
      id: `${next()}`,
    };
}

const calm = (world: World) => {
  world.online = true;
  world.rolePathWorks = true;
  world.systemctlWorks = true;
  world.pause = undefined;
  world.killAt = undefined;
  world.gateway = {startMs: 500, readyMs: 10_000, connectedMs: 11_500, stopMs: 1500, failures: 0};
};

async function story(seed: number, allow: {hostFaults: boolean}, end: ProbeClass) {
  const next = random(seed);
  const world = new World(settings);
  const auditor = new Auditor(world, `seed ${seed}`);
  const look = () => auditor.look();
  await world.run(seconds(5 + next() * 20), look);
  const steps = 4 + Math.floor(next() * 12);
  for (let step = 0; step < steps; step++) {
    chaos(world, next, allow);
    await world.run(seconds(next() < 0.5 ? next() * 20 : next() * 300), look);
  }
  calm(world);
  world.primary = end;
  return {world, auditor, look};
}

const stories = 800;

describe.each([
  ['a primary that comes and goes, a gateway with bad manners', {hostFaults: false}],
  ['the same with kills, freezes, isolation, clock steps, lost wishes', {hostFaults: true}],
])('%s', (_name, allow) => {
  test(`${stories} stories that end well are given back, and no invariant breaks on the way (I1 I3 I4 I6 I8 I9)`, async () => {
    for (let seed = 1; seed <= stories; seed++) {
      const {world, auditor, look} = await story(seed, allow, 'ok');
      // The longest hold there is: a latch of 15 min, a drain that was begun.
      await world.run(minutes(20), look);
      if (world.monitor.memory.state !== 'watching') auditor.fail(`I6: still ${world.monitor.memory.state}`);
      if (world.running) auditor.fail('I6: the gateway still runs');
      auditor.verdict(settings);
    }
  }, 120_000);

  test(`${stories / 4} stories that end with a dead primary end active (I5)`, async () => {
    for (let seed = 10_001; seed <= 10_000 + stories / 4; seed++) {
      const {world, auditor, look} = await story(seed, allow, 'refused');
      await world.run(minutes(20), look);
      if (world.monitor.memory.state !== 'active') auditor.fail(`I5: ${world.monitor.memory.state}`);
      if (!world.running || world.monitor.memory.degraded !== null) auditor.fail('I5: the bot is not there');
      auditor.verdict(settings);
    }
  }, 120_000);
});

test('a primary that is well all day is never taken over from, whatever happens to the monitor (I4)', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const next = random(seed);
    const world = new World(settings);
    const auditor = new Auditor(world, `seed ${seed}`);
    for (let hour = 0; hour < 12; hour++) {
      hostFault(world, next);
      await world.run(minutes(20), () => auditor.look());
    }
    auditor.verdict(settings);
    expect(world.events.some(({event}) => event === 'promoting')).toBe(false);
  }
}, 60_000);

test.each([2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 300, 600])(
  'a primary that flaps every %i s for an hour: at most 2 promotions in any 15 min, and it rests afterwards (I9)',
  async (period) => {
    const world = new World(settings);
    const auditor = new Auditor(world, `period ${period}`);
    const look = () => auditor.look();
    for (let passed = 0; passed < 3600; passed += period) {
      world.primary = world.primary === 'ok' ? 'refused' : 'ok';
      await world.run(seconds(period), look);
    }
    world.primary = 'ok';
    await world.run(minutes(20), look);
    auditor.verdict(settings);
    expect(world.monitor.memory.state).toBe('watching');
  },
);
