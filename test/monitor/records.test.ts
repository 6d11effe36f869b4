import {expect, test} from 'vitest';
import type {MonitorEvent} from '../../src/monitor/events.js';
import {freshMemory} from '../../src/monitor/memory.js';
import type {Ports} from '../../src/monitor/ports.js';
import {Records} from '../../src/monitor/records.js';

test('an event that comes while the log is written is written next, not dropped', async () => {
  const log: number[] = [];
  let written = () => {};
  const append = async (events: readonly MonitorEvent[]) => {
    const seqs = events.map(({seq}) => seq);
    await new Promise<void>((resolve) => {
      written = resolve;
    });
    log.push(...seqs);
  };
  const records = new Records({log: {append}} as unknown as Ports);
  const event = (seq: number) => ({seq}) as MonitorEvent;
  records.keep(event(1));
  const first = records.log();
  records.keep(event(2));
  written();
  expect(await first).toBeNull();
  const second = records.log();
  written();
  await second;
  expect(log).toEqual([1, 2]);
});

test('probes that differ only in how long they took are no reason to write', async () => {
  let saves = 0;
  const records = new Records({
    nowMs: () => 0,
    wallMs: () => 0,
    save: async () => void (saves += 1),
  } as unknown as Ports);
  const around = {boot: 'b', say: '', retold: {}, heard: {}, limitEndsMs: null};
  for (const usualMs of [3, 4.1, 9, 3.2])
    await records.save({...freshMemory(0), slowness: {...freshMemory(0).slowness, usualMs}}, around);
  expect(saves).toBe(1);
  await records.save({...freshMemory(0), slowness: {...freshMemory(0).slowness, told: true}}, around);
  expect(saves).toBe(2);
});
