import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {readChannelStatus} from '../../src/monitor/channel-status.js';
import {remark} from '../../src/monitor/event.js';
import type {ChannelView} from '../../src/monitor/evidence.js';
import {freshMemory} from '../../src/monitor/memory.js';
import {parseChannel} from '../../src/monitor/reports.js';
import {loadState, saveState, type Saved} from '../../src/monitor/state-file.js';
import {verify} from '../../src/monitor/verify.js';
import {parseTold} from '../../src/sampler/parse.js';
import {savedState} from '../screens/saved-state.js';
import {settings} from './settings-of-tests.js';

/** epoch ms at which the gateway says that its account connected. */
const atMs = 1_795_732_297_990;
const garbage = [undefined, null, '1795732297990', 1.5, Number.MAX_VALUE, {}, [atMs], true];

const whenOf = ({connectedAtMs}: {connectedAtMs?: number}) =>
  connectedAtMs === undefined ? {} : {connectedAtMs};

const status = (account: Record<string, unknown>) =>
  readChannelStatus(
    JSON.stringify({
      channelAccounts: {irc: [{accountId: 'backup', running: true, connected: true, ...account}]},
    }),
    {type: 'irc', account: 'backup'},
  );

describe('when a channel account connected', () => {
  test('is told by the gateway', () =>
    expect(status({lastConnectedAt: atMs})).toMatchObject({connected: true, connectedAtMs: atMs}));

  test.each([
    ['is not connected', {connected: false}],
    ['recovers', {lifecycle: 'recovering'}],
    ['does not run', {running: false}],
  ])('is of an older connection while it %s', (_, account) =>
    expect(status({lastConnectedAt: atMs, ...account})).not.toHaveProperty('connectedAtMs'),
  );

  test.each(garbage.map((value) => [value]))('is not known from %j', (value) => {
    expect(status({lastConnectedAt: value})).not.toHaveProperty('connectedAtMs');
    const text = JSON.stringify({connected: true, detail: '', seq: 7, connectedAtMs: value});
    expect(parseChannel(text)).toEqual({connected: true, detail: '', seq: 7});
  });

  test('is written by the verify job once, and read by the monitor', async () => {
    const written: ChannelView[] = [];
    let nowMs = 0;
    await verify(
      {
        gateway: async () => ({live: true, ready: true}),
        status: async () =>
          nowMs < 200
            ? {connected: false, enabled: true, detail: 'running', cheap: true}
            : {connected: true, enabled: true, detail: 'running, ready', cheap: true, connectedAtMs: atMs},
        role: async () => ({want: 'active', seq: 7}),
        write: async ({connected, detail, seq, ...rest}) =>
          void written.push({connected, detail, seq, ...whenOf(rest)}),
        sleep: async (ms) => void (nowMs += ms),
        nowMs: () => nowMs,
        wallMs: () => 0,
      },
      () => nowMs > 120_000,
    );
    const seen = {connected: true, detail: 'running, ready', seq: 7, connectedAtMs: atMs};
    expect(written).toEqual([{connected: false, detail: 'running', seq: 7}, seen]);
    expect(parseChannel(JSON.stringify(written[1]))).toEqual(seen);
  });

  const eventWith = (channel: ChannelView) =>
    remark('tested', 'info', 'x', {...freshMemory(0), channel: {...channel, atMs: 5}}, settings, {
      nowMs: 10,
      time: '2026-11-27T00:00:00.000Z',
      boot: 'b',
    });

  test('is in every event from then on, and comes over to whoever watches', () => {
    const event = eventWith({connected: true, detail: 'ready', seq: 7, connectedAtMs: atMs});
    expect(event.evidence.channel).toEqual({connected: true, detail: 'ready', connectedAtMs: atMs});
    expect(parseTold(`event ${JSON.stringify(event)}`)).toMatchObject({
      event: {connected: true, connectedAtMs: atMs},
    });
  });

  test('is absent there where it is not known', () => {
    const event = eventWith({connected: true, detail: 'ready', seq: 7});
    expect(event.evidence.channel).toEqual({connected: true, detail: 'ready'});
    const told = parseTold(`event ${JSON.stringify(event)}`);
    expect(told?.kind === 'event' && 'connectedAtMs' in told.event).toBe(false);
  });

  test.each([...garbage, -1])('is not taken from a line that says %j', (value) => {
    const event = eventWith({connected: true, detail: '', seq: 7});
    const evidence = {...event.evidence, channel: {connected: true, connectedAtMs: value}};
    const told = parseTold(`event ${JSON.stringify({...event, evidence})}`);
    // A fraction of a millisecond is as good as a whole one.
    const expected = value === 1.5 ? value : undefined;
    expect(told?.kind === 'event' ? told.event.connectedAtMs : 'no event').toBe(expected);
  });
});

describe('the state of a monitor', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'connected-'))));
  afterEach(() => rm(folder, {recursive: true, force: true}));

  test('is read again with that moment in it, and without', async () => {
    const file = path.join(folder, 'state.json');
    for (const connectedAtMs of [{connectedAtMs: atMs}, {}]) {
      const channel = {atMs: 1, connected: true, detail: '', seq: 1, ...connectedAtMs};
      const saved = {...(savedState({state: 'active'}) as unknown as Saved)};
      saved.memory = {...saved.memory, channel};
      // oxlint-disable-next-line no-await-in-loop
      await saveState(file, saved);
      // oxlint-disable-next-line no-await-in-loop
      expect(await loadState(file)).toMatchObject({kind: 'saved', saved: {memory: {channel}}});
    }
  });
});
