import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, beforeEach, expect, it, test} from 'vitest';
import {inLines, said} from '../../../src/cli/demo/in-lines.js';
import type {Order} from '../../../src/demo/world/main.js';
import {heard, noted} from './rehearsing.js';

let told: ReturnType<typeof heard>;
beforeEach(() => {
  told = heard();
});
afterEach(() => told.stop());

const answer = (text: string) => ({kind: 'answer', text, ms: 1234});
const setupTakes =
  (ms: number, code = 0) =>
  async ([command]: readonly string[]) => {
    if (command !== 'setup') return 0;
    await sleep(ms);
    return code;
  };

it('sets up, asks the standby’s bot while it is active and the primary’s afterwards, and says how the pair is', async () => {
  const {rehearsing, asked} = noted({
    run: setupTakes(400),
    order: (order: Order) =>
      order.do === 'state' ? 'active' : order.do === 'ask' ? answer(`I am ${order.nick}`) : undefined,
  });
  expect(await inLines(rehearsing)).toBe(0);
  const commands = asked.filter((one) => Array.isArray(one));
  expect(commands).toEqual([
    ['setup', '--answers', '/r/answers.json', '--no-input', '--yes', '--plain'],
    ['status', '--plain'],
  ]);
  expect(asked.filter((one) => 'do' in one && one.do === 'ask')).toEqual([
    {do: 'ask', nick: 'clawbak', text: 'Who answers me now?'},
    {do: 'ask', nick: 'clawmain', text: 'Are you back?'},
  ]);
  expect(told.text()).toContain('I am clawbak  (after 1.2 s)');
  expect(told.text()).toContain('I am clawmain  (after 1.2 s)');
});

it('asks nobody while the standby only watches, and then it is a failure', async () => {
  const {rehearsing, asked} = noted({
    run: setupTakes(400),
    order: (order) => (order.do === 'state' ? 'watching' : answer('here')),
  });
  expect(await inLines(rehearsing)).toBe(1);
  expect(asked.filter((one) => 'do' in one && one.do === 'ask')).toHaveLength(1);
  expect(told.text()).toContain('A bot did not answer when it should have.');
});

it('asks again when the bot is not there yet', async () => {
  let tries = 0;
  const {rehearsing} = noted({
    run: setupTakes(1_000),
    order: (order) => {
      if (order.do === 'state') return 'active';
      if (order.do === 'ask' && order.nick === 'clawbak' && (tries += 1) < 3) return {kind: 'absent'};
      return answer('here');
    },
  });
  expect(await inLines(rehearsing)).toBe(0);
  expect(tries).toBe(3);
});

it('fails when the primary’s bot does not come back', async () => {
  const {rehearsing} = noted({
    run: setupTakes(400),
    order: (order) =>
      order.do === 'state'
        ? 'active'
        : order.do === 'ask' && order.nick === 'clawbak'
          ? answer('here')
          : {kind: 'silent'},
  });
  expect(await inLines(rehearsing)).toBe(1);
  expect(told.text()).toContain('No answer.');
});

test.each([1, 4, 5, 130])('ends with setup’s exit code %i when that did not go well', async (code) => {
  const {rehearsing, asked} = noted({run: setupTakes(0, code)});
  expect(await inLines(rehearsing)).toBe(code);
  expect(asked).not.toContainEqual(['status', '--plain']);
});

it('ends with the exit code of status', async () => {
  const {rehearsing} = noted({
    run: async ([command]) => (command === 'status' ? 3 : sleep(400, 0)),
    order: (order) => (order.do === 'state' ? 'active' : answer('here')),
  });
  expect(await inLines(rehearsing)).toBe(3);
});

test.each([
  [{kind: 'answer', text: 'Yes.', ms: 60}, 'Yes.  (after 0.1 s)'],
  [{kind: 'absent'}, 'Nobody of that name is in the chat.'],
  [{kind: 'silent'}, 'No answer.'],
  [{kind: 'closed'}, 'The chat is closed.'],
] as const)('%j is told as "%s"', (asked, text) => expect(said(asked)).toBe(text));
