import type {HostFacts} from '../../../../src/facts/types.js';
import type {MonitorEvent} from '../../../../src/monitor/events.js';
import {Monitor} from '../../../../src/monitor/loop.js';
import type {StateName} from '../../../../src/monitor/memory.js';
import type {Live} from '../../../../src/monitor/ports.js';
import type {MonitorSettings} from '../../../../src/monitor/settings.js';
import type {EventTold, GatewayTold, LiveTold, Told} from '../../../../src/sampler/told.js';
import {reduce, emptyState, type Input, type WatchState} from '../../../../src/screens/watch/model/state.js';
import {layout} from '../../../../src/templates/layout.js';
import type {HostName} from '../../../../src/ssh/host.js';
import {run} from '../../../simulator/run.js';
import {variants, type Variant} from '../../../simulator/sequence.js';
import {parseShort} from '../../../simulator/story.js';
import {watchFacts} from '../../watch-facts.js';

/** Inputs as hosts give them, for the reducer: by hand, and from the simulator with the real monitor in it. */

/** epoch ms; the moment at which the hosts of `wellPair` have told everything. */
export const startMs = Date.parse('2026-11-20T14:00:00.000Z');

export const commits = Array.from({length: 50}, (_, index) => index.toString(16).padStart(40, 'c'));

export const told = (host: HostName, one: Told): Input => ({on: 'told', host, told: one});

export const runningGateway: GatewayTold = {state: 'running', result: '', pid: 812, upS: 3600, restarts: 0};
export const stoppedGateway: GatewayTold = {
  state: 'stopped',
  result: 'success',
  pid: null,
  upS: null,
  restarts: 0,
};

export function liveTold(differing: Partial<LiveTold> = {}): LiveTold {
  return {
    boot: 'b1',
    ms: 5_000_000,
    state: 'watching',
    inStateMs: 600_000,
    probe: {class: 'ok', tookMs: 4, detail: '', agoMs: 500},
    latencies: Array.from({length: 30}, (_, index) => index + 1),
    nextProbeInMs: 4_500,
    gateway: null,
    channel: null,
    bad: 0,
    reason: null,
    badForMs: null,
    verdictInMs: null,
    good: null,
    rise: {count: 3, ms: 30_000},
    minActiveInMs: null,
    interrogation: {works: true, detail: 'over the private address'},
    notReady: null,
    unready: null,
    byHand: false,
    failbackAsked: false,
    held: null,
    degraded: null,
    pausedMs: null,
    pausedWhy: null,
    latchedMs: null,
    disk: null,
    say: 'Watching for 10 min 0 s.',
    telling: null,
    ...differing,
  };
}

const settingsText = (variant: Variant) => JSON.stringify({version: 1, ...variants[variant]});

/** Facts of a finished pair, with the monitor's settings among them; clocks agree. */
export function pairFacts(
  host: HostName,
  differing: Partial<HostFacts> = {},
  variant: Variant = 'usual',
): HostFacts {
  const content = settingsText(variant);
  const file = {kind: 'file', mode: 0o644, owner: 'root', group: 'root', size: content.length} as const;
  return {
    ...watchFacts(host, {}, startMs),
    clockOffsetMs: 0,
    files: host === 'standby' ? {[layout.monitorSettings]: {...file, content}} : {},
    ...differing,
  };
}

/** Everything that a host of a pair that is well tells first. */
export function firstWords(host: HostName, atMs: number): Told[] {
  const primary = host === 'primary';
  return [
    {kind: 'hello', version: 1},
    {kind: 'clock', hostMs: atMs},
    {
      kind: 'machine',
      machine: {
        load: 0.3,
        memoryBytes: {total: 4e9, available: 3e9},
        uptimeS: 100_000,
        rebootPending: false,
      },
    },
    {kind: 'disk', diskBytes: {total: 48e9, free: 30e9}},
    {kind: 'gateway', gateway: primary ? runningGateway : stoppedGateway},
    {
      kind: 'workspace',
      workspace: {
        head: commits[0]!,
        commitMs: atMs - 400_000,
        dirty: 0,
        syncMs: atMs - (primary ? 180_000 : 120_000),
        pushFailed: null,
        upstream: commits[0]!,
        recent: primary ? commits : [],
      },
    },
    ...(primary
      ? [
          {
            kind: 'accounts',
            accounts: {known: true, accounts: primaryAccounts('connected'), tookMs: 40},
          } as const,
        ]
      : [{kind: 'monitor', activeState: 'active'} as const, {kind: 'live', live: liveTold()} as const]),
    {kind: 'whole'},
  ];
}

export const primaryAccounts = (state: 'connected' | 'off' | 'unsteady', why: string | null = null) => [
  {channel: 'discord', account: 'default', state, why},
  {channel: 'irc', account: 'main', state: 'connected' as const, why: null},
];

/** A pair that is well, in all the words of its hosts; `facts` and more words on top. */
export function wellPair(
  more: {
    facts?: Partial<Record<HostName, Partial<HostFacts>>>;
    variant?: Variant;
    inputs?: readonly Input[];
  } = {},
  atMs = startMs,
): WatchState {
  const {facts = {}, variant, inputs = []} = more;
  const all: Input[] = (['primary', 'standby'] as const).flatMap((host): Input[] => [
    {on: 'link', host, link: {state: 'up'}},
    ...firstWords(host, atMs).map((one) => told(host, one)),
    {on: 'facts', host, facts: pairFacts(host, facts[host], variant)},
  ]);
  return after(emptyState('default'), [...all, ...inputs], atMs);
}

export const after = (state: WatchState, inputs: readonly Input[], atMs: number): WatchState =>
  inputs.reduce((known, input) => reduce(known, input, atMs), state);

/** A line of events.jsonl as it comes over. */
export function eventTold(line: MonitorEvent): EventTold {
  const {ms, boot, seq, event, level, from, to, say, evidence, durations} = line;
  const {reason = null, channel} = evidence;
  return {
    atMs: Date.parse(line.time),
    ms,
    boot,
    seq,
    event,
    level,
    from,
    to,
    say,
    durations: JSON.parse(JSON.stringify(durations)) as Record<string, number>,
    reason,
    connected: channel?.connected ?? null,
  };
}

/** live.json as it comes over. */
export function liveOf(live: Live): LiveTold {
  const {telling: _, time: __, ...rest} = live;
  const plain = JSON.parse(JSON.stringify(rest)) as Omit<Live, 'telling' | 'time'>;
  return {
    ...liveTold(),
    ...plain,
    state: plain.state as StateName,
    badForMs: plain.badForMs ?? null,
    verdictInMs: plain.verdictInMs ?? null,
    good: plain.good ?? null,
    rise: plain.rise ?? null,
    minActiveInMs: plain.minActiveInMs ?? null,
    telling: null,
  };
}

export interface Played {
  /** What the standby told, with the epoch ms of arrival, in order. */
  inputs: {atMs: number; input: Input}[];
  events: EventTold[];
  /** epoch ms at the end. */
  endMs: number;
}

/** Plays faults of the simulator (`21@20000+90000#7`) and gives what the standby's sampler would have told of them. */
export async function played(faults: string, variant: Variant = 'usual', seed = 5): Promise<Played> {
  const inputs: Played['inputs'] = [];
  let nowMs = () => 0;
  const outcome = await run(
    {seed, variant, faults: parseShort(faults)},
    {
      spoil: (world) => {
        nowMs = () => world.clock.nowMs;
      },
      monitor: (ports, settings: MonitorSettings) =>
        new Monitor(
          {
            ...ports,
            live: async (live) => {
              inputs.push({
                atMs: simulatedMs + nowMs(),
                input: told('standby', {kind: 'live', live: liveOf(live)}),
              });
              return ports.live(live);
            },
          },
          settings,
        ),
    },
  );
  const {told: events, clock} = outcome.world;
  for (const {atMs, event} of events)
    inputs.push({
      atMs: simulatedMs + atMs,
      input: told('standby', {kind: 'event', event: eventTold(event)}),
    });
  return {
    inputs: inputs.toSorted((a, b) => a.atMs - b.atMs),
    events: events.map(({event}) => eventTold(event)),
    endMs: simulatedMs + clock.nowMs,
  };
}

/** epoch ms at which stories of the simulator begin. */
export const simulatedMs = 1_800_000_000_000;
