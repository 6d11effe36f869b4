// What a host has, and what a removal leaves of it: the same host before setup and after `remove`.

import JSON5 from 'json5';
import {layout} from '../../src/templates/layout.js';
import {listing, sh} from './host-state.js';
import type {LabHost} from './lab.js';

export interface Inventory {
  /** Path, owner, mode and, of files, size. Not when they changed: users and configs are written again. */
  files: string[];
  users: string[];
  groups: string[];
  /** Unit files with their state, and units that run. */
  units: string[];
  /** Lines of every authorized_keys. */
  keys: string[];
  cron: string[];
  /** Names in /run, /tmp and the folders of systemd for state, caches and logs. */
  run: string[];
  firewall: string[];
  /** The gateway's config, where the host has one. */
  config: Record<string, any> | undefined;
}

/** What is in force on a host at this moment. */
export async function inventoryOf(host: LabHost): Promise<Inventory> {
  const lines = async (script: string) => (await sh(host, script)).split('\n').filter(Boolean).toSorted();
  const config = await host.exec(['cat', layout.config]);
  const [files, users, groups, units, keys, cron, run, firewall] = await Promise.all([
    listing(host).then((all) => all.map((line) => line.replace(/ \d+\.\d+$/, ''))),
    lines('getent passwd'),
    lines('getent group'),
    lines(
      `systemctl list-unit-files --no-legend --no-pager; systemctl list-units --no-legend --no-pager --plain 'openclaw*'`,
    ),
    lines('cat /root/.ssh/authorized_keys /home/*/.ssh/authorized_keys 2>/dev/null || :'),
    lines('ls -R /etc/cron* /var/spool/cron 2>/dev/null || :'),
    lines('for d in /run /tmp /var/cache /var/log /var/mail; do ls -d $d/* 2>/dev/null; done || :'),
    lines('{ ufw show added 2>/dev/null || :; } | grep "^ufw" || :'),
  ]);
  return {
    files,
    users,
    groups,
    units,
    keys,
    cron,
    run,
    firewall,
    config: config.code === 0 ? JSON5.parse(config.stdout) : undefined,
  };
}

/** What stays, and why; everything else has to be as it was. */
const allowed: readonly [why: string, pattern: RegExp][] = [
  [
    'packages stay, and keep their books',
    /^[-+] \/var\/lib\/(?:dpkg|apt|ucf|git|unattended-upgrades|python)\b/,
  ],
  [
    'packages: what they compile and link by themselves',
    /\/__pycache__\b|^[-+] \/etc\/(?:alternatives|rc.\.d|ssl\/certs|ca-certificates\.conf|ld\.so\.cache)\b/,
  ],
  [
    'packages: services that stay',
    /multi-user\.target\.wants\/(?:fail2ban|ufw|unattended-upgrades)\.service/,
  ],
  [
    'packages: settings that their scripts write',
    /^[-+] \/etc\/(?:apt\/apt\.conf\.d\/(?:20auto|50unattended)-upgrades|default\/(?:ufw|fail2ban)|ufw\/\S+|update-motd\.d\/\S+|networks|perl|monit)\b/,
  ],
  [
    'hardening stays unless it is asked for',
    /^\+ \/etc\/(?:fail2ban\/jail\.d\/failover-wizard\.local|apt\/apt\.conf\.d\/52failover-wizard) /,
  ],
  [
    'users: what useradd and userdel keep of the file before',
    /^[-+] \/etc\/(?:passwd|group|shadow|gshadow|subuid|subgid)- /,
  ],
  [
    'OpenClaw: its own copies, logs and links',
    /^[-+] \/home\/openclaw\/(?:\.npm\/_logs\/|\.openclaw\/(?:openclaw\.json(?:\.bak(?:\.\d)?|\.last-good)? |plugin-skills))/,
  ],
  ['systemd: names that are new with each boot', /^[-+] \/(?:run|tmp|var\/tmp)\/(?:systemd-private-|motd)/],
  [
    'packages: their sockets, logs and caches',
    /^\+ \/(?:run|var\/log|var\/cache)\/(?:fail2ban|ufw|unattended-upgrades|apt|dpkg|alternatives)\S*$/,
  ],
];

/** Differences that nothing explains; each says in which part it is. */
export async function leftBehind(host: LabHost, before: Inventory, after: Inventory): Promise<string[]> {
  // With a package come newer ones of those that were there, and links of Debian's alternatives.
  const list = await sh(host, `cat /var/lib/dpkg/info/*.list; find /usr -lname '/etc/alternatives/*'`);
  // A path of a package may lead through /lib, which is /usr/lib.
  const packaged = new Set(list.split('\n').flatMap((path) => [path, `/usr${path}`]));
  const differing = (part: Exclude<keyof Inventory, 'config'>) => {
    const [one, other] = [new Set(before[part]), new Set(after[part])];
    return [
      ...before[part].filter((line) => !other.has(line)).map((line) => `- ${line}`),
      ...after[part].filter((line) => !one.has(line)).map((line) => `+ ${line}`),
    ];
  };
  const unexplained = (line: string) =>
    !packaged.has(line.slice(2).split(' ')[0]!) && !allowed.some(([, pattern]) => pattern.test(line));
  const parts = ['files', 'users', 'groups', 'keys', 'cron', 'run'] as const;
  return [
    ...parts.flatMap((part) =>
      differing(part)
        .filter(unexplained)
        .map((line) => `${part}: ${line}`),
    ),
    ...differing('units')
      .filter((line) => !/^\+ (?:fail2ban|ufw|unattended-upgrades)\.service /.test(line))
      .map((line) => `units: ${line}`),
    ...differing('firewall')
      .filter((line) => line !== `+ ufw allow 22/tcp comment 'SSH (failover-wizard)'`)
      .map((line) => `firewall: ${line}`),
  ];
}

/** A gateway's config as it decides: an account that says it is enabled is one that says nothing. */
export function meaning(config: Record<string, any> | undefined): unknown {
  const {meta: _meta, ...rest} = structuredClone(config ?? {});
  for (const channel of Object.values<any>(rest['channels'] ?? {}))
    for (const account of Object.values<any>(channel.accounts ?? {}))
      if (account.enabled === true) delete account.enabled;
  return rest;
}
