import {layout} from './layout.js';
import {gatewaySandbox} from './sandbox.js';

// What several units have in common.

export const program = (name: string) => `${layout.lib}/${name}`;
export const folder = (path: string) => path.split('/').at(-1);
export const nodePath = `PATH=${layout.nodeDir}/bin:/usr/local/bin:/usr/bin:/bin`;

/** Where jobs of the gateway's user leave their results, for the monitor. */
export const reportFolder = [
  `RuntimeDirectory=${folder(layout.workRun)}`,
  'RuntimeDirectoryMode=0755',
  'RuntimeDirectoryPreserve=yes',
];
export const cacheFolder = [
  `Environment=NODE_COMPILE_CACHE=${layout.compileCache}`,
  `CacheDirectory=${folder(layout.compileCache)}`,
  'CacheDirectoryMode=0700',
];

/** The config that sleeps and wakes; OpenClaw itself neither edits nor "restores" it. */
export const warmEnvironment = [
  `Environment=OPENCLAW_CONFIG_PATH=${layout.liveConfig}`,
  `Environment=OPENCLAW_STATE_DIR=${layout.stateDir}`,
  'Environment=OPENCLAW_CONFIG_READONLY=1',
];

/** Small and never in the way: the standby's memory belongs to the gateway. */
export const monitorNode = '--max-old-space-size=32 --max-semi-space-size=1';

/** A job of the gateway's user; its result goes to a folder that the monitor can read. */
export const job = (lines: readonly string[]) => [
  `User=${layout.user}`,
  `Group=${layout.user}`,
  ...lines,
  ...reportFolder,
  'EnvironmentFile=-/etc/environment',
  `Environment=${nodePath}`,
  ...gatewaySandbox(layout.home),
];
