// The live view over a made-up pair: `tsx fixture-watch-live.ts [well|failover|stale|garbage|burst|wrong|pairs]`.
import {setTimeout as sleep} from 'node:timers/promises';
import type {ActPort} from '../../src/screens/watch/live/source.js';
import type {Snapshot} from '../../src/screens/watch/model/store.js';
import {pairsScreen, watchScreen} from '../../src/screens/watch/live/watch.js';
import type {TimelineEntry, WatchSample} from '../../src/screens/watch/model/sample.js';
import {clean} from '../../src/screens/clip.js';
import {conduct, type Hand} from '../../src/monitor/hand/conduct.js';
import type {Seen} from '../../src/monitor/hand/look.js';
import type {Heard} from '../../src/monitor/hand/outcome.js';
import {dim, span} from '../../src/screens/line.js';
import * as made from './watch/model/samples.js';

const mode = process.argv[2] ?? 'well';
const startMs = Date.now();

/** A ready-made sample as if it were of now. */
function moved(sample: WatchSample, byMs: number): WatchSample {
  const later = (ms: number | null) => (ms === null ? null : ms + byMs);
  const {ledger} = sample;
  return {
    ...sample,
    atMs: sample.atMs + byMs,
    ledger: ledger && {
      ...ledger,
      beganMs: ledger.beganMs + byMs,
      endedMs: later(ledger.endedMs),
      stages: ledger.stages.map((stage) => ({...stage, atMs: later(stage.atMs)})),
    },
  };
}

const failover = ['well', 'suspect', 'starting', 'connecting', 'taken-over'] as const;

const calm = made.wellSample();

/** What the pair is at `ms` after the beginning. */
function sampleAt(ms: number): WatchSample {
  switch (mode) {
    case 'failover': {
      const step = failover[Math.min(failover.length - 1, Math.floor(ms / 1500))]!;
      return step === 'well' ? made.wellSample() : made.failoverSample(step);
    }
    case 'stale':
      return made.silentSample('primary');
    case 'conflict':
      return ms < 2000 ? made.wellSample() : made.conflictSample();
    case 'active':
      return made.activeSample();
    case 'recovering':
      return made.recoveringSample();
    case 'paused':
      return made.pausedSample();
    case 'reading':
      return made.readingSample();
    case 'garbage':
      return garbage();
    default:
      // Made once: what is measured is the view, and not how its samples are made.
      return {...calm, health: {...calm.health!, tookMs: 3 + (Math.floor(ms / 1000) % 5)}};
  }
}

const evil = '\u001B]0;owned\u0007\u001B[2J\u001B[31mred\u202E\u0000\u009B5A\nnext\tline 日本語 👩‍👩‍👧';
function garbage(): WatchSample {
  const sample = made.wellSample();
  const dirty = <T>(value: T): T =>
    (typeof value === 'string'
      ? value === 'primary' || value === 'standby' || value === 'ok' || /^[a-z-]+$/.test(value)
        ? value
        : `${value}${evil}`
      : Array.isArray(value)
        ? value.map(dirty)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, dirty(each)]))
          : value) as T;
  return dirty(sample);
}

const entries: TimelineEntry[] = made.timeline(60).map((entry) => ({
  ...entry,
  atMs: entry.atMs - made.nowMs + startMs,
  ...(mode === 'garbage' && {sentence: `${entry.sentence}${evil}`}),
}));

let listeners: (() => void)[] = [];
let shown: Snapshot = make();
let refreshed = 0;
function make(): Snapshot {
  const nowMs = Date.now();
  const sample = moved(sampleAt(nowMs - startMs), nowMs - made.nowMs);
  return {sample, timeline: [...entries]};
}
const change = () => {
  shown = make();
  for (const listener of listeners) listener();
};
const tell = (sentence: string, more: Partial<TimelineEntry> = {}) => {
  entries.push({
    key: `t${entries.length}`,
    atMs: Date.now(),
    host: 'standby',
    level: 'info',
    sentence,
    ...more,
  });
  change();
};
const source = {
  subscribe: (listener: () => void) => {
    listeners.push(listener);
    return () => (listeners = listeners.filter((each) => each !== listener));
  },
  snapshot: () => shown,
  refresh: () => tell(`The hosts were read again, ${(refreshed += 1)}.`, {host: 'laptop'}),
  tick: change,
};

const seen: Seen = {
  pair: 'default',
  failback: 'auto',
  account: 'telegram account "backup"',
  unit: 'running',
  live: {
    ageMs: 400,
    state: 'watching',
    inStateMs: 950_000_000,
    probe: {class: 'ok', detail: '', tookMs: 4},
    byHand: false,
    failbackAsked: false,
    held: null,
    degraded: null,
    pausedMs: mode === 'paused' ? 1_080_000 : null,
    latchedMs: null,
    disk: null,
    say: '',
  },
  pause: mode === 'paused' ? {leftMs: 1_080_000, why: 'kernel update'} : null,
  limitLeftMs: null,
  guard: {ok: true, reason: ''},
  workspaceAgeMs: 120_000,
  unready: null,
  modelsProven: true,
  split: {state: 'disjoint'},
};
const act: ActPort = async (asked, how, show, typedName) => {
  const heard: Heard[] = [];
  const say = async () => {
    const events =
      asked.name === 'promote'
        ? ['promoting', 'gateway-started', 'gateway-ready', 'promoted']
        : [{pause: 'paused', resume: 'resumed', demote: 'demoted'}[asked.name]];
    for (const event of events) {
      await sleep(900);
      heard.push({
        time: new Date().toISOString(),
        event,
        say: `The monitor says: ${event}.`,
        connected: true,
      });
      tell(`The monitor says: ${event}.`, {event});
    }
  };
  const hand: Hand = {
    look: async () => {
      await sleep(600);
      return seen;
    },
    ask: async () => void say(),
    withdraw: async () => true,
    glance: async () => null,
    listen: async () => ({take: async () => heard.shift(), close: () => {}}),
    typedName,
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    sleep: (ms) => sleep(ms),
  };
  return conduct(asked, hand, {...how, dryRun: false, always: true, pair: 'default'}, show);
};
async function* journal(what: string, signal: AbortSignal) {
  for (let line = 1; !signal.aborted; line += 1) {
    yield `Nov 20 14:21:33 ${what}[812]: line ${line}${mode === 'garbage' ? evil : ''}`;
    if (line > 80) await sleep(700, undefined, {signal}).catch(() => {});
  }
}
const plan = async () => {
  await sleep(1500);
  return [[span('Nothing differs; there is nothing to do.')], [dim('Read from both hosts.')]];
};
const ports = {act, journal, plan};

if (mode === 'burst') setInterval(() => tell(`Event ${entries.length}`), 4);
if (mode === 'calm' || mode === 'busy') {
  // As two hosts tell it: several lines a second of which none is news.
  setInterval(change, mode === 'calm' ? 350 : 30);
  // The first frames are paid once; what counts is what it takes while it is left open.
  let begun = process.cpuUsage();
  let sinceMs = performance.now();
  setTimeout(
    () => {
      begun = process.cpuUsage();
      sinceMs = performance.now();
    },
    Number(process.argv[3] ?? 5000),
  );
  process.on('exit', () => {
    const {user, system} = process.cpuUsage(begun);
    const share = (user + system) / 1000 / (performance.now() - sinceMs);
    process.stderr.write(`cpu ${(share * 100).toFixed(2)} %\n`);
  });
}

if (mode === 'pairs') {
  const rows = () => [
    {pair: 'default', sample: shown.sample},
    {
      pair: 'garden',
      sample: {...moved(made.failoverSample('starting'), Date.now() - made.nowMs), pair: 'garden'},
    },
    {pair: 'office', error: 'office.json is not JSON.'},
    {pair: clean('new')},
  ];
  let list = rows();
  source.subscribe(() => (list = rows()));
  await pairsScreen({source: {...source, snapshot: () => list}, open: () => ({source, ...ports})});
} else {
  await watchScreen({source, ...ports, bell: process.argv[3] !== 'quiet'});
}
process.stdout.write('left\n');
process.exit(0);
