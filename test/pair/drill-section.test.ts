import {describe, expect, it} from 'vitest';
import {checkPair, problemSentence} from '../../src/pair/check.js';

const good = {
  primary: {ssh: 'root@203.0.113.10'},
  standby: {ssh: 'root@203.0.113.20'},
  channel: {type: 'discord'},
  model: {primary: 'stub/stub'},
};
const checked = (drill: unknown) => checkPair({...good, drill});
const sentences = (drill: unknown) => {
  const found = checked(drill);
  return found.ok ? [] : found.problems.map(problemSentence);
};

describe('what is said of drills in a pair', () => {
  it('need not be there', () => {
    const found = checkPair(good);
    expect(found.ok && found.pair.drill).toBeUndefined();
  });

  it.each([
    ['nothing', {}, {}],
    ['targets', {rtoS: 1, rpoS: 2_592_000}, {rtoS: 1, rpoS: 2_592_000}],
    [
      'a program that asks',
      {probe: {kind: 'command', path: '/opt/ask'}},
      {probe: {kind: 'command', path: '/opt/ask', timeoutS: 120}},
    ],
    [
      'one at home',
      {probe: {kind: 'command', path: '~/bin/ask', timeoutS: 600}},
      {probe: {kind: 'command', path: '~/bin/ask', timeoutS: 600}},
    ],
    [
      'a nick',
      {probe: {kind: 'irc', nick: '[ops]_1'}},
      {probe: {kind: 'irc', nick: '[ops]_1', timeoutS: 120}},
    ],
  ])('may be %s', (_, drill, whole) => {
    const found = checked(drill);
    expect(found.ok && found.pair.drill).toEqual(whole);
  });

  it.each([
    ['a target of no time', {rtoS: 0}, /drill\.rtoS.* must be at least 1/],
    ['more than a day until the bot is there', {rtoS: 86_401}, /drill\.rtoS.* must be at most 86400/],
    ['a workspace older than a month', {rpoS: 2_592_001}, /drill\.rpoS.* must be at most 2592000/],
    ['half a second', {rtoS: 0.5}, /drill\.rtoS.* must be whole seconds/],
    ['a time in words', {rtoS: '60s'}, /drill\.rtoS/],
    [
      'a program without its folder',
      {probe: {kind: 'command', path: 'ask'}},
      /drill\.probe\.path.* absolute path/,
    ],
    ['a program of another line', {probe: {kind: 'command', path: '/opt/a\nb'}}, /drill\.probe\.path/],
    ['a nick with a blank', {probe: {kind: 'irc', nick: 'a b'}}, /drill\.probe\.nick.* IRC nick/],
    ['a nick that commands', {probe: {kind: 'irc', nick: 'a\r\nQUIT'}}, /drill\.probe\.nick/],
    [
      'a probe that waits too long',
      {probe: {kind: 'irc', nick: 'a', timeoutS: 601}},
      /drill\.probe\.timeoutS.* at most 600/,
    ],
    ['a probe of another kind', {probe: {kind: 'mail'}}, /drill\.probe/],
    ['a key that there is not', {rto: 60}, /rto/],
  ])('is refused with %s', (_, drill, words) => {
    const said = sentences(drill);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(words);
  });
});
