import type {HostFacts} from '../facts/types.js';
import {layout, units} from '../templates/layout.js';
import {monitorView} from './monitor-view.js';
import type {Finding} from './phase.js';

/** Distributions whose packages and paths the phases know, by os-release's ID and VERSION_ID. */
const supported: Readonly<Record<string, readonly string[]>> = {
  debian: ['12', '13'],
  ubuntu: ['22.04', '24.04'],
};
/** bytes: Node, OpenClaw with its dependencies, its plugin, and room for the swap on an update. */
const diskNeeded = 3_000_000_000;
/** bytes: the gateway takes 0.9 GB when it runs. */
const memoryWanted = 1_400_000_000;

/** What makes a host unfit to be the standby, before anything is changed on it. */
export function standbyFindings(facts: HostFacts): Finding[] {
  const findings: Finding[] = [];
  const blocks = (id: string, sentence: string, fix: string) =>
    findings.push({id, host: facts.host, level: 'blocks', sentence, fix});
  const {id, versionId, prettyName} = facts.os;
  if (!supported[id]?.includes(versionId)) {
    blocks(
      'os',
      `The standby runs ${prettyName || 'an unknown system'}.`,
      'Use Debian 12 or 13, or Ubuntu 22.04 or 24.04.',
    );
  }
  if (!facts.systemd.known) {
    blocks(
      'systemd',
      `systemd does not run the standby: ${facts.systemd.reason}.`,
      'Use a server that boots with systemd (not a plain container).',
    );
  }
  if (!['x86_64', 'aarch64'].includes(facts.os.arch)) {
    blocks(
      'arch',
      `There is no Node build for the standby's processor (${facts.os.arch}).`,
      'Use an x86-64 or ARM64 server.',
    );
  }
  const installed = facts.openclaw.known && facts.openclaw.value !== null;
  const disk = facts.disks['/opt'] ?? facts.disks['/'];
  if (disk?.readOnly)
    blocks('disk', 'The standby’s disk is read-only.', 'Look for disk errors (dmesg | tail) and remount it.');
  else if (disk && !installed && disk.freeBytes < diskNeeded) {
    blocks(
      'disk',
      `The standby has ${gigabytes(disk.freeBytes)} free; OpenClaw needs ${gigabytes(diskNeeded)}.`,
      'Free some space, or take a larger disk.',
    );
  }
  if (facts.memory.totalBytes < memoryWanted) {
    findings.push({
      id: 'memory',
      host: facts.host,
      level: 'warning',
      sentence: `The standby has ${gigabytes(facts.memory.totalBytes)} of memory; the gateway takes 0.9 GB when it runs.`,
      fix: 'It may work with swap; 2 GB is comfortable.',
    });
  }
  const monitor = facts.monitorState.known ? monitorView(facts.monitorState.value) : undefined;
  if (monitor && ['promoting', 'active', 'recovering', 'demoting'].includes(monitor.state)) {
    blocks(
      'active',
      `The standby is ${monitor.state} right now.`,
      'Wait until it has stepped back, then run setup again.',
    );
  }
  for (const [id, sentence, fix] of foreign(facts)) blocks(id, sentence, fix);
  return findings;
}

/** What somebody else put on the standby and setup would walk over, or must not trust. */
function foreign(facts: HostFacts): [id: string, sentence: string, fix: string][] {
  const found: [string, string, string][] = [];
  if (!facts.sshPort.known) {
    found.push([
      'ssh-port',
      `The port that SSH uses on the standby is unknown (${facts.sshPort.reason}), so the firewall could lock you out.`,
      'Connect to it directly, not through a forwarded port or a console.',
    ]);
  }
  const port = facts.listeners.known && facts.listeners.value.find((one) => one.port === layout.gatewayPort);
  // A warm standby's own gateway, which sleeps, is not somebody else's.
  const own = facts.units[units.gateway]?.mainPid;
  if (port && !(port.pid !== undefined && port.pid === own)) {
    found.push([
      'port',
      `Port ${layout.gatewayPort} of the standby is taken${port.process ? ` by ${port.process} (${port.pid ?? '?'})` : ''}.`,
      'A gateway of somebody else may run there: stop it and disable its unit, then run setup again.',
    ]);
  }
  const unit = facts.files[`/etc/systemd/system/${units.gateway}`];
  if (unit?.content !== undefined && !unit.content.includes('failover-wizard')) {
    found.push([
      'unit',
      `The standby has a ${units.gateway} that is not ours.`,
      `Stop and remove it (systemctl disable --now ${units.gateway}), then run setup again.`,
    ]);
  }
  const user = facts.users[layout.user];
  const powers =
    user?.groups.filter((group) => ['sudo', 'wheel', 'admin', 'docker', 'lxd', 'root'].includes(group)) ?? [];
  if (user && (powers.length > 0 || user.home !== layout.home)) {
    found.push([
      'user',
      `The standby has a user ${layout.user} ${powers.length > 0 ? `in the group ${powers.join(', ')}` : `with the home ${user.home}`}.`,
      powers.length > 0
        ? `The gateway must not be able to become root: deluser ${layout.user} ${powers[0]}`
        : `The gateway's user lives in ${layout.home}: rename the other one, or move its home.`,
    ]);
  }
  return found;
}

/** What makes the primary's gateway impossible to handle, and what is weak about it. */
export function primaryFindings(facts: HostFacts): Finding[] {
  const findings: Finding[] = [];
  const blocks = (id: string, sentence: string, fix: string) =>
    findings.push({id, host: facts.host, level: 'blocks', sentence, fix});
  if (!facts.gateway.known) {
    blocks(
      'gateway',
      `It cannot be told how the gateway runs on the primary: ${facts.gateway.reason}.`,
      'Log in as root or as a sudo user.',
    );
    return findings;
  }
  const {form, user, pid} = facts.gateway.value;
  if (form === 'none') {
    blocks(
      'gateway',
      'No OpenClaw gateway was found on the primary.',
      'Install and start it there first (openclaw gateway install), or swap the two servers.',
    );
  } else if (form === 'foreground') {
    blocks(
      'gateway',
      `The primary’s gateway was started by hand (process ${pid ?? '?'} of ${user ?? '?'}), so nothing restarts it.`,
      'Make it a service: openclaw gateway install, then loginctl enable-linger.',
    );
  }
  if (!facts.openclaw.known)
    blocks(
      'openclaw',
      `OpenClaw’s version on the primary is unknown: ${facts.openclaw.reason}.`,
      'Mend what is named, then run setup again.',
    );
  else if (!facts.openclaw.value && form !== 'none')
    blocks(
      'openclaw',
      'The OpenClaw program was not found on the primary.',
      'Install it in one of the usual places.',
    );
  if (!facts.config.known)
    blocks(
      'config',
      `The primary’s config cannot be read: ${facts.config.reason}.`,
      'Mend it: openclaw config validate.',
    );
  if (form === 'user-unit' && user !== undefined && facts.users[user]?.linger === false) {
    findings.push({
      id: 'linger',
      host: facts.host,
      level: 'warning',
      sentence: `The gateway is a user unit of ${user}, which dies when ${user} logs out (no linger).`,
      fix: `Phase 1 runs: loginctl enable-linger ${user}`,
    });
  }
  return findings;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
