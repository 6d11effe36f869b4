import {describe, expect, it} from 'vitest';
import {BadSettings} from '../../../src/monitor/checked.js';
import type {MonitorEvent} from '../../../src/monitor/events.js';
import type {Kept} from '../../../src/monitor/tell/queue-file.js';
import type {Target} from '../../../src/monitor/tell/targets.js';
import {Telling, type TellingPorts} from '../../../src/monitor/tell/telling.js';
import type {Outcome, Work} from '../../../src/monitor/tell/work.js';
import {boot, eventAt, hook, startMs, teller} from './given.js';

type Answer = (
  target: string,
  id: string,
) => true | {error: string; refused?: boolean; askedMs?: number} | 'silence';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** The host around telling, with a clock of its own. What it keeps outlives a `Telling`. */
function world({targets = [hook] as Target[]} = {}) {
  const host = {
    s: 0,
    targets: targets as Target[] | BadSettings,
    kept: undefined as Kept | undefined,
    log: [] as MonitorEvent[],
    disk: null as Error | null,
    asked: undefined as string | undefined,
    answer: (() => true) as Answer,
    /** Deliveries end when this says so. */
    gate: Promise.resolve() as Promise<unknown>,
    heard: [] as string[],
    works: [] as Work[],
    running: 0,
    mostRunning: 0,
  };
  const ports: TellingPorts = {
    nowMs: () => host.s * 1000,
    load: async () => (host.kept ? {kept: structuredClone(host.kept)} : {}),
    async save(kept) {
      if (host.disk) throw host.disk;
      host.kept = structuredClone({version: 1, header: '', ...kept});
    },
    logged: async () => host.log,
    async targets() {
      if (host.targets instanceof BadSettings) throw host.targets;
      return host.targets;
    },
    async takeTest() {
      const {asked} = host;
      host.asked = undefined;
      return asked;
    },
    async deliver(work) {
      host.works.push(work);
      host.running += 1;
      host.mostRunning = Math.max(host.mostRunning, host.running);
      await host.gate;
      host.running -= 1;
      const outcomes: Outcome[] = [];
      const one = (target: string, id: string) => {
        const answer = host.answer(target, id);
        if (answer === 'silence') return false;
        if (answer === true) host.heard.push(`${target} ${id}`);
        outcomes.push(
          answer === true
            ? {target, id, ok: true}
            : {target, id, ok: false, refused: false, askedMs: 0, ...answer},
        );
        return answer === true;
      };
      for (const {target, messages} of work.jobs) messages.every(({id}) => one(target, id));
      for (const target of work.pings) one(target, 'ping');
      return {
        outcomes,
        problem: outcomes.length === 0 ? 'the program that delivers hung and was ended' : null,
      };
    },
  };
  return {host, start: () => new Telling(ports, teller)};
}
type Host = ReturnType<typeof world>['host'];

/** Beats once a second for so long, as the loop does. */
async function beats(
  host: Host,
  telling: Telling,
  seconds: number,
  more: {state?: string; disk?: string | null; unready?: string | null} = {},
) {
  for (let count = 0; count < seconds; count += 1) {
    host.s += 1;
    telling.beat({
      time: new Date(startMs + host.s * 1000).toISOString(),
      ms: host.s * 1000,
      boot,
      state: 'watching',
      disk: null,
      ...more,
    });
    await settled();
    await settled();
  }
}
const waiting = (telling: Telling) => telling.view()?.targets.map((target) => target.waiting);
const id = (seq: number) => `b00tb00t-${seq}`;

describe('telling', () => {
  it('delivers an event within two beats, and each target once', async () => {
    const {host, start} = world({targets: [hook, {...hook, name: 'other'}]});
    const telling = start();
    await beats(host, telling, 2);
    telling.offer(eventAt(2, 1, 'promoting'));
    await beats(host, telling, 2);
    expect(host.heard).toEqual([`hook ${id(1)}`, `other ${id(1)}`]);
    await beats(host, telling, 60);
    expect(host.heard).toHaveLength(2);
    expect(telling.view()?.targets[0]).toMatchObject({
      waiting: 0,
      error: null,
      delivered: expect.any(String),
    });
  });

  it('one target that fails holds up no other, and hears everything in order when it is back', async () => {
    const {host, start} = world({targets: [hook, {...hook, name: 'other'}]});
    host.answer = (target) => (target === 'hook' ? {error: 'no answer within 8 s'} : true);
    const telling = start();
    telling.offer(eventAt(0, 1, 'promoting'));
    telling.offer(eventAt(0, 2, 'promoted'));
    await beats(host, telling, 30);
    expect(host.heard).toEqual([`other ${id(1)}`, `other ${id(2)}`]);
    expect(waiting(telling)).toEqual([2, 0]);
    expect(telling.view()?.targets[0]?.error).toBe('no answer within 8 s');
    host.answer = () => true;
    await beats(host, telling, 40);
    expect(host.heard.slice(2)).toEqual([`hook ${id(1)}`, `hook ${id(2)}`]);
  });

  it('asks a dead target less and less: at most 9 times in the first half hour', async () => {
    const {host, start} = world();
    host.answer = () => ({error: 'x'});
    const telling = start();
    telling.offer(eventAt(0, 1, 'promoting'));
    await beats(host, telling, 1800);
    expect(host.works.length).toBeGreaterThanOrEqual(7);
    expect(host.works.length).toBeLessThanOrEqual(9);
  });

  it('never has two deliveries at a time, and takes events while one hangs', async () => {
    const {host, start} = world();
    let open = () => {};
    host.gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const telling = start();
    telling.offer(eventAt(0, 1, 'promoting'));
    await beats(host, telling, 10);
    telling.offer(eventAt(10, 2, 'promoted'));
    await beats(host, telling, 10);
    expect(host.works).toHaveLength(1);
    expect(waiting(telling)).toEqual([2]);
    open();
    await beats(host, telling, 3);
    expect(host.heard).toEqual([`hook ${id(1)}`, `hook ${id(2)}`]);
    expect(host.mostRunning).toBe(1);
  });

  it('a child that dies without a word is told, is not started at each beat, and loses nothing', async () => {
    const {host, start} = world();
    host.answer = () => 'silence';
    const telling = start();
    telling.offer(eventAt(0, 1, 'promoting'));
    await beats(host, telling, 60);
    expect(telling.view()?.problem).toBe('the program that delivers hung and was ended');
    expect(host.works.length).toBeLessThanOrEqual(3);
    host.answer = () => true;
    await beats(host, telling, 60);
    expect(host.heard).toEqual([`hook ${id(1)}`]);
    expect(telling.view()?.problem).toBeNull();
  });
});

describe('a restart of the monitor', () => {
  it('at any moment loses no message and tells none of them under another id', async () => {
    const {host, start} = world();
    host.answer = () => ({error: 'down'});
    const first = start();
    first.offer(eventAt(0, 1, 'promoting'));
    await beats(host, first, 5);
    const second = start();
    second.offer(eventAt(5, 2, 'promoted'));
    await beats(host, second, 5);
    host.answer = () => true;
    const third = start();
    third.offer(eventAt(11, 3, 'started', 'info'));
    await beats(host, third, 5);
    expect(host.heard).toEqual([`hook ${id(1)}`, `hook ${id(2)}`]);
  });

  it('between the log and the queue: what was logged and not told is told', async () => {
    const {host, start} = world();
    const first = start();
    first.offer(eventAt(0, 1, 'promoting'));
    await beats(host, first, 5);
    // The monitor logged this one and was killed.
    host.log = [eventAt(0, 1, 'promoting'), eventAt(6, 2, 'blocked')];
    const second = start();
    second.offer(eventAt(7, 3, 'started', 'info'));
    await beats(host, second, 5);
    expect(host.heard).toEqual([`hook ${id(1)}`, `hook ${id(2)}`]);
  });

  it('tells no history to somebody who was just set up', async () => {
    const {host, start} = world();
    host.log = [eventAt(0, 1, 'promoting'), eventAt(6, 2, 'promoted')];
    const telling = start();
    telling.offer(eventAt(7, 3, 'started', 'info'));
    await beats(host, telling, 10);
    expect(host.heard).toEqual([]);
  });

  it('whose numbers began anew, because state and log were lost, tells again', async () => {
    const {host, start} = world();
    const first = start();
    first.offer(eventAt(0, 500, 'demoted'));
    await beats(host, first, 5);
    host.log = [eventAt(0, 500, 'demoted')];
    const second = start();
    second.offer(eventAt(6, 1, 'started', 'info'));
    await beats(host, second, 2);
    second.offer(eventAt(8, 2, 'promoting'));
    await beats(host, second, 3);
    expect(host.heard).toEqual([`hook ${id(500)}`, `hook ${id(2)}`]);
  });
});

describe('trouble of its own', () => {
  it('a full disk keeps the queue in memory, says so, and delivers all the same', async () => {
    const {host, start} = world();
    host.disk = Object.assign(new Error('no space'), {code: 'ENOSPC'});
    const telling = start();
    telling.offer(eventAt(0, 1, 'promoting'));
    await beats(host, telling, 5);
    expect(host.heard).toEqual([`hook ${id(1)}`]);
    expect(telling.view()?.problem).toBe('the queue of messages is in memory only (ENOSPC)');
    host.disk = null;
    await beats(host, telling, 15);
    expect(telling.view()?.problem).toBeNull();
    expect(host.kept?.news.seq).toBe(1);
  });

  it('settings that cannot be used are told, and the ones before stay in force', async () => {
    const {host, start} = world();
    const telling = start();
    await beats(host, telling, 2);
    host.targets = new BadSettings('notify.json is not JSON.');
    await beats(host, telling, 40);
    telling.offer(eventAt(42, 1, 'promoting'));
    await beats(host, telling, 3);
    expect(telling.view()?.problem).toBe('notify.json is not JSON.');
    expect(host.heard).toEqual([`hook ${id(1)}`]);
  });

  it('nobody to tell costs nothing: no child, no file, nothing in live.json', async () => {
    const {host, start} = world({targets: []});
    const telling = start();
    telling.offer(eventAt(0, 1, 'promoting'));
    await beats(host, telling, 60);
    expect([host.works, host.kept, telling.view()]).toEqual([[], undefined, null]);
  });

  it('a fault in here never reaches the loop', async () => {
    const {host, start} = world();
    const telling = start();
    await beats(host, telling, 2);
    expect(() =>
      telling.offer({...eventAt(0, 1, 'promoting'), say: undefined as unknown as string}),
    ).not.toThrow();
    expect(telling.view()?.problem).toMatch(/^telling failed: /);
  });
});

describe('the dead-man ping', () => {
  const ping: Target = {name: 'ping', kind: 'ping', url: 'FAILOVER_NOTIFY_PING_URL', everyMs: 300_000};
  const pings = (host: Host) => host.works.filter((work) => work.pings.includes('ping')).length;

  it('goes out when the monitor comes up and every five minutes then', async () => {
    const {host, start} = world({targets: [ping]});
    await beats(host, start(), 1000);
    expect(pings(host)).toBe(4);
  });

  it('stops with the loop: no beat, no ping', async () => {
    const {host, start} = world({targets: [ping]});
    await beats(host, start(), 10);
    host.s += 3600;
    await settled();
    expect(pings(host)).toBe(1);
  });

  it.each([{state: 'blocked'}, {disk: 'ENOSPC'}, {unready: 'the config is not valid'}])(
    'is withheld with %j, so that somebody looks',
    async (more) => {
      const {host, start} = world({targets: [ping]});
      const telling = start();
      await beats(host, telling, 400, more);
      expect(pings(host)).toBe(0);
      await beats(host, telling, 3);
      expect(pings(host)).toBe(1);
    },
  );

  it('goes on while it is in charge, whatever a check for a takeover says', async () => {
    const {host, start} = world({targets: [ping]});
    await beats(host, start(), 400, {state: 'active', unready: 'a gateway runs'});
    expect(pings(host)).toBe(2);
  });

  it('that fails is tried again soon, and never later than its own time', async () => {
    const {host, start} = world({targets: [ping]});
    host.answer = () => ({error: 'x', askedMs: 900_000});
    const telling = start();
    await beats(host, telling, 310);
    expect(pings(host)).toBe(2);
    expect(telling.view()?.targets[0]?.error).toBe('x');
  });
});

describe('a test message', () => {
  it('goes to everybody at once, whatever the backoff, and its results stand in live.json', async () => {
    const ping: Target = {name: 'ping', kind: 'ping', url: 'X', everyMs: 300_000};
    const {host, start} = world({targets: [hook, ping]});
    host.answer = (target) => (target === 'hook' ? {error: 'HTTP 404', refused: true} : true);
    const telling = start();
    telling.offer(eventAt(0, 1, 'promoting'));
    await beats(host, telling, 60);
    host.asked = 'word';
    await beats(host, telling, 3);
    expect(telling.view()?.test).toEqual({
      id: 'word',
      results: [
        {target: 'hook', error: 'HTTP 404'},
        {target: 'ping', error: null},
      ],
    });
  });

  it('sees settings that were written a moment before', async () => {
    const {host, start} = world({targets: []});
    const telling = start();
    await beats(host, telling, 3);
    host.targets = [hook];
    host.asked = 'word';
    await beats(host, telling, 3);
    expect(host.heard).toEqual(['hook test-word']);
  });

  it('with nobody to tell is answered too', async () => {
    const {host, start} = world({targets: []});
    const telling = start();
    host.asked = 'word';
    await beats(host, telling, 4);
    expect(telling.view()?.test).toEqual({id: 'word', results: []});
  });
});
