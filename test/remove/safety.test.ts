import {describe, expect, it} from 'vitest';
import {judge, type Situation} from '../../src/remove/safety.js';

const asleep = {monitor: 'watching', gateway: false, asleep: false, paused: undefined};
const well: Situation = {
  pair: 'home',
  only: undefined,
  primary: 'ready',
  standby: asleep,
  armed: [],
  drillHere: false,
  allowSilence: false,
};
const active = {...asleep, monitor: 'active', gateway: true};

describe('whether a pair may be taken apart now', () => {
  it.each<[string, Partial<Situation>, boolean]>([
    ['primary well, standby asleep', {}, true],
    ['a warm standby sleeps with its gateway up', {standby: {...asleep, gateway: true, asleep: true}}, true],
    ['paused, all well', {standby: {...asleep, paused: 'disk'}}, true],
    ['standby in force, primary down', {standby: active, primary: 'down'}, false],
    ['standby in force, primary well', {standby: active}, false],
    [
      'standby in force, its gateway just died',
      {standby: {...active, gateway: false}, primary: 'down'},
      false,
    ],
    [
      'a gateway without its monitor, primary down',
      {standby: {...active, monitor: undefined}, primary: 'down'},
      false,
    ],
    ['taking over', {standby: {...asleep, monitor: 'promoting'}, primary: 'down'}, false],
    ['stepping back', {standby: {...active, monitor: 'demoting'}}, false],
    ['primary suspected', {standby: {...asleep, monitor: 'suspect'}}, false],
    ['primary down, standby paused', {standby: {...asleep, paused: 'work'}, primary: 'down'}, false],
    ['primary starting', {primary: 'up'}, false],
    [
      'nothing of the standby is left, primary down',
      {standby: {...asleep, monitor: undefined}, primary: 'down'},
      true,
    ],
    ['only the standby, primary not reached', {only: 'standby', primary: 'unreached'}, false],
    [
      'only the standby, primary not reached, silence allowed',
      {only: 'standby', primary: 'unreached', allowSilence: true},
      true,
    ],
    ['only the primary, standby not reached', {only: 'primary', standby: undefined}, true],
    ['only the primary, standby in force', {only: 'primary', standby: active, primary: 'down'}, true],
    ['silence allowed', {standby: active, primary: 'down', allowSilence: true}, true],
    ['a drill on the primary', {armed: ['drill']}, false],
    ['a drill on the primary, silence allowed', {armed: ['drill'], allowSilence: true}, false],
    ['a drill of this machine that has not ended', {drillHere: true}, false],
    [
      'a drill that has not ended, and the primary is gone for good',
      {drillHere: true, only: 'standby', allowSilence: true},
      true,
    ],
    ["setup's test, cut off", {armed: ['test']}, false],
    ['an edit that was cut off is settled by the run itself', {armed: ['edit']}, true],
  ])('%s: %j', (_name, differing, may) => {
    const verdict = judge({...well, ...differing});
    expect(verdict.may).toBe(may);
    if (!verdict.may) {
      expect(verdict.exit).toBe(1);
      expect(verdict.sentence).toMatch(/^[A-Z].*\.$/);
      expect(verdict.next.length).toBeGreaterThan(0);
    }
  });
  it('offers to give back only where the primary is well', () => {
    expect(judge({...well, standby: active})).toMatchObject({giveBack: true});
    expect(judge({...well, standby: active, primary: 'down'})).not.toHaveProperty('giveBack');
  });
  it('says what it means to allow silence', () => {
    expect(judge({...well, standby: active, primary: 'down', allowSilence: true})).toMatchObject({
      notes: ["The standby's bot falls silent now."],
    });
  });
});
