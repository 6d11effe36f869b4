import {describe, expect, it} from 'vitest';
import {readingOf, unanswered} from '../../src/plan/read.js';
import {account, answers, bareStandby, runningPrimary} from '../phases/facts.js';
import {pairSchema} from '../../src/pair/schema.js';

const pair = pairSchema.parse(answers);
const own = {known: true as const, accounts: [account('backup')]};

describe('two readings beside each other', () => {
  it('say who owns which account, and that one is on both', () => {
    const apart = runningPrimary({accounts: {known: true, accounts: [account('main')]}});
    const {split, planned} = readingOf({primary: apart, standby: bareStandby({accounts: own})}, pair, {});
    expect(split.state).toBe('disjoint');
    expect(planned).toEqual([]);
    const both = readingOf({primary: runningPrimary(), standby: bareStandby({accounts: own})}, pair, {});
    expect(both.split.state).toBe('conflict');
  });

  it('of two keys say nothing: their fingerprints would never agree', () =>
    expect(() =>
      readingOf({primary: runningPrimary(), standby: bareStandby({key: 'another'})}, pair, {}),
    ).toThrow(/two keys/));
});

describe('what only a first reading teaches to ask for', () => {
  it('is asked for again: a workspace that nobody knew of, and whose health the standby is to see', () => {
    const elsewhere = runningPrimary({checkouts: {}});
    expect(unanswered({primary: elsewhere, standby: bareStandby()}, pair)).toEqual(['primary', 'standby']);
  });
  it('and not where everything was answered', () => {
    const known = {users: {...runningPrimary().users, 'openclaw-report': null, root: null}};
    const standby = bareStandby({
      probe: {target: '100.64.0.11 18789', status: 200, tookMs: 3, body: '{}'},
    });
    expect(unanswered({primary: runningPrimary(known), standby}, pair)).toEqual([]);
  });
});
