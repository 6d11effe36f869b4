// A warm standby's gateway: whether it sleeps, and the memory it takes meanwhile.

import {readFile} from 'node:fs/promises';
import type {MonitorSettings} from '../../../src/monitor/settings.js';
import {layout, units} from '../../../src/templates/layout.js';
import {until} from '../host-state.js';
import type {Stage} from './stage.js';

/** Its start may meet others on the same machine. */
const longestStartMs = 150_000;

/** Root has put it to sleep, and it is ready: what a takeover finds on a day like any other. */
export async function asleep(stage: Stage): Promise<void> {
  await until('the gateway of the standby sleeps', longestStartMs, async () => {
    const {inside, host} = stage.standby;
    if ((await inside.read(layout.runsAs))?.trim() !== 'asleep') return false;
    const {gateway} = JSON.parse((await inside.read(layout.monitorSettings)) ?? '') as MonitorSettings;
    const url = `http://${gateway.address}:${gateway.port}/readyz`;
    return (await host.netns(['curl', '-fsS', '--noproxy', '*', '--max-time', '1', url])).code === 0;
  });
}

export interface Takes {
  gatewayMb: number;
  companionMb: number;
}

/** Resident, of all its processes, in MB of a million bytes. */
export async function takes({standby}: Stage): Promise<Takes> {
  const resident = async (unit: string) => {
    let kb = 0;
    for (const pid of await standby.inside.processes(unit)) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      kb += Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
    }
    return (kb * 1024) / 1e6;
  };
  return {gatewayMb: await resident(units.gateway), companionMb: await resident(units.verify)};
}

/** `0.84 GB resident (gateway 0.78, companion 0.06)` */
export const takesInWords = ({gatewayMb, companionMb}: Takes) =>
  `${gb(gatewayMb + companionMb)} GB resident (gateway ${gb(gatewayMb)}, companion ${gb(companionMb)})`;
const gb = (mb: number) => (mb / 1000).toFixed(2);
