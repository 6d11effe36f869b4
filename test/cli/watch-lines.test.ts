import {Writable} from 'node:stream';
import {describe, expect, it} from 'vitest';
import {checkSplit} from '../../src/channels/split.js';
import {exitOf} from '../../src/cli/status.js';
import {watchLines} from '../../src/cli/watch-lines.js';
import type {HostResult} from '../../src/screens/watch/sample.js';
import {WatchStore} from '../../src/screens/watch/store.js';
import type {HostFacts} from '../../src/facts/types.js';
import {units} from '../../src/templates/layout.js';
import {conflict} from '../screens/recorded.js';
import {savedState} from '../screens/saved-state.js';
import type {StateName} from '../../src/monitor/memory.js';
import {factsOf} from './facts-of.js';

const running = {
  loadState: 'loaded',
  activeState: 'active',
  subState: 'running',
  unitFileState: 'enabled',
  result: 'success',
  needDaemonReload: false,
  mainPid: 1,
  restarts: 0,
  activeSinceMs: 1,
  fragmentPath: '',
};
const split = (primary: HostFacts, standby: HostFacts) => checkSplit(primary.accounts, standby.accounts);

function standbyIn(state: StateName): HostResult {
  const facts = factsOf('standby', {
    units: {[units.monitor]: running},
    monitorState: {known: true, value: savedState({state})},
    probe: {target: '100.64.0.11 18789', status: 200, tookMs: 3, body: '{}'},
  });
  return {ok: true, facts};
}

describe('watch in lines', () => {
  it('says the verdict once, and again when it changes', async () => {
    const states: StateName[] = ['watching', 'watching', 'promoting', 'promoting'];
    const leaving = new AbortController();
    let text = '';
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString();
        done();
      },
    });
    await watchLines(stream, {
      pair: 'default',
      split,
      intervalMs: 60,
      signal: leaving.signal,
      read: {
        primary: async () => ({ok: true, facts: factsOf('primary')}),
        standby: async () => {
          const state = states.shift();
          if (state === undefined) leaving.abort();
          return standbyIn(state ?? 'promoting');
        },
      },
    });
    const said = text
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\[\d\d:\d\d:\d\d\] /, ''));
    expect(said.filter((line) => line.startsWith('Protected.'))).toHaveLength(1);
    expect(said.filter((line) => line.startsWith('Taking over.'))).toHaveLength(1);
    expect(said.indexOf('standby: monitor: watching → promoting')).toBeGreaterThan(0);
  });
});

describe('the exit code of status', () => {
  it.each<[StateName, number]>([
    ['watching', 0],
    ['active', 3],
    ['blocked', 3],
  ])('with the monitor %s is %i', (state, code) => {
    const store = new WatchStore({pair: 'default', split});
    store.observe('primary', {ok: true, facts: factsOf('primary')});
    store.observe('standby', standbyIn(state));
    expect(exitOf(store.snapshot().sample)).toBe(code);
  });

  it('with an account on both is 5', () => {
    const store = new WatchStore({pair: 'default', split: () => conflict});
    store.observe('primary', {ok: true, facts: factsOf('primary')});
    store.observe('standby', standbyIn('watching'));
    expect(exitOf(store.snapshot().sample)).toBe(5);
  });

  it('with a standby that does not answer is 3', () => {
    const store = new WatchStore({pair: 'default', split});
    store.observe('primary', {ok: true, facts: factsOf('primary')});
    store.observe('standby', {ok: false, error: 'no route'});
    expect(exitOf(store.snapshot().sample)).toBe(3);
  });
});
