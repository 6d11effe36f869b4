// Part C of the matrix: the monitor, and the standby as a host.

import {layout, units} from '../../../../src/templates/layout.js';
import {sh} from '../../host-state.js';
import {bounds, gatewayStart} from '../bounds.js';
import {unitFails} from '../inject/gateway.js';
import {standbyFrozen, standbyReboots} from '../inject/host.js';
import * as monitor from '../inject/monitor.js';
import {nothing} from '../fault.js';
import {
  also,
  check,
  expectEvent,
  expectNoPromotion,
  expectPromotion,
  expectReturn,
  gatewayStarts,
  heal,
  wait,
} from '../steps.js';
import {inSeconds, row, s, type Row, type Step} from '../row.js';

const back = (within: number): Step =>
  check(`the monitor runs again within ${within / 1000} s`, async (play) => {
    const again = await play.event('started', {within});
    play.measure('monitor back', play.since(again));
  });

export const monitorRows: readonly Row[] = [
  row(
    40,
    'monitor killed while it watches',
    {fault: monitor.monitorKilled},
    back(s(3)),
    expectNoPromotion({watch: s(10)}),
  ),
  row(
    '41r',
    'monitor killed while the gateway of the standby starts',
    {fault: unitFails, standby: 'real'},
    expectPromotion({...bounds.unitFailed, connected: null}),
    expectEvent('gateway-started', {within: s(30), text: 'its gateway starts'}),
    check('the monitor is killed', ({stage}) => stage.inject(monitor.monitorKilled)),
    expectEvent('promoted', {within: gatewayStart, text: 'the takeover is completed'}),
    gatewayStarts(1),
  ),
  row(
    42,
    'monitor killed while active, the primary comes back meanwhile',
    {fault: unitFails},
    expectPromotion(bounds.unitFailed),
    check('the monitor is killed', ({stage}) => stage.inject(monitor.monitorKilled)),
    heal(),
    expectReturn({within: s(75)}),
    gatewayStarts(1),
  ),
  row(
    43,
    'monitor stands still',
    {fault: monitor.monitorStopped},
    back(s(33)),
    expectNoPromotion({watch: s(40)}),
  ),
  row(
    44,
    'standby reboots in the middle of a takeover',
    {fault: unitFails, standby: 'real'},
    expectPromotion({...bounds.unitFailed, connected: null}),
    also(standbyReboots),
    check('it takes over after the reboot, within 90 s', async (play) => {
      const [first] = await play.events();
      const there = await play.event('promoted', {within: s(90), like: ({boot}) => boot !== first!.boot});
      play.measure('reboot → connected', play.since(there));
    }),
  ),
  row(
    45,
    'standby reboots while active',
    {fault: unitFails, standby: 'real'},
    expectPromotion(bounds.unitFailed),
    also(standbyReboots),
    expectEvent('promoted', {within: gatewayStart, text: 'it is active again'}),
  ),
  row(
    46,
    'a second monitor is started',
    {fault: nothing},
    check('it ends at once and names the first', async ({stage}) => {
      const run = `runuser -u ${layout.monitorUser} -- ${layout.node} ${layout.monitorProgram} run`;
      const ran = await stage.standby.host.exec(['sh', '-c', run], {timeoutMs: 10_000});
      const pid = (await sh(stage.standby.host, `systemctl show -p MainPID --value ${units.monitor}`)).trim();
      if (ran.code === 0 || !ran.stderr.includes(pid)) throw new Error(`exit ${ran.code}: ${ran.stderr}`);
    }),
    expectNoPromotion({watch: s(5)}),
  ),
  row(
    51,
    'standby stands still for 20 s, and the primary fails meanwhile',
    {fault: standbyFrozen, for: s(20)},
    wait(s(10)),
    check('the unit of the gateway fails', ({stage}) => stage.inject(unitFails)),
    wait(s(9.9)),
    expectEvent('gap', {within: s(24), text: 'the gap is told'}),
    expectPromotion({notBefore: s(20.5), within: s(30)}),
  ),
  row(
    53,
    "the standby's gateway is started and stopped by hand",
    {fault: nothing},
    check('started by hand it refuses', async ({stage}) => {
      const ran = await stage.standby.host.exec(['systemctl', 'start', units.gateway], {timeoutMs: 30_000});
      if (ran.code === 0) throw new Error('it was started');
    }),
    also(unitFails),
    expectPromotion(bounds.unitFailed),
    check(
      'it is stopped by hand',
      async ({stage}) => void (await sh(stage.standby.host, `systemctl stop ${units.gateway}`)),
    ),
    expectEvent('gateway-lost', {within: s(60), text: 'that is told'}),
    check('it runs again', (play) =>
      play.until('active again', s(20), async () => {
        const now = await play.stage.told();
        return (
          now?.state === 'active' && (await play.stage.standby.inside.processes(units.gateway)).length > 0
        );
      }),
    ),
  ),
];

/**
 * Row 41: killed before the K-th durable step after the verdict became possible. `died` says at which step that was;
 * undefined: the takeover has fewer steps.
 */
export function killedAtStep(step: number): {row: Row; died: () => string | undefined} {
  let died: string | undefined;
  const played = row(
    `41.${step}`,
    `monitor killed before its durable step ${step}`,
    {fault: monitor.diesAtStep(step), preload: true},
    also(unitFails),
    check('the takeover is completed', async (play) => {
      const there = await play.event('promoted', {within: s(45)});
      died = await monitor.diedAt(play.stage);
      play.note(
        `killed before writing ${died ?? 'nothing'}, connected ${inSeconds(play.since(there))} after the fault`,
      );
    }),
    gatewayStarts(1),
  );
  return {row: played, died: () => died};
}
