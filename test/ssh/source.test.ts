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

  it('goes on with an attempt that has begun, and makes none beside it', async () => {
    const {one, dials} = dialling();
    const begun = Promise.withResolvers<Dialled>();
    const source = keptSource(async () => one(), {dialling: begun.promise, ending: new AbortController()});
    const asked = source();
    begun.resolve(one());
    expect((await asked).target).toBe('1');
    expect((await source()).target).toBe('1');
    expect(dials()).toBe(1);
  });

  it('ends an attempt that has begun when it is closed, and waits for nothing', async () => {
    const ending = new AbortController();
    const {one} = dialling();
    const source = keptSource(async () => one(), {dialling: new Promise(() => {}), ending});
    const asked = source();
    await source.close();
    expect(ending.signal.aborted).toBe(true);
    await expect(asked).rejects.toMatchObject({exit: 4});
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

  it('leaves what was dropped to those who use it, makes a new one, and ends the old one later', async () => {
    const {one, closed} = dialling();
    const source = keptSource(async () => one(), undefined, {graceMs: 50});
    expect((await source()).target).toBe('1');
    source.drop();
    expect((await source()).target).toBe('2');
    await sleep(10);
    expect(closed).toEqual([]);
    await sleep(100);
    expect(closed).toEqual([1]);
    await source.close();
    expect(closed).toEqual([1, 2]);
  });

  it('keeps at most three that were dropped, and ends them all at once when it is closed', async () => {
    const {one, closed} = dialling();
    const source = keptSource(async () => one(), {dialled: one()});
    for (let drops = 0; drops < 5; drops += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await source();
      source.drop();
    }
    expect(closed).toEqual([1, 2]);
    await source();
    await source.close();
    expect(closed.toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('gives no connection any more once it is closed', async () => {
    const {one, dials} = dialling();
    const source = keptSource(async () => one());
    await source.close();
    await expect(source()).rejects.toMatchObject({exit: 4});
    expect(dials()).toBe(0);
  });

  it.each(['drop', 'close'] as const)(
    'waits for no attempt that never ends: %s aborts it, and whoever waits is told',
    async (how) => {
      const {one, closed} = dialling();
      const signals: AbortSignal[] = [];
      const late = Promise.withResolvers<Dialled>();
      const source = keptSource((signal) => {
        signals.push(signal);
        return signals.length === 1 ? late.promise : Promise.resolve(one());
      });
      const waiting = source();
      const told = expect(waiting).rejects.toMatchObject({exit: 4});
      await Promise.resolve(source[how]());
      await told;
      expect(signals[0]!.aborted).toBe(true);
      if (how === 'drop') expect((await source()).target).toBe('1');
      late.resolve(one());
      await sleep(1);
      expect(closed).toEqual([how === 'drop' ? 2 : 1]);
    },
  );

  it('aborts nothing of a connection that stands', async () => {
    const {one} = dialling();
    const signals: AbortSignal[] = [];
    const source = keptSource(async (signal) => {
      signals.push(signal);
      return one();
    });
    await source();
    source.drop();
    await source();
    await source.close();
    expect(signals.map(({aborted}) => aborted)).toEqual([false, false]);
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
    const dropped = expect(source()).rejects.toThrow('given up');
    source.drop();
    const kept = await source();
    failing.reject(new Error('late'));
    await dropped;
    expect(await source()).toBe(kept);
    expect(dials()).toBe(1);
    expect(closed).toEqual([]);
  });
});
