import {randomUUID} from 'node:crypto';
import os from 'node:os';
import {readPause} from './control.js';
import {eventLog} from './event-log.js';
import type {MonitorEvent} from './events.js';
import {oneLine, readSmall, replaceFile} from './files.js';
import {appendLines} from './growing-file.js';
import {impatient, impatientLog, inTurn} from './hung-disk.js';
import {interrogate, interrogationDeps} from './interrogate.js';
import type {Notifier} from './notify.js';
import type {MonitorPaths} from './paths.js';
import {dropPending, readPending} from './pending.js';
import type {Ports} from './ports.js';
import {probeGateway, probePrimary} from './probe.js';
import {readChannel, readReports} from './reports.js';
import {readHandled, readRole, writeRole} from './role.js';
import {loadState, saveState} from './state-file.js';
import {realTelling} from './tell/real-telling.js';
import {readUnit} from './unit.js';
import {WayOut} from './way-out.js';
import {keeperOf} from './witness-book.js';

/** The watchdog wants to hear something every 30 s. */
const aliveEveryMs = 14_000;

/** ms since the host's boot, monotonic, the same for every process. */
export const monotonicMs = () => Number(process.hrtime.bigint() / 1000n) / 1000;

/** The host itself. */
export function realPorts(
  paths: MonitorPaths,
  notifier: Notifier,
  {pair, signal}: {pair: string; /** The monitor ends. */ signal: AbortSignal},
): Ports {
  let aliveMs = -Infinity;
  const inTime = impatient();
  // It is no loss when a power cut takes the end of the record.
  const {log, record} = inTurn(eventLog(paths.events), (text) =>
    appendLines(paths.record, text, {maxBytes: 1 << 20, older: 1, sync: false}),
  );
  const wayOut = new WayOut(keeperOf(paths.witnesses));
  const asking = interrogationDeps((settings) => wayOut.ask(settings));
  const telling = realTelling(paths, {pair, signal, nowMs: monotonicMs});
  return {
    nowMs: monotonicMs,
    upMs: () => os.uptime() * 1000,
    wallMs: () => Date.now(),

    async probe(settings) {
      const probed = await probePrimary(settings);
      if (probed.class === 'ok') wayOut.whileWell(settings);
      return probed;
    },
    interrogate: (settings, quietly) => interrogate(settings, paths, asking, quietly),
    gateway: probeGateway,
    unit: () => readUnit(paths.unit),
    channel: () => readChannel(paths.work),
    reports: async () => [...(await readReports(paths.work, paths.warmReport)), ...wayOut.reports()],

    role: () => readRole(paths.role),
    setRole: (role) => writeRole(paths.role, role),
    handled: () => readHandled(paths.handled, paths.handledWhy),
    prepare: () => replaceFile(paths.prepare, `${Math.round(monotonicMs())}\n`, {sync: false}),

    pause: () => readPause(paths.pause),
    keepPause: (id) => replaceFile(paths.pause, `${id}\n`, {sync: false}),
    pending: () => readPending(paths),
    drop: (request) => dropPending(paths, request),

    boot: () => bootMark(paths.boot),
    load: () => loadState(paths.state),
    save: (saved) => inTime(() => saveState(paths.state, saved)),
    log: impatientLog(log),
    record,
    live(sample) {
      telling.beat(sample);
      const whole = {...sample, telling: telling.view()};
      return replaceFile(paths.live, `${JSON.stringify(whole)}\n`, {sync: false});
    },
    tell(event) {
      toJournal(event);
      telling.offer(event);
    },
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
