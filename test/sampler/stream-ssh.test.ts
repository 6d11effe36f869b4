import {setTimeout as sleep} from 'node:timers/promises';
import {expect, it} from 'vitest';
import {streamHost, type StreamClock} from '../../src/sampler/stream.js';
import type {LinkState} from '../../src/sampler/told.js';
import {keptSource} from '../../src/ssh/source.js';
import {afterwards, connectTo, newDesk, server} from '../ssh/connecting.js';

/** Time that passes so many times as fast. */
const fast = (times: number): StreamClock => ({
  now: () => Date.now() * times,
  monotonicMs: () => performance.now() * times,
  sleep: (ms, signal) => sleep(ms / times, undefined, {signal}).catch(() => undefined),
});

const speaking = 'echo hello 1; while :; do echo clock 5; sleep 0.05; done';
const fallsSilent = 'echo hello 1; for i in 1 2 3 4 5; do echo clock 5; done; sleep 50';

async function streaming(times: number, first = speaking) {
  const texts = [first];
  const desk = newDesk();
  const at = await server({authorized: [desk.key.line]});
  const links: LinkState[] = [];
  const end = new AbortController();
  const source = keptSource(async () => {
    const host = await connectTo(at, desk);
    return {host, close: () => host.close()};
  });
  let lines = 0;
  const stream = streamHost({
    host: 'standby',
    source,
    script: () => ({label: 'sample', text: texts.pop() ?? speaking, limitS: 60}),
    signal: end.signal,
    onTold: () => (lines += 1),
    onLink: (link) => links.push(link),
    clock: fast(times),
  });
  afterwards(async () => {
    end.abort();
    await stream.ended;
  });
  const until = async (holds: () => boolean) => {
    const deadline = performance.now() + 8000;
    // oxlint-disable-next-line no-await-in-loop
    while (!holds() && performance.now() < deadline) await sleep(10);
    expect(holds()).toBe(true);
  };
  const ups = () => links.filter(({state}) => state === 'up').length;
  await until(() => ups() === 1 && lines > 3);
  return {at, links, until, ups, lines: () => lines};
}

it('a connection that is cut is made anew, over real SSH', async () => {
  const {at, links, until, ups, lines} = await streaming(1);
  at.cut();
  await until(() => ups() === 2);
  expect(links.map(({state}) => state)).toEqual(['connecting', 'up', 'lost', 'connecting', 'up']);
  expect(links[2]).toMatchObject({
    attempt: 1,
    error: 'The connection to the standby was lost during: sample.',
  });
  expect(at.connections).toBe(2);
  const before = lines();
  await until(() => lines() > before + 3);
});

it('a connection that lies dead without having ended is given up for a new one', async () => {
  // The silence of 10 s lasts half a second here.
  const {at, links, until, ups} = await streaming(20, fallsSilent);
  // Nor is any goodbye heard.
  at.silence();
  await until(() => ups() === 2);
  expect(links.some((link) => link.state === 'lost' && /Nothing was heard/.test(link.error))).toBe(true);
  expect(at.connections).toBe(2);
});

it('a host that is away for a while is there again by itself', async () => {
  const {at, links, until, ups} = await streaming(5);
  await at.refuse();
  at.cut();
  await until(() => links.filter(({state}) => state === 'lost').length >= 3);
  await at.listen();
  await until(() => ups() === 2);
});

it('a silent stream takes no connection from under what else runs on it', async () => {
  const desk = newDesk();
  const at = await server({authorized: [desk.key.line]});
  const source = keptSource(
    async () => {
      const host = await connectTo(at, desk);
      return {host, close: () => host.close()};
    },
    undefined,
    {graceMs: 1500},
  );
  afterwards(() => source.close());
  const old = await source();
  const act = old.script({label: 'act', text: 'sleep 0.7; echo done'});
  await sleep(200);
  source.drop();
  expect(await source()).not.toBe(old);
  expect(at.connections).toBe(2);
  expect((await act).stdout).toBe('done\n');
  await sleep(1200);
  await expect(old.script({label: 'late', text: 'echo late'})).rejects.toThrow('The connection was closed.');
});
