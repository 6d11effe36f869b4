import type {RemoteFile} from '../ssh/host.js';
import type {Origin} from './header.js';
import {layout, units} from './layout.js';
import {everySandbox} from './sandbox.js';
import {portScriptName} from './scripts/port.js';
import {prepareScriptName} from './scripts/prepare.js';
import {handbackPushScriptName, handbackScriptName} from './scripts/handback.js';
import {secretsPullScriptName} from './scripts/secrets-pull.js';
import {outdatedScriptName} from './scripts/outdated.js';
import {wakeScriptName} from './scripts/warm.js';
import {syncScriptName} from './scripts/sync.js';
import {unitFile} from './unit-file.js';
import {cacheFolder, folder, job, monitorNode, program} from './unit-parts.js';

export const verifyUnit = (origin: Origin): RemoteFile =>
  unitFile(origin, units.verify, {
    Unit: [
      'Description=OpenClaw failover: is the channel account of the standby connected',
      // Lives and ends with the gateway.
      `BindsTo=${units.gateway}`,
      `After=${units.gateway}`,
    ],
    Service: job([
      'Type=exec',
      `ExecStart=${layout.node} ${monitorNode} ${layout.monitorProgram} verify`,
      ...cacheFolder,
      'Restart=on-failure',
      'RestartSec=2',
      'RestartPreventExitStatus=78',
      'TimeoutStopSec=5',
    ]),
  });

/** For a warm standby (a cold one leaves the timer disabled); looking after the sleeping gateway is root's answer to the same wish, again. */
export const warmUnits = (origin: Origin): RemoteFile[] => [
  unitFile(origin, units.wake, {
    Unit: [
      'Description=OpenClaw failover: turn the channel of the sleeping gateway on',
      'StartLimitIntervalSec=0',
    ],
    Service: job([
      'Type=oneshot',
      `ExecStart=${program(wakeScriptName)}`,
      ...cacheFolder,
      'TimeoutStartSec=45',
    ]),
  }),
  unitFile(origin, units.outdated, {
    Unit: [
      'Description=OpenClaw failover: were secrets or config of the sleeping gateway changed',
      'StartLimitIntervalSec=0',
    ],
    Service: job(['Type=oneshot', `ExecStart=${program(outdatedScriptName)}`, 'TimeoutStartSec=15']),
  }),
  unitFile(origin, units.warmTimer, {
    Unit: ['Description=OpenClaw failover: look after the sleeping gateway'],
    // OpenClaw starts no channel after three unclean starts within 5 min.
    Timer: ['OnBootSec=5min', 'OnUnitActiveSec=5min', 'OnUnitInactiveSec=5min', `Unit=${units.role}`],
    Install: ['WantedBy=timers.target'],
  }),
];

export const syncUnits = (origin: Origin): RemoteFile[] => [
  unitFile(origin, units.sync, {
    Unit: [
      'Description=OpenClaw failover: bring the workspace of the standby up to date',
      'Wants=network-online.target',
      'After=network-online.target',
      `Wants=${units.handbackPush}`,
    ],
    Service: job(['Type=oneshot', `ExecStart=${program(syncScriptName)}`, 'TimeoutStartSec=300']),
  }),
  unitFile(origin, units.syncTimer, {
    Unit: ['Description=OpenClaw failover: bring the workspace of the standby up to date'],
    Timer: ['OnBootSec=1min', 'OnUnitActiveSec=5min', 'OnUnitInactiveSec=5min', 'RandomizedDelaySec=15'],
    Install: ['WantedBy=timers.target'],
  }),
];

/** Gets ready at suspicion, once a day and after a boot; it yields to everything else on the host. */
export const prepareUnits = (origin: Origin): RemoteFile[] => [
  unitFile(origin, units.prepare, {
    Unit: [
      'Description=OpenClaw failover: could the standby take over now',
      // Suspicion may come and go often.
      'StartLimitIntervalSec=0',
    ],
    Service: job([
      'Type=oneshot',
      `ExecStart=${program(prepareScriptName)}`,
      ...cacheFolder,
      'Environment=UV_THREADPOOL_SIZE=16',
      'CPUSchedulingPolicy=idle',
      'IOSchedulingClass=idle',
      'Nice=19',
      'TimeoutStartSec=90',
      // A takeover that begins needs the processor.
      'TimeoutStopSec=1',
    ]),
  }),
  unitFile(origin, units.preparePath, {
    Unit: ['Description=OpenClaw failover: the health monitor suspects something'],
    Path: [`PathChanged=${layout.prepare}`, `Unit=${units.prepare}`],
    Install: ['WantedBy=multi-user.target'],
  }),
  unitFile(origin, units.prepareTimer, {
    Unit: ['Description=OpenClaw failover: could the standby take over now'],
    Timer: ['OnBootSec=2min', 'OnUnitInactiveSec=1d', 'RandomizedDelaySec=60', `Unit=${units.prepare}`],
    Install: ['WantedBy=timers.target'],
  }),
];

/** Root's, and the only one that may look into other users' processes; run when a start failed. */
export const portUnit = (origin: Origin): RemoteFile =>
  unitFile(origin, units.port, {
    Unit: [
      `Description=OpenClaw failover: who listens on port ${layout.gatewayPort}`,
      'StartLimitIntervalSec=0',
    ],
    Service: [
      'Type=oneshot',
      `ExecStart=${program(portScriptName)}`,
      'TimeoutStartSec=10',
      `RuntimeDirectory=${folder(layout.roleRun)}`,
      'RuntimeDirectoryMode=0755',
      'RuntimeDirectoryPreserve=yes',
      ...everySandbox.filter((line) => !line.startsWith('CapabilityBoundingSet=')),
      'CapabilityBoundingSet=CAP_SYS_PTRACE CAP_DAC_READ_SEARCH',
      'ProtectHome=yes',
      'RestrictSUIDSGID=yes',
      'MemoryDenyWriteExecute=yes',
      'RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6',
      'SystemCallFilter=@system-service',
      'UMask=0022',
    ],
  });

export const handbackUnits = (origin: Origin): RemoteFile[] => [
  unitFile(origin, units.handback, {
    Unit: ['Description=OpenClaw failover: keep what the standby changed on a branch of its own'],
    Service: job(['Type=oneshot', `ExecStart=${program(handbackScriptName)}`, 'TimeoutStartSec=60']),
  }),
  unitFile(origin, units.handbackPush, {
    Unit: [
      'Description=OpenClaw failover: push what the standby changed',
      `After=${units.handback} ${units.sync}`,
    ],
    Service: job(['Type=oneshot', `ExecStart=${program(handbackPushScriptName)}`, 'TimeoutStartSec=200']),
  }),
];

/** Nobody waits for it: a takeover starts with the set that is in force then. */
export const secretsPullUnits = (origin: Origin): RemoteFile[] => [
  unitFile(origin, units.secretsPull, {
    Unit: ['Description=OpenClaw failover: pull the allowed secrets from their source'],
    Service: job([
      'Type=oneshot',
      `ExecStart=${program(secretsPullScriptName)}`,
      'TimeoutStartSec=60',
      'Nice=10',
    ]),
  }),
  unitFile(origin, units.secretsPullTimer, {
    Unit: ['Description=OpenClaw failover: pull the allowed secrets every 15 min'],
    Timer: ['OnBootSec=2min', 'OnUnitActiveSec=15min', 'OnUnitInactiveSec=15min', 'RandomizedDelaySec=30'],
    Install: ['WantedBy=timers.target'],
  }),
];
