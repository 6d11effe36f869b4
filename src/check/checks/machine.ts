import {leastFree} from '../../drill/preflight-hosts.js';
import {age, bytes, duration, offset} from '../../screens/format.js';
import {apartMs} from '../../screens/watch/model/aside.js';
import {layout} from '../../templates/layout.js';
import {ok, problem, tip, unknown, warning} from '../answer.js';
import {ofHost, ofPair, stopped, type Row} from '../row.js';
import {hostNames} from '../seen.js';
import {monitorAtRest} from './monitor.js';

/** A disk is nearly full below this part of it, unless more than `plentyFree` bytes are left. */
const lowPart = 0.1;
const plentyFree = 5 * 2 ** 30;
/** bytes: the gateway takes 0.9 GB when it starts. */
const startBytes = 900_000_000;
/** bytes: the primary's gateway is near being killed for memory. */
const primaryLeast = 150 * 2 ** 20;
/** ms; certificates and signatures begin to fail. */
const wrongMs = 60_000;
const dayMs = 86_400_000;
/** ms before a key expires that it is told. */
const soonMs = 14 * dayMs;

/** What a host is and has, beside what runs on it. */
export const machineRows: readonly Row[] = [
  ofHost('disk', hostNames, 'how full its disks are', ({facts: {host, disks}}) => {
    const all = Object.entries(disks);
    if (all.length === 0) return unknown(`How full the disks of the ${host} are is not known.`);
    const readOnly = all.find(([, {readOnly: is}]) => is);
    if (readOnly)
      return problem(
        `The disk of the ${host} is read-only (${readOnly[0]}).`,
        'Look for errors of the disk: dmesg | tail',
      );
    // Folders on one disk are one disk.
    const [path, disk] = all.toSorted(([, one], [, other]) => one.freeBytes - other.freeBytes)[0]!;
    const says = `${bytes(disk.freeBytes)} of ${bytes(disk.totalBytes)} are free on the ${host} (${path}).`;
    const look = `On the ${host}: df -h, journalctl --disk-usage`;
    if (disk.freeBytes < leastFree[host]) return problem(`Only ${says}`, look);
    if (disk.freeBytes < disk.totalBytes * lowPart && disk.freeBytes < plentyFree)
      return warning(`Only ${says}`, look);
    return ok(says);
  }),

  ofHost('memory', hostNames, 'how much memory it has left', ({facts: {host, memory}}, seen) => {
    const {availableBytes, totalBytes} = memory;
    if (totalBytes === 0) return unknown(`The memory of the ${host} is not known.`);
    const left = `${bytes(availableBytes)} of ${bytes(totalBytes)} of memory are free on the ${host}`;
    const look = `On the ${host}: ps -eo rss,comm --sort=-rss | head`;
    if (host === 'primary')
      return availableBytes < primaryLeast ? warning(`Only ${left}.`, look) : ok(`${left}.`);
    // A gateway that sleeps, or works, has its memory already.
    const starts = seen.pair.monitor.standby === 'cold' && monitorAtRest(seen);
    return starts && availableBytes < startBytes
      ? warning(`Only ${left}, and its gateway takes 0.9 GB when it starts.`, look)
      : ok(`${left}.`);
  }),

  ofHost('firewall', hostNames, 'its firewall', ({facts: {host, firewall}}) => {
    if (!firewall.known)
      return unknown(`The firewall of the ${host} is not known: ${stopped(firewall.reason)}`);
    const {enabled, closed} = firewall.value;
    if (enabled && closed) return ok(`The firewall of the ${host} lets in only what it has a rule for.`);
    if (host === 'standby')
      return warning(
        enabled
          ? 'The firewall of the standby lets in what no rule names.'
          : 'The firewall of the standby is off.',
        'failover-wizard setup turns it on; SSH stays open',
      );
    return tip(
      `No firewall of ufw is on on the primary${enabled ? ' that lets in only what it has a rule for' : ''}.`,
      "Nothing to do if your provider's firewall, or another one, is in front of it",
    );
  }),

  ofHost('reboot', hostNames, 'whether it wants a reboot', ({facts: {host}, sample: {rebootPending}}) => {
    if (rebootPending === null) return unknown(`Whether the ${host} wants a reboot is not known.`);
    if (!rebootPending) return ok(`The ${host} wants no reboot.`);
    return tip(
      `The ${host} wants a reboot, for an update that is installed.`,
      host === 'primary'
        ? 'failover-wizard pause --for 15m, then reboot it'
        : 'Reboot it at any time; for about a minute nobody watches the primary',
    );
  }),

  ofPair('clocks', hostNames, 'how far the clocks are apart', ({facts}) => {
    const [there, here] = [facts.primary!.clockOffsetMs, facts.standby!.clockOffsetMs];
    const apart = Math.abs(there - here);
    const look = 'On the host that is wrong: timedatectl';
    if (apart > apartMs) return warning(`The clocks of the two hosts are ${duration(apart)} apart.`, look);
    if (Math.abs(there) > wrongMs)
      return tip(
        `Both hosts agree, and this machine is ${offset(-there)} off them.`,
        'Set the clock of this machine',
      );
    return ok(`The clocks of the two hosts agree within ${apart < 1000 ? 'a second' : duration(apart)}.`);
  }),

  ofHost('clock-sync', hostNames, 'whether its clock is kept right', ({facts: {host, clockSynced}}) => {
    if (clockSynced === undefined || !clockSynced.known)
      return tip(
        `Whether the clock of the ${host} is kept right is not known${clockSynced ? `: ${stopped(clockSynced.reason)}` : '.'}`,
        `On the ${host}: timedatectl`,
      );
    if (clockSynced.value) return ok(`The clock of the ${host} is kept right by the network.`);
    return tip(
      `The clock of the ${host} is not kept right by the network.`,
      `On the ${host}: timedatectl set-ntp true, or install chrony`,
    );
  }),

  ofHost(
    'tailscale-key',
    hostNames,
    'when its Tailscale key expires',
    ({facts: {host, hostname, tailscale}}, {sample}) => {
      // Without Tailscale there is no key; one that was told of no end has none.
      if (!tailscale.known || !tailscale.value.installed) return undefined;
      const {keyExpires} = tailscale.value;
      if (keyExpires === undefined) return ok(`The Tailscale key of the ${host} does not expire.`);
      const leftMs = Date.parse(keyExpires) - sample.atMs;
      const renew = `In Tailscale's admin console, at the machine ${hostname}: Disable key expiry`;
      if (leftMs <= 0)
        return problem(`The Tailscale key of the ${host} has expired: it has no private network.`, renew);
      if (leftMs < soonMs)
        return warning(
          `The Tailscale key of the ${host} expires in ${age(leftMs)}; then the standby does not see the primary any more.`,
          renew,
        );
      return ok(`The Tailscale key of the ${host} is good for another ${age(leftMs)}.`);
    },
  ),

  ofHost('lock', hostNames, 'whether a setup or a drill is under way', ({facts: {host, lock}}) =>
    lock === null
      ? ok(`No setup and no drill is under way on the ${host}.`)
      : tip(
          `Somebody works on the ${host}: ${lock.why}, ${lock.who} since ${lock.when}.`,
          `If that cannot be running any more: the same command with --break-lock (${layout.lock})`,
        ),
  ),
];
