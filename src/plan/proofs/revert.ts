import type {GatewayControl} from '../../gateway/control.js';
import type {Host} from '../../ssh/host.js';
import {quote} from '../../ssh/quote.js';
import {mustRun} from '../must.js';

/** The transient unit on the primary that starts its gateway again after a failover test, whoever is alive then. */
const revertUnit = 'openclaw-failover-revert';
export const revertTimer = `${revertUnit}.timer`;

/** Arms it anew: `afterS` s from now the gateway is started, unless it is disarmed before. */
export async function armRevert(primary: Host, control: GatewayControl, afterS: number): Promise<void> {
  await disarmRevert(primary);
  await mustRun(
    primary,
    [
      'systemd-run',
      '--quiet',
      `--unit=${revertUnit}`,
      `--on-active=${afterS}`,
      '--timer-property=AccuracySec=1s',
      '--collect',
      '--description=failover-wizard: start the gateway again after a failover test',
      '/bin/sh',
      '-c',
      quote(control.start),
    ],
    {doing: 'arm the dead-man timer'},
  );
}

export async function disarmRevert(primary: Host): Promise<void> {
  await primary.run(['systemctl', 'stop', revertTimer], {timeoutMs: 20_000});
}
