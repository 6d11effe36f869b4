import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {KernelTables} from '../../../src/demo/host/kernel-tables.js';

let root: string;
let tables: KernelTables;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tables-'));
  mkdirSync(`${root}/proc/net/.listening`, {recursive: true});
  tables = new KernelTables(root);
});
afterEach(() => {
  tables.stop();
  rmSync(root, {recursive: true, force: true});
});

const note = (pid: number, address: string, port: number) =>
  writeFileSync(`${root}/proc/net/.listening/${pid}.${port}.${address}`, `${address} ${port} ${pid} x\n`);
/** Address, port and state of each row, as the kernel writes them. */
const rows = () =>
  readFileSync(`${root}/proc/net/tcp`, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .map(([, local, , state]) => `${local} ${state}`);

it('has a row for whatever is listened on, in the kernel’s words', () => {
  note(12, '100.64.0.11', 18_789);
  note(1, '203.0.113.10', 22);
  tables.start();
  // 18789 is 4965 and 22 is 0016 in hexadecimal; the bytes of an address stand the other way round.
  expect(rows()).toEqual(['0A7100CB:0016 0A', '0B004064:4965 0A']);
});

it('is empty at first, and keeps up with what comes and goes', async () => {
  tables.start();
  expect(rows()).toEqual([]);
  note(7, '127.0.0.1', 8080);
  await expect.poll(rows).toEqual(['0100007F:1F90 0A']);
  rmSync(`${root}/proc/net/.listening/7.8080.127.0.0.1`);
  await expect.poll(rows).toEqual([]);
});

it('forgets what a process listened on that is gone, and no other whose number begins like it', () => {
  note(7, '127.0.0.1', 8080);
  note(71, '127.0.0.1', 8081);
  tables.start();
  tables.forget(7);
  expect(rows()).toEqual(['0100007F:1F91 0A']);
  expect(readdirSync(`${root}/proc/net/.listening`)).toEqual(['71.8081.127.0.0.1']);
});

it('bears that the host is taken away', () => {
  tables.start();
  rmSync(root, {recursive: true});
  expect(() => tables.write()).not.toThrow();
});
