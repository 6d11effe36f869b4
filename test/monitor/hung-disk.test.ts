import {expect, test} from 'vitest';
import type {MonitorEvent} from '../../src/monitor/events.js';
import {impatient, impatientLog, inTurn} from '../../src/monitor/hung-disk.js';

const event = (seq: number) => ({seq}) as MonitorEvent;
const later = () => new Promise((resolve) => setTimeout(resolve, 20));

test('a write that hangs is given up, and the next fails at once until it has ended', async () => {
  const inTime = impatient(10);
  const {promise, resolve} = Promise.withResolvers<void>();
  await expect(inTime(() => promise)).rejects.toThrow('the disk does not answer');
  await expect(inTime(async () => {})).rejects.toThrow('the disk does not answer');
  resolve();
  await later();
  await expect(inTime(async () => {})).resolves.toBeUndefined();
});

test('the error of a write is its own', async () => {
  await expect(impatient(10)(() => Promise.reject(new Error('ENOSPC')))).rejects.toThrow('ENOSPC');
});

test('what a write that hung has written in the end is not written again', async () => {
  const file: number[] = [];
  const {promise, resolve} = Promise.withResolvers<void>();
  let disk = promise;
  const log = impatientLog(
    {
      append: async (events) => {
        await disk;
        file.push(...events.map(({seq}) => seq));
      },
      lastSeq: async () => 0,
      tail: async () => [],
    },
    10,
  );
  await expect(log.append([event(1), event(2)])).rejects.toThrow('the disk does not answer');
  await expect(log.append([event(1), event(2), event(3)])).rejects.toThrow('the disk does not answer');
  resolve();
  disk = Promise.resolve();
  await later();
  await log.append([event(1), event(2), event(3)]);
  expect(file).toEqual([1, 2, 3]);
});

test('a record that hangs holds the log up for no longer than a log that hangs, and both hold one thread', async () => {
  const file: number[] = [];
  const {promise, resolve} = Promise.withResolvers<void>();
  let writing = 0;
  const plain = {
    append: async (events: readonly MonitorEvent[]) => {
      writing += 1;
      file.push(...events.map(({seq}) => seq));
    },
    lastSeq: async () => 0,
    tail: async () => [],
  };
  const {log, record} = inTurn(plain, () => promise);
  const patient = impatientLog(log, 10);
  const recorded = record('line\n');
  await expect(patient.append([event(1)])).rejects.toThrow('the disk does not answer');
  expect(writing).toBe(0);
  resolve();
  await recorded;
  await later();
  await patient.append([event(1), event(2)]);
  expect(file).toEqual([1, 2]);
});

test('a record that fails is no matter of the log', async () => {
  const file: number[] = [];
  const {log, record} = inTurn(
    {
      append: async (events) => void file.push(...events.map(({seq}) => seq)),
      lastSeq: async () => 0,
      tail: async () => [],
    },
    () => Promise.reject(new Error('ENOSPC')),
  );
  await expect(record('line\n')).rejects.toThrow('ENOSPC');
  await log.append([event(1)]);
  expect(file).toEqual([1]);
});
