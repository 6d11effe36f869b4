// Rows that take minutes.

import {setTimeout as sleep} from 'node:timers/promises';
import {units} from '../../../../src/templates/layout.js';
import {sh} from '../../host-state.js';
import {bounds} from '../bounds.js';
import type {Fault} from '../fault.js';
import * as gateway from '../inject/gateway.js';
import {channelGone, gatewayIgnoresTerm} from '../inject/standby.js';
import {primarySlow} from '../inject/host.js';
import * as network from '../inject/network.js';
import {
  check,
  expectEvent,
  expectNoPromotion,
  expectPromotion,
  expectReturn,
  expectStaysActive,
  heal,
} from '../steps.js';
import {min, quickReturn, row, s, type Row} from '../row.js';
import type {Stage} from '../stage.js';

/** On for `onMs`, off for `offMs`, again and again until it is healed. */
function repeated(text: string, fault: Fault, onMs: number, offMs: number): Fault {
  let stop = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const turns = async (stage: Stage, {signal}: AbortController) => {
    while (!signal.aborted) {
      await fault.inject(stage);
      await sleep(onMs, undefined, {signal}).catch(() => {});
      await fault.heal(stage);
      await sleep(offMs, undefined, {signal}).catch(() => {});
    }
  };
  return {
    text,
    async inject(stage) {
      stop = new AbortController();
      running = turns(stage, stop);
    },
    async heal() {
      stop.abort();
      await running;
    },
  };
}

const stalls = repeated(
  'its process stands still for 45 s, every 6 min',
  gateway.signal('STOP'),
  s(45),
  s(315),
);

/** Row 37: whatever its rhythm is, two takeovers in 15 min are the most, and in the end all is well. */
const flapping = (periodS: number): Row =>
  row(
    `37.${periodS}`,
    `the primary's network comes and goes, period ${periodS} s, for 20 min`,
    {
      fault: repeated(
        `the primary is cut off for ${periodS / 2} s and there for ${periodS / 2} s`,
        network.primaryIsolated,
        s(periodS / 2),
        s(periodS / 2),
      ),
      settings: () => {},
    },
    check('20 min pass', async (play) => {
      await play.sleepTo(min(20));
      const takeovers = (await play.events()).filter(({event}) => event === 'promoting');
      play.note(`takeovers ${takeovers.length}`);
    }),
    heal(),
    // A latched standby stays active until its takeovers are 15 min old.
    expectReturn({within: min(19)}),
  );

export const longRows: readonly Row[] = [
  row(
    15,
    'gateway alive but not ready',
    {fault: gateway.answers('unready', '/readyz says 503, the rest is well')},
    // A calm round hears it (every 15 min), and the two after it, a minute apart, that it lasts.
    expectEvent('not-ready', {within: min(19), like: /has not been ready/, text: 'that is told'}),
    expectNoPromotion({watch: min(19)}),
    heal(),
    expectEvent('not-ready', {within: min(36), like: /ready again/, text: 'and its end'}),
  ),
  row(7, 'stalls of 45 s for 1 h', {fault: stalls}, expectNoPromotion({watch: min(60)})),
  row(
    13,
    'gateway drains for 4 min',
    {fault: gateway.answers('draining', 'the gateway says that it is draining'), for: min(4)},
    expectNoPromotion({watch: min(5)}),
  ),
  row(
    14,
    'gateway drains for 10 min',
    {fault: gateway.answers('draining', 'the gateway says that it is draining')},
    expectPromotion(bounds.draining),
  ),
  row(
    18,
    'primary starved of processor time for 5 min',
    {fault: primarySlow(1), for: min(5), primary: 'real'},
    check('5 min pass', (play) => play.sleepTo(min(5.5))),
    check('there is at most one takeover', async (play) => {
      const takeovers = (await play.events()).filter(({event}) => event === 'promoting').length;
      if (takeovers > 1) throw new Error(`there were ${takeovers}`);
      play.note(`takeovers ${takeovers}`);
    }),
  ),
  row(
    19,
    'gateway crash-loops for 10 min',
    {fault: gateway.crashLoop},
    expectPromotion({within: s(80)}),
    expectStaysActive(min(8)),
    heal(),
    expectReturn({within: min(16)}),
  ),
  row('30h', '30 % loss for 1 h', {fault: network.loss(30)}, expectNoPromotion({watch: min(60)})),
  flapping(10),
  flapping(30),
  flapping(120),
  row(
    69,
    "the standby's gateway does not stop by itself",
    {fault: gateway.unitFails, given: gatewayIgnoresTerm},
    expectPromotion(bounds.unitFailed),
    heal(),
    expectReturn({within: s(120)}),
    check('it was killed', async ({stage}) => {
      const result = await sh(stage.standby.host, `systemctl show -p Result --value ${units.gateway}`);
      if (result.trim() !== 'timeout') throw new Error(`systemd says ${result.trim()}`);
    }),
  ),
  row(
    64,
    "the standby's channel account never connects",
    {fault: gateway.unitFails, given: channelGone, settings: quickReturn},
    expectPromotion({...bounds.unitFailed, connected: null}),
    expectEvent('promoted', {
      within: s(190),
      text: 'it stays up all the same, and says that the bot is not there',
    }),
  ),
];
