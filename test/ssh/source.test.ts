import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import type {Host} from '../../src/ssh/host.js';
import {keptSource, type Dialled} from '../../src/ssh/source.js';

function dialling() {
  const closed: number[] = [];
  let dials = 0;
  const one = (): Dialled => {
    dials += 1;
    const number = dials;
    return {host: {target: String(number)} as Host, close: async () => void closed.push(number)};
  };
  return {closed, one, dials: () => dials};
}

describe('a source of a host', () => {
  it('gives everybody the same connection, and makes it once', async () => {
    const {one, dials} = dialling();
    const source = keptSource(async () => {
      await sleep(5);
      return one();
    });
    const [first, second] = await Promise.all([source(), source()]);
    expect(first).toBe(second);
    expect(await source()).toBe(first);
    expect(dials()).toBe(1);
  });

  it('begins with the one that stands', async () => {
    const {one, dials} = dialling();
    const source = keptSource(async () => one(), {dialled: one()});
    expect((await source()).target).toBe('1');
    expect(dials()).toBe(1);
  });

  it('tells the first error once, then tries', async () => {
    const {one} = dialling();
    const source = keptSource(async () => one(), {error: new Error('refused')});
    await expect(source()).rejects.toThrow('refused');
    expect((await source()).target).toBe('1');
  });

  it('tries again after each failure', async () => {
    const {one} = dialling();
    let fails = 2;
    const source = keptSource(async () => {
      fails -= 1;
      if (fails >= 0) throw new Error(`failed, ${fails} left`);
      return one();
    });
    await expect(source()).rejects.toThrow('1 left');
    await expect(source()).rejects.toThrow('0 left');
    expect((await source()).target).toBe('1');
  });

  it('gives up what was dropped, and makes a new one', async () => {
    const {one, closed} = dialling();
    const source = keptSource(async () => one());
    expect((await source()).target).toBe('1');
    source.drop();
    expect((await source()).target).toBe('2');
    expect(closed).toEqual([1]);
    await source.close();
    expect(closed).toEqual([1, 2]);
  });

  it('does not wait for an attempt that was dropped, and closes what comes of it', async () => {
    const {one, closed} = dialling();
    const slow = Promise.withResolvers<void>();
    let first = true;
    const source = keptSource(async () => {
      const waits = first;
      first = false;
      if (waits) await slow.promise;
      return one();
    });
    const dropped = source();
    source.drop();
    expect((await source()).target).toBe('1');
    slow.resolve();
    expect((await dropped).target).toBe('2');
    await sleep(1);
    expect(closed).toEqual([2]);
  });

  it('an attempt that fails after it was dropped takes nothing from the one that came after it', async () => {
    const {one, closed, dials} = dialling();
    const failing = Promise.withResolvers<Dialled>();
    let first = true;
    const source = keptSource(() => {
      const waits = first;
      first = false;
      return waits ? failing.promise : Promise.resolve(one());
    });
    const dropped = source();
    source.drop();
    const kept = await source();
    failing.reject(new Error('late'));
    await expect(dropped).rejects.toThrow('late');
    expect(await source()).toBe(kept);
    expect(dials()).toBe(1);
    expect(closed).toEqual([]);
  });
});
