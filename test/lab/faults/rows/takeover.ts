// Part D of the matrix: what a takeover and the way back meet on the standby.

import {units} from '../../../../src/templates/layout.js';
import {inHub, sh} from '../../host-state.js';
import {lab} from '../../lab.js';
import type {Stage} from '../stage.js';
import {bounds, gatewayStart} from '../bounds.js';
import * as gateway from '../inject/gateway.js';
import {gitUnreachable} from '../inject/network.js';
import {hookAnswers, hookPath, notifierHangs} from '../inject/notify.js';
import * as standby from '../inject/standby.js';
import {
  also,
  check,
  expectEvent,
  expectNone,
  expectNoPromotion,
  expectPromotion,
  expectReturn,
  expectStaysActive,
  heal,
  wait,
} from '../steps.js';
import {quickReturn, row, s, type Row, type Step} from '../row.js';

const {unitFails} = gateway;

/** The takeover is not held up by the workspace. */
const soon = {...bounds.unitFailed, connected: s(15)};

const headStays = (): [Step, Step] => {
  let before = '';
  return [
    check('what is checked out is noted', async ({stage}) => {
      before = await standby.inWorkspace(stage, 'git rev-parse HEAD');
    }),
    check('the standby works on what it had', async ({stage}) => {
      const now = await standby.inWorkspace(stage, 'git rev-parse HEAD');
      if (now !== before) throw new Error(`HEAD was ${before.trim()} and is ${now.trim()}`);
    }),
  ];
};
const [noteHead, sameHead] = headStays();

const holds = (file: string, text: string): Step =>
  check(`${file} is as the standby had it`, async ({stage}) => {
    const now = await standby.inWorkspace(stage, `cat ${file}`);
    if (!now.includes(text)) throw new Error(`it is ${now}`);
  });

/** Everything that the standby wrote is on a branch of the remote. */
const handedBack = (file: string, text: string): Step =>
  check(`${file} is on a hand-back branch of the remote`, async (play) => {
    let found = '';
    await play.until('a hand-back branch', s(30), async () => {
      found = await hub(play.stage, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/failover/');
      return found !== '';
    });
    const kept = await hub(play.stage, 'show', `${found.split('\n')[0]}:${file}`);
    if (!kept.includes(text)) throw new Error(`${file} of ${found} is ${kept}`);
  });
const hub = ({places}: Stage, ...git: string[]) => inHub(lab.hub, places.repository, ...git);

const writes = check('the standby commits a note and leaves another uncommitted', async ({stage}) => {
  await standby.inWorkspace(
    stage,
    `echo committed >notes/committed.md; git add notes; git -c user.name=c -c user.email=c@c commit -qm note; echo dirty >notes/dirty.md`,
  );
});

export const takeoverRows: readonly Row[] = [
  row(56, 'Git server swallows packets', {fault: gitUnreachable}, also(unitFails), expectPromotion(soon)),
  row(57, 'Git host key changed', {fault: standby.gitKeyChanged}, also(unitFails), expectPromotion(soon)),
  row(
    58,
    'branch rewritten on the remote',
    {fault: standby.forcePushed},
    noteHead,
    also(unitFails),
    expectPromotion(soon),
    sameHead,
  ),
  row(
    '59a',
    'workspace dirty',
    {fault: standby.dirtyTree},
    also(unitFails),
    expectPromotion(soon),
    holds('MEMORY.md', 'changed'),
    heal(unitFails),
    expectReturn({within: s(75)}),
    handedBack('notes/untracked.md', 'new'),
  ),
  row(
    '59b',
    'untracked file in the way of an update',
    {fault: standby.collision},
    also(unitFails),
    expectPromotion(soon),
    holds('collision.md', 'from the standby'),
  ),
  row(
    '59c',
    'stale lock in the workspace',
    {fault: standby.staleLock},
    also(unitFails),
    expectPromotion(soon),
  ),
  row(
    62,
    "the standby's gateway does not start",
    {
      fault: standby.badConfig,
      standby: 'real',
      settings(settings) {
        quickReturn(settings);
        settings.promotion.blockedRetryMs = s(30);
      },
    },
    also(unitFails),
    expectPromotion({...bounds.unitFailed, connected: null}),
    expectEvent('blocked', {within: s(187), text: 'it says that it cannot'}),
    check('after two tries', async (play) => {
      const tries = (await play.events()).filter(({event}) => event === 'retrying').length + 1;
      if (tries > 2) throw new Error(`there were ${tries}`);
    }),
    heal(standby.badConfig),
    check('and takes over once the config is mended', async (play) => {
      const blocked = await play.event('blocked', {within: s(187)});
      const there = await play.event('promoted', {within: s(90), after: blocked.ms});
      play.measure('blocked → connected', there.ms - blocked.ms);
    }),
  ),
  row(
    63,
    "the standby's gateway crashes again and again",
    {fault: unitFails},
    expectPromotion(bounds.unitFailed),
    ...[1, 2].flatMap((time) => [
      check(
        `it is killed (${time})`,
        async ({stage}) => void (await sh(stage.standby.host, `systemctl kill -s KILL ${units.gateway}`)),
      ),
      check('and comes back', async (play) => {
        await play.until(
          'the loss is seen',
          s(15),
          async () => (await play.stage.told())?.state !== 'active',
        );
        await play.until('active', s(30), async () => (await play.stage.told())?.state === 'active');
      }),
    ]),
    check(
      'it is killed once more',
      async ({stage}) => void (await sh(stage.standby.host, `systemctl kill -s KILL ${units.gateway}`)),
    ),
    check('now it is left alone', (play) =>
      play.until('blocked', s(15), async () => (await play.stage.told())?.state === 'blocked'),
    ),
  ),
  row(
    65,
    "port of the standby's gateway taken",
    {fault: standby.portBusy},
    also(unitFails),
    check('says who has the port', async (play) => {
      const pid = (await sh(play.stage.standby.host, 'systemctl show -p MainPID --value lab-other')).trim();
      await play.until(`an event names process ${pid}`, s(30), async () =>
        (await play.events()).some(({say}) => say.includes(pid) && /port/i.test(say)),
      );
    }),
    heal(standby.portBusy),
  ),
  row(
    '67a',
    'primary back before the verdict',
    {fault: gateway.stopped, for: s(10)},
    expectEvent('cleared', {within: s(20), text: 'it is well again'}),
    expectNoPromotion({watch: s(25)}),
  ),
  row(
    '67b',
    'primary back in the middle of a takeover',
    {fault: unitFails, standby: 'real'},
    expectPromotion({...bounds.unitFailed, connected: null}),
    heal(),
    expectEvent('promoted', {within: gatewayStart, text: 'the takeover is completed'}),
    expectReturn({within: s(75)}),
  ),
  row(
    68,
    'a good probe or two during an outage',
    {fault: unitFails},
    expectPromotion(bounds.unitFailed),
    wait(s(20)),
    check('its port answers well for a moment', ({stage}) => stage.inject(gateway.answersBriefly(s(6)))),
    expectEvent('primary-back', {within: s(60), text: 'that is seen'}),
    expectStaysActive(s(35)),
    expectNone('demoting', 'and is no reason to give back'),
  ),
  row(
    '70a',
    'work on the standby is handed back',
    {fault: unitFails},
    expectPromotion(bounds.unitFailed),
    writes,
    heal(),
    expectReturn({within: s(75)}),
    handedBack('notes/committed.md', 'committed'),
    handedBack('notes/dirty.md', 'dirty'),
  ),
  row(
    '70b',
    'the hand-back cannot be pushed',
    {fault: unitFails},
    expectPromotion(bounds.unitFailed),
    writes,
    check('the Git server is cut off', ({stage}) => stage.inject(gitUnreachable)),
    heal(),
    expectReturn({within: s(75)}),
    expectEvent('handback-push', {
      within: s(240),
      like: /not pushed|could not|kept/i,
      text: 'it is kept and told',
    }),
    heal(gitUnreachable),
    check('and pushed later', async ({stage}) => {
      await sh(stage.standby.host, `systemctl start ${units.sync}; systemctl start ${units.handbackPush}`, {
        timeoutMs: 60_000,
      });
    }),
    handedBack('notes/dirty.md', 'dirty'),
  ),
  row(
    71,
    'nobody can be told',
    {fault: unitFails, given: notifierHangs},
    expectPromotion(soon),
    check('the webhook answers again', async ({stage}) => {
      await stage.primary.inside.write(hookAnswers, JSON.stringify({answer: 'page'}));
    }),
    check('and is told within 2 min', (play) =>
      play.until('the webhook is told', s(120), async () =>
        (await gateway.asked(play.stage, hookAnswers)).includes(`page ${hookPath}`),
      ),
    ),
  ),
];
