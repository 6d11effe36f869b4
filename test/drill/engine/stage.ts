import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {vi} from 'vitest';
import type {DrillEvent, DrillPort} from '../../../src/drill/events.js';
import type {AskBot, DrillParts} from '../../../src/drill/parts.js';
import type {DrillReport} from '../../../src/drill/report.js';
import type {RunOptions} from '../../../src/drill/run.js';
import {pairFiles} from '../../../src/pair/paths.js';
import {pairSchema} from '../../../src/pair/schema.js';
import type {StateName} from '../../../src/monitor/memory.js';
import type {EventTold, LiveTold} from '../../../src/sampler/told.js';
import {WatchStore} from '../../../src/screens/watch/model/store.js';
import type {HostName} from '../../../src/ssh/host.js';
import {answers, runningPrimary} from '../../phases/facts.js';
import {event} from '../../screens/watch/model/made-events.js';
import {firstWords, liveTold, pairFacts, told} from '../../screens/watch/model/playing.js';
import {Machines} from './machines.js';
import {at, every, nowMs, resetTime} from './virtual-time.js';

/** Something that the monitor tells: ms since its cause, and the event. */
export type Step = readonly [ms: number, name: string, to: StateName, more?: Partial<EventTold>];

/** A primary that was stopped, as a real monitor told of it. */
export const takesOver: readonly Step[] = [
  [4_600, 'suspected', 'suspect', {reason: 'plain', durations: {sinceFirstBadMs: 0, sinceLastOkMs: 5_000}}],
  [5_000, 'asked', 'suspect', {reason: 'stopped'}],
  [35_600, 'promoting', 'promoting', {reason: 'stopped', durations: {sincePromotingMs: 0}, level: 'alert'}],
  [35_900, 'gateway-started', 'promoting', {reason: 'stopped'}],
  [53_300, 'gateway-ready', 'promoting', {connected: false}],
  [53_600, 'promoted', 'active', {connected: true, level: 'alert'}],
];
export const givesBack: readonly Step[] = [
  [12_000, 'primary-back', 'recovering', {connected: true}],
  [90_000, 'demoting', 'demoting', {level: 'alert'}],
  [92_400, 'demoted', 'watching', {level: 'alert'}],
];

/** A pair that is well, with a drill at hand: real stores and files, machines that answer by a script. */
export function stage(more: {told?: boolean; ask?: AskBot} = {}) {
  resetTime();
  vi.spyOn(performance, 'now').mockImplementation(nowMs);
  vi.spyOn(Date, 'now').mockImplementation(nowMs);
  const folder = mkdtempSync(join(tmpdir(), 'drill-'));
  vi.stubEnv('XDG_STATE_HOME', folder);
  const pair = pairSchema.parse({
    ...answers,
    ...(more.told && {notify: [{kind: 'ntfy', topic: {env: 'TOPIC'}}]}),
  });
  const files = pairFiles('default', {config: folder, state: folder});
  const machines = new Machines(files.drillRunning);
  const store = new WatchStore({pair: 'default', now: nowMs});
  let live: Partial<LiveTold> = {};
  let seq = 0;
  const hear = () => {
    for (const host of ['primary', 'standby'] as const)
      store.put(told(host, {kind: 'clock', hostMs: nowMs() + machines.offsets[host]}));
    store.put(told('standby', {kind: 'live', live: liveTold({...live, ms: nowMs()})}));
  };
  const monitor = {
    live: (change: Partial<LiveTold>) => {
      live = {...live, ...change};
      hear();
    },
    /** Tells an event now. */
    tell: ([, name, to, rest]: Step) => {
      seq += 1;
      const from = live.state ?? 'watching';
      const atMs = nowMs() + machines.offsets.standby;
      const line = event({seq, atMs, ms: nowMs(), event: name, from, to, ...rest});
      store.put(told('standby', {kind: 'event', event: line}));
      monitor.live({state: to, bad: to === 'suspect' ? 1 : 0});
    },
    /** Tells one after the other, from now on. */
    play: (steps: readonly Step[]) => {
      for (const step of steps) at(nowMs() + step[0], () => monitor.tell(step));
    },
  };
  for (const host of ['primary', 'standby'] as const) {
    store.put({on: 'link', host, link: {state: 'up'}});
    for (const one of firstWords(host, nowMs())) store.put(told(host, one));
    store.put({on: 'facts', host, facts: pairFacts(host)});
  }
  hear();
  every(1_000, hear);
  const stop = new AbortController();
  const force = new AbortController();
  const events: DrillEvent[] = [];
  const port: DrillPort = {
    emit: (told) => void events.push(told),
    confirm: async () => true,
    halfDone: async () => 'revert',
    stop: stop.signal,
    force: force.signal,
  };
  const facts = {primary: runningPrimary(), standby: pairFacts('standby')};
  const kept: {report: DrillReport; remembered: boolean}[] = [];
  const leaving = new Set<() => Promise<void>>();
  const parts: DrillParts = {
    pair,
    files,
    version: '0.1.0',
    store,
    sources: machines.sources,
    facts: (host: HostName) => facts[host],
    ask: more.ask,
    usual: () => null,
    now: nowMs,
    keep: async (report) => void kept.push({report, remembered: existsSync(files.drillRunning)}),
    onLeaving: (act) => {
      leaving.add(act);
      return () => leaving.delete(act);
    },
  };
  const options: RunOptions = {
    id: '2026-11-20T1400',
    fault: 'stop',
    revertS: 600,
    force: false,
    probeProblem: undefined,
    dryRun: false,
    breakLock: false,
  };
  const leave = () => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    rmSync(folder, {recursive: true, force: true});
  };
  machines.onInject = () => monitor.play(takesOver);
  machines.onUndo = () => monitor.play(givesBack);
  return {
    facts,
    kept,
    leaving,
    machines,
    store,
    monitor,
    parts,
    options,
    port,
    events,
    stop,
    force,
    files,
    leave,
  };
}
