import {afterEach, expect, test} from 'vitest';
import {jsonPort} from '../../../src/screens/plain/json.js';
import type {ClosablePort} from '../../../src/screens/plain/plain.js';
import {play, pluginFailure} from '../recorded.js';
import {finished, found} from '../setup/moments.js';
import {kept} from './streams.js';
import type {SetupEvent} from '../../../src/plan/events.js';

let port: ClosablePort | undefined;
afterEach(() => port?.close());

function open() {
  const out = kept();
  port = jsonPort(out.stream);
  return {
    port,
    ...out,
    objects: () => out.lines().map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

test('a whole setup is one JSON object per line, from facts to done', async () => {
  const {port, objects} = open();
  await play(port, {scale: 0.0005, wait: true});
  const types = objects().map(({type}) => type);
  expect(types[0]).toBe('facts');
  expect(types.at(-1)).toBe('done');
  for (const type of [
    'split',
    'findings',
    'phase',
    'phase-end',
    'change',
    'output',
    'waiting',
    'waited',
    'measure',
    'answer',
  ]) {
    expect(types).toContain(type);
  }
  for (const {elapsedMs} of objects()) expect(elapsedMs).toBeTypeOf('number');
});

test('no fingerprint, no key of the run and no file of a host leaves', () => {
  const {port, text} = open();
  for (const event of found) port.emit(event as SetupEvent);
  port.emit({type: 'done', summary: finished});
  expect(text()).not.toContain('fp-');
  expect(text()).not.toContain('"key"');
  expect(text()).not.toContain('"files"');
  expect(text()).toContain('clawbak@irc.example.org:6667');
});

test('facts have the promised fields', () => {
  const {port, objects} = open();
  port.emit(found[0] as SetupEvent);
  expect(objects()[0]).toMatchObject({
    type: 'facts',
    host: 'primary',
    facts: {
      hostname: 'claw-main',
      address: '100.64.0.11',
      openclaw: '2026.9.6',
      gateway: {form: 'user-unit', active: true},
    },
  });
});

test('what remote commands say cannot break the lines', () => {
  const {port, objects} = open();
  port.emit({type: 'output', host: 'standby', line: 'a\nb\u001B[31m"c"'});
  expect(objects()).toHaveLength(1);
  expect(objects()[0]?.line).toBe('a b"c"');
});

test('asks nothing, and writes down what it answered', async () => {
  const {port, objects} = open();
  expect(await port.decide({type: 'review', phase: 'test', changes: []})).toBe('apply');
  expect(await port.decide({type: 'failed', phase: 'test', error: pluginFailure})).toBe('quit');
  process.emit('SIGINT');
  expect(await port.decide({type: 'review', phase: 'test', changes: []})).toBe('quit');
  expect(
    objects()
      .filter(({type}) => type === 'answer')
      .map(({answer}) => answer),
  ).toEqual(['apply', 'quit', 'quit']);
});
