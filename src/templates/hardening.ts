import type {RemoteFile} from '../ssh/host.js';

/**
 * fail2ban that runs without rsyslog (Debian 12 and later have none): it reads the journal. From OpenSSH 9.8
 * on the process that logs is `sshd-session`.
 */
export function fail2banJail(header: string, sshPort: number): RemoteFile {
  return {
    path: '/etc/fail2ban/jail.d/failover-wizard.local',
    owner: 'root',
    group: 'root',
    mode: 0o644,
    content: `${header}[sshd]
enabled = true
port = ${sshPort}
backend = systemd
journalmatch = _SYSTEMD_UNIT=ssh.service + _COMM=sshd + _COMM=sshd-session
maxretry = 5
findtime = 10m
bantime = 1h
`,
  };
}

/** Security updates every day, without a reboot: the standby must not vanish by itself. */
export function unattendedUpgrades(header: string): RemoteFile {
  return {
    path: '/etc/apt/apt.conf.d/52failover-wizard',
    owner: 'root',
    group: 'root',
    mode: 0o644,
    content: `${header}APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
Unattended-Upgrade::Automatic-Reboot "false";
`,
  };
}
