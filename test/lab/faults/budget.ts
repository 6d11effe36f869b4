// What the monitor takes of its host: memory, processor, traffic, time to start.

import {readFile} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {layout, units} from '../../../src/templates/layout.js';
import {sh} from '../host-state.js';
import {monotonicMs} from '../inside.js';
import {check} from './steps.js';
import type {Stage} from './stage.js';
import type {Step} from './row.js';

/** On a machine where a bare Node starts as `idle` says; a busier or slower one has more of what is time. */
export const budget = {residentMb: 64, corePercent: 0.3, mbPerDay: 20, startMs: 500};

/** ms that a bare Node with the monitor's options takes to start and end: by the clock, and of a core. */
export interface BareNode {
  realMs: number;
  cpuMs: number;
}
/** The lab's machine with nothing else to do. */
const idle: BareNode = {realMs: 40, cpuMs: 40};

export async function bareNode({standby}: Stage): Promise<BareNode> {
  const script = `TIMEFORMAT='%R %U %S'; for _ in 1 2 3 4 5; do time ${layout.node} --jitless -e 0; done`;
  const ran = await standby.host.exec(['bash', '-c', script], {timeoutMs: 60_000});
  const times = ran.stderr
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map((s) => Number(s) * 1000));
  const least = (of: (time: number[]) => number) => Math.min(...times.map(of));
  return {
    realMs: least(([real]) => real ?? NaN),
    cpuMs: least(([, user, system]) => (user ?? NaN) + (system ?? NaN)),
  };
}

/** What the budget comes to on a machine on which a bare Node takes that long. */
export function budgetOn({realMs, cpuMs}: BareNode): typeof budget {
  const {corePercent, startMs: start} = budget;
  return {
    ...budget,
    corePercent: corePercent * Math.max(1, cpuMs / idle.cpuMs),
    startMs: start * Math.max(1, realMs / idle.realMs),
  };
}

export interface Spent {
  /** At its highest. */
  residentMb: number;
  corePercent: number;
  /** Probes and questions go over the private network, which has no other use. */
  mbPerDay: number;
  /** The rest of the sleeping standby: it fetches the workspace. */
  otherMbPerDay: number;
}

/** What the monitor takes in that time, with everything it starts. */
export async function spentIn(stage: Stage, ms: number): Promise<Spent> {
  const before = await counters(stage);
  await sleep(ms);
  const after = await counters(stage);
  const tookMs = after.ms - before.ms;
  return {
    residentMb: (await residentMb(stage)).most,
    corePercent: ((after.cpuMs - before.cpuMs) / tookMs) * 100,
    mbPerDay: perDay(after.privateBytes - before.privateBytes, tookMs),
    otherMbPerDay: perDay(after.publicBytes - before.publicBytes, tookMs),
  };
}

const perDay = (bytes: number, ms: number) => ((bytes / ms) * 86_400_000) / 2 ** 20;

async function counters({standby}: Stage) {
  const {leader} = await standby.host.where();
  const devices = await readFile(`/proc/${leader}/net/dev`, 'utf8');
  const bytes = (device: string) => {
    const line = devices.split('\n').find((one) => one.trim().startsWith(`${device}:`)) ?? '';
    const [, received, , , , , , , , sent] = line.trim().split(/[:\s]+/);
    return Number(received) + Number(sent);
  };
  return {
    ms: monotonicMs(),
    cpuMs: await standby.inside.cpuMs(units.monitor),
    privateBytes: bytes('tailscale0'),
    publicBytes: bytes('eth0'),
  };
}

/** Resident memory of the monitor, MB: now and at its highest. */
export async function residentMb({standby}: Stage): Promise<{now: number; most: number}> {
  const [pid] = await standby.inside.processes(units.monitor);
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]);
  return {now: kb('VmRSS') / 1024, most: kb('VmHWM') / 1024};
}

/** ms from systemd's start of the program to its word that it is ready; the best of five, for others use the machine too. */
export async function startMs({standby}: Stage): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < 5; time++) {
    const shown = await sh(
      standby.host,
      `systemctl restart ${units.monitor}
systemctl show -p ExecMainStartTimestampMonotonic -p ActiveEnterTimestampMonotonic ${units.monitor}`,
    );
    const at = (name: string) =>
      Number(new RegExp(`^${name}TimestampMonotonic=(\\d+)$`, 'm').exec(shown)?.[1]);
    times.push((at('ActiveEnter') - at('ExecMainStart')) / 1000);
  }
  return Math.min(...times);
}

export const monitorMemory = (mostMb: number): Step =>
  check(`the monitor never takes more than ${mostMb} MB`, async (play) => {
    const {now, most} = await residentMb(play.stage);
    play.note(`monitor ${now.toFixed(0)} MB resident, at most ${most.toFixed(0)} MB`);
    if (most > mostMb) throw new Error(`it took ${most.toFixed(1)} MB`);
  });
