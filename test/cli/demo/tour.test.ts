import {afterEach, beforeEach, describe, expect, it, test} from 'vitest';
import {freePlay} from '../../../src/cli/demo/free-play.js';
import {tour} from '../../../src/cli/demo/tour.js';
import {chooses, heard, noted} from './rehearsing.js';

let told: ReturnType<typeof heard>;
beforeEach(() => {
  told = heard();
});
afterEach(() => told.stop());

const order = (wish: {do: string}) => (wish.do === 'ask' ? {kind: 'absent'} : undefined);

describe('the tour', () => {
  it('sets up, takes the primary’s power, gives it back, and explains', async () => {
    const {rehearsing, asked} = noted({order});
    const {prompter, left} = chooses('go', 'go', 'go', 'go', 'end');
    expect(await tour(rehearsing, prompter)).toBe('end');
    expect(left).toEqual([]);
    expect(asked.filter((one) => !('do' in one) || one.do !== 'ask')).toEqual([
      ['setup', '--answers', '/r/answers.json'],
      ['watch'],
      {do: 'crash', host: 'primary'},
      ['watch'],
      {do: 'boot', host: 'primary'},
      ['explain', '--plain'],
    ]);
    expect(asked.filter((one) => 'do' in one && one.do === 'ask')).toHaveLength(8);
  });

  it('can be left at each stop, and nothing more happens then', async () => {
    const {rehearsing, asked} = noted({order});
    expect(await tour(rehearsing, chooses('end').prompter)).toBe('end');
    expect(asked).toEqual([]);
    expect(await tour(rehearsing, chooses('go', 'free').prompter)).toBe('free');
    expect(asked.filter(Array.isArray)).toEqual([['setup', '--answers', '/r/answers.json']]);
  });

  it('has no free play before there is a pair', async () => {
    const {rehearsing} = noted({order});
    const {prompter, offered} = chooses('go', 'end');
    await tour(rehearsing, prompter);
    const free = offered.map((choices) => choices.find(({value}) => value === 'free')?.disabled);
    expect(free).toEqual(['after setup', undefined]);
  });

  it('says so when setup did not end well', async () => {
    const {rehearsing} = noted({order, run: () => 1});
    await tour(rehearsing, chooses('go', 'end').prompter);
    expect(told.text()).toContain('exit code 1');
  });
});

describe('free play', () => {
  it('tells the command for other terminals', async () => {
    await freePlay(noted().rehearsing, chooses('end').prompter);
    expect(told.text()).toContain('/r/failover-wizard watch');
  });

  test.each([
    ['watch', ['watch']],
    ['crash', {do: 'crash', host: 'primary'}],
    ['boot', {do: 'boot', host: 'primary'}],
    ['kill', {do: 'unit', verb: 'kill', host: 'primary', unit: 'openclaw-gateway.service'}],
    ['stop', {do: 'unit', verb: 'stop', host: 'primary', unit: 'openclaw-gateway.service'}],
    ['start', {do: 'unit', verb: 'start', host: 'primary', unit: 'openclaw-gateway.service'}],
    ['cut', {do: 'cut', cut: true}],
    ['heal', {do: 'cut', cut: false}],
    ['drill', ['drill']],
    ['status', ['status']],
    ['explain', ['explain']],
    ['setup', ['setup', '--answers', '/r/answers.json']],
  ])('%s', async (choice, what) => {
    const {rehearsing, asked} = noted({order});
    await freePlay(rehearsing, chooses(choice, 'end').prompter);
    expect(asked).toEqual([what]);
  });

  it('goes on after something that did not work', async () => {
    const {rehearsing, asked} = noted({
      order: () => {
        throw new Error('the primary is down already');
      },
    });
    await freePlay(rehearsing, chooses('crash', 'status', 'end').prompter);
    expect(told.text()).toContain('the primary is down already');
    expect(asked.at(-1)).toEqual(['status']);
  });
});
