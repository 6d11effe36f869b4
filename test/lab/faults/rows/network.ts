// Part B of the matrix: hosts and the network between them.

import {bounds} from '../bounds.js';
import * as gateway from '../inject/gateway.js';
import {primaryFrozen, primaryLost, primaryOff, primaryStalled} from '../inject/host.js';
import * as network from '../inject/network.js';
import {
  check,
  expectEvent,
  expectNoPromotion,
  expectPromotion,
  expectReturn,
  heal,
  also,
  wait,
} from '../steps.js';
import {quickReturn, row, s, type Row} from '../row.js';

const atMostOneTakeover = check('there is at most one takeover', async (play) => {
  const takeovers = (await play.events()).filter(({event}) => event === 'promoting').length;
  if (takeovers > 1) throw new Error(`there were ${takeovers}`);
  play.note(`takeovers ${takeovers}`);
});

export const networkRows: readonly Row[] = [
  row(
    20,
    'primary frozen',
    {fault: primaryFrozen, primary: 'real', standby: 'real'},
    expectPromotion(bounds.hostLost),
    heal(),
    expectReturn({within: s(75)}),
  ),
  row(
    '20s',
    'primary stalled, and its kernel is not',
    {fault: primaryStalled},
    expectPromotion({within: s(24)}),
  ),
  row(21, 'primary without power', {fault: primaryLost}, expectPromotion(bounds.hostLost)),
  row(
    22,
    'primary reboots in a minute, settings as setup writes them',
    {fault: primaryOff, for: s(60), primary: 'real', settings: () => {}},
    wait(s(65)),
    expectReturn({within: s(180)}),
    atMostOneTakeover,
  ),
  row(
    23,
    'private network cut',
    {fault: network.cutBothWays},
    expectEvent('trouble', {within: s(20), like: /private network/, text: 'says what is cut'}),
    expectNoPromotion({watch: s(45)}),
  ),
  row(24, 'cut towards the primary', {fault: network.cutToPrimary}, expectNoPromotion({watch: s(45)})),
  row(25, 'replies cut', {fault: network.cutReplies}, expectNoPromotion({watch: s(45)})),
  row(26, 'firewall rejects the port', {fault: network.rejects}, expectPromotion(bounds.bindProblem)),
  row(
    27,
    'standby isolated',
    {fault: network.standbyIsolated},
    expectNoPromotion({watch: s(60)}),
    heal(),
    expectEvent('cleared', {within: s(90), text: 'all is well when it is back'}),
  ),
  row(
    28,
    'standby offline while the gateway fails',
    {fault: network.standbyOffline},
    also(gateway.unitFails),
    expectEvent('held', {within: s(15), text: 'says why it does not take over'}),
    expectNoPromotion({watch: s(40)}),
    heal(network.standbyOffline),
    expectEvent('promoting', {within: s(60), text: 'it takes over once it is online'}),
  ),
  row(
    '28p',
    'standby offline behind a router that answers',
    {
      fault: network.providerFails,
      given: network.somebodyBeyond,
      settings: (settings) => {
        quickReturn(settings);
        settings.witnesses = [{address: network.beyond, port: 9}];
      },
    },
    expectEvent('trouble', {within: s(20), like: /cut off/, text: 'says that the standby is cut off'}),
    expectNoPromotion({watch: s(60)}),
    heal(),
    expectEvent('cleared', {within: s(90), text: 'all is well when it is back'}),
  ),
  row('30', '30 % loss for 2 min', {fault: network.loss(30)}, expectNoPromotion({watch: s(120)})),
  row(
    32,
    'MTU black hole',
    {fault: network.bigPacketsLost},
    expectNoPromotion({watch: s(12)}),
    also(gateway.unitFails),
    expectPromotion({within: s(12)}),
  ),
  row(
    33,
    'no names resolved',
    {fault: network.namesUnresolved},
    also(gateway.unitFails),
    expectPromotion({within: s(8), connected: s(15)}),
  ),
];
