import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, test} from 'vitest';
import type {Interrogation} from '../../src/monitor/evidence.js';
import type {Happening} from '../../src/monitor/happening.js';
import {decide} from '../../src/monitor/machine.js';
import {freshMemory, type Memory} from '../../src/monitor/memory.js';
import {Questions} from '../../src/monitor/questions.js';
import {readinessAfter, unheard} from '../../src/monitor/readiness.js';
import {restore} from '../../src/monitor/restore.js';
import {loadState, saveState, type Saved} from '../../src/monitor/state-file.js';
import {answers, hear, online, probe, report, silent} from './hearing.js';
import {settings} from './settings-of-tests.js';

const ok = {loopback: 'ok'} as const;
const ready = report({...ok, ready: 'yes', failing: '', suppressed: ''});
const failing = report({...ok, ready: 'no', failing: 'discord,irc', suppressed: ''});
const suppressed = report({...ok, ready: 'yes', failing: '', suppressed: 'discord'});
const older = report(ok);

const known = {badMs: 5, why: 'failing: irc', told: false};
test.each([
  ['well', ready, {...unheard}],
  ['failing, since it was first seen', failing, {badMs: 5, why: 'failing: discord, irc', told: false}],
  ['a refusal to say why', report({...ok, ready: 'no'}), {badMs: 5, why: 'it does not say why', told: false}],
  ['a report of an older setup tells nothing, so it has not lasted', older, unheard],
  ['nor does one that could not find out', report({...ok, ready: 'unknown'}), unheard],
  ['nor does silence', silent, unheard],
  ['a gateway that starts anew is counted anew', report({loopback: 'starting', ready: 'unknown'}), unheard],
] as const)('%s', (_what, asked, expected) => expect(readinessAfter(known, asked, 9)).toEqual(expected));

test('channels that are not started count, although /readyz says ready', () =>
  expect(readinessAfter(unheard, suppressed, 9)).toEqual({
    badMs: 9,
    why: 'channels that OpenClaw does not start because it has crashed too often: discord',
    told: false,
  }));

/** What is told while these are heard, one each minute. */
function told(memory: Memory, happenings: readonly Happening[], s = settings): [string[], Memory] {
  const events: string[] = [];
  for (const [index, one] of happenings.entries()) {
    const decision = decide(memory, one, s, index * 60_000);
    memory = decision.memory;
    if (decision.row) events.push(`${decision.row.event} ${decision.row.level}: ${decision.sentence}`);
    expect(memory.role.want).toBe('standby');
  }
  return [events, memory];
}
const rounds = (...asked: Interrogation['asked'][]) =>
  asked.map((one, index) => answers(index * 60_000, one, online));
const well = hear(freshMemory(0), probe('ok', 0), answers(0, ready));

test('it is told once when it lasts, and once when it is over; the standby sleeps on', () => {
  const [events, memory] = told(well, rounds(ready, failing, failing, failing, failing, ready, ready));
  expect(events).toEqual([
    `not-ready alert: The primary's gateway is alive and has not been ready for 2 min 0 s (failing: discord, irc): its bot may be deaf. The standby does not take over for that.`,
    `not-ready info: The primary's gateway is ready again.`,
  ]);
  expect(memory.state).toBe('watching');
});
test('what passes by is told to nobody', () =>
  expect(told(well, rounds(failing, failing, ready, failing, failing, ready))[0]).toEqual([]));
test('what was not heard again has not lasted', () =>
  expect(told(well, rounds(failing, silent, older, failing))[0]).toEqual([]));
test('neither is what an older report does not say', () =>
  expect(told(well, rounds(older, older, older, older, older))[0]).toEqual([]));
test('a gateway that takes long to start is given that time', () => {
  const patient = {...settings, holds: {...settings.holds, startingMs: 240_000}};
  const long = rounds(failing, failing, failing, failing, failing);
  expect(told(well, long.slice(0, 4), patient)[0]).toEqual([]);
  expect(told(well, long, patient)[0]).toHaveLength(1);
});
test('the time that this host stood still does not count', () => {
  const gap = {on: 'gap', ms: 3_600_000} as const;
  const [events] = told(well, [
    ...rounds(failing),
    gap,
    answers(120_000, failing),
    answers(180_000, failing),
  ]);
  expect(events).toEqual([expect.stringContaining('gap')]);
});

test.each([
  ['while all is well every 15 min', {}, 900_000],
  ['after a first word of it every minute', {readiness: {badMs: 0, why: '', told: false}}, 60_000],
  ['and once that was told no more often than before', {readiness: {badMs: 0, why: '', told: true}}, 900_000],
])('it is asked %s', async (_when, change, everyMs) => {
  const way = {address: '127.0.0.1', port: 22, path: 'private' as const};
  const interrogation = {user: 'x', addresses: [way], connectTimeoutMs: 1000, timeoutMs: 2000};
  const questions = new Questions();
  const asksAt = async (nowMs: number) => {
    let asked = false;
    questions.ask({...well, ...change}, {...settings, interrogation}, nowMs, async () => {
      asked = true;
      return {asked: silent, publicPath: null, witness: online};
    });
    // The round has to be over before the next one.
    await new Promise((done) => setImmediate(done));
    return asked;
  };
  expect([await asksAt(0), await asksAt(everyMs - 1), await asksAt(everyMs)]).toEqual([true, false, true]);
});

test('the state of an older monitor is taken over, and what was told outlives a restart', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'readiness-'));
  const saved = (memory: unknown) =>
    ({version: 2, boot: 'b', outbox: [], retold: {}, memory}) as unknown as Saved;
  const restored = async (memory: unknown, rebooted: boolean) => {
    const file = path.join(folder, 'state.json');
    await saveState(file, saved(memory));
    const loaded = await loadState(file);
    if (loaded.kind !== 'saved') throw new Error(loaded.kind);
    const found = {
      saved: loaded.saved.memory,
      rebooted,
      role: undefined,
      unit: {state: 'stopped', result: '', exitCode: 0} as const,
      wallMs: 0,
    };
    return restore(found, settings, 1000).readiness;
  };
  const {readiness: _none, ...before} = well;
  expect(await restored(before, false)).toEqual(unheard);
  expect(await restored(before, true)).toEqual(unheard);
  const [, memory] = told(well, rounds(failing, failing, failing));
  expect(await restored(memory, false)).toEqual(memory.readiness);
  expect((await restored(memory, true)).told).toBe(true);
  rmSync(folder, {recursive: true});
});
