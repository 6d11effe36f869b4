import {afterEach, describe, expect, it} from 'vitest';
import {Abort, ConnectionLost, Exit} from '../../src/errors.js';
import {streamHost} from '../../src/sampler/stream.js';
import type {LinkState, Told} from '../../src/sampler/told.js';
import {PretendHost, PretendTime, settled} from './pretend.js';

const ends: AbortController[] = [];
afterEach(() => ends.splice(0).forEach((end) => end.abort()));

function stream(host = new PretendHost()) {
  const time = new PretendTime();
  const told: Told[] = [];
  const links: LinkState[] = [];
  const end = new AbortController();
  ends.push(end);
  const script = {label: 'sample', text: 'x'};
  const running = streamHost({
    host: 'standby',
    source: host.source,
    script: () => script,
    signal: end.signal,
    onTold: (one) => told.push(one),
    onLink: (link) => links.push(link),
    clock: time,
  });
  const states = () => links.map((link) => (link.state === 'up' ? 'up' : `${link.state} ${link.attempt}`));
  return {host, time, told, links, states, end, running};
}

const unreachable = () => new Abort('The standby cannot be reached: timed out.', {exit: Exit.unreachable});

describe('a stream', () => {
  it('is up with the first line, and tells what is said', async () => {
    const {host, told, links} = stream();
    await settled();
    expect(links).toEqual([{state: 'connecting', attempt: 1}]);
    await host.say('hello 1', 'garbage', 'clock 5', 'whole');
    expect(links.at(-1)).toEqual({state: 'up'});
    expect(told).toEqual([{kind: 'hello', version: 1}, {kind: 'clock', hostMs: 5}, {kind: 'whole'}]);
  });

  it('tries again after 0.5, 1, 2, 4, 8, 8 s, and says when', async () => {
    const host = new PretendHost();
    host.dial = () => Promise.reject(unreachable());
    const {time, links, states} = stream(host);
    const waits: number[] = [];
    for (const ms of [500, 1000, 2000, 4000, 8000, 8000]) {
      // oxlint-disable-next-line no-await-in-loop
      await time.pass(0);
      const last = links.at(-1)!;
      waits.push(last.state === 'lost' ? last.retryAtMs - time.now() : 0);
      // oxlint-disable-next-line no-await-in-loop
      await time.pass(ms - 100);
      expect(host.dials).toBe(waits.length);
      // oxlint-disable-next-line no-await-in-loop
      await time.pass(100);
      expect(host.dials).toBe(waits.length + 1);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 8000]);
    expect(states().slice(0, 4)).toEqual(['connecting 1', 'lost 2', 'connecting 2', 'lost 3']);
    expect(links[1]).toMatchObject({error: 'The standby cannot be reached: timed out.'});
    expect(host.drops).toBe(0);
  });

  it('tries again now when it is poked, and does nothing more while it is up', async () => {
    const host = new PretendHost();
    host.dial = () => Promise.reject(unreachable());
    const {time, running} = stream(host);
    await time.pass(2000);
    const dials = host.dials;
    host.dial = async () => undefined;
    running.poke();
    await settled();
    expect(host.dials).toBe(dials + 1);
    await host.say('hello 1');
    running.poke();
    await time.pass(500);
    expect(host.dials).toBe(dials + 1);
  });

  it('gives a silent connection up after 10 s, and makes a new one', async () => {
    const {host, time, links, states} = stream();
    await host.say('hello 1');
    await time.pass(9500);
    await host.say('clock 5');
    await time.pass(9500);
    expect(host.drops).toBe(0);
    await time.pass(1600);
    expect(host.drops).toBe(1);
    const lost = links.find(({state}) => state === 'lost');
    expect(lost).toMatchObject({error: 'Nothing was heard from the standby for 10 s.'});
    await time.pass(500);
    await host.say('hello 1');
    expect(states()).toEqual(['connecting 1', 'up', 'lost 1', 'connecting 1', 'up']);
  });

  it('gives one up that never said a word', async () => {
    const {host, time, states} = stream();
    await time.pass(12_000);
    expect(host.drops).toBeGreaterThanOrEqual(1);
    expect(states().slice(0, 2)).toEqual(['connecting 1', 'lost 2']);
  });

  it('begins from the shortest wait again only after it was up for 30 s', async () => {
    const {host, time, links} = stream();
    const waitAfter = async (upMs: number) => {
      await host.say('hello 1');
      for (let ms = 0; ms < upMs; ms += 5000) {
        // oxlint-disable-next-line no-await-in-loop
        await time.pass(Math.min(5000, upMs - ms));
        // oxlint-disable-next-line no-await-in-loop
        await host.say('clock 5');
      }
      await host.end(new ConnectionLost('standby', 'sample'));
      const last = links.at(-1)!;
      const waitMs = last.state === 'lost' ? last.retryAtMs - time.now() : -1;
      await time.pass(waitMs);
      return waitMs;
    };
    await settled();
    expect(await waitAfter(1000)).toBe(500);
    expect(await waitAfter(1000)).toBe(1000);
    expect(await waitAfter(29_000)).toBe(2000);
    expect(await waitAfter(31_000)).toBe(500);
    expect(host.drops).toBe(4);
  });

  it('starts a sampler that ended of age again at once, without a word', async () => {
    const {host, states} = stream();
    await host.say('hello 1', 'whole', 'end');
    await host.end();
    expect(host.followed).toHaveLength(2);
    await host.say('hello 1');
    expect(states()).toEqual(['connecting 1', 'up']);
    expect(host.drops).toBe(0);
  });

  it('says so when what runs there ends otherwise, and leaves the connection alone', async () => {
    const {host, links} = stream();
    await host.say('hello 1');
    await host.end();
    expect(links.at(-1)).toMatchObject({state: 'lost', error: 'What samples the standby ended by itself.'});
    const other = stream();
    await other.host.say('hello 1');
    await other.host.end(new Abort('The command sample on the standby ended with code 127.'));
    expect(other.links.at(-1)).toMatchObject({state: 'lost'});
    expect(host.drops + other.host.drops).toBe(0);
  });

  it.each(['stood', 'went on'] as const)(
    'connects anew when this machine was asleep (its clock %s)',
    async (steady) => {
      const {host, time, links, states} = stream();
      await host.say('hello 1');
      await time.asleep(60_000, steady);
      expect(host.drops).toBe(1);
      expect(host.followed).toHaveLength(2);
      await host.say('hello 1');
      expect(states()).toEqual(['connecting 1', 'up', 'lost 1', 'connecting 1', 'up']);
      const lost = links.find(({state}) => state === 'lost') as (LinkState & {state: 'lost'}) | undefined;
      expect(lost?.error).toBe('This machine was asleep.');
      expect(lost?.retryAtMs).toBeLessThanOrEqual(time.now());
    },
  );

  it('does not wait any longer when this machine was asleep meanwhile', async () => {
    const host = new PretendHost();
    host.dial = () => Promise.reject(unreachable());
    const {time} = stream(host);
    await time.pass(16_000);
    const dials = host.dials;
    await time.asleep(60_000, 'stood');
    expect(host.dials).toBe(dials + 1);
  });

  it('leaves an attempt to connect that hangs when this machine was asleep', async () => {
    const host = new PretendHost();
    host.dial = () => new Promise(() => undefined);
    const {time} = stream(host);
    await time.pass(500);
    host.dial = async () => undefined;
    await time.asleep(60_000, 'went on');
    expect(host.drops).toBe(1);
    expect(host.followed).toHaveLength(1);
  });

  it('takes a clock that is set by a second for nothing', async () => {
    const {host, time} = stream();
    await host.say('hello 1');
    await time.asleep(1000, 'stood');
    expect(host.drops).toBe(0);
  });

  it('ends with the signal wherever it is, and waits for nothing', async () => {
    const hanging = new PretendHost();
    hanging.dial = () => new Promise(() => undefined);
    const failing = new PretendHost();
    failing.dial = () => Promise.reject(unreachable());
    for (const host of [new PretendHost(), hanging, failing]) {
      const {time, end, running, links} = stream(host);
      // oxlint-disable-next-line no-await-in-loop
      await time.pass(100);
      const before = links.length;
      end.abort();
      // oxlint-disable-next-line no-await-in-loop
      await running.ended;
      expect(links).toHaveLength(before);
      expect(time.waiting).toBe(0);
    }
  });

  it('holds nothing more after ten more minutes of failures', async () => {
    const host = new PretendHost();
    host.dial = () => Promise.reject(unreachable());
    const {time} = stream(host);
    await time.pass(60_000);
    const waiting = time.waiting;
    await time.pass(600_000);
    expect(time.waiting).toBe(waiting);
  });
});
