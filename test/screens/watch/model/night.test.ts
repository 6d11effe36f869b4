import {describe, expect, test} from 'vitest';
import type {EventTold, LiveTold} from '../../../../src/sampler/told.js';
import {reduce, timelineOf, type Input, type WatchState} from '../../../../src/screens/watch/model/state.js';
import {toSample} from '../../../../src/screens/watch/model/to-sample.js';
import type {HostName} from '../../../../src/ssh/host.js';
import {Dice} from '../../../simulator/dice.js';
import {draw} from '../../../simulator/sequence.js';
import {short} from '../../../simulator/story.js';
import {event} from './made-events.js';
import {
  commits,
  firstWords,
  liveTold,
  pairFacts,
  played,
  primaryAccounts,
  runningGateway,
  simulatedMs,
  startMs,
  told,
  wellPair,
} from './playing.js';

const hour = 3_600_000;

/** A pair that is watched: lines every second or two, some news, connections that break, facts every 10 min. */
class Night {
  state: WatchState = wellPair();
  nowMs = startMs;
  readonly #dice = new Dice(11);
  readonly #log: EventTold[] = [];
  #pid = 800;

  until(endMs: number): void {
    for (; this.nowMs < endMs; this.nowMs += 1_000) this.#second();
  }

  get bytes(): number {
    return JSON.stringify(this.state).length;
  }

  #second(): void {
    const s = (this.nowMs - startMs) / 1_000;
    for (const host of ['primary', 'standby'] as const) {
      if (s % 2 === 0) this.#put(told(host, {kind: 'clock', hostMs: this.nowMs + this.#dice.whole(-40, 0)}));
      if (s % 10 === 0) this.#put(machine(host, 100_000 + s, this.#dice.next()));
      if (s % 600 === 0) this.#put({on: 'facts', host, facts: pairFacts(host)});
      if (this.#dice.chance(1 / 400)) this.#reconnect(host);
    }
    this.#put(told('standby', {kind: 'live', live: this.#live(s)}));
    if (s % 20 === 0)
      this.#put(
        told('primary', {
          kind: 'accounts',
          accounts: {
            known: true,
            accounts: primaryAccounts(this.#dice.pick(['connected', 'off'])),
            tookMs: 40,
          },
        }),
      );
    if (this.#dice.chance(1 / 60)) this.#news();
    if (this.#dice.chance(1 / 200)) {
      this.#pid += 1;
      this.#put(told('primary', {kind: 'gateway', gateway: {...runningGateway, pid: this.#pid}}));
    }
    if (s % 5 === 0) toSample(this.state, this.nowMs);
  }

  #put(input: Input): void {
    this.state = reduce(this.state, input, this.nowMs);
  }

  #live(s: number): LiveTold {
    const agoMs = (s % 5) * 1_000;
    const newest = Array.from({length: 30}, (_, index) => 2 + ((Math.floor(s / 5) + index) % 23));
    const probe = {class: 'ok', tookMs: newest[29]!, detail: '', agoMs} as const;
    return liveTold({ms: 5_000_000 + s * 1_000, probe, latencies: newest, say: `Watching for ${s} s.`});
  }

  #news(): void {
    const seq = this.#log.length + 1;
    this.#log.push(event({seq, atMs: this.nowMs, ms: this.nowMs - startMs, say: 'x'.repeat(100)}));
    this.#put(told('standby', {kind: 'event', event: this.#log.at(-1)!}));
  }

  /** As it is after a lost connection: everything once more, with the end of the log. */
  #reconnect(host: HostName): void {
    const error = `reset ${this.nowMs}`;
    this.#put({on: 'link', host, link: {state: 'lost', attempt: 1, retryAtMs: this.nowMs, error}});
    this.#put({on: 'link', host, link: {state: 'up'}});
    for (const one of firstWords(host, this.nowMs)) if (one.kind !== 'live') this.#put(told(host, one));
    if (host === 'standby')
      for (const one of this.#log.slice(-200)) this.#put(told(host, {kind: 'event', event: one}));
  }
}

function machine(host: HostName, uptimeS: number, load: number): Input {
  const memoryBytes = {total: 4e9, available: 3e9};
  return told(host, {kind: 'machine', machine: {load, memoryBytes, uptimeS, rebootPending: false}});
}

test('after eight hours it holds no more than after two, and each thing once', {timeout: 60_000}, () => {
  const night = new Night();
  night.until(startMs + 2 * hour);
  const after2 = night.bytes;
  night.until(startMs + 8 * hour);
  // 480 events by then, of at most 500; a bounded number of everything else.
  const perEvent = JSON.stringify(night.state.events[0]).length + 1;
  const grown = night.bytes - after2 - (night.state.events.length - 120) * perEvent;
  expect(Math.abs(grown)).toBeLessThan(night.bytes / 5);
  night.until(startMs + 10 * hour);
  const after10 = night.bytes;
  night.until(startMs + 18 * hour);
  expect(Math.abs(night.bytes - after10)).toBeLessThan(after10 / 50);
  expect(night.bytes).toBeLessThan(400_000);
  expect(night.state.events).toHaveLength(500);
  expect(night.state.noticed).toHaveLength(200);
  expect(night.state.history!.values).toHaveLength(240);
  const timeline = timelineOf(night.state);
  expect(timeline).toHaveLength(500);
  expect(new Set(timeline.map(({key}) => key)).size).toBe(500);
});

describe('whatever the monitor does, in a hundred stories of the simulator', () => {
  test.each(Array.from({length: 10}, (_, index) => index * 10 + 1))(
    'from seed %d',
    {timeout: 60_000},
    async (first) => {
      for (let seed = first; seed < first + 10; seed += 1) {
        const {variant, faults} = draw(seed);
        // oxlint-disable-next-line no-await-in-loop
        const {inputs} = await played(short({seed, variant, faults}), variant, seed);
        let state = wellPair({variant}, simulatedMs);
        for (const {atMs, input} of inputs) {
          state = reduce(state, input, atMs);
          if (input.on === 'told' && input.told.kind === 'event') check(state, atMs, seed);
        }
      }
    },
  );
});

/** What is true of every sample. */
function check(state: WatchState, atMs: number, seed: number): void {
  const {ledger, verdict, monitor, health} = toSample(state, atMs);
  const where = `seed ${seed} at ${(atMs - simulatedMs) / 1000} s`;
  expect(verdict.sentence, where).not.toMatch(/undefined|NaN|null/);
  expect(monitor.known && monitor.words, where).not.toMatch(/undefined|NaN|-\d/);
  expect(health?.history.length ?? 0, where).toBeLessThanOrEqual(240);
  if (verdict.state === 'protected') expect(monitor.known && monitor.state, where).toBe('watching');
  if (ledger === null) return;
  const running = ledger.stages.filter((stage) => stage.state === 'running');
  expect(running.length, where).toBeLessThanOrEqual(1);
  expect(ledger.outcome === null, where).toBe(ledger.endedMs === null);
  const reached = ledger.stages.filter(({sinceMs}) => sinceMs !== null);
  for (const stage of reached) {
    expect(stage.sinceMs, `${where}: ${stage.name}`).toBeGreaterThanOrEqual(0);
    expect(stage.atMs, `${where}: ${stage.name}`).toBeCloseTo(ledger.beganMs + stage.sinceMs!, -2);
  }
  const times = reached.map(({sinceMs}) => sinceMs!);
  expect(times, where).toEqual(times.toSorted((a, b) => a - b));
  for (const {name} of ledger.stages) expect(name, where).not.toBe('');
}

test('hosts that say nonsense are survived', () => {
  const nonsense: Input[] = [
    told('primary', {kind: 'event', event: event()}),
    told('primary', {kind: 'live', live: liveTold()}),
    told('standby', {
      kind: 'live',
      live: liveTold({ms: 0, latencies: [], probe: {class: 'ok', tookMs: 0, detail: '', agoMs: 9e9}}),
    }),
    told('standby', {kind: 'clock', hostMs: 0}),
    told('standby', {
      kind: 'event',
      event: event({seq: 7, atMs: 9e14, event: 'promoted', durations: {sincePromotingMs: -5}}),
    }),
    told('standby', {kind: 'event', event: event({seq: 8, atMs: -1, event: 'a word of a newer monitor'})}),
    told('primary', {
      kind: 'workspace',
      workspace: {
        head: null,
        commitMs: 9e14,
        dirty: null,
        syncMs: -1,
        pushFailed: '',
        upstream: null,
        recent: commits,
      },
    }),
  ];
  let state = wellPair();
  for (const input of nonsense) {
    state = reduce(state, input, startMs);
    const sample = toSample(state, startMs);
    expect(JSON.stringify(sample)).not.toContain('NaN');
  }
  expect(toSample(state, startMs).ledger).toBeNull();
});
