import type {RemoteFile} from '../ssh/host.js';
import type {Origin} from './header.js';
import {layout, units} from './layout.js';
import {everySandbox, gatewaySandbox, monitorSandbox} from './sandbox.js';
import {guardScriptName} from './scripts/guard.js';
import {handbackPushScriptName, handbackScriptName} from './scripts/handback.js';
import {roleScriptName} from './scripts/role.js';
import {syncScriptName} from './scripts/sync.js';
import {unitFile} from './unit-file.js';

const program = (name: string) => `${layout.lib}/${name}`;
const folder = (path: string) => path.split('/').at(-1);
const nodePath = `PATH=${layout.nodeDir}/bin:/usr/local/bin:/usr/bin:/bin`;
const compileCache = '/var/cache/openclaw-failover';

/** Small and never in the way: the standby's memory belongs to the gateway. */
const monitorNode = '--max-old-space-size=32 --max-semi-space-size=1';

export const monitorUnit = (origin: Origin): RemoteFile =>
  unitFile(origin, units.monitor, {
    Unit: [
      `Description=OpenClaw failover: health monitor of the pair ${origin.pairName}`,
      'Wants=network-online.target',
      'After=network-online.target',
      `Wants=${units.rolePath}`,
      // Giving up is not among the things it may do.
      'StartLimitIntervalSec=0',
    ],
    Service: [
      'Type=notify',
      // The notification comes from systemd-notify, a child.
      'NotifyAccess=all',
      `User=${layout.monitorUser}`,
      `Group=${layout.monitorUser}`,
      `ExecStart=${layout.node} ${monitorNode} ${layout.monitorProgram} run`,
      'ExecReload=/bin/kill -HUP $MAINPID',
      'Restart=always',
      'RestartSec=1',
      // Settings that cannot be used.
      'RestartPreventExitStatus=78',
      'WatchdogSec=30',
      'WatchdogSignal=SIGKILL',
      'TimeoutStartSec=30',
      'TimeoutStopSec=10',
      'OOMScoreAdjust=-500',
      'MemoryMax=256M',
      'TasksMax=64',
      `StateDirectory=${folder(layout.state)}`,
      'StateDirectoryMode=0755',
      `RuntimeDirectory=${folder(layout.run)}`,
      'RuntimeDirectoryMode=0755',
      // The role outlives the monitor: its restart changes nothing.
      'RuntimeDirectoryPreserve=yes',
      ...monitorSandbox,
    ],
    Install: ['WantedBy=multi-user.target'],
  });

/** Without [Install]: it cannot be enabled. The role guard refuses every start that the monitor did not wish. */
export const gatewayUnit = (origin: Origin): RemoteFile =>
  unitFile(origin, units.gateway, {
    Unit: [
      `Description=OpenClaw gateway of the standby, started by ${units.monitor} only`,
      'Wants=network-online.target',
      'After=network-online.target',
      `Wants=${units.verify}`,
      // How often it is started is the monitor's to decide.
      'StartLimitIntervalSec=0',
    ],
    Service: [
      'Type=exec',
      `User=${layout.user}`,
      `Group=${layout.user}`,
      `WorkingDirectory=${layout.home}`,
      `ExecStartPre=${program(guardScriptName)}`,
      `ExecStartPre=${layout.node} ${layout.accountsProgram} guard`,
      `ExecStart=${layout.node} ${layout.openclawPackage}/dist/index.js gateway`,
      // Proxies and certificates of this host.
      'EnvironmentFile=-/etc/environment',
      `Environment=${nodePath}`,
      `Environment=NODE_COMPILE_CACHE=${compileCache}`,
      `CacheDirectory=${folder(compileCache)}`,
      'CacheDirectoryMode=0700',
      'Restart=no',
      'RestartPreventExitStatus=78',
      'SuccessExitStatus=0 143',
      'KillMode=mixed',
      'TimeoutStartSec=60',
      // A turn in flight is drained for up to 315 s.
      'TimeoutStopSec=330',
      'OOMPolicy=continue',
      ...gatewaySandbox(layout.home),
    ],
  });

export const rolePathUnit = (origin: Origin): RemoteFile =>
  unitFile(origin, units.rolePath, {
    Unit: ['Description=OpenClaw failover: the wish of the health monitor'],
    Path: [`PathChanged=${layout.role}`, `Unit=${units.role}`],
    Install: ['WantedBy=multi-user.target'],
  });

export const roleUnit = (origin: Origin): RemoteFile =>
  unitFile(origin, units.role, {
    Unit: [
      `Description=OpenClaw failover: start or stop ${units.gateway} as wished`,
      'StartLimitIntervalSec=0',
    ],
    Service: [
      'Type=oneshot',
      `ExecStart=${program(roleScriptName)}`,
      // It waits for a gateway that drains.
      'TimeoutStartSec=450',
      `RuntimeDirectory=${folder(layout.roleRun)}`,
      'RuntimeDirectoryMode=0755',
      'RuntimeDirectoryPreserve=yes',
      ...everySandbox,
      'ProtectHome=yes',
      'PrivateNetwork=yes',
      'RestrictSUIDSGID=yes',
      'MemoryDenyWriteExecute=yes',
      'RestrictAddressFamilies=AF_UNIX',
      'SystemCallFilter=@system-service',
      'UMask=0022',
    ],
  });

/** A job of the gateway's user; its result goes to a folder that the monitor can read. */
const job = (lines: readonly string[]) => [
  `User=${layout.user}`,
  `Group=${layout.user}`,
  ...lines,
  `RuntimeDirectory=${folder(layout.workRun)}`,
  'RuntimeDirectoryMode=0755',
  'RuntimeDirectoryPreserve=yes',
  'EnvironmentFile=-/etc/environment',
  `Environment=${nodePath}`,
  ...gatewaySandbox(layout.home),
];

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
      `Environment=NODE_COMPILE_CACHE=${compileCache}`,
      `CacheDirectory=${folder(compileCache)}`,
      'CacheDirectoryMode=0700',
      'Restart=on-failure',
      'RestartSec=2',
      'RestartPreventExitStatus=78',
      'TimeoutStopSec=5',
    ]),
  });

export const syncUnits = (origin: Origin): RemoteFile[] => [
  unitFile(origin, units.sync, {
    Unit: [
      'Description=OpenClaw failover: bring the workspace of the standby up to date',
      'Wants=network-online.target',
      'After=network-online.target',
      `Wants=${units.handbackPush}`,
    ],
    // A takeover waits 10 s for it and then ends it (the role program); a timer's run may take its time.
    Service: job(['Type=oneshot', `ExecStart=${program(syncScriptName)}`, 'TimeoutStartSec=300']),
  }),
  unitFile(origin, units.syncTimer, {
    Unit: ['Description=OpenClaw failover: bring the workspace of the standby up to date'],
    Timer: ['OnBootSec=1min', 'OnUnitActiveSec=5min', 'OnUnitInactiveSec=5min', 'RandomizedDelaySec=15'],
    Install: ['WantedBy=timers.target'],
  }),
];

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
