import {BlockList} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {WayOut, type WayOutDeps} from '../../src/monitor/way-out.js';
import type {Keeper} from '../../src/monitor/witness-book.js';
import {settings as ofTests} from './settings-of-tests.js';

const lan = new BlockList();
lan.addSubnet('192.168.0.0', 24, 'ipv4');

interface Given {
  /** What names stand for; a name that is missing is not resolved. */
  names?: Record<string, string[]>;
  /** Addresses that answer. */
  answer?: string[];
  /** Addresses in whose name this host's own firewall refuses. */
  refuse?: string[];
  router?: boolean;
  kept?: string;
}

/** A host behind a router; what it is given may be changed while it runs. */
function host(given: Given) {
  const asked: string[] = [];
  let nowMs = 0;
  const keeper: Keeper = {
    read: async () => given.kept,
    write: async (text) => void (given.kept = text),
    lookup: async (name) =>
      given.names?.[name] ?? Promise.reject(Object.assign(new Error(), {code: 'EAI_AGAIN'})),
  };
  const deps: WayOutDeps = {
    nowMs: () => nowMs,
    reach: async ({address}, _ms, beyond) => {
      asked.push(address);
      if (given.refuse?.includes(address)) return {alive: !beyond, how: 'refuses'};
      const alive = given.answer?.includes(address) === true;
      return {alive, how: alive ? 'answers' : 'no answer in time'};
    },
    gateway: async () => ({alive: given.router === true, by: 'the router'}),
    networks: async () => lan,
  };
  return {
    asked,
    start: () => new WayOut(keeper, deps),
    pass: (ms: number) => (nowMs += ms),
  };
}
const settings = (...witnesses: [address: string, port: number][]) => ({
  ...ofTests,
  primary: {address: '100.64.0.11', port: 18789},
  witnesses: witnesses.map(([address, port]) => ({address, port})),
});
const two = settings(['chat.example', 443], ['git.example', 22]);
const names = {
  'chat.example': ['198.51.100.1', '2001:db8::1', '198.51.100.9'],
  'git.example': ['198.51.100.2'],
};

describe('whether this host is online', () => {
  it('is what a witness says, not its router: the provider has failed behind it', async () => {
    const given: Given = {names, answer: ['198.51.100.1'], router: true};
    const wayOut = host(given).start();
    expect(await wayOut.ask(two)).toEqual({alive: true, by: 'chat.example (198.51.100.1) port 443: answers'});
    given.answer = [];
    expect(await wayOut.ask(two)).toMatchObject({
      alive: false,
      by: expect.stringContaining('git.example (198.51.100.2) port 22: no answer in time'),
    });
  });

  it('is not what a firewall of its own says in the name of others', async () => {
    const given: Given = {names, answer: ['198.51.100.1'], refuse: ['198.51.100.2'], router: true};
    const wayOut = host(given).start();
    expect((await wayOut.ask(two)).alive).toBe(true);
    given.answer = [];
    expect((await wayOut.ask(two)).alive).toBe(false);
  });

  it('finds the other names although one cannot be resolved', async () => {
    const given: Given = {names: {'git.example': ['198.51.100.2']}, answer: ['198.51.100.2'], router: true};
    expect((await host(given).start().rehearse(two)).result).toBe('online');
  });

  it('does not need names to be resolved any more, nor after a restart of the monitor', async () => {
    const given: Given = {names, answer: ['198.51.100.2'], router: true};
    const there = host(given);
    expect((await there.start().rehearse(two)).result).toBe('online');
    await sleep(0);
    given.names = {};
    const wayOut = there.start();
    expect(await wayOut.ask(two)).toMatchObject({
      alive: true,
      by: 'git.example (198.51.100.2) port 22: answers',
    });
    given.answer = [];
    expect(await wayOut.ask(two)).toMatchObject({alive: false});
  });

  it('follows a name that stands for another address', async () => {
    const given: Given = {names, answer: ['198.51.100.2'], router: true};
    const there = host(given);
    const wayOut = there.start();
    await wayOut.rehearse(two);
    there.pass(30 * 60_000);
    given.names = {...names, 'git.example': ['203.0.113.2']};
    given.answer = ['203.0.113.2'];
    expect(await wayOut.rehearse(two)).toEqual({
      result: 'online',
      detail: 'git.example (203.0.113.2) port 22: answers',
    });
  });

  it('goes by the router alone where no witness has ever answered', async () => {
    const given: Given = {names, router: true};
    const wayOut = host(given).start();
    expect(await wayOut.ask(two)).toEqual({alive: true, by: 'the router'});
    given.router = false;
    expect((await wayOut.ask(two)).alive).toBe(false);
    expect((await host({router: true}).start().ask(settings())).by).toBe('the router');
  });

  it('without an IPv4 router is shown by the witnesses', async () => {
    const given: Given = {answer: ['2001:db8::7'], router: false};
    const wayOut = host(given).start();
    expect((await wayOut.ask(settings(['2001:db8::7', 443]))).alive).toBe(true);
  });

  it('is not shown by a neighbour once somebody beyond the router has answered', async () => {
    const home = settings(['192.168.0.5', 22], ['198.51.100.1', 443]);
    const given: Given = {answer: ['192.168.0.5', '198.51.100.1'], router: true};
    const wayOut = host(given).start();
    await wayOut.rehearse(home);
    given.answer = ['192.168.0.5'];
    expect((await wayOut.ask(home)).alive).toBe(false);
    expect((await wayOut.rehearse(home)).result).toBe('cut-off');
  });

  it('is not shown by the primary itself', async () => {
    const given: Given = {names: {'git.example': ['100.64.0.11']}, answer: ['100.64.0.11'], router: false};
    const there = host(given);
    expect((await there.start().ask(settings(['git.example', 22]))).alive).toBe(false);
    expect(there.asked).toEqual([]);
  });

  it('takes up whatever was kept, or nothing', async () => {
    for (const kept of ['', '[', '{"chat.example 443":{"addresses":["x",7]}}', '{"chat.example 443":null}'])
      expect(
        (
          await host({names, answer: ['198.51.100.1'], kept})
            .start()
            .ask(two)
        ).alive,
      ).toBe(true);
  });
});

describe('while the primary is well', () => {
  it.each<[string, Given, ReturnType<typeof settings>, string]>([
    ['one beyond the router answers', {names, answer: ['198.51.100.2'], router: false}, two, 'online'],
    ['nobody but the router', {names, router: true}, two, 'router-only'],
    ['nobody at all', {names, router: false}, two, 'cut-off'],
    ['names are not resolved', {router: true}, two, 'router-only'],
    ['there is a router and no witness', {router: true}, settings(), 'online'],
    ['there is neither', {router: false}, settings(), 'cut-off'],
    [
      'only neighbours were named',
      {answer: ['192.168.0.5'], router: true},
      settings(['192.168.0.5', 22]),
      'online',
    ],
  ])('%s', async (_what, given, witnesses, result) => {
    expect((await host(given).start().rehearse(witnesses)).result).toBe(result);
  });

  it('a failure is told when it comes twice, and so is its end', async () => {
    const given: Given = {names, answer: ['198.51.100.2'], router: true};
    const there = host(given);
    const wayOut = there.start();
    const well = async (ms: number) => {
      there.pass(ms);
      const before = there.asked.length;
      wayOut.whileWell(two);
      await sleep(5);
      return [there.asked.length > before, wayOut.reports()[0]?.result];
    };
    expect(await well(0)).toEqual([true, 'online']);
    expect(await well(60_000)).toEqual([false, 'online']);
    given.answer = [];
    expect(await well(30 * 60_000)).toEqual([true, 'online']);
    expect(await well(60_000)).toEqual([true, 'cut-off']);
    expect(await well(60_000)).toEqual([false, 'cut-off']);
    given.answer = ['198.51.100.1'];
    expect(await well(10 * 60_000)).toEqual([true, 'online']);
  });
});
