import {describe, expect, it} from 'vitest';
import type {MonitorEvent} from '../../../src/monitor/events.js';
import {noNews, takeDigests, takeEvent, type News, type Parcel} from '../../../src/monitor/tell/news.js';
import {everything, eventAt, hook, stampAt, teller} from './given.js';

const targets = [hook, everything];

/** All events in order; what each target hears, as `event` or `event xN`. */
function hear(events: readonly MonitorEvent[], from: News = noNews(0)) {
  let news = from;
  const parcels: Parcel[] = [];
  for (const event of events) {
    const taken = takeEvent(news, event, targets, teller);
    news = taken.news;
    parcels.push(...taken.parcels);
  }
  const heardBy = (name: string) =>
    parcels.filter(({to}) => to.includes(name)).map(({message}) => message.event);
  return {news, parcels, hook: heardBy('hook'), everything: heardBy('everything')};
}

describe('which events become messages', () => {
  it('a failover is told to everybody, its small steps only to who wants everything', () => {
    const heard = hear([
      eventAt(0, 1, 'suspected', 'warning'),
      eventAt(20, 2, 'promoting'),
      eventAt(25, 3, 'gateway-started', 'info'),
      eventAt(40, 4, 'promoted'),
      eventAt(300, 5, 'primary-back', 'info'),
      eventAt(340, 6, 'demoting'),
      eventAt(345, 7, 'demoted'),
    ]);
    expect(heard.hook).toEqual(['promoting', 'promoted', 'demoting', 'demoted']);
    expect(heard.everything).toHaveLength(7);
  });

  it('a second failover within the hour is news again', () => {
    const one = (atS: number, seq: number) => [
      eventAt(atS, seq, 'promoting'),
      eventAt(atS + 20, seq + 1, 'promoted'),
      eventAt(atS + 200, seq + 2, 'demoted'),
    ];
    expect(hear([...one(0, 1), ...one(900, 4)]).hook).toEqual([
      'promoting',
      'promoted',
      'demoted',
      'promoting',
      'promoted',
      'demoted',
    ]);
  });

  it('what comes again every five minutes is told once an hour, with how often it came', () => {
    const events = Array.from({length: 15}, (_, index) => [
      eventAt(index * 300, index * 2 + 1, 'retrying', 'alert', `Gone for ${index} min 3 s: tries once more.`),
      eventAt(index * 300 + 90, index * 2 + 2, 'blocked', 'alert', 'It does not stay up.'),
    ]).flat();
    const {hook: heard, parcels} = hear(events);
    expect(heard).toEqual(['retrying', 'blocked', 'retrying', 'blocked']);
    expect(parcels.at(-1)?.message.what).toBe('It does not stay up. (11 times more since it was told last)');
  });

  it('news that ended and began again is told again, and its end to whoever heard its beginning', () => {
    expect(
      hear([
        eventAt(0, 1, 'channel-lost'),
        eventAt(5, 2, 'channel-back', 'info'),
        eventAt(30, 3, 'channel-lost'),
        eventAt(60, 4, 'disk', 'alert', 'The disk is full.'),
        eventAt(90, 5, 'disk', 'info', 'The disk is well.'),
      ]).hook,
    ).toEqual(['channel-lost', 'channel-back', 'channel-lost', 'disk', 'disk']);
  });

  it.each([
    ['its gateway stopped', ['gateway-lost']],
    ['its gateway hung', ['gateway-hung']],
    ['its host rebooted', ['resuming', 'promoting']],
  ] as const)('that the bot is there again is told after %s', (_what, gone) => {
    const heard = hear([
      eventAt(0, 1, 'promoting'),
      eventAt(20, 2, 'promoted'),
      ...gone.map((event, index) => eventAt(600 + index, 3 + index, event)),
      eventAt(620, 9, 'promoted'),
    ]).hook;
    expect(heard).toEqual(['promoting', 'promoted', ...gone, 'promoted']);
  });

  it('a latch that an operator went past is news when it comes again', () => {
    expect(
      hear([
        eventAt(0, 1, 'latched'),
        eventAt(180, 2, 'demoting'),
        eventAt(185, 3, 'demoted'),
        eventAt(1400, 4, 'latched'),
      ]).hook,
    ).toEqual(['latched', 'demoting', 'demoted', 'latched']);
  });

  it('an end that nobody was worried about is told to nobody', () => {
    expect(hear([eventAt(0, 1, 'channel-back', 'info'), eventAt(1, 2, 'cleared', 'info')]).hook).toEqual([]);
  });

  it('the same sentence with another reason is other news', () => {
    const held = (seq: number, why: string) => eventAt(seq, seq, 'held', 'alert', `Not taken over: ${why}.`);
    expect(hear([held(1, 'paused'), held(2, 'cut off'), held(3, 'paused')]).hook).toEqual(['held', 'held']);
  });

  it('a takeover that is a test is called one until it is given back', () => {
    const {parcels} = hear([
      eventAt(0, 1, 'promoting'),
      eventAt(1, 2, 'tested', 'info'),
      eventAt(20, 3, 'promoted'),
      eventAt(200, 4, 'demoted'),
      eventAt(900, 5, 'promoting'),
    ]);
    expect(parcels.map(({message}) => message.title.startsWith('Test: '))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('a test that went wrong does not give its name to the next outage', () => {
  it.each(['unblocked', 'demotion-unseen'] as const)('ended by %s', (end) => {
    const {parcels} = hear([
      eventAt(0, 1, 'promoting'),
      eventAt(1, 2, 'tested', 'info'),
      eventAt(90, 3, 'blocked'),
      eventAt(200, 4, end),
      eventAt(400, 5, 'suspected', 'warning'),
    ]);
    const titles = parcels.map(({message}) => [message.event, message.title.startsWith('Test: ')]);
    expect(titles).toEqual([
      ['promoting', false],
      ['tested', true],
      ['blocked', true],
      [end, true],
      ['suspected', false],
    ]);
  });

  it('and its end was never seen', () => {
    const {parcels} = hear([
      eventAt(0, 1, 'promoting'),
      eventAt(1, 2, 'tested', 'info'),
      eventAt(90_000, 3, 'promoting'),
    ]);
    expect(parcels.at(-1)?.message.title).not.toMatch(/^Test: /);
  });
});

describe('flapping', () => {
  const flapping = (count: number) =>
    Array.from({length: count}, (_, index) => [
      eventAt(index * 10, index * 2 + 1, 'channel-lost'),
      eventAt(index * 10 + 5, index * 2 + 2, 'channel-back', 'info'),
    ]).flat();

  it('is told eight times in ten minutes; the rest is one digest with the newest and the number', () => {
    const {news, hook: heard} = hear(flapping(20));
    expect(heard).toHaveLength(8);
    expect(takeDigests(news, teller, stampAt(200)).parcels).toEqual([]);
    const {news: after, parcels} = takeDigests(news, teller, stampAt(645));
    const mine = parcels.filter(({to}) => to.includes('hook'));
    expect(mine).toHaveLength(1);
    expect(mine[0]?.message).toMatchObject({event: 'digest', level: 'alert'});
    expect(mine[0]?.message.what).toMatch(/^32 more messages\. The newest: .*connected again/);
    expect(takeDigests(after, teller, stampAt(650)).parcels).toEqual([]);
  });

  it('never hides an alert: small news that used up the room does not take the room of alerts', () => {
    const chatter = Array.from({length: 30}, (_, index) => eventAt(index, index + 1, 'primary-back', 'info'));
    const {everything: heard} = hear([...chatter, eventAt(31, 31, 'promoting')]);
    expect(heard.filter((event) => event === 'primary-back')).toHaveLength(8);
    expect(heard.at(-1)).toBe('promoting');
  });

  it('leaves room for more once ten minutes have passed', () => {
    const {news} = hear(flapping(3));
    expect(hear([eventAt(700, 100, 'channel-lost')], news).hook).toEqual(['channel-lost']);
  });

  it('is counted within a boot by the monotonic clock: a stepped wall clock neither floods nor silences', () => {
    const {news} = hear(flapping(20));
    const stepped = {...stampAt(645), wallMs: 0};
    expect(takeDigests(news, teller, stepped).parcels.length).toBeGreaterThan(0);
  });
});
