// Part A of the matrix: the service on the primary.

import {bounds} from '../bounds.js';
import * as gateway from '../inject/gateway.js';
import {
  check,
  expectEvent,
  expectNoPromotion,
  expectPromotion,
  expectReturn,
  expectSeenWell,
  heal,
} from '../steps.js';
import {monitorMemory} from '../budget.js';
import {row, s, type Row} from '../row.js';

const {answers} = gateway;
const page = answers('page', "something else answers on the gateway's port: a web page for every path");
const redirect = answers('redirect', 'every path is a redirect (302)');

const noRedirectFollowed = check('the redirect is not followed', async ({stage}) => {
  const asked = await gateway.asked(stage);
  if (!asked.includes('redirect /startupz')) throw new Error(`nothing was redirected: ${asked.join(', ')}`);
  if (asked.some((line) => line.endsWith('/elsewhere'))) throw new Error('/elsewhere was asked for');
});

export const serviceRows: readonly Row[] = [
  row(
    1,
    'gateway killed, systemd restarts it',
    {fault: gateway.signal('KILL'), primary: 'real'},
    expectEvent('suspected', {within: s(8), text: 'it is suspected'}),
    expectNoPromotion({watch: s(40)}),
    expectSeenWell({within: s(15)}),
  ),
  row(
    2,
    'gateway unit failed',
    {fault: gateway.unitFails, primary: 'real', standby: 'real'},
    expectPromotion(bounds.unitFailed),
  ),
  row(
    3,
    'gateway ended with exit code 78',
    {fault: gateway.badConfig},
    expectPromotion(bounds.unitFailed),
    expectEvent('promoting', {within: s(7), like: /config|login|78/i, text: 'and says why'}),
  ),
  row(
    4,
    'gateway stopped by an operator',
    {fault: gateway.stopped, primary: 'real', standby: 'real'},
    expectPromotion(bounds.stopped),
  ),
  row(5, 'gateway hung for ever', {fault: gateway.signal('STOP')}, expectPromotion(bounds.hung)),
  row(
    6,
    'gateway hung for 30 s',
    {fault: gateway.signal('STOP'), for: s(30)},
    expectNoPromotion({watch: s(60)}),
  ),
  row(
    8,
    'gateway answers HTTP 500',
    {fault: answers('error', 'the gateway answers HTTP 500')},
    expectPromotion(bounds.wrongAnswer),
  ),
  row(9, 'a web page answers in its place', {fault: page}, expectPromotion(bounds.wrongAnswer)),
  row('10a', 'redirect', {fault: redirect}, expectPromotion(bounds.wrongAnswer), noRedirectFollowed),
  row(
    '10b',
    'unauthorized',
    {fault: answers('unauthorized', 'every path is forbidden (401)')},
    expectPromotion(bounds.wrongAnswer),
  ),
  row(
    '11a',
    'body of a byte per second',
    {fault: answers('drip', 'the answer comes at one byte per second')},
    expectPromotion(bounds.hung),
  ),
  row(
    '11b',
    'body of 1 GB',
    {fault: answers('flood', 'the answer is 1 GB long')},
    expectPromotion(bounds.wrongAnswer),
    monitorMemory(64),
  ),
  row(
    '12a',
    'port taken by an SSH server',
    {fault: gateway.portTaken('banner', 'the gateway is stopped, an SSH server has its port')},
    expectPromotion(bounds.wrongAnswer),
  ),
  row(
    '12b',
    'port taken by a web server',
    {fault: gateway.portTaken('page', 'the gateway is stopped, a web server has its port')},
    expectPromotion(bounds.wrongAnswer),
  ),
  row(
    16,
    'gateway listens on loopback only',
    {fault: gateway.listensOnLoopback},
    expectPromotion(bounds.bindProblem),
    heal(),
    expectReturn({within: s(75)}),
  ),
];
