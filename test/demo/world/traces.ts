// What a rehearsal could leave on the machine that it runs on.

import {lstatSync, readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';

/** Only those who install or configure something change these; every file of them is looked at. */
const quiet = ['/etc', '/usr/local', '/opt'];
/**
 * Others are at work in these all the time, so of them only what a host of a rehearsal has is looked at: the names that
 * setup and the stand-ins use.
 */
const busy = [
  '/home',
  '/root',
  '/var/lib',
  '/var/cache',
  '/var/log',
  '/run',
  '/srv',
  '/usr/bin',
  '/usr/lib',
  '/lib/systemd/system',
];
const ours = /openclaw|failover|rehearsal|fail2ban|ufw|clawmain|clawbak/i;
/** What belongs to whoever runs it and is written by ssh, git and this program. */
const personal = [
  '.ssh',
  '.gitconfig',
  '.config/git',
  '.config/failover-wizard',
  '.local/state/failover-wizard',
  '.openclaw',
  '.npmrc',
];
/** The network manager and the resolver of some machines write these when they like. */
const restless = /^\/etc\/(?:resolv\.conf|mtab|cups|NetworkManager)(?:\/|$)/;

/** Paths with their kind, size and time of change. */
export function listing(): Map<string, string> {
  const seen = new Map<string, string>();
  for (const folder of quiet) walk(folder, seen, () => true, 20);
  for (const folder of busy) walk(folder, seen, (path) => ours.test(path), 2);
  for (const name of personal) walk(join(homedir(), name), seen, () => true, 5);
  return seen;
}

function walk(
  path: string,
  seen: Map<string, string>,
  wanted: (path: string) => boolean,
  depth: number,
): void {
  if (restless.test(path)) return;
  let names: string[] = [];
  try {
    const about = lstatSync(path);
    if (wanted(path)) seen.set(path, `${about.mode.toString(8)} ${about.uid} ${about.size} ${about.mtimeMs}`);
    if (about.isDirectory() && depth > 0) names = readdirSync(path);
  } catch {
    // It is not there, or not for us to see.
  }
  for (const name of names) walk(join(path, name), seen, wanted, depth - 1);
}

/** What is different between two listings. */
export function changed(before: Map<string, string>, after: Map<string, string>): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path));
}

/** Processes that have to do with a folder: by their words, environment, place or program. */
export function processesOf(folder: string): string[] {
  const look = (read: () => string) => {
    try {
      return read();
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const words = look(() => readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
      const text = [
        words,
        look(() => readFileSync(`/proc/${pid}/environ`, 'latin1')),
        look(() => readlinkSync(`/proc/${pid}/cwd`)),
      ].join('\n');
      return text.includes(folder) ? [`${pid} ${words.replaceAll('\0', ' ').slice(0, 200)}`] : [];
    });
}

/** Real spots `127.A.B.x:port` on which somebody listens. */
export function listenersOn(a: number, b: number): string[] {
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, address = '', , state] = line.trim().split(/\s+/);
      const [hex = '', port = ''] = address.split(':');
      const numbers = Buffer.from(hex, 'hex').toReversed();
      if (state !== '0A' || numbers[0] !== 127 || numbers[1] !== a || numbers[2] !== b) return [];
      return [`${numbers.join('.')}:${parseInt(port, 16)}`];
    });
}
