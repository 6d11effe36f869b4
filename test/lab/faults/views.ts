// Rows that are played with the live view open, and what it must show of them, in this order.

import {setTimeout as sleep} from 'node:timers/promises';
import {acted, type Act} from './lanes.js';
import {s, type Row} from './row.js';
import {sight, watched, type Sight} from './watched.js';

const protectedAgain = sight('that all is well again', /● Protected/);
const down = sight('that the primary is down', /▲ Primary down/);
const takingOver = sight('a takeover with a running clock', /▲ Taking over {2}\d:\d\d/);
const active = sight('that the standby is active', /▲ Standby is active/);
const stale = sight('how old the data of the primary is', /▲ data \d+ s old/);

/** By number and variant, as docs/faults.md has them. */
const views: Readonly<Record<string, readonly Sight[]>> = {
  // Killed: systemd restarts it.
  '1': [
    sight('that the gateway does not run', /gateway +[✖▲]/),
    down,
    sight('the ledger of a suspicion', /suspect, ask/),
    protectedAgain,
  ],
  // Frozen: it says nothing any more, and is taken over from.
  '20': [
    stale,
    takingOver,
    sight('the stage in hand', /▸ (?:gateway|channel)/),
    active,
    sight('the ledger at its end', /taken over in \d/),
    sight('the way back', /giving back/),
  ],
  // Cut off from the standby, and from nobody else.
  '24': [down, sight('what is cut', /Not protected: network cut/)],
};

/** A row as it is played: with the live view open where something is asked of that. */
export function actOf(row: Row): Act {
  const sights = views[`${row.id}${row.variant ?? ''}`];
  return sights ? watched(acted(row), sights) : acted(row);
}

/** Neither fault nor row: this machine loses its way to the primary, then to both, and has it back. */
export const operatorCutOff: Act = watched(
  {
    name: 'this machine is cut off',
    async play({primary, standby}) {
      try {
        await primary.host.cut();
        await sleep(s(14));
        await standby.host.cut();
        await sleep(s(32));
      } finally {
        await primary.host.heal();
        await standby.host.heal();
      }
    },
  },
  [
    stale,
    sight('that the standby still sees the primary', /This machine does not reach the primary/),
    sight('which try to connect this is', /reconnecting, try \d/),
    sight('that nothing is known of either', /▲ Not known: no connection/),
    protectedAgain,
    sight('for how long a connection was away', /is back after \d/),
  ],
);
