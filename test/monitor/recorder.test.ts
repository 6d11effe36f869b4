import {mkdtemp, readFile, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {parseRecord} from '../../src/explain/parse.js';
import {replay} from '../../src/explain/replay.js';
import {appendLines} from '../../src/monitor/growing-file.js';
import {table} from '../../src/monitor/machine.js';
import {freshMemory} from '../../src/monitor/memory.js';
import {Recorder} from '../../src/monitor/recorder.js';
import {mostOfOne} from '../../src/monitor/recording.js';
import {settings} from './settings-of-tests.js';
import {minutes, seconds, World} from './world.js';

const kinds = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as {on: string}).on);
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function well(): Promise<World> {
  const world = new World(settings);
  await world.run(seconds(30));
  return world;
}
async function badFor(world: World, ms: number): Promise<void> {
  world.primary = 'refused';
  await world.run(ms);
  world.primary = 'ok';
  await world.run(minutes(1));
}

test('while the primary is well nothing is written', async () => {
  expect((await well()).record).toBe('');
});

test('a suspicion that is cleared: from what was known before it to three good probes after it', async () => {
  const world = await well();
  await badFor(world, seconds(8));
  const lines = kinds(world.record);
  expect(lines[0]).toBe('begin');
  expect(lines.at(-1)).toBe('end');
  expect(lines.filter((on) => on === 'begin')).toHaveLength(1);
  const [segment] = parseRecord(world.record);
  expect(segment).toMatchObject({boot: 'boot-1', ends: 'over'});
  expect(segment?.memory).toMatchObject({state: 'watching', suspicion: null});
  expect(segment?.settings).toEqual(settings);
  const probes = segment!.lines.flatMap((line) =>
    line.on === 'heard' && line.seen.on === 'probe' ? [line.seen.probe.class] : [],
  );
  expect(probes.slice(0, 2)).toEqual(['refused', 'refused']);
  // The one that cleared it, and three more.
  expect(probes.slice(-4)).toEqual(['ok', 'ok', 'ok', 'ok']);
  expect(probes.at(-5)).toBe('refused');
});

test('a takeover and the give-back: what happens in between for long is left out, and both replay', async () => {
  const world = await well();
  world.primary = 'refused';
  await world.run(minutes(40));
  world.primary = 'ok';
  await world.run(minutes(5));
  const segments = parseRecord(world.record);
  expect(segments.map(({memory, ends}) => [memory.state, ends])).toEqual([
    ['watching', 'over'],
    ['active', 'over'],
  ]);
  const events = segments.flatMap((segment) => {
    const {steps, faithful} = replay(segment);
    expect(faithful).toBe(true);
    return steps.flatMap(({decision}) => decision.row?.event ?? []);
  });
  expect(events).toEqual(
    expect.arrayContaining(['suspected', 'promoting', 'promoted', 'demoting', 'demoted']),
  );
});

test('a suspicion of hours is cut with a line that says so, and what follows begins anew', async () => {
  const world = await well();
  world.online = false;
  world.primary = 'unreachable';
  await world.run(minutes(240));
  expect(world.record.length).toBeLessThan(mostOfOne * 1.1);
  expect(kinds(world.record).at(-1)).toBe('cut');
  world.online = true;
  await world.run(minutes(2));
  const [first, second] = parseRecord(world.record);
  expect(first?.ends).toBe('cut');
  expect(second?.memory.state).toBe('suspect');
  expect(replay(second!).steps[0]?.decision.row?.event).toBe('promoting');
});

test('a monitor that is killed in the middle begins a record of its own, from what it remembers', async () => {
  const world = await well();
  world.primary = 'refused';
  await world.run(seconds(10));
  world.killMonitor();
  await world.run(minutes(2));
  const segments = parseRecord(world.record);
  expect(segments.map(({ends, memory}) => [ends, memory.state])).toEqual([
    ['broken off', 'watching'],
    ['broken off', 'suspect'],
  ]);
  const events = replay(segments[1]!).steps.flatMap(({decision}) => decision.row?.event ?? []);
  expect(events.slice(0, 2)).toEqual(['started', 'promoting']);
});

test.each(['full', 'hangs'] as const)(
  'a disk that %s, for the record alone, changes no decision',
  async (broken) => {
    const told = async (with_: World['recordBroken']) => {
      const world = await well();
      world.recordBroken = with_;
      world.primary = 'refused';
      await world.run(minutes(3));
      world.primary = 'ok';
      await world.run(minutes(3));
      return world;
    };
    const [fine, trouble] = [await told(undefined), await told(broken)];
    expect(trouble.record).toBe('');
    expect(fine.record).not.toBe('');
    expect(trouble.events.map(({event, ms}) => [event, ms])).toEqual(
      fine.events.map(({event, ms}) => [event, ms]),
    );
  },
);

test('what happens while the disk is full waits in memory, and is written when there is room', async () => {
  const world = await well();
  world.diskFull = true;
  await badFor(world, seconds(8));
  expect(world.record).toBe('');
  world.diskFull = false;
  await badFor(world, seconds(8));
  await settled();
  const segments = parseRecord(world.record);
  expect(segments.map(({ends}) => ends)).toEqual(['over', 'over']);
  for (const segment of segments) expect(replay(segment).faithful).toBe(true);
});

test('what could not be written is given up as a whole; the next suspicion is recorded again', async () => {
  const world = await well();
  world.recordBroken = 'full';
  await badFor(world, seconds(8));
  world.recordBroken = undefined;
  await world.run(minutes(2));
  expect(world.record).toBe('');
  await badFor(world, seconds(8));
  await settled();
  const segments = parseRecord(world.record);
  expect(segments.map(({ends}) => ends)).toEqual(['over']);
  expect(replay(segments[0]!).faithful).toBe(true);
});

test('with a disk that takes nothing, what waits in memory is bounded: too much of it is given up', async () => {
  const lines: string[] = [];
  const recorder = new Recorder({record: async (text) => void lines.push(text)});
  const memory = {...freshMemory(0), state: 'suspect' as const};
  const long = 'x'.repeat(1000);
  for (let ms = 1; ms < 200; ms++)
    recorder.heard({
      before: freshMemory(0),
      seen: {on: 'probe', startedMs: ms, probe: {class: 'refused', tookMs: 1, detail: long}},
      decision: {memory, from: 'watching', row: table[0]!},
      settings,
      nowMs: ms,
      wallMs: ms,
      boot: 'b',
    });
  recorder.write(1000, false);
  expect(lines).toEqual([]);
  recorder.write(1001, true);
  await settled();
  // It was given up.
  expect(lines).toEqual([]);
});

test('the file is rotated by size, one older one stays, and no line is lost at the seam', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'record-'));
  onTestFinished(() => rm(folder, {recursive: true, force: true}));
  const file = path.join(folder, 'record.jsonl');
  for (let n = 0; n < 30; n++)
    // oxlint-disable-next-line no-await-in-loop
    await appendLines(file, `${JSON.stringify({n})}\n`, {maxBytes: 100, older: 1, sync: false});
  expect((await stat(file)).size).toBeLessThanOrEqual(100);
  const lines = `${await readFile(`${file}.1`, 'utf8')}${await readFile(file, 'utf8')}`.trim().split('\n');
  expect(lines.at(-1)).toBe('{"n":29}');
  expect(lines.map((line) => (JSON.parse(line) as {n: number}).n)).toEqual(
    Array.from({length: lines.length}, (_, index) => 30 - lines.length + index),
  );
  await expect(stat(`${file}.2`)).rejects.toThrow('ENOENT');
});
