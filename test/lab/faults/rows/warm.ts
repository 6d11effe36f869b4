// A standby that sleeps warm, on a pair that setup made so; see warm.long.test.ts.

import {setTimeout as sleep} from 'node:timers/promises';
import {layout, units} from '../../../../src/templates/layout.js';
import {sh} from '../../host-state.js';
import {monotonicMs} from '../../inside.js';
import {asleep, takes, takesInWords} from '../asleep.js';
import {bounds} from '../bounds.js';
import {nothing} from '../fault.js';
import {unitFails} from '../inject/gateway.js';
import {row, s, type Row} from '../row.js';
import type {Stage} from '../stage.js';
import {also, check, expectPromotion, heal} from '../steps.js';

let main = '';
const mainPid = async ({standby}: Stage) =>
  (await sh(standby.host, `systemctl show -p MainPID --value ${units.gateway}`)).trim();
const notLoggedIn = check('its channel is off', async ({stage}) => {
  const seen = await sh(stage.standby.host, `cat ${layout.liveConfig}`);
  if (!seen.includes('"enabled":false')) throw new Error(`it reads ${seen}`);
});

export const warmRows: readonly Row[] = [
  row(
    '2w',
    'gateway unit failed, and the standby sleeps warm',
    // Its gateway runs in every state.
    {fault: nothing, standby: 'real', without: ['role']},
    check('its gateway sleeps', async (play) => {
      await asleep(play.stage);
      main = await mainPid(play.stage);
      play.note(`just ready it takes ${takesInWords(await takes(play.stage))}`);
      await sleep(s(45));
      play.note(`asleep for 45 s it takes ${takesInWords(await takes(play.stage))}`);
    }),
    notLoggedIn,
    check('a rotated secret has it started anew, asleep, at the next look', async ({stage}) => {
      const {host} = stage.standby;
      await sh(host, `touch ${layout.envFile}; systemctl start ${units.role}`, {timeoutMs: 120_000});
      await asleep(stage);
      const now = await mainPid(stage);
      if (now === main || now === '0') throw new Error(`its process is ${now}, and was ${main}`);
      main = now;
      await sh(host, `systemctl start ${units.role}`, {timeoutMs: 120_000});
      if ((await mainPid(stage)) !== main) throw new Error('the look after that started it anew as well');
    }),
    notLoggedIn,
    also(unitFails),
    expectPromotion({...bounds.unitFailed, connected: s(10)}),
    check('the same process has woken', async ({stage}) => {
      const now = await mainPid(stage);
      if (now !== main) throw new Error(`process ${main} slept, and ${now} works`);
    }),
    heal(unitFails),
    check('it steps back, and sleeps again', async (play) => {
      const beganMs = monotonicMs();
      await play.event('demoted', {within: s(120)});
      await asleep(play.stage);
      play.measure('healed → asleep', monotonicMs() - beganMs);
    }),
    notLoggedIn,
  ),
];
