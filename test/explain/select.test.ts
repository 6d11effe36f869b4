import {describe, expect, test} from 'vitest';
import {selectStory} from '../../src/explain/select.js';
import {storiesIn, type Story} from '../../src/explain/stories.js';
import type {MonitorEvent} from '../../src/monitor/events.js';
import {keptRun} from './recorded.js';

process.env['TZ'] = 'UTC';

const at = (time: string, event: string, seq: number, more: Partial<MonitorEvent> = {}) =>
  ({
    time: `2026-11-${time}.000Z`,
    ms: Date.parse(`2026-11-${time}.000Z`) - Date.parse('2026-11-20T00:00:00Z'),
    boot: 'b',
    seq,
    event,
    from: 'watching',
    to: 'watching',
    evidence: {},
    durations: {},
    say: event,
    ...more,
  }) as unknown as MonitorEvent;
const suspicion = (time: string, endsAt: string, seq: number) => [
  at(time, 'suspected', seq, {to: 'suspect'}),
  at(endsAt, 'cleared', seq + 1, {from: 'suspect'}),
];

const stories = storiesIn([
  ...suspicion('25T14:00:00', '25T14:00:20', 10),
  ...suspicion('26T09:00:00', '26T09:00:20', 20),
  at('26T10:00:00', 'paused', 25),
  ...suspicion('26T14:04:00', '26T14:04:20', 30),
]);
const firstOf = (asked: string | undefined) => {
  const selected = selectStory(stories, asked);
  return 'wrong' in selected ? selected.wrong : selected.story.events[0]!.seq;
};

describe('which story is meant', () => {
  test.each([
    ['nothing: the newest', undefined, 30],
    ['the number of its first event', '20', 20],
    ['the number of its last event', '11', 10],
    ['the number of an event that belongs to none', '25', 25],
    ['a name: the newest of it', 'cleared', 30],
    ['a name of something else', 'paused', 25],
    ['a time of day within it', '09:00', 20],
    ['a time of day near two days: the newest', '14:02', 30],
    ['a time of day near none: the nearest', '06:00', 20],
    ['an ISO time', '2026-11-25T15:00:00Z', 10],
    ['an ISO time before all', '2026-01-01', 10],
  ])('%s', (_what, asked, seq) => {
    expect(firstOf(asked)).toBe(seq);
  });

  test.each([
    ['999', 'There is no event 999 in the log; there are 10 to 31.'],
    ['blocked', 'No event called "blocked" is in the log. There is: cleared, paused, suspected.'],
    ['25:99', '"25:99" is no event: say its number, its name such as promoting, or a time such as 14:02.'],
  ])('%s: %s', (asked, wrong) => {
    expect(firstOf(asked)).toBe(wrong);
  });

  test('an empty log has none', () => {
    expect(selectStory([], undefined)).toEqual({
      wrong: 'Nothing was suspected, taken over or given back yet.',
    });
  });
});

describe('what belongs together', () => {
  const told = (some: readonly Story[]) => some.map(({kind, ending}) => `${kind}: ${ending}`);

  test.each([
    ['stopped', ['suspicion: taken-over', 'give-back: given-back']],
    ['cleared', ['suspicion: cleared']],
    ['partition', ['suspicion: cleared']],
    ['paused', ['remark: open', 'suspicion: taken-over', 'give-back: given-back']],
  ] as const)('%s', (name, expected) => {
    expect(told(keptRun(name).stories)).toEqual(expected);
  });

  test('a suspicion that a reboot of this host broke off is one of its own', () => {
    const events = [
      at('25T14:00:00', 'suspected', 1, {to: 'suspect'}),
      at('25T14:01:00', 'started', 2, {boot: 'c', from: 'suspect', to: 'suspect'}),
      at('25T14:02:00', 'cleared', 3, {boot: 'c', from: 'suspect'}),
    ];
    expect(told(storiesIn(events))).toEqual(['suspicion: forgotten', 'suspicion: cleared']);
  });

  test('the push of what was handed back belongs to the give-back before it', () => {
    const events = keptRun('stopped')
      .stories.at(-1)!
      .events.map(({event}) => event);
    expect(events).toEqual(['primary-back', 'demoting', 'handback', 'demoted', 'handback-push']);
  });
});
