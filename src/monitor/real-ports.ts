import {randomUUID} from 'node:crypto';
import os from 'node:os';
import {readPause, takeFile} from './control.js';
import {eventLog} from './event-log.js';
import type {MonitorEvent} from './events.js';
import {oneLine, readSmall, replaceFile} from './files.js';
import type {Notifier} from './notify.js';
import type {MonitorPaths} from './paths.js';
import type {Ports} from './ports.js';
import {probeGateway, probePrimary} from './probe.js';
import {readChannel, readReports} from './reports.js';
import {readHandled, readRole, writeRole} from './role.js';
import {loadState, saveState} from './state-file.js';
import {readUnit} from './unit.js';
import {askWitnesses} from './witness.js';

/** The watchdog wants to hear something every 30 s. */
const aliveEveryMs = 10_000;

/** ms since the host's boot, monotonic, the same for every process. */
export const monotonicMs = () => Number(process.hrtime.bigint() / 1000n) / 1000;

/** The host itself. */
export function realPorts(paths: MonitorPaths, notifier: Notifier): Ports {
  let aliveMs = -Infinity;
  return {
    nowMs: monotonicMs,
    upMs: () => os.uptime() * 1000,
    wallMs: () => Date.now(),

    probe: probePrimary,
    witness: ({witnesses, probe}) => askWitnesses(witnesses, probe.timeoutMs),
    gateway: probeGateway,
    unit: () => readUnit(paths.unit),
    channel: () => readChannel(paths.work),
    reports: () => readReports(paths.work),

    role: () => readRole(paths.role),
    setRole: (role) => writeRole(paths.role, role),
    handled: () => readHandled(paths.handled),

    pause: () => readPause(paths.pause),
    takeFailback: () => takeFile(paths.failback),
    takeTested: () => takeFile(paths.tested),

    boot: () => bootMark(paths.boot),
    load: () => loadState(paths.state),
    save: (saved) => saveState(paths.state, saved),
    log: eventLog(paths.events),
    live: (sample) => replaceFile(paths.live, `${JSON.stringify(sample)}\n`, {sync: false}),
    tell: toJournal,
    alive(status) {
      const nowMs = monotonicMs();
      if (nowMs - aliveMs < aliveEveryMs) return;
      aliveMs = nowMs;
      notifier.alive(status);
    },
  };
}

/** Without a /run that can be written every start looks like a reboot, which is the safe side. */
async function bootMark(file: string): Promise<string> {
  const known = oneLine((await readSmall(file, 64)) ?? '');
  if (known) return known;
  const mark = randomUUID();
  await replaceFile(file, `${mark}\n`, {sync: false}).catch(() => {});
  return mark;
}

/** Priorities of syslog(3), which journald takes from the line. */
const priority = {info: 6, warning: 4, alert: 1};

function toJournal(event: MonitorEvent): void {
  const change = event.from === event.to ? event.to : `${event.from} → ${event.to}`;
  process.stderr.write(`<${priority[event.level]}>${change}: ${event.say}\n`);
}
