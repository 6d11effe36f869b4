import {wants} from '../../src/monitor/pending.js';
import type {Ports} from '../../src/monitor/ports.js';
import type {Loaded, Saved} from '../../src/monitor/state-file.js';
import type {MonitorEvent} from '../../src/monitor/events.js';
import type {Answer} from './answers.js';
import type {MonitorProcess} from './process.js';
import type {World} from './world.js';

/** ms; an answer that is quicker takes no time, which saves the simulator most of its own. */
const notice = 50;
/** ms, as in unit.ts. */
const systemctlTimeoutMs = 3000;

/** ms that the record takes on a slow disk; no dice, so that it changes nothing else in a story. */
const slowRecordMs = 1500;

const full = () => Object.assign(new Error('no space left'), {code: 'ENOSPC'});
const never = new Promise<never>(() => {});

/** The only place where the simulator and the monitor's own code meet: its ports, on a host that is plain data. */
export function portsOf(world: World, process: MonitorProcess): Ports {
  const {standby, answers} = world;

  /** One call of a port, at which the process can die. */
  const call = <T>(ms: number, answer: () => T): Promise<T> => {
    const {kill} = world;
    if (!process.alive) return never;
    const dies = kill !== undefined && --kill.inCalls < 0;
    if (dies && !kill.after) {
      world.killMonitor();
      return never;
    }
    const give = () => {
      const given = answer();
      if (!dies) return given;
      world.killMonitor();
      return never as T;
    };
    if (ms > notice || process.stopped > 0 || standby.frozen > 0) return process.takes(ms, give);
    try {
      return Promise.resolve(give());
    } catch (error) {
      return Promise.reject(error as Error);
    }
  };
  const asked = <T>({afterMs, answer}: Answer<T>) => call(afterMs, () => answer);
  const diskMs = () => (standby.diskSlow > 0 ? world.dice.between(100, 4000) : 0);

  return {
    nowMs: standby.monotonicMs,
    upMs: standby.upMs,
    wallMs: standby.wallMs,

    probe: ({probe}) => asked(answers.probe(probe.connectTimeoutMs, probe.timeoutMs)),
    interrogate: (settings) => asked(answers.interrogation(settings)),
    prepare: () =>
      call(0, () => {
        if (standby.runFull > 0) throw full();
      }),
    gateway: () => call(0, () => standby.gateway.view()),
    unit: () =>
      standby.systemctlSilent > 0
        ? call(systemctlTimeoutMs, () => ({
            state: 'unknown' as const,
            result: 'systemctl does not answer',
            exitCode: 0,
          }))
        : call(0, () => standby.gateway.unit()),
    channel: () => call(0, () => standby.gateway.channel()),
    reports: () => call(0, () => [...standby.workspace.reports.values()]),

    role: () => call(0, () => standby.role),
    setRole: (role) =>
      call(0, () => {
        if (standby.runFull > 0) throw full();
        standby.setRole(role);
      }),
    handled: () => call(0, () => standby.handled),

    pause: () => call(0, () => standby.pause),
    // The pauses of this world name no time in their id, so a reboot ends them.
    keepPause: () => call(0, () => {}),
    pending: () =>
      call(0, () => {
        const {promote, failback, tested} = standby;
        if (promote !== undefined) standby.promoteTakenMs = world.clock.nowMs;
        return wants
          .filter((want) => ({failback, tested, promote: promote !== undefined})[want])
          .map((want) => ({want, id: `${standby.boot} ${standby.dropped[want]}`, why: promote ?? ''}));
      }),
    drop: ({want}) =>
      call(0, () => {
        standby.dropped[want] += 1;
        if (want === 'promote') standby.promote = undefined;
        else standby[want] = false;
      }),

    boot: () => call(0, () => standby.boot),
    load: () =>
      call(0, (): Loaded => {
        standby.forgot = standby.broken !== undefined || standby.saved === undefined;
        if (standby.broken !== undefined) {
          const reason = standby.broken;
          standby.broken = undefined;
          standby.saved = undefined;
          return {kind: 'broken', reason, keptAs: 'state.json.broken-1'};
        }
        // As it would come back from a file.
        return standby.saved === undefined
          ? {kind: 'none'}
          : {kind: 'saved', saved: JSON.parse(standby.saved) as Saved};
      }),
    save: (saved) => {
      const text = JSON.stringify(saved);
      return call(diskMs(), () => {
        if (standby.diskFull > 0) throw full();
        standby.saved = text;
      });
    },
    log: {
      append: (events) => {
        const text = JSON.stringify(events);
        return call(diskMs(), () => {
          if (standby.diskFull > 0) throw full();
          standby.events.push(...(JSON.parse(text) as MonitorEvent[]));
        });
      },
      lastSeq: () => call(0, () => standby.events.at(-1)?.seq ?? 0),
      // About as many lines as 64 KiB hold.
      tail: () => call(0, () => JSON.parse(JSON.stringify(standby.events.slice(-60))) as MonitorEvent[]),
    },
    // Never waited for, so no step at which the process can die.
    record: (text) =>
      new Promise((resolve, reject) => {
        const write = () => {
          if (standby.diskFull > 0) return reject(full());
          standby.record += text;
          resolve();
        };
        if (!process.alive) return;
        if (standby.diskSlow > 0) standby.after(slowRecordMs, write);
        else write();
      }),
    live: (sample) => call(0, () => void (world.live = sample)),
    tell: (event) => {
      if (process.alive) world.tell(event);
    },
    alive: () => {
      if (process.alive) world.fedMs = world.clock.nowMs;
    },
  };
}
