import {clean} from '../../clip.js';
import {age, bytes, offset, share} from '../../format.js';
import {dim, span, type Line, type Span} from '../../line.js';
import type {HostSample, WatchSample} from '../model/sample.js';
import {joined, oneRow, warning, type Item} from './item.js';

/** A part of memory or disk that is more than this is worth a sign. */
const full = 0.92;
/** ms; clocks further apart than this make times of two hosts hard to compare. */
const clockMs = 2000;

/** OpenClaw's version, with a word when the other host has another one. */
export function versionItem(sample: WatchSample, {host, version}: HostSample): Item {
  if (version === null) return oneRow('version', 5, [[dim('not known')]]);
  const other = host === 'primary' ? sample.standby : sample.primary;
  const words = clean(version);
  if (other.version === null || other.version === version) return oneRow('version', 5, [[span(words)]]);
  const theirs = clean(other.version);
  return oneRow('version', 1, [
    [warning(words), span(`   the ${other.host} has ${theirs}`)],
    [warning(`${words}, not ${theirs}`)],
  ]);
}

const marked = (words: string, bad: boolean): Span => (bad ? warning(words) : span(words));

function loads({load, cpus}: HostSample): Line[] {
  if (load === null) return [[dim('load ?')]];
  const bad = cpus !== null && load > 2 * cpus;
  const words = `load ${load.toFixed(2)}`;
  return [
    [marked(cpus === null ? words : `${words} on ${cpus} ${cpus === 1 ? 'core' : 'cores'}`, bad)],
    [marked(words, bad)],
  ];
}

function memory({memoryBytes}: HostSample): Line {
  if (memoryBytes === null) return [dim('mem ?')];
  const {total, available} = memoryBytes;
  return [marked(`mem ${share(total - available, total)}`, (total - available) / total > full)];
}

function disks({diskBytes}: HostSample): Line[] {
  if (diskBytes === null || diskBytes.total === 0) return [[dim('disk ?')]];
  const {total, free} = diskBytes;
  const used = 1 - free / total;
  const words = `disk ${Math.round(used * 100)}%`;
  return [[marked(`${words} of ${bytes(total)}`, used > full)], [marked(words, used > full)]];
}

/** Load, memory and disk in one row. */
export function machineItem(host: HostSample): Item {
  const [longLoad = [], shortLoad = longLoad] = loads(host);
  const [longDisk = [], shortDisk = longDisk] = disks(host);
  const mem = memory(host);
  const short = [shortLoad, mem, shortDisk];
  const wordings = [
    joined([longLoad, mem, longDisk]),
    joined([shortLoad, mem, longDisk]),
    joined(short),
    joined(short, 2),
    joined(short, 1),
  ];
  return oneRow('', 6, wordings, {brief: joined(short, 2)});
}

/** How far its clock is from this machine's, whether a reboot is due, and how long it has been up. */
export function clockItem({clockOffsetMs, rebootPending, uptimeS}: HostSample): Item {
  const clock: Line =
    clockOffsetMs === null
      ? [dim('not known')]
      : [marked(offset(clockOffsetMs), Math.abs(clockOffsetMs) > clockMs)];
  const reboot: Line =
    rebootPending === null ? [] : [rebootPending ? warning('reboot due') : dim('no reboot due')];
  const up: Line = uptimeS === null ? [] : [dim(`host up ${age(uptimeS * 1000)}`)];
  const parts = [clock, reboot, up].filter((part) => part.length > 0);
  const two = parts.slice(0, 2);
  return oneRow('clock', rebootPending ? 4 : 7, [joined(parts), joined(two), joined(two, 2), clock]);
}
