import {expect, it} from 'vitest';
import {withPair} from '../../src/check/with-pair.js';

it.each([
  ['failover-wizard setup writes it anew', 'failover-wizard setup --pair home writes it anew'],
  ['Then: failover-wizard demote', 'Then: failover-wizard demote --pair home'],
  [
    'failover-wizard pause --for 15m, then reboot',
    'failover-wizard pause --for 15m --pair home, then reboot',
  ],
  [
    'failover-wizard drill makes one; failover-wizard drill schedule reminds',
    'failover-wizard drill --pair home makes one; failover-wizard drill schedule --pair home reminds',
  ],
  ['failover-wizard drill --last says why', 'failover-wizard drill --pair home --last says why'],
  // It has a name already, or is no command.
  ['failover-wizard setup --pair other', 'failover-wizard setup --pair other'],
  ['Bring failover-wizard on this machine up to date', 'Bring failover-wizard on this machine up to date'],
])('%s', (text, expected) => {
  expect(withPair(text, 'home')).toBe(expected);
  expect(withPair(text, 'default')).toBe(text);
});
