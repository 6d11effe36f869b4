import {describe, expect, it} from 'vitest';
import type {Act, End} from '../../../src/monitor/hand/act.js';
import {conduct, type Hand, type How} from '../../../src/monitor/hand/conduct.js';
import type {LiveLook, Seen} from '../../../src/monitor/hand/look.js';
import type {Heard} from '../../../src/monitor/hand/outcome.js';
import {inJson} from '../../../src/monitor/hand/show.js';
import {atRest, gone, live, saying} from './look-of-tests.js';

const promote: Act = {name: 'promote', why: 'the primary hangs'};
const demote: Act = {name: 'demote'};
const pause: Act = {name: 'pause', ms: 1_800_000, why: 'kernel'};
const active = saying({state: 'active', probe: gone});

/** ms after the request, event, sentence, channel */
type Script = [number, string, string?, boolean?][];

interface World {
  seen?: Seen;
  events?: Script;
  typed?: string;
  how?: Partial<How>;
  /** The operator leaves after so many ms. */
  leaveMs?: number;
  /** What the monitor shows so many ms after the request; its disk takes nothing. */
  shown?: [number, Partial<LiveLook>][];
  /** The operator leaves during that. */
  leaves?: 'look' | 'name' | 'listen';
  /** Nobody took the request. */
  untaken?: boolean;
}

/** Runs one act against a standby of its own time; nothing waits for real. */
async function run(
  act: Act,
  {seen = atRest, events = [], typed, how, leaveMs = Infinity, untaken = false, shown = [], leaves}: World,
) {
  let nowMs = 1_000_000;
  let askedMs: number | undefined;
  const did: string[] = [];
  const left = [...events];
  const leaving = new AbortController();
  const hand: Hand = {
    look: async () => {
      if (leaves === 'look') leaving.abort();
      return seen;
    },
    glance: async () => {
      const now = shown.findLast(([ms]) => nowMs - (askedMs ?? nowMs) >= ms);
      return now ? {...live, ...now[1]} : seen.live;
    },
    ask: async ({name}) => {
      askedMs = nowMs;
      did.push(`ask ${name}`);
    },
    withdraw: async ({name}) => {
      did.push(`withdraw ${name}`);
      return untaken;
    },
    listen: async () => {
      did.push('listen');
      if (leaves === 'listen') leaving.abort();
      const sinceMs = nowMs;
      return {
        take: async () => {
          const [next] = left;
          if (!next || nowMs - (askedMs ?? sinceMs) < next[0]) return undefined;
          left.shift();
          const [, event, say = `${event}.`, connected] = next;
          return {time: '2026-05-01T10:00:00.000Z', event, say, connected} satisfies Heard;
        },
        close: () => did.push('close'),
      };
    },
    ...(typed !== undefined && {
      typedName: async () => {
        if (leaves === 'name') leaving.abort();
        return typed;
      },
    }),
    nowMs: () => nowMs,
    wallMs: () => new Date(2026, 4, 1, 14, 2, 11).getTime(),
    sleep: async (ms) => {
      nowMs += ms;
      if (nowMs - 1_000_000 >= leaveMs) leaving.abort();
    },
  };
  const lines: Record<string, any>[] = [];
  const paper = {write: (text: string) => lines.push(JSON.parse(text) as object)};
  const end = await conduct(act, hand, {dryRun: false, leave: leaving.signal, ...how}, inJson(paper));
  return {end, did, lines, tookMs: nowMs - 1_000_000};
}

const confirmed = {how: {confirm: 'default'}};

describe('where every act needs the name of the pair', () => {
  const always = {how: {always: true as const}};
  it('a pause does too, and a wrong one asks for nothing', async () => {
    const {end, did} = await run(pause, {typed: 'other', ...always});
    expect(end).toMatchObject({result: 'usage', say: expect.stringContaining('is not the name of the pair')});
    expect(did).toEqual([]);
  });
  it('the right one goes on', async () => {
    const {end} = await run(pause, {typed: 'default', events: [[500, 'paused']], ...always});
    expect(end.result).toBe('done');
  });
  it('elsewhere a pause needs none', async () => {
    expect((await run(pause, {events: [[500, 'paused']]})).end.result).toBe('done');
  });
});

describe('a takeover by hand', () => {
  const events: Script = [
    [500, 'promoting'],
    [2_000, 'gateway-started'],
    [11_000, 'gateway-ready'],
    [13_000, 'promoted', 'Taken over: the irc account "backup" is connected.', true],
  ];

  it('listens before it asks, tells each stage, and ends with the channel connected', async () => {
    const {end, did, lines} = await run(promote, {events, ...confirmed});
    expect(end).toEqual({result: 'done', exit: 0, say: 'Taken over: the irc account "backup" is connected.'});
    expect(did).toEqual(['listen', 'ask promote', 'close']);
    expect(lines.map(({type, event, act, result}) => event ?? act ?? result ?? type)).toEqual([
      'promote',
      'promoting',
      'gateway-started',
      'gateway-ready',
      'done',
    ]);
    expect(lines[3]).toMatchObject({type: 'event', elapsedMs: 11_000});
  });

  it.each<[string, Script, Partial<End>]>([
    [
      'the channel is not connected',
      [[500, 'promoted', 'Not seen connected.', false]],
      {result: 'degraded', exit: 3},
    ],
    [
      'the gateway was never ready, so that nobody looked at the channel',
      [[500, 'promoted', 'Not seen connected.']],
      {result: 'degraded', exit: 3},
    ],
    [
      'the monitor refuses',
      [[500, 'promote-refused', 'The guard says no.']],
      {result: 'refused', exit: 1, say: 'The guard says no.'},
    ],
    [
      'the gateway does not stay up',
      [
        [500, 'promoting'],
        [90_000, 'blocked', 'It does not stay up.'],
      ],
      {result: 'failed', exit: 1},
    ],
    [
      'the primary came back first',
      [
        [500, 'promoting'],
        [900, 'demoting'],
      ],
      {result: 'failed', exit: 1},
    ],
  ])('ends when %s', async (_what, script, end) => {
    expect((await run(promote, {events: script, ...confirmed})).end).toMatchObject(end);
  });

  it('that nobody hears is taken back, so that it does not come true hours later', async () => {
    const {end, did, tookMs} = await run(promote, {untaken: true, ...confirmed});
    expect(end).toMatchObject({
      result: 'silent',
      exit: 124,
      say: 'The monitor said nothing about it within 4 min 0 s. The request was taken back: nothing comes of it.',
    });
    expect(did).toEqual(['listen', 'ask promote', 'withdraw promote', 'close']);
    expect(tookMs).toBeGreaterThan(239_000);
  });

  it('that was begun and does not end is left as it is', async () => {
    const {end} = await run(promote, {events: events.slice(0, 3), ...confirmed});
    expect(end).toMatchObject({
      exit: 124,
      say: 'It did not come to an end within 4 min 0 s. What was asked for stands.',
    });
  });

  it('that nobody hears is taken back, also where the monitor told of something else', async () => {
    const {end} = await run(promote, {untaken: true, events: [[900, 'latency']], ...confirmed});
    expect(end.say).toBe(
      'The monitor said nothing about it within 4 min 0 s. The request was taken back: nothing comes of it.',
    );
  });

  it.each(['look', 'name', 'listen'] as const)(
    'is not asked for when the operator leaves at: %s',
    async (leaves) => {
      const {end, did} = await run(promote, {leaves, typed: 'default', events});
      expect(end).toEqual({result: 'left', exit: 130, say: 'Left; nothing was asked.'});
      expect(did).not.toContain('ask promote');
    },
  );

  it('is seen at the monitor itself where the disk takes no events', async () => {
    const shown: World['shown'] = [
      [0, {state: 'promoting', disk: 'ENOSPC'}],
      [20_000, {state: 'recovering', disk: 'ENOSPC', say: 'The primary answers again.'}],
    ];
    const {end, tookMs} = await run(promote, {shown, ...confirmed});
    expect(end).toEqual({
      result: 'done',
      exit: 0,
      say: 'Taken over: the bot of the standby is there. It is not written down: the disk of the standby takes nothing (ENOSPC).',
    });
    expect(tookMs).toBeLessThan(30_000);
    shown[1] = [20_000, {state: 'active', disk: 'ENOSPC', degraded: 'the login was refused'}];
    expect((await run(promote, {shown, ...confirmed})).end).toMatchObject({
      result: 'degraded',
      say: expect.stringMatching(/^Taken over, but .*not seen connected: the login was refused\./),
    });
    const back: World['shown'] = [[9_000, {state: 'watching', disk: 'ENOSPC'}]];
    expect((await run(demote, {seen: active, shown: back, ...confirmed})).end).toMatchObject({
      result: 'done',
      say: expect.stringMatching(/^Given back: the standby sleeps\./),
    });
  });

  it('goes on when the operator stops watching, and the request stands', async () => {
    const before = await run(promote, {leaveMs: 200, ...confirmed});
    expect(before.end).toMatchObject({result: 'left', exit: 130});
    expect(before.end.say).toContain('The request stands');
    expect(before.did).toEqual(['listen', 'ask promote', 'close']);
    const during = await run(promote, {events, leaveMs: 3_000, ...confirmed});
    expect(during.end.say).toContain('What has begun goes on');
    expect(during.did).toEqual(['listen', 'ask promote', 'close']);
  });

  it('that is under way already is only watched', async () => {
    const {end, did} = await run(promote, {seen: saying({state: 'promoting'}), events, ...confirmed});
    expect(end.exit).toBe(0);
    expect(did).toEqual(['listen', 'close']);
    const left = await run(promote, {seen: saying({state: 'promoting'}), leaveMs: 200, ...confirmed});
    expect(left.end.say).toContain('What has begun goes on');
  });
});

describe('the name of the pair', () => {
  it.each<[string, Act, World, Partial<End>, string[]]>([
    [
      'typed',
      promote,
      {typed: 'default', events: [[1, 'promoted', 'Taken over.', true]]},
      {exit: 0},
      ['listen', 'ask promote', 'close'],
    ],
    ['typed wrongly', promote, {typed: 'defualt'}, {result: 'usage', exit: 2}, []],
    [
      'another one as a flag',
      demote,
      {seen: active, how: {confirm: 'other'}},
      {result: 'usage', exit: 2},
      [],
    ],
    ['not given, and nobody to ask', promote, {}, {result: 'usage', exit: 2}, []],
    ['not needed to pause', pause, {events: [[900, 'paused']]}, {exit: 0}, ['listen', 'ask pause', 'close']],
    ['not needed to look', promote, {how: {dryRun: true}}, {result: 'dry-run', exit: 0}, []],
    [
      'of another pair on the standby',
      pause,
      {how: {pair: 'home'}},
      {result: 'refused', exit: 1, say: 'This standby belongs to the pair "default", not to "home".'},
      [],
    ],
  ])('is %s', async (_what, act, world, end, did) => {
    const ran = await run(act, world);
    expect(ran.end).toMatchObject(end);
    expect(ran.did).toEqual(did);
  });

  it('is no way past a split conflict', async () => {
    const seen: Seen = {...atRest, split: {state: 'conflict', sentence: 'The irc account is on both nodes.'}};
    const {end, did} = await run(promote, {seen, ...confirmed});
    expect(end).toEqual({result: 'conflict', exit: 5, say: 'The irc account is on both nodes.'});
    expect(did).toEqual([]);
  });
});

describe('giving back', () => {
  const seen = active;
  it('waits through the rise of the primary until the gateway is stopped', async () => {
    const events: Script = [
      [300, 'failback-asked'],
      [9_000, 'primary-back'],
      [40_000, 'demoting'],
      [43_000, 'demoted', 'Given back.'],
    ];
    const {end, lines} = await run(demote, {seen, events, ...confirmed});
    expect(end).toEqual({result: 'done', exit: 0, say: 'Given back.'});
    expect(lines).toHaveLength(5);
  });
  it.each<[string, Script, Partial<End>]>([
    [
      'refuses',
      [[300, 'failback-refused', 'Nothing to do.']],
      {result: 'refused', exit: 1, say: 'Nothing to do.'},
    ],
    [
      'does not see it stop',
      [
        [300, 'demoting'],
        [420_000, 'demotion-unseen'],
      ],
      {result: 'degraded', exit: 3},
    ],
  ])('ends when the monitor %s', async (_what, events, end) =>
    expect((await run(demote, {seen, events, ...confirmed})).end).toMatchObject(end),
  );
});

describe('a pause', () => {
  it('says until when, how long, and that it ends by itself', async () => {
    const {end} = await run(pause, {events: [[900, 'paused', 'Paused for 30 min 0 s: kernel.']]});
    expect(end.say).toBe(
      'Paused until 14:32, for 30 min: nothing is taken over or given back. It ends by itself; "resume" ends it sooner.',
    );
  });
  it('is seen at the monitor itself where the disk takes no events, and is not the one before it', async () => {
    const disk = 'ENOSPC';
    const now = await run(pause, {shown: [[0, {pausedMs: 1_795_000, disk}]]});
    expect(now.end).toMatchObject({result: 'done', exit: 0, say: expect.stringContaining('Paused until')});
    expect((await run(pause, {shown: [[0, {pausedMs: 60_000, disk}]]})).end.exit).toBe(124);
  });
  it('that nobody hears is an error after 20 s', async () => {
    const {end, tookMs} = await run(pause, {});
    expect(end.exit).toBe(124);
    expect(tookMs).toBeLessThan(21_000);
  });
  it('ends where no monitor runs, and says that nobody takes over', async () => {
    const seen = {...atRest, unit: 'stopped', pause: {leftMs: 60_000, why: ''}};
    const {end, did} = await run({name: 'resume'}, {seen});
    expect(end).toMatchObject({result: 'degraded', exit: 3});
    expect(did).toEqual(['listen', 'ask resume', 'close']);
  });
});
