import {afterEach, describe, expect, test} from 'vitest';
import type {ClosablePort} from '../../../src/screens/plain/plain.js';
import {plainPort} from '../../../src/screens/plain/plain.js';
import {conflict, deployKey, disjoint, play, pluginFailure} from '../recorded.js';
import {finished, found, installRunning, provision, provisionDone} from '../setup/moments.js';
import {keyboard, kept} from './streams.js';
import type {SetupEvent} from '../../../src/plan/events.js';

let port: ClosablePort | undefined;
afterEach(() => port?.close());

function open(options: Partial<Parameters<typeof plainPort>[1]> = {}) {
  const out = kept();
  let nowMs = 0;
  port = plainPort(out.stream, {yes: true, now: () => nowMs, ...options});
  return {port, ...out, pass: (ms: number) => (nowMs += ms)};
}

function emitAll(to: ClosablePort, events: readonly unknown[]) {
  for (const event of events) if (typeof event !== 'number') to.emit(event as SetupEvent);
}

test('each event is a sentence with the time since the start', () => {
  const {port, pass, lines} = open();
  emitAll(port, found);
  pass(72_000);
  emitAll(port, provisionDone);
  expect(lines()).toEqual([
    '[<0.1 s] The primary: Debian 12, OpenClaw 2026.9.6, gateway up 12 d, user unit, 100.64.0.11.',
    '[<0.1 s] The standby: Debian 12, 2 cores · 2.0 GB · 38 GB free, 100.64.0.12.',
    '[<0.1 s] The split is disjoint: no account and no credential is on both nodes.',
    '[  1:12] Phase 1, Provision the standby: 9 changes.',
    '[  1:12] Phase 1, Provision the standby, is done: 9 changes in 41 s.',
  ]);
});

test('steps, commands and what they say', () => {
  const {port, text} = open();
  emitAll(port, installRunning);
  expect(text()).toContain('Now standby: channel plugin @openclaw/irc');
  expect(text()).toContain('Done standby: Node 24.21.0 in /opt/openclaw-failover/node, 14 s');
  expect(text()).toContain('standby runs: openclaw plugins install @openclaw/irc');
});

test('a line without words is left out', () => {
  const {port, text} = open();
  emitAll(port, [
    {type: 'output', host: 'standby', line: ''},
    {type: 'output', host: 'standby', line: ' \u001b[0m '},
  ]);
  expect(text()).toBe('');
});

test('a split is told when it changes, not at every check', () => {
  const {port, lines} = open();
  const check = (split: typeof disjoint) => port.emit({type: 'split', split, at: 'before'});
  check(disjoint);
  check(disjoint);
  check(conflict);
  expect(lines()).toHaveLength(2);
  expect(lines()[1]).toContain(
    'irc account "backup" (clawbak@irc.example.org:6667) is enabled on both nodes.',
  );
});

test('a key that is waited for stands alone on its line', () => {
  const {port, lines} = open();
  port.emit({
    type: 'waiting',
    id: 'k',
    sentence: 'Add this key.',
    show: deployKey,
    sinceMs: 0,
    limitMs: 900_000,
  });
  expect(lines()).toEqual(['[<0.1 s] Waiting, at most 15:00: Add this key.', deployKey]);
});

test('a failure has its detail and what to try', () => {
  const {port, text} = open();
  port.emit({type: 'error', error: pluginFailure});
  expect(text()).toContain('Failed: The plugin @openclaw/irc could not be installed.');
  expect(text()).toContain('Try: Check that the standby reaches registry.example.org, then try again.');
});

test('the summary goes to where results go', () => {
  const result = kept();
  const {port, text} = open({result: result.stream});
  port.emit({type: 'done', summary: finished});
  expect(result.text()).toContain('● The pair default is set up.');
  expect(text()).toBe('');
});

test('a whole setup has no escape sequence, no carriage return and no spinner', async () => {
  const {port, text} = open({now: Date.now});
  await play(port, {scale: 0.0005, wait: true});
  expect(text()).not.toMatch(/[\u001B\r\u2800-\u28FF]/);
  expect(text().match(/Phase \d, .* is done/g)).toHaveLength(6);
  expect(text().match(/Measured: /g)).toHaveLength(7);
});

describe('questions', () => {
  const review = {type: 'review', phase: 'provision', changes: provision.changes} as const;
  const failed = {type: 'failed', phase: 'provision', error: pluginFailure} as const;

  test('without a terminal nothing is asked: reviews are applied, failures quit', async () => {
    const {port} = open({yes: false, input: keyboard(false)});
    expect(await port.decide(review)).toBe('apply');
    expect(await port.decide(failed)).toBe('quit');
  });

  test('in a terminal they are asked in lines until the answer is one of them', async () => {
    const input = keyboard();
    const {port, text} = open({yes: false, input});
    const answer = port.decide(review);
    input.write('maybe\n');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(text()).toContain('That is none of them.');
    input.write('2\n');
    expect(await answer).toBe('skip');
    expect(text()).toContain('standby: user openclaw, without sudo');
  });

  test('the end of the input quits', async () => {
    const input = keyboard();
    const {port} = open({yes: false, input});
    const answer = port.decide(failed);
    input.end();
    expect(await answer).toBe('quit');
  });

  test('SIGINT stops, quits the open question, and forces when it comes again', async () => {
    const {port, text} = open({yes: false, input: keyboard()});
    const answer = port.decide(review);
    process.emit('SIGINT');
    expect(await answer).toBe('quit');
    expect([port.stop.aborted, port.force.aborted]).toEqual([true, false]);
    expect(text()).toContain('Finishing the step in hand');
    process.emit('SIGINT');
    expect(port.force.aborted).toBe(true);
  });

  test('closing gives Ctrl+C back', () => {
    const before = process.listenerCount('SIGINT');
    const {port} = open();
    expect(process.listenerCount('SIGINT')).toBe(before + 1);
    port.close();
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
