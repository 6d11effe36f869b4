import {expect, test} from 'vitest';
import {watchJson} from '../../../src/screens/watch/json.js';
import {kept} from '../plain/streams.js';
import {disjoint} from '../recorded.js';
import {watchFacts} from '../watch-facts.js';

const well = {
  primary: async () => ({ok: true, facts: watchFacts('primary')}) as const,
  standby: async () => ({ok: true, facts: watchFacts('standby')}) as const,
};

test('once: one object with the promised keys and no fingerprint', async () => {
  const {stream, lines, text} = kept();
  await watchJson(stream, {pair: 'default', read: well, split: () => disjoint, once: true});
  expect(lines()).toHaveLength(1);
  const sample = JSON.parse(lines()[0]!) as Record<string, unknown>;
  for (const key of ['pair', 'split', 'primary', 'standby', 'monitor', 'workspace', 'lastDrill', 'verdict']) {
    expect(sample).toHaveProperty(key);
  }
  expect(sample).toMatchObject({verdict: {state: 'protected'}, split: {state: 'disjoint'}});
  expect(text()).not.toContain('fp-');
});

test('lines go on while one host is silent, and end with the signal', async () => {
  const {stream, lines} = kept();
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 700);
  const silent = {...well, primary: async () => ({ok: false, error: 'no route'}) as const};
  await watchJson(stream, {
    pair: 'default',
    read: silent,
    split: () => disjoint,
    intervalMs: 100,
    signal: stop.signal,
  });
  expect(lines().length).toBeGreaterThanOrEqual(4);
  expect(lines().length).toBeLessThanOrEqual(8);
  expect(JSON.parse(lines()[0]!)).toMatchObject({primary: {error: 'no route'}});
});
