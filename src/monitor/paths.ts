import path from 'node:path';
import {layout, units} from '../templates/layout.js';

/** Where the monitor reads and writes; below another root in tests. */
export function monitorPaths(root = '/') {
  const below = (absolute: string) => path.join(root, absolute);
  return {
    root,
    settings: below(layout.monitorSettings),
    goodSettings: below(layout.goodSettings),
    state: below(layout.stateJson),
    witnesses: below(layout.witnesses),
    events: below(layout.events),
    record: below(layout.record),
    role: below(layout.role),
    handled: below(layout.handled),
    handledWhy: below(layout.handledWhy),
    prepare: below(layout.prepare),
    pause: below(layout.pause),
    failback: below(layout.failback),
    tested: below(layout.tested),
    promote: below(layout.promote),
    run: below(layout.run),
    workspace: below(layout.workspace),
    modelsProof: below(`${layout.proofs}/models`),
    live: below(layout.live),
    notify: below(layout.notifySettings),
    notifySecrets: below(layout.notifySecrets),
    tellQueue: below(layout.tellQueue),
    tellTest: below(layout.tellTest),
    interrogationKey: below(layout.interrogationKey),
    interrogationKnownHosts: below(layout.interrogationKnownHosts),
    /** A word that is gone after a reboot, because /run is. */
    boot: below(`${layout.run}/boot`),
    socket: below(`${layout.run}/monitor.sock`),
    work: below(layout.workRun),
    warmReport: below(layout.warmReport),
    envFile: below(layout.envFile),
    unit: units.gateway,
    openclaw: `${layout.openclawPackage}/openclaw.mjs`,
    warm: {
      node: layout.node,
      compileCache: below(layout.compileCache),
      modules: [layout.openclawPackage, below(`${layout.stateDir}/npm`)],
    },
  };
}
export type MonitorPaths = ReturnType<typeof monitorPaths>;
