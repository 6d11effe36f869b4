import type {HostFacts, Known, Listener, UnitFact} from '../types.js';
import {decimal, fields, lines, linesOf, need, oneLine, whole, type Sections} from './sections.js';

type MachineFacts = Pick<
  HostFacts,
  'hostname' | 'os' | 'systemd' | 'login' | 'uptimeS' | 'cpus' | 'load' | 'memory'
>;

/** The `machine` section. */
export function machineOf(sections: Sections): MachineFacts {
  const text = sections.get('machine')?.text ?? '';
  const read = fields(text);
  const named = (prefix: string, pattern: RegExp) =>
    new Map(
      lines(text).flatMap((line) => {
        const [, name, value] = line.startsWith(`${prefix} `)
          ? (pattern.exec(line.slice(prefix.length + 1)) ?? [])
          : [];
        return name === undefined || value === undefined ? [] : [[name, value]];
      }),
    );
  const os = named('os', /^(\w+)=["']?(.*?)["']?$/);
  const memory = named('mem', /^(\w+) (\d+) kB$/);
  const user = oneLine(read.get('login') ?? '');
  const version = whole(read.get('systemd'), -1);
  return {
    hostname: oneLine(read.get('hostname') ?? ''),
    os: {
      id: os.get('ID') ?? '',
      versionId: os.get('VERSION_ID') ?? '',
      codename: os.get('VERSION_CODENAME') ?? '',
      prettyName: os.get('PRETTY_NAME') ?? '',
      kernel: read.get('kernel') ?? '',
      arch: read.get('arch') ?? '',
    },
    systemd:
      version > 0
        ? {known: true, value: {version}}
        : {
            known: false,
            reason: `systemd is not in charge of this host (its first process is ${read.get('init') || 'unknown'})`,
          },
    login: {user, isRoot: user === 'root'},
    uptimeS: decimal(read.get('uptime')),
    cpus: whole(read.get('cpus'), 1),
    load: decimal(read.get('load')),
    memory: {
      totalBytes: whole(memory.get('MemTotal')) * 1024,
      availableBytes: whole(memory.get('MemAvailable')) * 1024,
    },
  };
}

/** `client port server port` as sshd gives it. */
export function sshPortOf(sections: Sections): Known<number> {
  const text = need(sections, 'sshport');
  if (!text.known) return text;
  const port = whole(text.value.trim().split(/\s+/)[3], -1);
  return port > 0 && port < 65_536
    ? {known: true, value: port}
    : {known: false, reason: 'sshd did not tell its port'};
}

/** First line: the folders; then one line of `df -Pk` for each. */
export function disksOf(sections: Sections): HostFacts['disks'] {
  const [first = '', ...rows] = linesOf(sections, 'disks');
  const options = new Map(
    linesOf(sections, 'mounts').map((line) => {
      const [, point = '', , flags = ''] = line.split(' ');
      return [point, flags.split(',')];
    }),
  );
  const found: HostFacts['disks'] = {};
  for (const [index, folder] of first.split(' ').entries()) {
    const [, total, free, point] = /\s(\d+)\s+\d+\s+(-?\d+)\s+\S+\s+(\/.*)$/.exec(rows[index] ?? '') ?? [];
    if (point === undefined || !folder.startsWith('/')) continue;
    found[folder] = {
      totalBytes: whole(total) * 1024,
      freeBytes: Math.max(0, whole(free)) * 1024,
      readOnly: options.get(point)?.includes('ro') ?? false,
    };
  }
  return found;
}

/** `status|name|version`; installed means that dpkg says `ii` (or held: `hi`). */
export function packagesOf(sections: Sections, wanted: readonly string[]): HostFacts['packages'] {
  const found = new Map<string, string>();
  for (const line of linesOf(sections, 'packages')) {
    const [status = '', name = '', version = ''] = line.split('|');
    if (/^[ih]i\s*$/.test(status) && version) found.set(name, version);
  }
  return Object.fromEntries(wanted.map((name) => [name, found.get(name) ?? null]));
}

export function aptLockOf(sections: Sections): HostFacts['aptLock'] {
  const text = need(sections, 'aptlock');
  if (!text.known) return text;
  const [, pid, command] = /^(\d+) (.*)$/m.exec(text.value) ?? [];
  return {known: true, value: pid === undefined ? null : {pid: whole(pid), command: oneLine(command ?? '')}};
}

/** Blocks of `systemctl show`, one per unit in the order of the request; a unit may answer under another name. */
export function unitsOf(sections: Sections, wanted: readonly string[]): HostFacts['units'] {
  const blocks = (sections.get('units')?.text ?? '')
    .split(/\n\s*\n/)
    .map(
      (block) =>
        new Map(
          lines(block).map((line): [string, string] => {
            const at = line.indexOf('=');
            return [line.slice(0, at), line.slice(at + 1).trim()];
          }),
        ),
    )
    .filter((block) => block.has('Id'));
  return Object.fromEntries(
    wanted.map((unit, index) => {
      const byName = blocks.find(
        (block) => block.get('Id') === unit || block.get('Names')?.split(' ').includes(unit),
      );
      return [unit, unitOf(unit, byName ?? (blocks.length === wanted.length ? blocks[index] : undefined))];
    }),
  );
}

function unitOf(unit: string, block: Map<string, string> | undefined): UnitFact {
  const get = (name: string) => block?.get(name) ?? '';
  // Those for all services (`service.d`) are the distribution's.
  const dropIns = get('DropInPaths')
    .split(' ')
    .filter((path) => path.startsWith('/') && path.includes(`/${unit}.d/`));
  const activeState = get('ActiveState');
  return {
    loadState: block ? get('LoadState') : 'not-found',
    activeState: activeState || 'inactive',
    subState: get('SubState'),
    unitFileState: get('UnitFileState'),
    result: get('Result'),
    needDaemonReload: get('NeedDaemonReload') === 'yes',
    mainPid: whole(get('MainPID')),
    restarts: whole(get('NRestarts')),
    activeSinceMs:
      activeState === 'active' ? Math.round(whole(get('ActiveEnterTimestampMonotonic')) / 1000) : 0,
    fragmentPath: get('FragmentPath'),
    ...(dropIns.length > 0 && {dropIns}),
  };
}

export function addressesOf(sections: Sections): HostFacts['addresses'] {
  return linesOf(sections, 'addresses').flatMap((line) => {
    const pattern =
      /^\d+:\s+([^\s@]+)\S*\s+(inet6?)\s+([0-9a-fA-F.:]+)(?:\s+peer\s+[0-9a-fA-F.:]+)?(?:\/(\d{1,3}))?/;
    const [, name, kind, address, prefix] = pattern.exec(line) ?? [];
    if (name === undefined || address === undefined) return [];
    const family = kind === 'inet6' ? (6 as const) : (4 as const);
    return [{name, address, family, prefix: whole(prefix, family === 6 ? 128 : 32)}];
  });
}

export function listenersOf(sections: Sections): Known<Listener[]> {
  const text = need(sections, 'listeners');
  if (!text.known) return text;
  return {known: true, value: lines(text.value).flatMap(listenerOf)};
}

function listenerOf(line: string): Listener[] {
  const [protocol, , , , local = ''] = line.trim().split(/\s+/);
  const at = local.lastIndexOf(':');
  const port = whole(local.slice(at + 1), -1);
  if ((protocol !== 'tcp' && protocol !== 'udp') || at < 0 || port < 1) return [];
  const address = local
    .slice(0, at)
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '')
    .replace(/^\*$/, '::');
  const [, process, pid] = /users:\(\("([^"]*)",pid=(\d+)/.exec(line) ?? [];
  return [
    {
      protocol,
      address,
      port,
      ...(process !== undefined && {process}),
      ...(pid !== undefined && {pid: whole(pid)}),
    },
  ];
}
