import {describe, expect, it} from 'vitest';
import {parseTold} from '../../src/sampler/parse.js';
import type {Told} from '../../src/sampler/told.js';

const esc = String.fromCharCode(27);
const nasty = `${esc}]0;owned\u0007a${esc}[31m\u202eb\r\nc\u0000`;

describe('a line of a sampler', () => {
  it.each<[string, Told]>([
    ['hello 1', {kind: 'hello', version: 1}],
    ['whole', {kind: 'whole'}],
    ['clock 1795733549353', {kind: 'clock', hostMs: 1_795_733_549_353}],
    [
      'machine 0.54 25276510208 23903318016 21340 1',
      {
        kind: 'machine',
        machine: {
          load: 0.54,
          memoryBytes: {total: 25_276_510_208, available: 23_903_318_016},
          uptimeS: 21_340,
          rebootPending: true,
        },
      },
    ],
    ['disk 1000 10', {kind: 'disk', diskBytes: {total: 1000, free: 10}}],
    [
      'gateway running - 204 1110 1',
      {kind: 'gateway', gateway: {state: 'running', result: '', pid: 204, upS: 1110, restarts: 1}},
    ],
    [
      'gateway failed exit-code 0 - 5',
      {kind: 'gateway', gateway: {state: 'failed', result: 'exit-code', pid: null, upS: null, restarts: 5}},
    ],
    ['monitor active', {kind: 'monitor', activeState: 'active'}],
    ['live none', {kind: 'live', live: null}],
    ['workspace none', {kind: 'workspace', workspace: null}],
    ['config 992249838-224', {kind: 'config', stamp: '992249838-224'}],
    [
      'accounts {"known":false,"reason":"the gateway does not run"}',
      {kind: 'accounts', accounts: {known: false, reason: 'the gateway does not run'}},
    ],
    ['drill none', {kind: 'drill', drill: null}],
    [
      'drill {"id":"2026-11-20T1400","fault":"stop","startedAt":"2026-11-20T14:00:00Z","who":"me\\u001b[31m","machine":"laptop"}',
      {kind: 'drill', drill: {id: '2026-11-20T1400', fault: 'stop', who: 'me', machine: 'laptop'}},
    ],
  ])('%s', (line, told) => expect(parseTold(line)).toEqual(told));

  it.each([
    '',
    ' ',
    'end',
    'hello',
    'hello one',
    'hello 1 2',
    'clock',
    'clock -1',
    'clock 0x10',
    'clock 1e99',
    'clock NaN',
    `clock ${'9'.repeat(400)}`,
    'machine 1 2 3',
    'machine a b c d e',
    'disk 5',
    'gateway',
    'gateway dancing - 0 - 0',
    'monitor',
    `monitor ${esc}[2J`,
    'live',
    'live null',
    'live []',
    'live {}',
    'live {"state":"watching"}',
    'live {"ms":1,"boot":"b","state":"on fire"}',
    'event {"seq":1}',
    'event {"time":"yesterday","ms":1,"boot":"b","seq":1,"event":"suspected","level":"info"}',
    'event {"time":"2026-11-26T22:36:17Z","ms":1,"boot":"b","seq":1,"event":"a b","level":"info"}',
    'event {"time":"2026-11-26T22:36:17Z","ms":1,"boot":"b","seq":1,"event":"a","level":"fatal"}',
    'workspace 5',
    'accounts {}',
    'accounts {"known":true}',
    'accounts {"known":"yes","channelAccounts":{}}',
    'config a b',
    'drill {"id":"a","fault":"rm -rf"}',
    'drill {"fault":"stop"}',
    'drill {"id":"a","fau',
    `config ${'x'.repeat(81)}`,
    'toString x',
    '__proto__ {"a":1}',
    'constructor',
    `live {"ms":1,"boot":"b","state":"watching","say":"${'x'.repeat(1 << 20)}"}`,
    `${'x'.repeat(1 << 20)}`,
    '\u0000\u0001',
  ])('says nothing: %.60j', (line) => expect(parseTold(line)).toBeUndefined());
});

const live = (fields: Record<string, unknown>) =>
  parseTold(`live ${JSON.stringify({ms: 5, boot: 'b', state: 'watching', ...fields})}`);

describe("the monitor's sample", () => {
  it('is taken over whole', () => {
    expect(
      live({
        state: 'recovering',
        inStateMs: 7,
        probe: {class: 'ok', tookMs: 3.5, detail: '', agoMs: 1},
        latencies: [3, null, 'x', -1],
        nextProbeInMs: 4993,
        gateway: {live: true, ready: false},
        channel: {connected: true, detail: 'ready', seq: 3},
        bad: 2,
        reason: 'silent',
        badForMs: 10,
        verdictInMs: 20,
        good: {count: 2, forMs: 9},
        rise: {count: 3, ms: 30_000},
        minActiveInMs: 100,
        interrogation: {works: true, detail: 'over the private address', tookMs: 9},
        notReady: 'x',
        unready: 'y',
        byHand: true,
        failbackAsked: true,
        held: 'paused',
        degraded: 'd',
        pausedMs: 60_000,
        pausedWhy: 'kernel update',
        latchedMs: 1,
        disk: 'ENOSPC',
        say: 'All is well.',
        telling: {
          targets: [
            {name: 'phone', kind: 'ntfy', delivered: '2026-11-26T22:36:17.000Z', error: null, waiting: 0},
            {name: 'mail', kind: 'command', delivered: 'never', error: 'no route', waiting: 2},
            {kind: 'nameless'},
          ],
          problem: 'broken',
        },
      }),
    ).toEqual({
      kind: 'live',
      live: {
        boot: 'b',
        ms: 5,
        state: 'recovering',
        inStateMs: 7,
        probe: {class: 'ok', tookMs: 3.5, detail: '', agoMs: 1},
        latencies: [3, null, null, null],
        nextProbeInMs: 4993,
        gateway: {live: true, ready: false},
        channel: {connected: true, detail: 'ready'},
        bad: 2,
        reason: 'silent',
        badForMs: 10,
        verdictInMs: 20,
        good: {count: 2, forMs: 9},
        rise: {count: 3, ms: 30_000},
        minActiveInMs: 100,
        interrogation: {works: true, detail: 'over the private address'},
        notReady: 'x',
        unready: 'y',
        byHand: true,
        failbackAsked: true,
        held: 'paused',
        degraded: 'd',
        pausedMs: 60_000,
        pausedWhy: 'kernel update',
        latchedMs: 1,
        disk: 'ENOSPC',
        say: 'All is well.',
        telling: {
          targets: [
            {name: 'phone', kind: 'ntfy', deliveredAt: '2026-11-26T22:36:17.000Z', error: null, waiting: 0},
            {name: 'mail', kind: 'command', deliveredAt: null, error: 'no route', waiting: 2},
          ],
          problem: 'broken',
        },
      },
    });
  });

  it('is null where an older monitor writes nothing, and where a field is of another type', () => {
    const plain = live({});
    expect(plain).toMatchObject({
      live: {
        probe: null,
        latencies: [],
        gateway: null,
        channel: null,
        bad: 0,
        badForMs: null,
        good: null,
        rise: null,
        interrogation: null,
        notReady: null,
        byHand: false,
        pausedMs: null,
        say: '',
        telling: null,
      },
    });
    const garbage = Object.fromEntries(
      Object.keys((plain as unknown as {live: object}).live).map((name) => [name, [[{}]]]),
    );
    expect(live({...garbage, ms: 5, boot: 'b', state: 'watching', latencies: {}})).toEqual(plain);
  });

  it('has nothing in it that steers a terminal, and no text that fills one', () => {
    const told = live({say: nasty, pausedWhy: 'x'.repeat(30_000), probe: {class: 'ok', detail: nasty}});
    expect(told).toMatchObject({live: {say: 'ab c', probe: {detail: 'ab c'}}});
    expect((told as {live: {pausedWhy: string}}).live.pausedWhy).toHaveLength(300);
  });

  it.each([1e300, -5, 1 << 31, '7', null, Number.NaN])('reckons with no absurd number: %j', (value) => {
    const told = live({inStateMs: value, pausedMs: value}) as {
      live: {inStateMs: number; pausedMs: number | null};
    };
    expect(told.live.inStateMs).toBeGreaterThanOrEqual(0);
    expect(told.live.inStateMs).toBeLessThan(2 ** 53);
    expect(told.live.pausedMs ?? 0).toBeGreaterThanOrEqual(0);
  });

  it('keeps the newest 60 probes and 20 who are told', () => {
    const told = live({
      latencies: Array.from({length: 500}, (_, index) => index),
      telling: {targets: Array.from({length: 500}, (_, index) => ({name: `t${index}`})), problem: null},
    }) as unknown as {live: {latencies: number[]; telling: {targets: unknown[]}}};
    expect(told.live.latencies).toHaveLength(60);
    expect(told.live.latencies.at(-1)).toBe(499);
    expect(told.live.telling.targets).toHaveLength(20);
  });
});

describe('an event', () => {
  const event = (fields: Record<string, unknown>) =>
    parseTold(
      `event ${JSON.stringify({time: '2026-11-26T22:36:17.391Z', ms: 5, boot: 'b', seq: 17, event: 'promoted', level: 'alert', ...fields})}`,
    );

  it('is taken over with what is measured and seen', () => {
    expect(
      event({
        from: 'promoting',
        to: 'active',
        class: 'refused',
        evidence: {reason: 'failed', channel: {connected: true, detail: 'x'}, role: {want: 'active', seq: 3}},
        durations: {inStateMs: 5, sinceFirstBadMs: 49_000, sincePromotingMs: -1, activeMs: 'x', other: 3},
        say: 'The bot is there.',
      }),
    ).toEqual({
      kind: 'event',
      event: {
        atMs: Date.parse('2026-11-26T22:36:17.391Z'),
        ms: 5,
        boot: 'b',
        seq: 17,
        event: 'promoted',
        level: 'alert',
        from: 'promoting',
        to: 'active',
        say: 'The bot is there.',
        durations: {inStateMs: 5, sinceFirstBadMs: 49_000},
        reason: 'failed',
        connected: true,
      },
    });
  });

  it('stands when what surrounds it is garbage', () => {
    expect(event({say: nasty, from: 5, to: `${esc}[A`, evidence: 'x', durations: []})).toMatchObject({
      event: {say: 'ab c', from: '', to: '', durations: {}, reason: null, connected: null},
    });
  });

  it('reaches no prototype', () => {
    const line = `event {"time":"2026-11-26T22:36:17Z","ms":5,"boot":"b","seq":1,"event":"started","level":"info","__proto__":{"say":"x"},"durations":{"__proto__":{"activeMs":1}}}`;
    expect(parseTold(line)).toMatchObject({event: {say: '', durations: {}}});
    expect(({} as Record<string, unknown>)['say']).toBeUndefined();
  });
});

describe('a workspace', () => {
  const head = 'c'.repeat(40);
  it('is taken over, and what is no commit is none', () => {
    expect(
      parseTold(
        `workspace ${JSON.stringify({head, commitMs: 5, dirty: 0, syncMs: 9, pushFailed: `refused${esc}[2J`, upstream: 'main', recent: [head, 'x', 5, null, head]})}`,
      ),
    ).toEqual({
      kind: 'workspace',
      workspace: {
        head,
        commitMs: 5,
        dirty: 0,
        syncMs: 9,
        pushFailed: 'refused',
        upstream: null,
        recent: [head, head],
      },
    });
    expect(parseTold('workspace {}')).toMatchObject({workspace: {head: null, dirty: null, recent: []}});
  });
  it('has at most 50 commits', () => {
    const told = parseTold(`workspace ${JSON.stringify({recent: Array.from({length: 200}, () => head)})}`);
    expect(told).toMatchObject({workspace: {recent: Array.from({length: 50}, () => head)}});
  });
});

describe('channel accounts', () => {
  const accounts = (channelAccounts: unknown) =>
    parseTold(`accounts ${JSON.stringify({known: true, tookMs: 12, channelAccounts})}`);

  it('are judged as everywhere', () => {
    expect(
      accounts({
        irc: [
          {accountId: 'main', enabled: true, running: true, connected: true, lifecycle: 'ready'},
          {
            accountId: 'other',
            running: true,
            connected: true,
            lifecycle: 'recovering',
            lastError: 'ECONNREFUSED',
          },
        ],
        telegram: [{accountId: 'default', enabled: false, running: false}],
        signal: [{accountId: 'odd', running: 'perhaps'}],
      }),
    ).toEqual({
      kind: 'accounts',
      accounts: {
        known: true,
        tookMs: 12,
        accounts: [
          {channel: 'irc', account: 'main', state: 'connected', why: null},
          {channel: 'irc', account: 'other', state: 'unsteady', why: 'ECONNREFUSED'},
          {channel: 'telegram', account: 'default', state: 'off', why: null},
          {channel: 'signal', account: 'odd', state: 'unknown', why: 'the gateway gave an unexpected answer'},
        ],
      },
    });
  });

  it('are none where there is garbage', () => {
    const line = '{"__proto__":[{"accountId":"x"}],"irc":5,"a":[null,5,{"accountId":5},{"accountId":""}]}';
    expect(parseTold(`accounts {"known":true,"channelAccounts":${line}}`)).toMatchObject({
      accounts: {known: true, tookMs: 0},
    });
    expect(accounts({irc: 5, a: [null, 5, {accountId: 5}, {accountId: ''}]})).toMatchObject({
      accounts: {accounts: []},
    });
  });

  it('are named without anything that steers a terminal', () => {
    expect(accounts({[nasty]: [{accountId: nasty, running: false, lastError: nasty}]})).toMatchObject({
      accounts: {accounts: [{channel: 'ab c', account: 'ab c', why: 'ab'}]},
    });
  });
});

it('never throws, whatever comes', () => {
  const kinds = [
    'hello',
    'clock',
    'machine',
    'disk',
    'gateway',
    'monitor',
    'live',
    'event',
    'workspace',
    'accounts',
    'drill',
    'config',
  ];
  const rests = [
    '',
    '{',
    '[[[',
    '{"a":',
    'null',
    '"x"',
    '1e999',
    `{"a":${'['.repeat(20_000)}`,
    '\ud800',
    '{"state":{}}',
  ];
  for (const kind of kinds)
    for (const rest of rests) expect(() => parseTold(`${kind} ${rest}`)).not.toThrow();
});
