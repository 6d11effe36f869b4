import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, describe, expect, it} from 'vitest';
import {LivePair} from '../../../src/cli/watch/live-pair.js';
import type {Reach} from '../../../src/cli/reach.js';
import type {HostFacts} from '../../../src/facts/types.js';
import {pairSchema} from '../../../src/pair/schema.js';
import type {StreamOptions} from '../../../src/sampler/stream.js';
import type {KeptDrills} from '../../../src/screens/watch/model/drill.js';
import type {Host, HostName} from '../../../src/ssh/host.js';
import {runningPrimary} from '../../phases/facts.js';
import {factsOf} from '../facts-of.js';

const pair = pairSchema.parse({
  name: 'home',
  primary: {ssh: 'any'},
  standby: {ssh: 'any'},
  channel: {type: 'irc', account: 'backup'},
  model: {primary: 'any/any'},
});

let live: LivePair | undefined;
afterEach(() => live?.stop());

function opened(
  facts: (host: HostName) => Promise<HostFacts>,
  drills: () => Promise<KeptDrills | undefined> = async () => undefined,
) {
  const streams: StreamOptions[] = [];
  const poked: HostName[] = [];
  live = new LivePair(
    pair,
    {sources: {}} as Reach,
    {accounts: '', sampler: ''},
    {
      reader: {
        read: {primary: () => facts('primary'), standby: () => facts('standby')},
        split: () => ({state: 'unknown', reasons: []}),
      },
      stream: (options) => {
        streams.push(options);
        return {poke: () => poked.push(options.host), ended: Promise.resolve()};
      },
      drills,
    },
  );
  live.start();
  const of = (host: HostName) => streams.filter((each) => each.host === host);
  return {live, of, poked};
}

const connected = {} as Host;
const turn = () => sleep(5);

describe('a pair that is watched', () => {
  it('samples the standby as setup made it, and the primary as its facts say', async () => {
    const {of} = opened(async (host) => (host === 'primary' ? runningPrimary() : factsOf('standby')));
    expect((await of('standby')[0]!.script(connected)).text).toContain('openclaw-health-monitor.service');
    expect((await of('primary')[0]!.script(connected)).text).toContain('openclaw-gateway.service');
  });

  it('samples a primary anew whose gateway runs in another way since, and leaves the old stream', async () => {
    let now = runningPrimary();
    const {live: watched, of} = opened(async (host) => (host === 'primary' ? now : factsOf('standby')));
    await of('primary')[0]!.script(connected);
    await turn();
    expect(of('primary')).toHaveLength(1);
    now = runningPrimary({
      gateway: {known: true, value: {form: 'system-unit', unit: 'claw.service', active: true, listeners: []}},
    });
    watched.refresh();
    await sleep(1700);
    expect(of('primary')).toHaveLength(2);
    expect(of('primary')[0]!.signal.aborted).toBe(true);
    expect((await of('primary')[1]!.script(connected)).text).toContain('claw.service');
    expect(of('standby')).toHaveLength(1);
  });

  it('knows the kept drills at once, and one that was made meanwhile with the next reading', async () => {
    const kept = (rtoMs: number): KeptDrills => ({
      newest: {endedAtMs: 1000, rtoMs, result: 'passed', fault: 'kill'},
      stopped: [],
      testedMs: 1000,
    });
    const news = [kept(19_400), undefined, undefined, kept(17_000)];
    const {live: watched} = opened(
      async (host) => (host === 'primary' ? runningPrimary() : factsOf('standby')),
      async () => news.shift(),
    );
    await turn();
    expect(watched.store.snapshot().sample.drill).toMatchObject({kind: 'drill', tookMs: 19_400});
    watched.refresh();
    await sleep(1700);
    expect(watched.store.snapshot().sample.drill).toMatchObject({tookMs: 17_000});
  });

  it('puts together what the streams tell and what was read', async () => {
    const {live: watched, of} = opened(async (host) =>
      host === 'primary' ? runningPrimary() : factsOf('standby'),
    );
    await turn();
    of('primary')[0]!.onLink({state: 'up'});
    of('primary')[0]!.onTold({
      kind: 'machine',
      machine: {load: 7, memoryBytes: {total: 2, available: 1}, uptimeS: 9, rebootPending: true},
    });
    const {sample} = watched.store.snapshot();
    expect(sample.primary).toMatchObject({load: 7, rebootPending: true});
    expect(sample.primary.hostname).not.toBeNull();
  });

  it('tells that a reading failed, and tries again where there is no connection when it is asked to', async () => {
    const {live: watched, poked} = opened(async () => {
      throw new Error('no way there');
    });
    await turn();
    expect(JSON.stringify(watched.store.snapshot().sample.split)).toContain('no way there');
    watched.refresh();
    expect(poked).toEqual(['primary', 'standby']);
  });

  it('ends both streams', () => {
    const {live: watched, of} = opened(async (host) => factsOf(host));
    watched.stop();
    expect([...of('primary'), ...of('standby')].map(({signal}) => signal.aborted)).toEqual([true, true]);
  });
});
