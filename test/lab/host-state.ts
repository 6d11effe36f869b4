// What a host looks like from inside, past SSH and past the program that is tested.

import {setTimeout as sleep} from 'node:timers/promises';
import type {LabHost, RunOptions} from './lab.js';

/** Runs a script as root in the host and gives what it prints. @throws with stderr when it fails */
export async function sh(
  host: LabHost,
  script: string,
  options: {timeoutMs?: number; input?: string} = {},
): Promise<string> {
  const ran = await host.exec(['sh', '-c', script], options);
  if (ran.code !== 0)
    throw new Error(`on ${host.name}, exit ${ran.code}: ${script}\n${ran.stdout.slice(-500)}\n${ran.stderr}`);
  return ran.stdout;
}

/** Runs a script as the user who owns the gateway, in its home; its exit code is an answer. */
export const asOpenclaw = (host: LabHost, script: string, options: RunOptions = {}) =>
  host.exec(
    [
      'runuser',
      '-u',
      'openclaw',
      '--',
      'sh',
      '-c',
      `export XDG_RUNTIME_DIR=/run/user/$(id -u) HOME=/home/openclaw; cd; ${script}`,
    ],
    options,
  );

/** Polls until the answer is there. @throws with what was awaited after `limitMs` */
export async function until<T>(
  what: string,
  limitMs: number,
  look: () => Promise<T | undefined | false>,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > end) throw new Error(`not within ${limitMs / 1000} s: ${what}`);
    await sleep(250);
  }
}

/** What changes by itself on a host that nobody works on. */
const restless = [
  '/var/lib/systemd',
  '/var/lib/dbus',
  '/var/lib/openclaw-failover',
  '/var/lib/fail2ban',
  '/var/lib/logrotate',
  '/home/openclaw/.openclaw/state',
  '/home/openclaw/.openclaw/agents',
  '/home/openclaw/.openclaw/logs',
  '/home/openclaw/.openclaw/cache',
  '/home/openclaw/.openclaw/tmp',
  '/home/openclaw/.openclaw/media',
  '/home/openclaw/.openclaw/memory',
  '/home/openclaw/.openclaw/workspace/.git',
];

/**
 * Every file, folder and link under the given folders with owner and mode; of all but folders size and the time of the
 * last change of any kind as well (ctime, which nothing can set back): equal listings mean that nothing was written, not
 * even the same. A folder's time also changes when the overlay that a host boots from copies it up, for a lock in it.
 */
export async function listing(
  host: LabHost,
  folders = ['/etc', '/usr', '/opt', '/home', '/root', '/var/lib'],
): Promise<string[]> {
  const prune = restless.map((path) => `-path ${path}`).join(' -o ');
  const text = await sh(
    host,
    `find ${folders.join(' ')} -xdev \\( ${prune} \\) -prune -o -type d -printf '%p %U:%G %m\\n' -o -printf '%p %U:%G %m %s %C@\\n'`,
  );
  return text.trimEnd().split('\n').toSorted();
}

/** Lines of one listing that the other does not have, from both. */
export function differences(before: readonly string[], after: readonly string[]): string[] {
  const [one, other] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !other.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !one.has(line)).map((line) => `+ ${line}`),
  ];
}

/** `ActiveState`, `UnitFileState` of a unit. */
export async function unitState(host: LabHost, unit: string): Promise<{active: string; enabled: string}> {
  const text = await sh(host, `systemctl show -p ActiveState -p UnitFileState ${unit}`);
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  return {active: value('ActiveState'), enabled: value('UnitFileState')};
}

/** State and class of the newest probe of the monitor, as it tells the outside. */
export async function monitorNow(
  host: LabHost,
): Promise<{state: string; probe: string; agoMs: number} | undefined> {
  const ran = await host.exec(['cat', '/run/openclaw-failover/live.json']);
  if (ran.code !== 0) return undefined;
  const {state, probe, time} = JSON.parse(ran.stdout);
  return {state, probe: probe?.class ?? 'none', agoMs: Date.now() - Date.parse(time)};
}

/** Names of the monitor's events in their order. */
export async function eventNames(host: LabHost): Promise<string[]> {
  const text = await sh(host, 'cat /var/lib/openclaw-failover/events.jsonl');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).event);
}

/** The `systemd-analyze security` level of a unit, 0 (safe) to 10. */
export async function exposure(host: LabHost, unit: string): Promise<number> {
  const text = await sh(host, `systemd-analyze security --no-pager ${unit} | tail -n 1`);
  return Number(/: (\d+\.\d+) /.exec(text)?.[1] ?? NaN);
}

export interface ManifestFile {
  path: string;
  owner: string;
  group: string;
  mode: string;
  sha256?: string;
}

/** manifest.json of a host. */
export async function manifestOf(
  host: LabHost,
): Promise<{_: string; files: ManifestFile[]; units: string[]}> {
  return JSON.parse(await sh(host, 'cat /etc/openclaw-failover/manifest.json'));
}

/**
 * The places on a host where one of the texts is: every process's command line and environment of others than the
 * gateway's user, the journal, and all files except the one that is made for them.
 */
export async function leaks(host: LabHost, texts: readonly string[]): Promise<string[]> {
  // The texts come on stdin, or the search itself would be a finding.
  const input = `${texts.join('\n')}\n`;
  const script = `texts=$(mktemp -p /dev/shm); cat >"$texts"
for pid in /proc/[0-9]*; do
  if tr '\\0' ' ' <"$pid/cmdline" 2>/dev/null | grep -qFf "$texts"; then echo "command line of $pid"; fi
done
if journalctl --no-pager -o cat 2>/dev/null | grep -qFf "$texts"; then echo journal; fi
grep -rIlFf "$texts" --exclude-dir=proc --exclude-dir=sys --exclude-dir=node_modules /etc /home /root /run /srv /tmp /usr/local /var 2>/dev/null
rm -f "$texts"`;
  const found = await sh(host, script, {input, timeoutMs: 60_000});
  return found.split('\n').filter((line) => line !== '' && line !== '/home/openclaw/.openclaw/.env');
}

/** What a command of git says about a bare repository on the hub. */
export async function inHub(hub: LabHost, repository: string, ...git: string[]): Promise<string> {
  const ran = await hub.exec([
    'runuser',
    '-u',
    'git',
    '--',
    'git',
    `--git-dir=/home/git/${repository}.git`,
    ...git,
  ]);
  if (ran.code !== 0) throw new Error(`git ${git.join(' ')}: ${ran.stderr}`);
  return ran.stdout.trimEnd();
}
