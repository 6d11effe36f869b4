import {expect, test} from 'vitest';
import type {Happening} from '../../src/monitor/happening.js';
import {decide} from '../../src/monitor/machine.js';
import {freshMemory, type Memory} from '../../src/monitor/memory.js';
import {probe} from './hearing.js';
import {settings} from './settings-of-tests.js';

const took = (tookMs: number, startedMs: number): Happening => ({
  on: 'probe',
  startedMs,
  probe: {class: 'ok', tookMs, detail: ''},
});

/** What is told while a probe every 5 s takes so long. */
function told(tookMs: (ms: number) => number, untilMs: number): string[] {
  let memory: Memory = freshMemory(0);
  const events: string[] = [];
  for (let ms = 0; ms <= untilMs; ms += 5000) {
    const decision = decide(memory, took(tookMs(ms), ms), settings, ms);
    memory = decision.memory;
    if (decision.row) events.push(`${decision.row.level}: ${decision.sentence}`);
  }
  expect(memory.state).toBe('watching');
  return events;
}
const minutes = (count: number) => count * 60_000;

test('a primary that is slow for long is told once, and once when it is quick again', () => {
  const slow = (ms: number) => (ms < minutes(30) ? 800 : 20);
  expect(told(slow, minutes(60))).toEqual([
    'warning: The primary is well, and has taken about 0.8 s to answer for 10 min 0 s: a little more would look like an outage.',
    expect.stringMatching(/^info: The primary answers quickly again, in about 0\.2 s\.$/),
  ]);
});
test.each([
  ['one that is slow for some minutes', (ms: number) => (ms > minutes(5) && ms < minutes(13) ? 900 : 5)],
  ['one slow answer among many', (ms: number) => (ms % 60_000 === 0 ? 1900 : 5)],
  ['one that is merely far away', () => 240],
])('%s is told to nobody', (_what, tookMs) => expect(told(tookMs, minutes(40))).toEqual([]));

test('a bad probe is a suspicion, however slow the good ones were', () => {
  const slow: Memory = {...freshMemory(0), slowness: {usualMs: 800, sinceMs: 0, told: false}};
  expect(decide(slow, probe('hung', minutes(11)), settings, minutes(11)).row?.event).toBe('suspected');
});
