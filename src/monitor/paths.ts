import path from 'node:path';
import {layout, units} from '../templates/layout.js';

/** Where the monitor reads and writes; below another root in tests. */
export function monitorPaths(root = '/') {
  const below = (absolute: string) => path.join(root, absolute);
  return {
    settings: below(layout.monitorSettings),
    state: below(layout.stateJson),
    events: below(layout.events),
    role: below(layout.role),
    handled: below(layout.handled),
    pause: below(layout.pause),
    failback: below(layout.failback),
    tested: below(layout.tested),
    live: below(layout.live),
    /** A word that is gone after a reboot, because /run is. */
    boot: below(`${layout.run}/boot`),
    socket: below(`${layout.run}/monitor.sock`),
    work: below(layout.workRun),
    unit: units.gateway,
    openclaw: `${layout.openclawPackage}/openclaw.mjs`,
  };
}
export type MonitorPaths = ReturnType<typeof monitorPaths>;
