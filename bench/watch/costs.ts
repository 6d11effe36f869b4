import {readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import type {LabHost} from '../../test/lab/lab.js';
import type {Operator} from '../../test/lab/operator.js';
import type {LabPair} from '../../test/lab/pair.js';
import {leave, limitMs, open} from './open.js';

/** Of one side over the time watched; nothing happens meanwhile. */
export interface Cost {
  /** Percent of one core. */
  cpu: number;
  /** bytes/s that its SSH connections sent, TCP payload. */
  bytes: number;
}

export interface Costs {
  seconds: number;
  /** Percent of one core, of the program on the operator's machine; bytes of its resident memory. */
  laptop: {cpu: number; memory: number};
  primary: Cost;
  standby: Cost;
}

/** s before the watching begins: the first reading of both hosts is over by then. */
const settleS = 15;

export async function costs(operator: Operator, pair: LabPair, seconds: number): Promise<Costs> {
  const view = open(operator);
  await view.until(/● Protected/, limitMs);
  await sleep(settleS * 1000);
  const {pid} = view.pty;
  const before = [cpuSeconds(pid), await spent(pair.primary), await spent(pair.standby)] as const;
  const beganMs = performance.now();
  await sleep(seconds * 1000);
  const tookS = (performance.now() - beganMs) / 1000;
  const after = [cpuSeconds(pid), await spent(pair.primary), await spent(pair.standby)] as const;
  const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
  await leave(view);
  const cost = (side: 1 | 2): Cost => ({
    cpu: ((after[side].cpuS - before[side].cpuS) / tookS) * 100,
    bytes: (after[side].bytes - before[side].bytes) / tookS,
  });
  return {
    seconds: tookS,
    laptop: {cpu: ((after[0] - before[0]) / tookS) * 100, memory},
    primary: cost(1),
    standby: cost(2),
  };
}

/** s of CPU of a process of this machine; the clock ticks are 10 ms. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** What root's SSH sessions on a host have used so far, ended children included, and what its SSH server has sent. */
async function spent(host: LabHost): Promise<{cpuS: number; bytes: number}> {
  const {cgroup} = await host.where();
  // Sessions, and the part of the server that encrypts for them.
  const cpuS = ['user.slice/user-0.slice', 'system.slice/ssh.service']
    .map((slice) => usage(`${cgroup}/${slice}/cpu.stat`))
    .reduce((sum, each) => sum + each, 0);
  const sockets = await host.exec(['ss', '-tinH', 'state', 'established', 'sport', '=', ':22']);
  const bytes = [...sockets.stdout.matchAll(/bytes_acked:(\d+)/g)].reduce(
    (sum, [, each]) => sum + Number(each),
    0,
  );
  return {cpuS, bytes};
}

function usage(file: string): number {
  try {
    return Number(/usage_usec (\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) / 1e6;
  } catch {
    // Nobody has logged in yet.
    return 0;
  }
}
