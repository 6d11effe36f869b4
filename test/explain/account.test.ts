import {expect, test} from 'vitest';
import {accountOf} from '../../src/explain/account.js';
import {selectStory} from '../../src/explain/select.js';
import {accountText} from '../../src/explain/text.js';
import {textOf} from '../../src/screens/line.js';
import {widthOf} from '../../src/screens/clip.js';
import {chaptersIn} from '../../src/explain/chapters.js';
import {parseEvents, parseRecord} from '../../src/explain/parse.js';
import {storiesIn} from '../../src/explain/stories.js';
import {kept, keptRun, played, type Kept} from './recorded.js';

process.env['TZ'] = 'UTC';

function explained(name: Kept, asked: string | undefined, {record = true} = {}) {
  const {stories, chapters} = keptRun(name);
  const selected = selectStory(stories, asked);
  if ('wrong' in selected) throw new Error(selected.wrong);
  return accountOf(selected, record ? chapters : []);
}
const sentences = (account: ReturnType<typeof explained>) =>
  account.sections.flatMap(({told}) => told.map(({say}) => say)).join('\n');

test.each([
  [
    'stopped',
    'suspected',
    'The standby took over, 31 s after the first bad probe: its unit was stopped cleanly.',
    [
      'The first bad probe: draining. The last good one had come 5.0 s before it.',
      '32 bad probes until then: 1 draining, 31 refused.',
      /^It gave its report over the private address: its unit is inactive, on its own host: refused; its public address answers; this host is online \(.*\)\. 21 rounds of questions said so\.$/m,
      '"stopped": its unit was stopped cleanly. Unless it is well again, the standby takes over in 30 s.',
      '"stopped" had held since +1.0 s without a break, for 30 s of the 30 s that it is given, in 21 looks (2 are enough). It was decided with the next probe after that.',
      'Taken over: the irc account "backup" is connected, 12 s after the decision.',
    ],
  ],
  [
    'cleared',
    undefined,
    'The standby did not take over: the primary answered again after 24 s, 37 s before the verdict.',
    ['The primary answered again at +24 s: 37 s were missing until the verdict.'],
  ],
  [
    'partition',
    undefined,
    /^The standby did not take over: the primary answered again after 6\d(\.\d)? s\.$/,
    [
      '"partition": its gateway is well, and only the private network is cut. The standby does not take over for that. An operator was alarmed.',
      'The primary answered again; what was seen would not have become a verdict, however long it lasted.',
    ],
  ],
  [
    'paused',
    'held',
    /^The standby took over, 5\d s after the first bad probe: its unit is failed, or ended with exit code 78\.$/,
    [
      'Dead by the rules, and no takeover: the failover is paused: maintenance.',
      /It was decided 5\d(\.\d)? s after that, with the next probe: until then it was held: a pause\.$/m,
    ],
  ],
  [
    'stopped',
    undefined,
    'The standby gave back: decided 30 s after the primary answered again.',
    [
      /^It gives back after 3 good probes over 30 s, and after 2 min in charge\. It had been in charge for 4 min 33 s when the primary answered again\.$/m,
      'The hand-back was pushed: failover/claw-standby.',
    ],
  ],
] as const)('%s, %s', (name, asked, headline, says) => {
  const account = explained(name, asked);
  if (typeof headline === 'string') expect(account.headline).toBe(headline);
  else expect(account.headline).toMatch(headline);
  const text = sentences(account);
  for (const one of says)
    if (typeof one === 'string') expect(text).toContain(one);
    else expect(text).toMatch(one);
  expect(account).toMatchObject({recorded: true, faithful: true});
});

test('every story of sequences that dice have drawn is explained, from the record or without it, in 80 columns', async () => {
  for (let seed = 101; seed <= 140; seed++) {
    // oxlint-disable-next-line no-await-in-loop
    const {world} = await played(seed);
    const log = world.standby.events.map((event) => JSON.stringify(event)).join('\n');
    const stories = storiesIn(parseEvents(log));
    expect(stories.flatMap(({events}) => events).length).toBeLessThanOrEqual(world.standby.events.length);
    const chapters = chaptersIn(parseRecord(world.standby.record));
    for (const story of stories)
      for (const known of [chapters, []]) {
        const account = accountOf({story}, known);
        if (story.kind !== 'remark') expect(account.headline).toMatch(/^The standby .*\.$/);
        expect(account.parts.every(({ms}) => ms >= 0)).toBe(true);
        // Nothing but remarks is without a record.
        if (known === chapters && story.kind !== 'remark')
          expect(account.recorded, `seed ${seed}`).toBe(true);
        const lines = accountText(account, 'default', 80).map(textOf);
        expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(80);
      }
  }
}, 60_000);

test('without a record the events alone tell it, with the time that was missing as the monitor had said it', () => {
  const account = explained('cleared', undefined, {record: false});
  expect(account).toMatchObject({recorded: false, faithful: null});
  const text = sentences(account);
  expect(text).toContain('The primary answered again about 37.3 s before the verdict.');
  expect(text).toMatch(/^It gave its report over the private address: its unit is inactive/m);
  expect(text).toContain('bad probes');
  expect(text).not.toContain('rounds of questions');
});

test('the parts are the whole time, from the first bad probe to the bot', () => {
  const {parts} = explained('stopped', 'promoting');
  expect(parts.map(({name}) => name)).toEqual(['noticed', 'asked', 'waited for the verdict', 'starting']);
  const bot = keptRun('stopped').stories[0]!.events.at(-1)!;
  expect(parts.reduce((sum, {ms}) => sum + ms, 0)).toBe(bot.durations.sinceFirstBadMs);
  expect(explained('paused', 'promoting').parts.map(({name}) => name)).toContain('held');
});

test('what is printed fits 80 columns, its times in the time of the operator', () => {
  for (const name of Object.keys(kept) as Kept[])
    for (const {events} of keptRun(name).stories) {
      const lines = accountText(explained(name, String(events[0]!.seq)), 'default', 80).map(textOf);
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80);
    }
  const lines = accountText(explained('stopped', 'promoting'), 'default', 80).map(textOf);
  expect(lines).toContain('Fri 15 Jan 2027, 08:00:20 · pair default · events 2 to 7');
  expect(lines.join('\n')).toMatch(/\n  \+31 s +08:00:51  The primary's gateway does not listen/);
});
