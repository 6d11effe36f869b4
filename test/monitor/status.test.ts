import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {freshMemory} from '../../src/monitor/memory.js';
import {monitorPaths} from '../../src/monitor/paths.js';
import {statusText} from '../../src/monitor/status.js';
import {layout} from '../../src/templates/layout.js';

let root: string;
const write = (file: string, content: unknown) => {
  const at = path.join(root, file);
  mkdirSync(path.dirname(at), {recursive: true});
  writeFileSync(at, JSON.stringify(content));
};
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'status-'));
  const m = freshMemory(0);
  const unit = {state: 'running', result: 'success', exitCode: 0};
  write(layout.live, {
    ...m,
    state: 'watching',
    inStateMs: 1000,
    unit,
    pausedMs: null,
    latchedMs: null,
    say: 's',
    time: 't',
  });
});
afterEach(() => rmSync(root, {recursive: true, force: true}));
const paper = {write: () => {}, columns: 200};
const gateway = async () => /^gateway +(.*)$/m.exec(await statusText(monitorPaths(root), paper))?.[1];
const report = (file: string, result: string) =>
  write(file, {at: '2026-11-25T23:00:00Z', result, detail: 'd'});

test('a warm gateway sleeps, another one runs', async () => {
  expect(await gateway()).toBe('running');
  report(layout.warmReport, 'asleep');
  expect(await gateway()).toBe('asleep: it runs with its channel off');
  report(layout.warmReport, 'too-little-memory');
  expect(await gateway()).toBe('running');
});

test('whether a takeover would work is said, and when that was found out', async () => {
  report(`${layout.workRun}/prepare.json`, 'not-ready');
  const text = await statusText(monitorPaths(root), paper);
  expect(text).toContain('takeover would NOT work: d (checked 2026-11-25 23:00 UTC)');
});

test('a give-back that was asked for is said, and each name of a line stands apart from its text', async () => {
  const live = {...freshMemory(0), state: 'active', inStateMs: 1000, pausedMs: 1000, latchedMs: 1000};
  write(layout.live, {
    ...live,
    unit: {state: 'running', result: 'success', exitCode: 0},
    failbackAsked: true,
    byHand: true,
    degraded: 'd',
    held: 'paused',
    disk: 'ENOSPC',
    say: 's',
    time: 't',
  });
  const text = await statusText(monitorPaths(root), paper);
  expect(text).toContain('failback an operator asked for it');
  for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(?=.{8} \S)[a-z ]+ /);
});
