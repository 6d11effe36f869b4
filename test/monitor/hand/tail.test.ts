import {appendFile, mkdtemp, rename, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {tailOf, type Tail} from '../../../src/monitor/hand/tail.js';

let folder: string;
let file: string;
let tail: Tail;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tail-'));
  file = path.join(folder, 'events.jsonl');
});
afterEach(async () => {
  tail.close();
  await rm(folder, {recursive: true});
});

async function taken(): Promise<string[]> {
  const lines: string[] = [];
  for (let line = await tail.take(); line !== undefined; line = await tail.take()) lines.push(line);
  return lines;
}

it('gives what is appended from now on, whole lines only', async () => {
  await writeFile(file, 'old\n');
  tail = await tailOf(file);
  expect(await taken()).toEqual([]);
  await appendFile(file, 'one\ntwo\nhal');
  expect(await taken()).toEqual(['one', 'two']);
  await appendFile(file, 'f\n');
  expect(await taken()).toEqual(['half']);
});

it('goes on in the new file after a rotation, and loses nothing of the old one', async () => {
  await writeFile(file, 'old\n');
  tail = await tailOf(file);
  await appendFile(file, 'last of the old\n');
  await rename(file, `${file}.1`);
  await writeFile(file, 'first of the new\n');
  expect(await taken()).toEqual(['last of the old', 'first of the new']);
});

it('waits for a file that is not there yet', async () => {
  tail = await tailOf(file);
  expect(await taken()).toEqual([]);
  await writeFile(file, 'begun\n');
  expect(await taken()).toEqual(['begun']);
});

it('puts a character together that lies across two reads', async () => {
  await writeFile(file, '');
  tail = await tailOf(file);
  const long = `${'x'.repeat(64 * 1024 - 1)}→\n`;
  await appendFile(file, long);
  const lines = [...(await taken()), ...(await taken())];
  expect(lines).toEqual([long.trimEnd()]);
});
