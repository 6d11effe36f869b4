import type {
  Asked,
  Interrogation,
  PrimaryReport,
  ProbeClass,
  WitnessResult,
} from '../../src/monitor/evidence.js';
import type {Happening} from '../../src/monitor/happening.js';
import {decide} from '../../src/monitor/machine.js';
import type {Memory} from '../../src/monitor/memory.js';
import type {MonitorSettings} from '../../src/monitor/settings.js';
import {settings} from './settings-of-tests.js';

export const probe = (shown: ProbeClass, startedMs: number): Happening => ({
  on: 'probe',
  startedMs,
  probe: {class: shown, tookMs: 1, detail: ''},
});

export const online: WitnessResult = {alive: true, by: 'witness answers'};
export const silent: Asked = {kind: 'silent', detail: 'no SSH in time'};
export const unavailable: Asked = {kind: 'unavailable', detail: 'not set up'};

/** A primary's report; of one whose unit runs and answers on its own host, unless it says otherwise. */
export const report = (
  given: Partial<PrimaryReport> = {},
  path: 'private' | 'public' = 'private',
): Asked => ({
  kind: 'report',
  path,
  tookMs: 100,
  report: {
    unit: 'active',
    result: 'success',
    exitCode: 0,
    restarts: 0,
    bootId: 'boot',
    uptimeS: 1000,
    loopback: 'unknown',
    listens: 'unknown',
    ...given,
  },
});

export const answers = (
  startedMs: number,
  asked: Asked,
  witness = online,
  publicPath: Interrogation['publicPath'] = null,
): Happening => ({on: 'answers', startedMs, answers: {asked, witness, publicPath}});

/** Hears one thing after the other, each at its own time. */
export const hear = (memory: Memory, ...seen: Happening[]) => hearWith(settings, memory, ...seen);

export const hearWith = (s: MonitorSettings, memory: Memory, ...seen: Happening[]) =>
  seen.reduce((before, one) => decide(before, one, s, 'startedMs' in one ? one.startedMs : 0).memory, memory);

/** A memory of a primary whose report has been had. */
export const reporting = (memory: Memory): Memory => ({...memory, reach: {...memory.reach, works: true}});
