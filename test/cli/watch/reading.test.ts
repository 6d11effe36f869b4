import {describe, expect, it} from 'vitest';
import {readAgainMs, readEveryMs, Reading, settleMs} from '../../../src/cli/watch/reading.js';
import type {HostFacts} from '../../../src/facts/types.js';
import {factsOf} from '../facts-of.js';

/** Time that is let pass by hand. */
class Hours {
  nowMs = 0;
  #sleepers: {atMs: number; wake: () => void}[] = [];

  readonly sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      this.#sleepers.push({atMs: this.nowMs + ms, wake: resolve});
      signal.addEventListener('abort', () => resolve(), {once: true});
    });

  async pass(ms: number): Promise<void> {
    this.nowMs += ms;
    const due = this.#sleepers.filter(({atMs}) => atMs <= this.nowMs);
    this.#sleepers = this.#sleepers.filter((each) => !due.includes(each));
    for (const {wake} of due) wake();
    // What was awaited goes on until it waits for the next thing.
    for (let turn = 0; turn < 20; turn += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await Promise.resolve();
    }
  }
}

function reading(answers: (HostFacts | Error)[] = []) {
  const hours = new Hours();
  const got: HostFacts[] = [];
  const failed: string[] = [];
  let count = 0;
  const leave = new AbortController();
  const made = new Reading({
    read: async () => {
      count += 1;
      const answer = answers.shift() ?? factsOf('primary');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    got: (facts) => got.push(facts),
    failed: (error) => failed.push(error),
    sleep: hours.sleep,
  });
  const ended = made.run(leave.signal);
  return {made, hours, got, failed, leave, ended, count: () => count};
}

describe('the whole readings of a host', () => {
  it('are made at once, and then every 10 min', async () => {
    const {hours, count} = reading();
    await hours.pass(0);
    expect(count()).toBe(1);
    await hours.pass(readEveryMs - 1);
    expect(count()).toBe(1);
    await hours.pass(1);
    expect(count()).toBe(2);
  });

  it('that fail are told, and made again sooner', async () => {
    const {hours, count, failed} = reading([new Error('no way there')]);
    await hours.pass(0);
    expect(failed).toEqual(['no way there']);
    await hours.pass(readAgainMs);
    expect(count()).toBe(2);
  });

  it('are made when a config changes, once its writer has finished; the first stamp changes nothing', async () => {
    const {made, hours, count} = reading();
    await hours.pass(0);
    made.stamped('one');
    await hours.pass(settleMs);
    expect(count()).toBe(1);
    made.stamped('two');
    await hours.pass(0);
    await hours.pass(settleMs - 1);
    expect(count()).toBe(1);
    await hours.pass(1);
    expect(count()).toBe(2);
  });

  it('are made of a host that was away, not of one that has just been reached for the first time', async () => {
    const {made, hours, count} = reading();
    await hours.pass(0);
    made.linked('connecting');
    made.linked('up');
    await hours.pass(settleMs);
    expect(count()).toBe(1);
    made.linked('lost');
    made.linked('connecting');
    made.linked('up');
    await hours.pass(0);
    await hours.pass(settleMs);
    expect(count()).toBe(2);
  });

  it('do not let whoever needs one wait for the pause after a failure', async () => {
    const {made, hours, count} = reading([new Error('no way there')]);
    await hours.pass(0);
    const known = made.known();
    await hours.pass(0);
    expect((await known).host).toBe('primary');
    expect(count()).toBe(2);
  });

  it('give what is known at once', async () => {
    const {made, hours, count} = reading();
    await hours.pass(0);
    expect((await made.known()).host).toBe('primary');
    expect(count()).toBe(1);
  });

  it('end with their signal', async () => {
    const {leave, ended, hours, count} = reading();
    await hours.pass(0);
    leave.abort();
    await ended;
    await hours.pass(readEveryMs);
    expect(count()).toBe(1);
  });
});
