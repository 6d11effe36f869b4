import {afterEach, describe, expect, test, vi} from 'vitest';
import {conduct, type Hand} from '../../../../src/monitor/hand/conduct.js';
import type {Seen} from '../../../../src/monitor/hand/look.js';
import type {Heard} from '../../../../src/monitor/hand/outcome.js';
import {WatchApp} from '../../../../src/screens/watch/live/app.js';
import {PairsApp} from '../../../../src/screens/watch/live/pairs.js';
import type {ActPort, WatchPorts} from '../../../../src/screens/watch/live/source.js';
import type {Snapshot} from '../../../../src/screens/watch/model/store.js';
import {renderIn} from '../../../harness/terminal.js';
import {activeSample, failoverSample, pausedSample, timeline, wellSample} from '../model/samples.js';

let shown: ReturnType<typeof renderIn> | undefined;
afterEach(() => shown?.app.unmount());

const esc = '\u001B';

function open(ports: WatchPorts = {}, sample = wellSample(), size = {columns: 80, rows: 24}) {
  const listeners = new Set<() => void>();
  let now: Snapshot = {sample, timeline: timeline(40)};
  const source = {
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => now,
    refresh: vi.fn(),
  };
  const left = vi.fn();
  const back = vi.fn();
  const terminal = renderIn(<WatchApp source={source} onLeave={left} onBack={back} {...ports} />, size);
  shown = terminal;
  const text = () => terminal.frame().join('\n');
  return {
    ...terminal,
    text,
    left,
    back,
    refresh: source.refresh,
    put: async (next: Partial<Snapshot>) => {
      now = {...now, ...next};
      for (const listener of listeners) listener();
      await terminal.app.waitUntilRenderFlush();
    },
    sees: (wanted: RegExp | string) =>
      vi.waitFor(() => {
        if (typeof wanted === 'string') expect(text()).toContain(wanted);
        else expect(text()).toMatch(wanted);
      }),
  };
}

describe('the view', () => {
  test('follows its source, and fills the terminal exactly', async () => {
    const {frame, put, text} = open();
    expect(frame()).toHaveLength(24);
    expect(text()).toContain('● Protected');
    await put({sample: failoverSample('starting')});
    expect(text()).toContain('▲ Taking over  0:24');
    expect(frame()).toHaveLength(24);
  });
  test.each(['q', '\u0003'])('%j leaves at once', async (key) => {
    const {keys, left} = open();
    await keys(key);
    expect(left).toHaveBeenCalledTimes(1);
  });
  test('several characters at once press nothing', async () => {
    const {keys, left, text} = open();
    await keys('qqq', 'fb', `${esc}[200~q\rf${esc}[201~`);
    expect(left).not.toHaveBeenCalled();
    expect(text()).toContain('timeline');
  });
  test('a terminal that is too small says so, and is still left by q', async () => {
    const {keys, left, text} = open({}, wellSample(), {columns: 38, rows: 9});
    expect(text()).toContain('enlarge to 40×10');
    await keys('q');
    expect(left).toHaveBeenCalled();
  });
  test('is drawn anew when the terminal changes its size', async () => {
    const {stdout, sees} = open();
    stdout.resize(120, 40);
    await sees('load 0.31 on 4 cores');
    stdout.resize(60, 20);
    await sees('gateway ● running   12 d 4 h   health');
  });
  test('r reads anew, and says so', async () => {
    const {keys, refresh, text} = open();
    await keys('r');
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(text()).toContain('Both hosts are read again.');
  });
});

describe('moving', () => {
  test('Tab goes from the timeline through the panes, with a sign', async () => {
    const {keys, text} = open();
    expect(text()).toMatch(/^▸timeline/m);
    await keys('\t');
    expect(text()).toMatch(/^▸PRIMARY/m);
    await keys('\t');
    expect(text()).toMatch(/│▸STANDBY/);
    await keys(`${esc}[Z`);
    expect(text()).toMatch(/^▸PRIMARY/m);
  });
  test('the timeline scrolls, says how many are newer, holds its place, and follows again', async () => {
    const {keys, text, put} = open();
    await keys(`${esc}[A`, 'k');
    expect(text()).toContain('2 newer below');
    const more = timeline(40);
    await put({timeline: [...more, {...more[0]!, key: 'new', sentence: 'Something new.'}]});
    expect(text()).toContain('3 newer below');
    expect(text()).not.toContain('Something new.');
    await keys('G');
    expect(text()).toContain('Something new.');
    await keys('g');
    expect(text()).toMatch(/\d\d newer below/);
    await keys(esc);
    expect(text()).not.toContain('newer below');
  });
});

describe('the filter', () => {
  test('is typed at the bottom, holds after Enter, and Esc ends it', async () => {
    const {keys, text} = open();
    await keys('/', 'level:alert');
    expect(text()).toContain('/ level:alert█');
    expect(text()).toMatch(/\/level:alert · 7 of 40|\/level:alert · 6 of 40/);
    await keys('\r');
    expect(text()).toMatch(/\/level:alert · \d of 40/);
    expect(text()).toContain('q quit');
    await keys(esc);
    expect(text()).not.toContain('level:alert');
  });
  test('takes every letter while it is typed: none of them acts', async () => {
    const {keys, text, left} = open();
    await keys('/', 'q', 'f', 'p', '?', '\u007F');
    expect(text()).toContain('/ qfp█');
    expect(left).not.toHaveBeenCalled();
    await keys(esc);
    expect(text()).toContain('q quit');
  });
  test('takes what is pasted', async () => {
    const {keys, text} = open();
    await keys('/', `${esc}[200~host:primary\nq${esc}[201~`);
    expect(text()).toContain('/ host:primary█');
  });
  test('a shows warnings and alerts, then alerts, then all', async () => {
    const {keys, text} = open();
    await keys('a');
    expect(text()).toContain('warnings and alerts · ');
    await keys('a');
    expect(text()).toMatch(/─ alerts · /);
    await keys('a');
    expect(text()).not.toContain('alerts · ');
  });
});

test('y copies the newest line, and the one that one scrolled to, and says so', async () => {
  const {keys, stdout, text} = open();
  const copied = () =>
    stdout.written
      .filter((each) => each.startsWith(`${esc}]52;c;`))
      .map((each) => Buffer.from(each.slice(7, -1), 'base64').toString());
  await keys('y');
  expect(copied()[0]).toMatch(/standby: The workspace was brought up to date: 2 commits\.$/);
  expect(text()).toContain('Copied, where the terminal allows it.');
  await keys('k', 'y');
  expect(copied()[1]).toMatch(/standby: The primary answers again/);
});

describe('pages', () => {
  test.each([
    ['s', 'The split is disjoint'],
    ['?', 'Looking closer'],
    ['d', 'How it is tested'],
    ['c', 'What differs cannot be read here.'],
    ['l', 'Gateway of the primary'],
  ])('%s opens its page, with the verdict in sight; the same key and Esc close it', async (key, words) => {
    const {keys, text, sees, back} = open();
    await keys(key);
    await sees(words);
    expect(text()).toContain('● Protected');
    await keys(key);
    await sees('▸timeline');
    await keys(key);
    await sees(words);
    await keys(esc);
    await sees('▸timeline');
    expect(back).not.toHaveBeenCalled();
  });

  test('Esc without anything to leave goes back to the list of pairs', async () => {
    const {keys, back} = open();
    await keys(esc);
    expect(back).toHaveBeenCalledTimes(1);
  });

  test('the check says that it reads, then what it found, and is ended when it is left', async () => {
    let signal: AbortSignal | undefined;
    const answer = Promise.withResolvers<readonly {text: string}[][]>();
    const {keys, sees, text} = open({
      plan: (given) => {
        signal = given;
        return answer.promise;
      },
    });
    await keys('c');
    expect(text()).toContain('reading both hosts … 0:00');
    answer.resolve([[{text: 'Nothing differs.'}]]);
    await sees('Nothing differs.');
    await keys('q');
    await sees('▸timeline');
    expect(signal?.aborted).toBe(true);
  });

  test('a check that fails says why', async () => {
    const error = Object.assign(new Error('No route to host.'), {
      detail: 'EHOSTUNREACH',
      next: ['ssh there'],
    });
    const {keys, sees, text} = open({plan: () => Promise.reject(error)});
    await keys('c');
    await sees('✖ No route to host.');
    expect(text()).toMatch(/EHOSTUNREACH\n +try: ssh there/);
  });
});

describe('the logs', () => {
  const journal = async function* (what: string, signal: AbortSignal) {
    for (let line = 1; line <= 60; line += 1) yield `${what} line ${line}`;
    await new Promise((resolve) => signal.addEventListener('abort', resolve, {once: true}));
  };
  const chosen = () => new Promise((resolve) => setTimeout(resolve, 300));

  test('one is chosen, follows, stands still when it is scrolled, and is filtered', async () => {
    const {keys, sees, text} = open({journal});
    await keys('l');
    await chosen();
    await keys(`${esc}[B`, `${esc}[B`, '\r');
    await sees('monitor line 60');
    expect(text()).toContain('Health monitor, on the standby');
    expect(text()).toContain('following');
    await keys('k', 'k');
    expect(text()).toContain('2 newer, End follows');
    await keys('G', '/', 'line 4', '\r');
    expect(text()).toContain('monitor line 4');
    expect(text()).not.toContain('monitor line 5\n');
    await keys(esc);
    await sees('Workspace push, on the primary');
    await keys(esc);
    await sees('▸timeline');
  });

  test('one that is followed outlives a terminal that is too small, and so does its filter', async () => {
    const {keys, sees, stdout, text, left} = open({journal});
    await keys('l');
    await chosen();
    await keys('\r');
    await sees('primary-gateway line 60');
    await keys('/', 'line 4', '\r');
    stdout.resize(30, 8);
    await sees('enlarge to 40×10');
    expect(text()).not.toContain('primary-gateway');
    await keys('k', esc, 'x');
    stdout.resize(80, 24);
    await sees('/line 4 · 15 of 60');
    expect(text()).toContain('primary-gateway line 54');
    stdout.resize(30, 8);
    await sees('enlarge to 40×10');
    await keys('q');
    expect(left).toHaveBeenCalledTimes(1);
  });

  test('what cannot be read says so', async () => {
    const {keys, sees} = open();
    await keys('l');
    await chosen();
    await keys('\r');
    await sees('Journals cannot be read here.');
  });
});

const seen: Seen = {
  pair: 'default',
  failback: 'auto',
  account: 'telegram account "backup"',
  unit: 'running',
  live: {
    ageMs: 400,
    state: 'watching',
    inStateMs: 60_000,
    probe: {class: 'ok', detail: '', tookMs: 4},
    byHand: false,
    failbackAsked: false,
    held: null,
    degraded: null,
    pausedMs: null,
    latchedMs: null,
    disk: null,
    say: '',
  },
  pause: null,
  limitLeftMs: null,
  guard: {ok: true, reason: ''},
  workspaceAgeMs: 120_000,
  unready: null,
  modelsProven: true,
  split: {state: 'disjoint'},
};

/** The real `conduct` over a made-up standby. */
function standby(live: Partial<NonNullable<Seen['live']>> = {}, events: readonly string[] = []) {
  const asked: string[] = [];
  const act: ActPort = (wanted, how, show, typedName) => {
    const heard: Heard[] = [];
    const hand: Hand = {
      look: async () => ({...seen, live: {...seen.live!, ...live}}),
      ask: async ({name}) => {
        asked.push(name);
        for (const event of events)
          heard.push({time: '', event, say: `The monitor says ${event}.`, connected: true});
      },
      withdraw: async () => true,
      glance: async () => null,
      listen: async () => ({take: async () => heard.shift(), close: () => {}}),
      typedName,
      nowMs: () => performance.now(),
      wallMs: () => Date.now(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 20))),
    };
    return conduct(wanted, hand, {...how, dryRun: false, always: true, pair: 'default'}, show);
  };
  return {act, asked};
}

describe('acts', () => {
  test('f looks, asks for the name, takes no wrong one, and tells the events to the end', async () => {
    const {act, asked} = standby({}, ['promoting', 'gateway-ready', 'promoted']);
    const {keys, sees, text} = open({act});
    await keys('f', '\r');
    await sees('Type default to go on:');
    expect(text()).toMatch(/✔ The channel split is disjoint\./);
    await keys('defualt', '\r');
    await sees('This is not default');
    expect(asked).toEqual([]);
    await keys('\u0015', 'default', '\r');
    await sees(/0:00 {2}The monitor says promoting\.[^]*✔ The monitor says promoted\./);
    expect(asked).toEqual(['promote']);
    await keys(esc);
    await sees('▸timeline');
  });

  test('Esc at the question leaves; nothing was asked', async () => {
    const {act, asked} = standby();
    const {keys, sees} = open({act});
    await keys('f', '\r');
    await sees('Type default to go on:');
    await keys(esc);
    await sees('Left; nothing was asked.');
    await keys(esc);
    await sees('▸timeline');
    expect(asked).toEqual([]);
  });

  test('Ctrl+C leaves the act and not the view, and says what stands', async () => {
    const {act, asked} = standby({}, ['promoting']);
    const {keys, sees, left} = open({act});
    await keys('f', '\r');
    await sees('Type default to go on:');
    await keys('default', '\r');
    await sees('the gateway is being started');
    await keys('\u0003');
    await sees('Stopped watching. What has begun goes on');
    expect(left).not.toHaveBeenCalled();
    expect(asked).toEqual(['promote']);
  });

  test('while it goes on, the hosts above it live on', async () => {
    const {act} = standby({}, ['promoting']);
    const {keys, sees, put} = open({act});
    await keys('f', '\r');
    await sees('Type default to go on:');
    await put({sample: activeSample()});
    await sees(/▲ Standby is active[^]*STANDBY {2}● running/);
  });

  test('b gives back, with nothing to give back where the standby sleeps', async () => {
    const {act, asked} = standby();
    const {keys, sees} = open({act});
    await keys('b');
    await sees('The standby sleeps already: there is nothing to give back.');
    expect(asked).toEqual([]);
  });

  test('p asks for how long and why, looks, and pauses when the name of the pair was typed', async () => {
    const {act, asked} = standby({}, ['paused']);
    const {keys, sees, text} = open({act});
    await keys('p');
    await sees(/For how long\? {2}30m█/);
    await keys('x', '\r');
    expect(text()).toContain('is no length of time');
    await keys('\u007F', '\r', 'kernel update', '\r');
    await sees(/✔ The primary answers[^]*Type default to go on/);
    expect(asked).toEqual([]);
    await keys('default', '\r');
    await sees(/✔ Paused until \d\d:\d\d, for 30 min/);
    expect(asked).toEqual(['pause']);
  });

  test('p ends a pause where there is one', async () => {
    const {act, asked} = standby({pausedMs: 1_080_000}, ['resumed']);
    const {keys, sees} = open({act}, pausedSample());
    await keys('p');
    await sees('Type default to go on');
    expect(asked).toEqual([]);
    await keys('default', '\r');
    await sees('✔ The monitor says resumed.');
    expect(asked).toEqual(['resume']);
  });

  test('where nothing can be asked, the keys say so', async () => {
    const {keys, text} = open();
    await keys('f');
    expect(text()).toContain('Nothing can be asked of the pair here.');
  });
});

test('garbage from the hosts stays text', () => {
  const evil = `${esc}]0;owned\u0007${esc}[2J\u009B5A\nx\u202E`;
  const sample = wellSample();
  const {frame, stdout} = open(
    {},
    {
      ...sample,
      pair: `p${evil}`,
      verdict: {...sample.verdict, words: `Well${evil}`, sentence: `All ${evil}`},
      primary: {...sample.primary, hostname: `h${evil}`, address: `a${evil}`, version: `1${evil}`},
      health: {...sample.health!, well: false, class: `c${evil}`, detail: `d${evil}`},
    },
  );
  expect(frame()).toHaveLength(24);
  for (const written of stdout.written)
    expect(written).not.toMatch(/\u0007|\u001B\]0|\u001B\[2J|\u009B|\u202E/);
});

describe('several pairs', () => {
  const pairs = [
    {pair: 'default', sample: wellSample()},
    {pair: 'garden', sample: {...pausedSample(), pair: 'garden'}},
    {pair: 'office', error: 'No route to host.'},
  ];
  const list = () => {
    const leave = vi.fn();
    const opened: string[] = [];
    const rows = pairs;
    const terminal = renderIn(
      <PairsApp
        source={{subscribe: () => () => {}, snapshot: () => rows}}
        open={(pair) => {
          opened.push(pair);
          const snapshot = {sample: pairs.find((each) => each.pair === pair)!.sample!, timeline: []};
          return {source: {subscribe: () => () => {}, snapshot: () => snapshot, refresh: () => {}}};
        }}
        onLeave={leave}
      />,
      {columns: 80, rows: 24},
    );
    shown = terminal;
    return {...terminal, leave, opened, text: () => terminal.frame().join('\n')};
  };
  test('are listed; Enter opens one, Esc comes back to where one was', async () => {
    const {keys, text, opened} = list();
    expect(text()).toMatch(/❯ ● default +Protected/);
    await keys(`${esc}[B`, '\r');
    expect(opened).toEqual(['garden']);
    expect(text()).toContain('failover-wizard · garden');
    await keys(esc);
    expect(text()).toMatch(/❯ ▲ garden +Not protected: paused/);
  });
  test('one that was not reached is not opened', async () => {
    const {keys, opened} = list();
    await keys('G', '\r');
    expect(opened).toEqual([]);
  });
  test('are left by q, also from within one', async () => {
    const {keys, leave} = list();
    await keys('\r', 'q');
    expect(leave).toHaveBeenCalledTimes(1);
  });
});
