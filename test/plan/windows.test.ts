import {describe, expect, it} from 'vitest';
import type {Change} from '../../src/plan/change.js';
import {expectedGaps, measuredGaps, sleepingGateway, unprotectedMs} from '../../src/plan/windows.js';
import {units} from '../../src/templates/layout.js';

const base = {host: 'standby', title: 'x'} as const;
const swap = (restart: boolean): Change => ({
  ...base,
  id: 'standby:swap',
  kind: 'swap',
  files: [],
  units: [{...base, id: 'u', kind: 'unit', unit: units.monitor, restart}],
});
const openclaw: Change = {
  ...base,
  id: 'npm',
  kind: 'npm-package',
  package: 'openclaw',
  version: '1',
  prefix: '/x',
};
const script = (id: string, text: string): Change => ({
  ...base,
  id,
  kind: 'script',
  doing: 'x',
  timeoutMs: 1,
  script: {label: 'x', text},
});
const plugin = script('standby:plugin:irc', 'openclaw plugins install --force x');
const sleep = script(sleepingGateway, 'x');

const told = (id: string, fromMs: number, toMs?: number) => ({
  type: 'unprotected' as const,
  id,
  fromMs,
  ...(toMs !== undefined && {toMs}),
});

describe('what an upgrade is expected to cost in protection', () => {
  it.each<[string, Change[], string[]]>([
    ['nothing for files alone', [swap(false)], []],
    ['the restart of the monitor', [swap(true)], ['monitor']],
    ['no moment for OpenClaw', [openclaw], ['openclaw']],
    ['the plugin that is replaced', [plugin], ['plugin']],
    ['not one that comes first', [script('standby:plugin:irc', 'openclaw plugins install x')], []],
    [
      'all of a warm one, in their order',
      [swap(true), openclaw, plugin, sleep],
      ['monitor', 'openclaw', 'plugin', 'sleep'],
    ],
  ])('%s', (_name, changes, steps) => expect(expectedGaps(changes).map(({step}) => step)).toEqual(steps));
  it('of a warm one the sleeping gateway, which the swap of OpenClaw stops', () => {
    expect(expectedGaps([openclaw], true).map(({step}) => step)).toEqual(['openclaw', 'sleep']);
    expect(expectedGaps([openclaw, sleep], true).map(({step}) => step)).toEqual(['openclaw', 'sleep']);
    expect(expectedGaps([swap(true)], true).map(({step}) => step)).toEqual(['monitor']);
  });
  it('one step of the kernel takes none', () => expect(expectedGaps([openclaw])[0]!.usualMs).toBe(0));
});

describe('what it cost, by the standby’s clock', () => {
  const gaps = expectedGaps([swap(true), openclaw, plugin, sleep]);
  const times = (events: ReturnType<typeof told>[]) =>
    Object.fromEntries(measuredGaps(gaps, events).map(({step, ms}) => [step, ms]));

  it.each<[string, ReturnType<typeof told>[], Record<string, number | null>, number | null]>([
    ['nothing was told', [], {monitor: 0, openclaw: 0, plugin: 0, sleep: null}, 0],
    [
      'one restart',
      [told('standby:swap', 100, 340)],
      {monitor: 240, openclaw: 0, plugin: 0, sleep: null},
      240,
    ],
    [
      'windows of one step add up',
      [told('standby:swap', 100, 110), told('standby:swap', 200, 400)],
      {monitor: 210, openclaw: 0, plugin: 0, sleep: null},
      210,
    ],
    [
      'the sleeping gateway from its stop before OpenClaw on, the plugin within it counted once',
      [told('npm', 1_000), told('standby:plugin:irc', 2_000, 12_000), told(sleepingGateway, 13_000, 30_000)],
      {monitor: 0, openclaw: 0, plugin: 10_000, sleep: 29_000},
      29_000,
    ],
    [
      'OpenClaw on a file system that takes two steps',
      [told('npm', 5_000, 5_050)],
      {monitor: 0, openclaw: 50, plugin: 0, sleep: null},
      50,
    ],
    [
      'a gateway that does not sleep again',
      [told('npm', 1_000)],
      {monitor: 0, openclaw: 0, plugin: 0, sleep: null},
      null,
    ],
  ])('%s', (_name, events, each, all) => {
    expect(times(events)).toEqual(each);
    expect(unprotectedMs(events)).toBe(all);
  });
});
