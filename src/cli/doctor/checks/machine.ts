import {ok, problem, tip, type Finding} from '../finding.js';
import type {Readings} from '../readings.js';

/** Before this, no version of the program was made: whatever the clock says then is wrong. */
const firstMs = Date.UTC(2026, 0, 1);

const mib = 1024 * 1024;

/** Node, the system, disk, clock, Git. Pure. */
export function machineFindings(readings: Readings): Finding[] {
  return [node(readings), ...system(readings), git(readings), ...disk(readings), clock(readings)];
}

function node({node: {version, path, range, fits}}: Readings): Finding {
  return fits
    ? ok('node', `Node.js ${version} (${path}).`)
    : problem(
        'node',
        `Node.js ${version} is not one of ${range}.`,
        'Install a newer one: https://nodejs.org',
      );
}

function system({platform, wsl, home}: Readings): Finding[] {
  if (platform === 'win32')
    return [
      tip(
        'system',
        'Windows: the program was read and tested for it, and not run on it.',
        'docs/windows.md says what to expect; WSL is the surer way.',
      ),
    ];
  if (!wsl) return [];
  if (/^\/mnt\/[a-z]\//.test(home))
    return [
      problem(
        'system',
        `WSL with its home on a drive of Windows (${home}): files there cannot be kept from others.`,
        'Use a home within WSL, such as /home/YOU.',
      ),
    ];
  return [ok('system', 'WSL: it has keys and an agent of its own, apart from those of Windows.')];
}

function git({git: version}: Readings): Finding {
  if (version !== undefined) return ok('git', `${version}.`);
  return tip(
    'git',
    'There is no git: setup cannot try from here whether the remote of the workspace can be read; the hosts say it.',
    'Install Git, if you want to know before the hosts are asked.',
  );
}

function disk({freeBytes}: Readings): Finding[] {
  if (freeBytes === undefined) return [];
  const free = `${sizeOf(freeBytes)} are free for logs and reports.`;
  if (freeBytes < 20 * mib) return [problem('disk', free, 'Make room: nothing can be kept when it is full.')];
  if (freeBytes < 200 * mib) return [tip('disk', free, 'Make room soon.')];
  return [ok('disk', free)];
}

const sizeOf = (bytes: number) =>
  bytes < 1024 * mib ? `${Math.floor(bytes / mib)} MB` : `${Math.floor(bytes / mib / 1024)} GB`;

function clock({clock: {nowMs, synchronised}}: Readings): Finding {
  const now = new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z');
  if (nowMs < firstMs)
    return problem(
      'clock',
      `The clock says ${now}, which cannot be.`,
      'Set it: times of drills and TLS go by it.',
    );
  if (synchronised === false)
    return tip('clock', `The clock says ${now}, and nothing sets it.`, 'sudo timedatectl set-ntp true');
  return ok('clock', `The clock says ${now}${synchronised === true ? ', and is kept right' : ''}.`);
}
