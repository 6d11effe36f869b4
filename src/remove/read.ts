import {randomBytes} from 'node:crypto';
import {Abort, Exit} from '../errors.js';
import {readFacts} from '../facts/read.js';
import type {HostFacts} from '../facts/types.js';
import type {Pair} from '../pair/schema.js';
import {monitorView, type MonitorView} from '../phases/monitor-view.js';
import {healthOf, type Health} from '../plan/health.js';
import {mustScript} from '../plan/must.js';
import {requestFor} from '../plan/requests.js';
import type {Host, HostName} from '../ssh/host.js';
import {layout, units} from '../templates/layout.js';
import {footprintScript, isRunning, parseFootprint, type Footprint} from './footprint.js';
import {judgeManifest, type JudgedManifest} from './manifest.js';
import {ownsUser} from './input.js';
import {readTraces, type Traces} from './traces.js';
import {readWork, type Work} from './work.js';

export interface StandbyReading {
  footprint: Footprint;
  manifest: JudgedManifest | undefined;
  monitor: MonitorView | undefined;
  asleep: boolean;
  work: Work;
}
export interface PrimaryReading {
  footprint: Footprint;
  manifest: JudgedManifest | undefined;
  facts: HostFacts;
  traces: Traces;
  health: Health;
}
/** Whatever could be read. */
export interface RemovalReading {
  standby?: StandbyReading;
  primary?: PrimaryReading;
}

/** Reads the hosts that are there, at the same time. @throws Abort for a host that belongs to another pair */
export async function readRemoval(
  hosts: Partial<Record<HostName, Host>>,
  pair: Pair,
  accountsProgram: string,
): Promise<RemovalReading> {
  const [standby, primary] = await Promise.all([
    hosts.standby && readStandby(hosts.standby, pair),
    hosts.primary && readPrimary(hosts.primary, pair, accountsProgram),
  ]);
  return {...(standby && {standby}), ...(primary && {primary})};
}

async function traced(host: Host, pair: Pair): Promise<Pick<StandbyReading, 'footprint' | 'manifest'>> {
  const bytes = await host.read(layout.manifest, {maxBytes: 256 * 1024});
  const manifest = judgeManifest(bytes && new TextDecoder().decode(bytes), host.name);
  if (manifest && manifest.pair !== pair.name) {
    throw new Abort(`The ${host.name} belongs to the pair "${manifest.pair}", not to "${pair.name}".`, {
      detail: `${layout.manifest} on ${host.target} says so; nothing was changed.`,
      next: [`To remove that one: failover-wizard remove --pair ${manifest.pair}`],
      exit: Exit.usage,
    });
  }
  if (manifest && manifest.host !== host.name) {
    throw new Abort(`${host.target}, named as the ${host.name}, is the ${manifest.host} of the pair.`, {
      detail: `${layout.manifest} there says so; nothing was changed.`,
      next: ['Are primary and standby swapped in the answers?'],
      exit: Exit.usage,
    });
  }
  const script = footprintScript({host: host.name, pair: pair.name, ...manifest});
  const {stdout} = await mustScript(host, script, {doing: 'look for what is of ours', timeoutMs: 60_000});
  return {footprint: parseFootprint(stdout, host.name), manifest};
}

/** The standby without its facts: on a host that is half removed most of them can no longer be read. */
async function readStandby(standby: Host, pair: Pair): Promise<StandbyReading> {
  const read = async (path: string) => {
    const bytes = await standby.read(path, {maxBytes: 256 * 1024});
    return bytes && new TextDecoder().decode(bytes);
  };
  const [trace, state, runsAs] = await Promise.all([
    traced(standby, pair),
    read(layout.stateJson),
    read(layout.runsAs),
  ]);
  return {
    ...trace,
    monitor: isRunning(trace.footprint, units.monitor) ? monitorView(jsonOf(state)) : undefined,
    asleep: runsAs?.trim() === 'asleep',
    work: await readWork(standby, ownsUser(trace) ? layout.user : undefined),
  };
}

async function readPrimary(primary: Host, pair: Pair, accountsProgram: string): Promise<PrimaryReading> {
  const request = requestFor('primary', pair, randomBytes(32).toString('hex'));
  const [trace, facts] = await Promise.all([
    traced(primary, pair),
    readFacts(primary, request, accountsProgram),
  ]);
  const [traces, health] = await Promise.all([readTraces(primary, facts, pair), healthOf(primary, facts)]);
  return {...trace, facts, traces, health};
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
