// Who takes over: the gateway started by hand (the floor), the health monitor, and the plain rule.

import {readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {layout, units} from '../../src/templates/layout.js';
import type {EventName, MonitorEvent} from '../../src/monitor/events.js';
import {asleep} from '../../test/lab/faults/asleep.js';
import type {Stage} from '../../test/lab/faults/stage.js';
import {sh, until} from '../../test/lab/host-state.js';
import {monotonicMs} from '../../test/lab/inside.js';
import type {Fault} from './faults.js';
import type {Times} from './figures.js';
import {Observer, observerNick, type Seen} from './observer.js';

const gateway = 'bench-gateway.service';
const rule = 'bench-plain-rule.service';
const ruleProgram = '/opt/lab/plain-rule.sh';
const probedFile = '/run/lab/bench-probed';

/** Interval of the probes while all is well, ms. */
const intervalMs = {monitor: 5_000, rule: 10_000};
/** Processes of the reset itself come to rest. */
const settleMs = 5_000;

/** Where between two probes the fault comes, from 0 to 1. */
export interface Try {
  stage: Stage;
  /** What it was set up as. */
  standby: 'cold' | 'warm';
  phase: number;
  capMs: number;
}

/**
 * What the standby's gateway is started with, and nothing of what surrounds it: no guard, no sandbox, no monitor.
 * The plain rule starts this too, so that its gateway has the compile cache as well.
 */
const bareUnit = `[Service]
Type=exec
User=${layout.user}
WorkingDirectory=${layout.home}
ExecStart=${layout.node} ${layout.openclawPackage}/dist/index.js gateway
EnvironmentFile=-/etc/environment
Environment=PATH=${layout.nodeDir}/bin:/usr/local/bin:/usr/bin:/bin
Environment=NODE_COMPILE_CACHE=${layout.compileCache}
SuccessExitStatus=0 143
KillMode=mixed
TimeoutStopSec=60
`;

/** Once, before the first run. */
export async function install({standby}: Stage): Promise<void> {
  const program = readFileSync(fileURLToPath(new URL('plain-rule.sh', import.meta.url)), 'utf8');
  await standby.inside.install(ruleProgram, program);
  await standby.inside.write(`/etc/systemd/system/${gateway}`, bareUnit);
  // The bot answers whom it knows.
  const known = `sed -i 's/alice!~alice@/${observerNick}!~${observerNick}@/' ${layout.config}`;
  await sh(standby.host, `${known}; command -v curl >/dev/null; systemctl daemon-reload`);
}

/** From the start of the gateway's process, when nothing else is to do. */
export async function floor({stage, standby, capMs}: Try): Promise<Times> {
  await rest({stage, standby});
  await asleepWithoutMonitor(stage);
  const observer = await Observer.of(stage);
  try {
    await calm(stage, observer);
    const start = sh(stage.standby.host, `systemctl start ${gateway}`);
    const [seen] = await Promise.all([observer.follow(monotonicMs() + capMs), start]);
    const {process: startMs = NaN} = await startOf(stage, gateway);
    return timesFrom(startMs, seen);
  } finally {
    observer.leave();
    await stopAll(stage);
  }
}

/** From the fault, with the health monitor as setup left it. */
export async function ours(fault: Fault, {stage, standby, phase, capMs}: Try): Promise<Times> {
  await rest({stage, standby});
  const times = await struck(stage, fault, capMs, async () => {
    await changed(stage, layout.live, ({ms, probe}) => String(Math.round((ms - probe.agoMs) / 500)));
    await sleep(phase * intervalMs.monitor);
    return async (faultMs) => {
      const after = (await events(stage)).filter(({ms}) => ms >= faultMs);
      const at = (name: EventName) => after.find(({event}) => event === name)?.ms;
      const started = standby === 'cold' ? await startOf(stage, units.gateway) : {};
      return {suspected: at('suspected'), verdict: at('promoting'), ...started};
    };
  });
  // It was that all the time.
  if (standby === 'warm') delete times.ready;
  return times;
}

/** From the fault, with the plain rule in the monitor's place. */
export async function plain(fault: Fault, {stage, standby, phase, capMs}: Try): Promise<Times> {
  await rest({stage, standby});
  await asleepWithoutMonitor(stage);
  const url = `http://${stage.primary.address}:${layout.gatewayPort}/healthz`;
  const argv = [ruleProgram, url, layout.workspace, gateway, probedFile];
  await sh(stage.standby.host, `systemd-run -q --unit=${rule} --collect ${argv.join(' ')}`);
  return struck(stage, fault, capMs, async () => {
    await changed(stage, probedFile, String);
    await sleep(phase * intervalMs.rule);
    return () => startOf(stage, gateway);
  });
}

type Told = Pick<Times, 'suspected' | 'verdict' | 'asked' | 'process'>;

/** Arms the fault, waits for its moment, strikes, follows what comes of it, and heals. */
async function struck(
  stage: Stage,
  fault: Fault,
  capMs: number,
  moment: () => Promise<(faultMs: number) => Promise<Told>>,
): Promise<Times> {
  const observer = await Observer.of(stage);
  try {
    await calm(stage, observer);
    const strike = await fault.arm(stage);
    const told = await moment();
    const faultMs = monotonicMs();
    const [seen] = await Promise.all([observer.follow(faultMs + capMs), strike()]);
    return timesFrom(faultMs, {...(await told(faultMs)), ...seen});
  } finally {
    observer.leave();
    await stopAll(stage);
    await fault.heal(stage);
  }
}

function timesFrom(startMs: number, moments: Told & Seen): Times {
  return Object.fromEntries(
    Object.entries(moments).flatMap(([moment, ms]) => (ms === undefined ? [] : [[moment, ms - startMs]])),
  );
}

/** As setup left it, and in the state that the page and compile caches have after a suspicion. */
export async function rest({stage, standby}: Pick<Try, 'stage' | 'standby'>): Promise<void> {
  await stage.strike();
  if (standby === 'warm') await asleep(stage);
  await sh(stage.standby.host, `systemctl start ${units.prepare}`, {timeoutMs: 120_000});
}

/** A warm one's gateway would have the port. */
async function asleepWithoutMonitor({standby}: Stage): Promise<void> {
  await sh(standby.host, `systemctl stop 'openclaw-*'; systemctl stop ${units.gateway}`, {timeoutMs: 60_000});
}

/** Nothing of ours works any more, and the chat looks as it should. */
async function calm(stage: Stage, observer: Observer): Promise<void> {
  await until("the primary's bot is in the chat, and the standby's is not", 120_000, () =>
    observer.isAtRest(),
  );
  const jobs = `systemctl list-units --no-legend --state=activating 'openclaw-*'`;
  await until('no job runs on the standby', 120_000, async () => (await sh(stage.standby.host, jobs)) === '');
  await sleep(settleMs);
}

async function stopAll({standby}: Stage): Promise<void> {
  await sh(standby.host, `systemctl stop ${rule} ${gateway} 2>/dev/null; true`, {timeoutMs: 90_000});
}

/** When systemd was asked for the newest start of a unit, and began its process; monotonic ms. */
async function startOf({standby}: Stage, unit: string): Promise<Pick<Times, 'asked' | 'process'>> {
  const names = {asked: 'InactiveExitTimestampMonotonic', process: 'ExecMainStartTimestampMonotonic'};
  const shown = await sh(standby.host, `systemctl show -p ${Object.values(names).join(' -p ')} ${unit}`);
  const at = (name: string) =>
    Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(shown)?.[1] ?? 0) / 1000 || undefined;
  return {asked: at(names.asked), process: at(names.process)};
}

async function events({standby}: Stage): Promise<MonitorEvent[]> {
  const text = (await standby.inside.read(layout.events)) ?? '';
  // The last line may be in the middle of being written.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as MonitorEvent);
}

/** Waits until what a file says is another than now: a probe was made at this moment. */
async function changed({standby}: Stage, file: string, word: (told: any) => string): Promise<void> {
  const look = async () => {
    try {
      return word(JSON.parse((await standby.inside.read(file)) ?? ''));
    } catch {
      return undefined;
    }
  };
  const before = await look();
  const end = monotonicMs() + 30_000;
  for (;;) {
    const now = await look();
    if (now !== undefined && now !== before) return;
    if (monotonicMs() > end) throw new Error(`nobody probes on ${standby.host.name}`);
    await sleep(50);
  }
}
