import {describe, expect, test} from 'vitest';
import type {EventTold, LiveTold} from '../../../../src/sampler/told.js';
import type {Ledger, WatchSample} from '../../../../src/screens/watch/model/sample.js';
import {reduce} from '../../../../src/screens/watch/model/state.js';
import {toSample} from '../../../../src/screens/watch/model/to-sample.js';
import {event} from './made-events.js';
import {after, liveTold, played, simulatedMs, startMs, told, wellPair} from './playing.js';
import {recordedEvents} from './recorded-events.js';

type Variant = Parameters<typeof played>[1];

/** Each ledger that a story shows, at its end, and everything that was shown on the way. */
async function ledgersOf(faults: string, variant: Variant = 'usual') {
  const {inputs, endMs} = await played(faults, variant);
  let state = wellPair({...(variant && {variant})}, simulatedMs);
  const shown: WatchSample[] = [];
  for (const {atMs, input} of inputs) {
    state = reduce(state, input, atMs);
    shown.push(toSample(state, atMs));
  }
  const last = new Map<number, Ledger>();
  for (const {ledger} of shown) if (ledger) last.set(ledger.beganMs, ledger);
  return {shown, ledgers: [...last.values()], end: toSample(state, endMs)};
}

/** `✔ last good probe +0.0`, as the sketch has it; `usual` behind it where it is known. */
const lines = ({stages}: Ledger) =>
  stages.map(({name, state, sinceMs, usualMs, note}) => {
    const mark = {done: '✔', failed: '✖', running: '▸', waiting: '·'}[state];
    const since = sinceMs === null ? '' : ` +${(sinceMs / 1000).toFixed(1)}`;
    const usual = usualMs === null ? '' : ` ~${(usualMs / 1000).toFixed(1)}`;
    return `${mark} ${name}${since}${usual}${note === '' ? '' : ` | ${note}`}`;
  });

const lostHost = [
  '✔ last good probe +0.0',
  '✔ first bad probe +5.0',
  '✔ suspect, asked around +10.0 | silent on every path',
  '✔ verdict: host lost +17.1',
];

describe('the ledger of a failover', () => {
  test('a host that is lost: each stage with the time since the last good probe, and the way back', async () => {
    const {ledgers} = await ledgersOf('21@20000+90000#7');
    const [up, back] = ledgers;
    expect(ledgers).toHaveLength(2);
    expect(lines(up!)).toEqual([
      ...lostHost,
      '✔ gateway started +17.7',
      '✔ gateway ready +27.8',
      '✔ channel connected +29.3',
    ]);
    expect(up!.outcome).toEqual({words: 'taken over in 29.3 s', tone: 'good'});
    expect(lines(back!)).toEqual([
      '✔ primary back, first good probe +0.0',
      '✔ stayed well +30.0',
      '✔ giving back +30.0',
      '✔ handed back +31.8 | failover/claw-standby/20261125T225300Z',
      '✔ at rest +31.8',
    ]);
    expect(back!.outcome!.words).toBe('at rest again, 31.8 s after the primary was back');
  });

  test('while it goes on: what is reached, what runs and counts, and what is ahead', async () => {
    const {shown} = await ledgersOf('21@20000+90000#7');
    const at = (s: number) => shown.findLast(({atMs}) => atMs <= simulatedMs + s * 1000)!.ledger!;
    expect(lines(at(27.5))).toEqual([
      ...lostHost.slice(0, 3),
      '▸ verdict | verdict in 5 s',
      '· gateway started',
      '· gateway ready',
      '· channel connected',
    ]);
    expect(lines(at(40))).toEqual([
      ...lostHost,
      '✔ gateway started +17.7',
      '▸ gateway getting ready',
      '· channel connected',
    ]);
    expect(lines(at(158.5))).toEqual([
      '✔ primary back, first good probe +0.0',
      '▸ staying well | 12 of 30 s',
      '· giving back',
      '· at rest',
    ]);
    const running = at(40).stages.find(({state}) => state === 'running')!;
    expect(running.atMs).toBe(at(40).beganMs + 17_710);
  });

  test('it is there from the first bad probe on, gone 2 min after its end, and never blinks', async () => {
    const {shown} = await ledgersOf('21@20000+300000#7');
    const seen = shown.map(({atMs, ledger}) => [(atMs - simulatedMs) / 1000, ledger !== null] as const);
    const there = (from: number, to: number) => seen.filter(([s]) => s > from && s < to).map(([, is]) => is);
    expect(new Set(there(0, 20.9))).toEqual(new Set([false]));
    expect(new Set(there(21.1, 164))).toEqual(new Set([true]));
    expect(new Set(there(165, 319))).toEqual(new Set([false]));
  });

  test('nor where the sample of a change is there before its event, long after the one before', async () => {
    const {shown} = await ledgersOf('64b@5000+300000#1 21@20000+200000#7');
    const missing = shown.filter(({atMs, ledger}) => ledger === null && atMs > simulatedMs + 21_000);
    expect(missing.filter(({atMs}) => atMs < simulatedMs + 250_000)).toEqual([]);
  });

  test('the second takeover of a pair knows how long the first took', async () => {
    const {ledgers} = await ledgersOf('4@20000+60000#1 tested@52000+0#1 4@300000+50000#1');
    expect(lines(ledgers[2]!)).toEqual([
      '✔ last good probe +0.0',
      '✔ first bad probe +5.0',
      '✔ suspect, asked around +6.3 ~6.3 | somebody stopped its unit',
      '✔ verdict: gateway stopped +36.0 ~36.0',
      '✔ gateway started +36.8 ~36.8',
      '✔ gateway ready +46.8 ~46.8',
      '✔ channel connected +48.3 ~48.3',
    ]);
    expect(lines(ledgers[3]!)[1]).toMatch(/^✔ stayed well \+105\.0 ~90\.0/);
  });

  test.each<[string, string, string[], string]>([
    [
      'a suspicion that comes to nothing',
      '1@20000+0#1',
      [
        '✔ last good probe +0.0',
        '✔ first bad probe +5.0',
        '✔ suspect, asked around +5.2 | it is starting',
        '✔ primary answers again +23.0',
      ],
      'cleared: no takeover needed',
    ],
    [
      'an operator takes over: it begins with the word',
      'promote@20000+60000#7',
      [
        '✔ an operator asked +0.0',
        '✔ gateway started +1.0',
        '✔ gateway ready +10.8',
        '✔ channel connected +12.3',
      ],
      'taken over in 12.3 s',
    ],
    [
      'a pause holds it, and ends',
      'pause@5000+60000#1 21@20000+200000#7',
      [
        ...lostHost,
        '✔ held back +17.1 | the failover is paused: maintenance',
        '✔ not held any more +51.5',
        '✔ gateway started +52.0',
        '✔ gateway ready +62.0',
        '✔ channel connected +63.5',
      ],
      'taken over in 63.5 s',
    ],
    [
      'the gateway does not start, twice, and the primary is back before the next try',
      '62@5000+120000#1 21@20000+200000#7',
      [
        ...lostHost,
        '✖ gateway did not come up +17.7 | failed, exit-code, exit code 1',
        '✔ tried again +22.8',
        '✖ gateway did not come up +23.8 | failed, exit-code, exit code 1',
        '✔ primary well again +271.0',
      ],
      'the primary is well again before the standby could take over',
    ],
    [
      'the channel is not there in time, in no try',
      '64b@5000+300000#1 21@20000+200000#7',
      [
        ...lostHost,
        '✔ gateway started +17.7',
        '✔ gateway ready +27.8',
        '✖ not there in time +97.3 | running, success',
        '✔ tried again +102.3',
        '✔ gateway started +103.3',
        '✔ gateway ready +113.0',
        '✖ gateway runs +182.3 | its channel is not connected',
      ],
      'taken over in 3:02, and its channel is not connected',
    ],
  ])('%s', async (_, faults, stages, outcome) => {
    const [first] = (await ledgersOf(faults)).ledgers;
    expect(lines(first!)).toEqual(stages);
    expect(first!.outcome!.words).toBe(outcome);
  });

  test('held back, and still so: nothing else runs', async () => {
    const {shown} = await ledgersOf('pause@5000+600000#1 21@20000+400000#7');
    const {ledger} = shown.findLast(({atMs}) => atMs < simulatedMs + 300_000)!;
    expect(lines(ledger!).slice(4)).toEqual([
      '▸ held back +17.1 | the failover is paused: maintenance',
      '· gateway started',
      '· gateway ready',
      '· channel connected',
    ]);
  });

  test('blocked: the rest of the way stays open', async () => {
    const {shown} = await ledgersOf('62@5000+120000#1 21@20000+200000#7');
    const {ledger} = shown.findLast(({atMs}) => atMs < simulatedMs + 60_000)!;
    expect(ledger!.outcome).toEqual({words: 'blocked: the standby could not take over', tone: 'bad'});
    expect(lines(ledger!).slice(-3)).toEqual(['· gateway started', '· gateway ready', '· channel connected']);
  });

  test("the standby's own gateway ends, and the standby reboots: each is a way of its own", async () => {
    const ended = await ledgersOf('63b@150000+1#1 21@20000+400000#7');
    expect(lines(ended.ledgers[1]!)[0]).toBe("✔ standby's gateway ended +0.0");
    expect(lines(ended.ledgers[1]!)[3]).toBe('✔ channel connected +12.3 ~12.1');
    const rebooted = await ledgersOf('21@20000+90000#7 44@60000+20000#3');
    expect(lines(rebooted.ledgers[1]!).slice(0, 2)).toEqual([
      '✔ standby rebooted while active +0.0',
      '✔ verdict: no answer +4.0',
    ]);
  });

  test('where failback is manual the way back ends as such, and an operator in charge begins none', async () => {
    const manual = await ledgersOf('21@20000+100000#7', 'manual failback');
    expect(manual.ledgers[1]!.outcome!.words).toMatch(/^not given back: failback is manual/);
    const byHand = await ledgersOf('promote@20000+60000#7');
    expect(byHand.ledgers.map(({kind}) => kind)).toEqual(['takeover']);
    expect(byHand.end.ledger).toBeNull();
  });

  test('the plain rule and a warm standby are told the same way', async () => {
    const classic = (await ledgersOf('21@20000+200000#7', 'classic')).ledgers[0]!;
    expect(lines(classic)[3]).toBe('✔ verdict: no answer +31.0');
    const warm = (await ledgersOf('21@20000+90000#7', 'warm')).ledgers[0]!;
    expect(lines(warm).at(-1)).toMatch(/^✔ channel connected \+(18|19|20|21)\./);
  });

  test('what a real monitor wrote', () => {
    const told12 = recordedEvents.slice(0, 12);
    const ledger = sampleOf(told12, told12.at(-1)!.atMs).ledger!;
    expect(lines(ledger)).toEqual([
      '✔ last good probe +0.0',
      '✔ first bad probe +5.0',
      '✔ suspect, asked around +5.3 | somebody stopped its unit',
      '✔ verdict: gateway stopped +36.0',
      '✔ workspace ready +36.3 | The gateway starts from the workspace as it is here: cba183a, fetched 31 s ago',
      '✔ gateway started +36.3',
      '✔ gateway ready +53.7',
      '✔ channel connected +54.0',
    ]);
  });

  test('a log that begins in the middle gives what its own numbers say', () => {
    const middle = recordedEvents.slice(8, 11);
    expect(lines(sampleOf(middle, middle.at(-1)!.atMs, 'promoting').ledger!)).toEqual([
      '✔ last good probe +0.0',
      '✔ first bad probe +5.0',
      '✔ verdict: gateway stopped +36.0',
      '✔ gateway started +36.3',
      '✔ gateway ready +53.7',
      '▸ channel connecting',
    ]);
  });

  test('the wall clock of the standby may be set in the middle', () => {
    const set = recordedEvents
      .slice(0, 12)
      .map((one, index) => (index < 8 ? one : {...one, atMs: one.atMs - 3_600_000}));
    const {ledger} = sampleOf(set, recordedEvents[11]!.atMs);
    expect(lines(ledger!).at(-1)).toBe('✔ channel connected +54.0');
  });

  test('an end that the log could not keep is an end all the same', () => {
    const cut = recordedEvents.slice(0, 7);
    const {atMs, boot, ms} = cut.at(-1)!;
    const live = (more: Partial<LiveTold>) =>
      told('standby', {kind: 'live', live: liveTold({boot, ...more})});
    const events = cut.map((one) => told('standby', {kind: 'event', event: one}));
    const takesOver = live({ms, state: 'promoting', inStateMs: 0});
    const state = after(wellPair({}, atMs), [...events, takesOver], atMs);
    expect(toSample(state, atMs).ledger).not.toBeNull();
    const later = after(state, [live({ms: ms + 90_000, inStateMs: 60_000})], atMs + 90_000);
    expect(toSample(later, atMs + 90_000).ledger).toBeNull();
  });

  test('events that make no sense make no ledger, and no error', () => {
    const names = ['demoted', 'handback', 'cleared', 'tested', 'primary-gone', 'unblocked', 'attempt-failed'];
    const events = names.map((name, index) => event({seq: index + 1, event: name, atMs: startMs + index}));
    const state = after(
      wellPair(),
      events.map((one) => told('standby', {kind: 'event', event: one})),
      startMs,
    );
    expect(toSample(state, startMs).ledger).toBeNull();
  });
});

/** After these events, with a live sample of the same moment. */
function sampleOf(events: readonly EventTold[], atMs: number, state: 'active' | 'promoting' = 'active') {
  const {boot, ms} = events.at(-1)!;
  const inputs = [
    ...events.map((one) => told('standby', {kind: 'event', event: one})),
    told('standby', {kind: 'live', live: liveTold({boot, ms, state, inStateMs: 0})}),
  ];
  return toSample(after(wellPair({}, atMs), inputs, atMs), atMs);
}
