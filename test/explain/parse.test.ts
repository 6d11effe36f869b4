import {expect, test} from 'vitest';
import {parseRecord} from '../../src/explain/parse.js';
import type {Happening, HappeningName} from '../../src/monitor/happening.js';
import {freshMemory} from '../../src/monitor/memory.js';
import {settings} from '../monitor/settings-of-tests.js';

const begin = JSON.stringify({
  on: 'begin',
  version: 1,
  time: '2026-11-27T04:00:00.000Z',
  ms: 1,
  boot: 'b',
  settings,
  memory: freshMemory(0),
});
const record = (...lines: unknown[]) =>
  parseRecord(
    [begin, ...lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))].join('\n'),
  );

const answers = {publicPath: {alive: true, detail: ''}, witness: {alive: true, by: 'w'}};
const report = {
  unit: 'inactive',
  result: 'success',
  exitCode: 0,
  restarts: 0,
  bootId: 'x',
  uptimeS: 1,
  loopback: 'refused',
  listens: 'nowhere',
} as const;

/** Everything that the monitor may hear. */
const heard: {[N in HappeningName]: Extract<Happening, {on: N}>[]} = {
  start: [{on: 'start', rebooted: false}],
  tick: [{on: 'tick'}],
  gap: [{on: 'gap', ms: 9000}],
  probe: [{on: 'probe', startedMs: 1, probe: {class: 'hung', tookMs: 2, detail: ''}}],
  answers: [
    {
      on: 'answers',
      startedMs: 1,
      answers: {...answers, asked: {kind: 'report', report, path: 'private', tookMs: 1}},
    },
    {
      on: 'answers',
      startedMs: 1,
      answers: {...answers, publicPath: null, asked: {kind: 'slow', path: 'public', detail: ''}},
    },
    ...(['other-host', 'mute', 'silent', 'unavailable'] as const).map((kind) => ({
      on: 'answers' as const,
      startedMs: 1,
      answers: {...answers, asked: {kind, detail: ''}},
    })),
  ],
  unit: [
    {on: 'unit', unit: {state: 'failed', result: 'exit-code', exitCode: 1}, handled: null},
    {
      on: 'unit',
      unit: {state: 'running', result: 'success', exitCode: 0},
      handled: {role: 'active', seq: 2, code: 1, why: 'a port is held'},
    },
  ],
  gateway: [{on: 'gateway', gateway: {live: true, ready: false}}],
  channel: [{on: 'channel', channel: {connected: true, detail: '', seq: 2}}],
  pause: [{on: 'pause', untilMs: 5, why: 'w', id: 'i'}],
  resume: [{on: 'resume'}],
  failback: [{on: 'failback'}],
  promote: [{on: 'promote', why: 'w'}],
  tested: [{on: 'tested'}],
};

test.each(Object.entries(heard))('%s comes back as it was written', (_name, some) => {
  const lines = some.map((seen) => ({on: 'heard', ms: 2, seen}));
  expect(record(...lines)[0]?.lines).toEqual(lines);
});

test('a segment ends at the first line that cannot be read, and the next begins with its own memory', () => {
  const tick = {on: 'heard', ms: 2, seen: {on: 'tick'}};
  const [first, second, ...more] = record(tick, '{"on":"heard","ms":2,"seen":{"on":"pro', tick, begin, tick, {
    on: 'end',
    ms: 3,
  });
  expect(first).toMatchObject({ends: 'broken off', lines: [tick]});
  expect(second).toMatchObject({ends: 'over', lines: [tick]});
  expect(more).toEqual([]);
});

test.each([
  ['settings that no monitor would take', {settings: {...settings, profile: 'other'}}],
  ['a memory that is not complete', {memory: {...freshMemory(0), role: undefined}}],
  ['another version', {version: 2}],
])('a beginning with %s is none', (_what, change) => {
  const broken = JSON.stringify({...(JSON.parse(begin) as object), ...change});
  expect(parseRecord(`${broken}\n{"on":"heard","ms":2,"seen":{"on":"tick"}}\n`)).toEqual([]);
});

test('lines before the first beginning, of a file that was cut, are left out', () => {
  expect(parseRecord('{"on":"heard","ms":2,"seen":{"on":"tick"}}\n{"on":"end","ms":3}\n')).toEqual([]);
});
