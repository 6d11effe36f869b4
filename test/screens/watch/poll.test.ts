import {afterEach, expect, test} from 'vitest';
import {poll} from '../../../src/screens/watch/poll.js';
import type {HostResult} from '../../../src/screens/watch/sample.js';
import {watchFacts} from '../watch-facts.js';

const stop = new AbortController();
afterEach(() => stop.abort());
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const never = () => new Promise<HostResult>(() => {});

test('a host that hangs fails after its limit and never delays the other', async () => {
  const own = new AbortController();
  const seen: string[] = [];
  poll({
    read: {primary: never, standby: async () => ({ok: true, facts: watchFacts('standby')})},
    intervalMs: 50,
    limitMs: 180,
    signal: own.signal,
    onResult: (host, result) => seen.push(result.ok ? host : `${host}: ${result.error}`),
  });
  await wait(330);
  own.abort();
  expect(seen.filter((each) => each === 'standby').length).toBeGreaterThanOrEqual(4);
  expect(seen).toContain('primary: nothing came back within 1 s');
});

test('a reader that throws is a failed reading, not the end', async () => {
  const own = new AbortController();
  const seen: HostResult[] = [];
  let tries = 0;
  poll({
    read: {
      primary: async () => {
        tries += 1;
        if (tries === 1) throw new Error('connection reset');
        return {ok: true, facts: watchFacts('primary')};
      },
      standby: never,
    },
    intervalMs: 50,
    signal: own.signal,
    onResult: (_, result) => seen.push(result),
  });
  await wait(140);
  own.abort();
  expect(seen[0]).toEqual({ok: false, error: 'connection reset'});
  expect(seen[1]?.ok).toBe(true);
});

test('a reading can be asked for at once, and none comes after the end', async () => {
  const own = new AbortController();
  let readings = 0;
  const read = async (): Promise<HostResult> => {
    readings += 1;
    return {ok: true, facts: watchFacts('primary')};
  };
  const polling = poll({
    read: {primary: read, standby: read},
    intervalMs: 60_000,
    signal: own.signal,
    onResult: () => {},
  });
  await wait(30);
  expect(readings).toBe(2);
  polling.now();
  await wait(90);
  expect(readings).toBe(4);
  own.abort();
  polling.now();
  await wait(90);
  expect(readings).toBe(4);
});
