import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {askAccount} from './ask-account.js';
import {replaceFile} from './files.js';
import {loadAndKeep, settingsInForce} from './good-settings.js';
import {Monitor} from './loop.js';
import {systemdNotifier} from './notify.js';
import {becomeTheOnlyOne} from './only-one.js';
import type {MonitorPaths} from './paths.js';
import {probeGateway} from './probe.js';
import {monotonicMs, realPorts} from './real-ports.js';
import {readRole} from './role.js';
import {verify} from './verify.js';
import {awaitAwake} from './wake.js';

/**
 * The service: until SIGTERM or SIGINT. SIGHUP reads the settings again. Ending it changes no role.
 * @throws BadSettings, and Error when another monitor runs here.
 */
export async function runMonitor(paths: MonitorPaths): Promise<void> {
  const {settings, problem} = await settingsInForce(paths, loadAndKeep);
  const lock = await becomeTheOnlyOne(paths.socket);
  const notifier = systemdNotifier(process.env);
  const stop = new AbortController();
  const ports = realPorts(paths, notifier, {pair: settings.pair, signal: stop.signal});
  const monitor = new Monitor(ports, settings);
  process.once('SIGTERM', () => stop.abort());
  process.once('SIGINT', () => stop.abort());
  process.on('SIGHUP', () =>
    loadAndKeep(paths).then(
      (fresh) => monitor.use(fresh),
      (error: Error) => monitor.use(undefined, error.message),
    ),
  );
  await monitor.start();
  if (problem !== undefined) monitor.use(undefined, problem);
  notifier.ready();
  while (!stop.signal.aborted) {
    const ms = await monitor.tick();
    await sleep(ms, undefined, {signal: stop.signal}).catch(() => {});
  }
  lock.close();
  // Not after a question about a name that nobody answers.
  process.exit();
}

/** The verify service: until it is stopped together with the gateway. */
export async function runVerify(paths: MonitorPaths): Promise<void> {
  const {settings} = await settingsInForce(paths);
  let stopped = false;
  process.once('SIGTERM', () => {
    stopped = true;
    process.exit(0);
  });
  await verify(
    {
      gateway: () => probeGateway(settings),
      status: () => askAccount(paths, settings),
      role: () => readRole(paths.role),
      write: (report) =>
        replaceFile(path.join(paths.work, 'verify.json'), `${JSON.stringify(report)}\n`, {sync: false}),
      sleep: (ms) => sleep(ms),
      nowMs: monotonicMs,
      wallMs: () => Date.now(),
    },
    () => stopped,
  );
}

/** Part of waking a warm gateway. @throws Error when it does not take its config over */
export async function runAwaitAwake(paths: MonitorPaths): Promise<void> {
  const {settings} = await settingsInForce(paths);
  const woke = await awaitAwake({
    status: () => askAccount(paths, settings),
    sleep: (ms) => sleep(ms),
    nowMs: monotonicMs,
  });
  if (!woke) throw new Error('The sleeping gateway did not take over the config that turns its channel on.');
}
