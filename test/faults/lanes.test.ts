import {describe, expect, it, vi} from 'vitest';
import {playLanes, type Act} from '../lab/faults/lanes.js';
import type {Stage} from '../lab/faults/stage.js';

const stage = async () => ({}) as Stage;

/** An act that lasts until it is let go, and notes when it began. */
function slow(name: string, began: string[]) {
  const {promise, resolve, reject} = Promise.withResolvers<void>();
  const act: Act = {
    name,
    play: () => {
      began.push(name);
      return promise;
    },
  };
  return {act, end: resolve, fail: reject};
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('lanes', () => {
  it('play their own acts one after the other, and those of other lanes at the same time', async () => {
    const began: string[] = [];
    const [one, two, other] = ['one', 'two', 'other'].map((name) => slow(name, began));
    const results = playLanes([
      {stage, acts: [one!.act, two!.act]},
      {stage, acts: [other!.act]},
    ]);
    await settle();
    expect(began).toEqual(['one', 'other']);
    one!.end();
    await results.get(one!.act);
    await settle();
    expect(began).toEqual(['one', 'other', 'two']);
    two!.end();
    other!.end();
    await Promise.all(results.values());
  });

  it('go on after an act that failed, and tell it at once', async () => {
    const told = vi.spyOn(console, 'log').mockImplementation(() => {});
    const began: string[] = [];
    const [one, two] = ['one', 'two'].map((name) => slow(name, began));
    const results = playLanes([{stage, acts: [one!.act, two!.act]}]);
    one!.fail(new Error('too late'));
    await expect(results.get(one!.act)).rejects.toThrow('too late');
    two!.end();
    await expect(results.get(two!.act)).resolves.toBeUndefined();
    expect(told).toHaveBeenCalledWith('failed: one: too late');
    told.mockRestore();
  });

  it('fail all of their acts when there is no stage', async () => {
    const told = vi.spyOn(console, 'log').mockImplementation(() => {});
    const began: string[] = [];
    const [one, two] = ['one', 'two'].map((name) => slow(name, began));
    const results = playLanes([
      {stage: () => Promise.reject(new Error('no host')), acts: [one!.act, two!.act]},
    ]);
    for (const {act} of [one!, two!]) await expect(results.get(act)).rejects.toThrow('no host');
    expect(began).toEqual([]);
    told.mockRestore();
  });
});
