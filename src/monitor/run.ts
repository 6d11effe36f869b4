import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {askChannels, readChannelStatus} from './channel-status.js';
import {replaceFile} from './files.js';
import {Monitor} from './loop.js';
import {systemdNotifier} from './notify.js';
import {becomeTheOnlyOne} from './only-one.js';
import type {MonitorPaths} from './paths.js';
import {probeGateway} from './probe.js';
import {realPorts} from './real-ports.js';
import {readRole} from './role.js';
import {BadSettings, parseSettings, type MonitorSettings} from './settings.js';
import {verify} from './verify.js';

/** @throws BadSettings, also for a file that cannot be read. */
export async function loadSettings(file: string): Promise<MonitorSettings> {
  try {
    return parseSettings(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof BadSettings) throw new BadSettings(`${file}: ${error.message}`);
    throw new BadSettings(`${file} cannot be read: ${(error as Error).message}.`);
  }
}

/**
 * The service: until SIGTERM or SIGINT. SIGHUP reads the settings again. Ending it changes no role.
 * @throws BadSettings, and Error when another monitor runs here.
 */
export async function runMonitor(paths: MonitorPaths): Promise<void> {
  const settings = await loadSettings(paths.settings);
  const lock = await becomeTheOnlyOne(paths.socket);
  const notifier = systemdNotifier(process.env);
  const monitor = new Monitor(realPorts(paths, notifier), settings);
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  process.once('SIGINT', () => stop.abort());
  process.on('SIGHUP', () =>
    loadSettings(paths.settings).then(
      (fresh) => monitor.use(fresh),
      (error: Error) => monitor.use(undefined, error.message),
    ),
  );
  await monitor.start();
  notifier.ready();
  while (!stop.signal.aborted) {
    const ms = await monitor.tick();
    await sleep(ms, undefined, {signal: stop.signal}).catch(() => {});
  }
  lock.close();
}

/** The verify service: until it is stopped together with the gateway. */
export async function runVerify(paths: MonitorPaths): Promise<void> {
  const settings = await loadSettings(paths.settings);
  let stopped = false;
  process.once('SIGTERM', () => {
    stopped = true;
    process.exit(0);
  });
  await verify(
    {
      gateway: () => probeGateway(settings),
      status: async () => readChannelStatus(await askChannels(paths.openclaw), settings.channel),
      role: () => readRole(paths.role),
      write: (report) =>
        replaceFile(path.join(paths.work, 'verify.json'), `${JSON.stringify(report)}\n`, {sync: false}),
      sleep: (ms) => sleep(ms),
      wallMs: () => Date.now(),
    },
    () => stopped,
  );
}
