/**
 * What a unit of ours may do, as lines of its [Service] section. Tried with systemd 252; `systemd-analyze security`
 * says 1.2 for the monitor and 1.5 for the gateway. These hold for every unit, also those that run as root.
 */
export const everySandbox = [
  'CapabilityBoundingSet=',
  'NoNewPrivileges=yes',
  'ProtectSystem=strict',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelLogs=yes',
  'ProtectControlGroups=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'LockPersonality=yes',
  'SystemCallArchitectures=native',
];

/** And these for every service that runs as a user of its own. */
const ownUser = [
  ...everySandbox,
  'AmbientCapabilities=',
  'DevicePolicy=closed',
  'ProtectProc=invisible',
  'KeyringMode=private',
  'UMask=0077',
];

/**
 * The monitor: no home, no files but its own two folders, no user but its own. Its Node runs without a compiler
 * (--jitless), so nothing in it is both written and executed.
 */
export const monitorSandbox = [
  ...ownUser,
  'MemoryDenyWriteExecute=yes',
  'ProtectHome=yes',
  'PrivateUsers=yes',
  'ProcSubset=pid',
  'RestrictSUIDSGID=yes',
  'RemoveIPC=yes',
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources',
];

/**
 * The gateway and every job of its user: their home and nothing else of anybody's. What is left out has a reason:
 * RestrictSUIDSGID makes openat2 fail, and then the gateway cannot take its state lock; with PrivateUsers the
 * `openclaw` command cannot see whose port it is and waits a minute for a gateway that is there; ProcSubset would
 * take /proc/meminfo and the like from the agent's tools. AF_NETLINK: it lists network interfaces. A system call
 * that is not allowed fails instead of killing one of those tools.
 */
export const gatewaySandbox = (home: string) => [
  ...ownUser,
  'ProtectHome=tmpfs',
  `BindPaths=${home}`,
  'RemoveIPC=yes',
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources',
  'SystemCallErrorNumber=EPERM',
];
