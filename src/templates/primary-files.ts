import type {RemoteFile} from '../ssh/host.js';
import type {Origin} from './header.js';
import {layout, units} from './layout.js';
import {everySandbox} from './sandbox.js';
import {workspacePushScript, workspacePushScriptName} from './scripts/workspace-push.js';
import {unitFile} from './unit-file.js';

export interface PrimaryFilesInput extends Origin {
  /** Owner of the gateway and its workspace. */
  gatewayUser: string;
  /** Absolute path of the primary's workspace checkout. */
  workspace: string;
  branch: string;
  /** Used where the checkout itself names no SSH command. */
  deployKey?: string;
}

/** Everything of ours that lands on the primary: the push timer. Paths with spaces are fine, with newlines not. */
export function primaryFiles(input: PrimaryFilesInput): RemoteFile[] {
  return [
    workspacePushScript(input, input),
    unitFile(input, units.push, {
      Unit: [
        'Description=OpenClaw failover: push the workspace, so that the standby has it',
        'Wants=network-online.target',
        'After=network-online.target',
      ],
      Service: [
        'Type=oneshot',
        `User=${input.gatewayUser}`,
        `ExecStart=${layout.lib}/${workspacePushScriptName}`,
        'EnvironmentFile=-/etc/environment',
        // 30 s for the lock, 60 for the fetch, 120 for the push.
        'TimeoutStartSec=240',
        'Nice=10',
        'UMask=0077',
        ...everySandbox,
        `ReadWritePaths=${quoted(input.workspace)}`,
        'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
        'SystemCallFilter=@system-service',
      ],
    }),
    unitFile(input, units.pushTimer, {
      Unit: ['Description=OpenClaw failover: push the workspace every 5 min'],
      Timer: ['OnBootSec=2min', 'OnActiveSec=0', 'OnUnitInactiveSec=5min', 'RandomizedDelaySec=10'],
      Install: ['WantedBy=timers.target'],
    }),
  ];
}

/** One word of a unit file; % begins a specifier there. */
const quoted = (path: string) =>
  `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
