import type {FactsRequest} from '../../src/facts/types.js';

/** The request with which the fixtures were recorded (its key makes their markers). */
export function recordedRequest(host: 'primary' | 'standby'): FactsRequest {
  const base = {host, key: 'cd'.repeat(32), files: [], envFiles: [], binDirs: []};
  if (host === 'primary') {
    return {
      ...base,
      packages: ['curl', 'ca-certificates', 'gpg', 'tailscale'],
      units: ['openclaw-workspace-push.service', 'openclaw-workspace-push.timer'],
      users: ['openclaw'],
      checkouts: ['/home/openclaw/.openclaw/workspace'],
    };
  }
  return {
    ...base,
    packages: ['curl', 'fail2ban', 'ufw', 'git', 'xz-utils'],
    units: ['openclaw-health-monitor.service', 'openclaw.service', 'fail2ban.service', 'ssh.service'],
    users: ['openclaw', 'openclaw-monitor'],
    checkouts: ['/home/openclaw/.openclaw/workspace'],
    gatewayUser: 'openclaw',
    probe: {address: '100.64.0.73', port: 18_789},
  };
}
