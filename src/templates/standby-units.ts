import type {RemoteFile} from '../ssh/host.js';
import type {Origin} from './header.js';
import {layout, units} from './layout.js';
import {everySandbox, gatewaySandbox, monitorSandbox} from './sandbox.js';
import {guardScriptName} from './scripts/guard.js';
import {roleScriptName} from './scripts/role.js';
import {type StandbyMode} from './scripts/warm.js';
import {unitFile} from './unit-file.js';
import {cacheFolder, folder, nodePath, program, reportFolder, warmEnvironment} from './unit-parts.js';

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
      // 8 MB of it are in use; a heap that may grow is grown into, and takes 20 MB more within the hour.
      `ExecStart=${layout.node} --max-old-space-size=24 --max-semi-space-size=1 --optimize-for-size --jitless ${layout.monitorProgram} run`,
      // Of several arenas each keeps memory that nobody uses.
      'Environment=MALLOC_ARENA_MAX=1',
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
      // A child that delivers a message may be ended for its memory; the monitor goes on.
      'OOMPolicy=continue',
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
export const gatewayUnit = (origin: Origin, {mode}: StandbyMode): RemoteFile =>
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
      `ExecStart=${layout.node} ${layout.openclawPackage}/dist/index.js gateway`,
      // Proxies and certificates of this host.
      'EnvironmentFile=-/etc/environment',
      `Environment=${nodePath}`,
      ...cacheFolder,
      ...(mode === 'warm' ? warmEnvironment : []),
      // The guard says there what it found of the workspace.
      ...reportFolder,
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
