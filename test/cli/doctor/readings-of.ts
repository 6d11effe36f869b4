import type {Readings} from '../../../src/cli/doctor/readings.js';

type Deep<T> = {
  [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : T[K] extends object ? Deep<T[K]> : T[K];
};

/** A machine on which all is well, with what a test changes. */
export function readingsOf(changed: Deep<Readings> = {}): Readings {
  const well: Readings = {
    platform: 'linux',
    wsl: false,
    home: '/home/me',
    node: {version: '24.21.0', path: '/usr/bin/node', range: '^24', fits: true},
    ssh: {
      version: 'OpenSSH_9.2p1',
      configError: undefined,
      agent: {state: 'answers', types: ['ED25519']},
      keys: [{path: '~/.ssh/id_ed25519', mode: 0o600, kind: 'encrypted'}],
      folderMode: 0o700,
      knownHosts: {path: '~/.ssh/known_hosts', state: 'readable'},
    },
    git: 'Git 2.39.5',
    terminal: {
      interactive: true,
      columns: 120,
      rows: 40,
      colourBits: 24,
      noColour: false,
      term: 'xterm-256color',
      locale: 'en_GB.UTF-8',
      inside: undefined,
      windowsTerminal: false,
    },
    folders: [
      {what: 'config', path: '~/.config/failover-wizard', mode: 0o700, refused: undefined, open: []},
      {what: 'state', path: '~/.local/state/failover-wizard', mode: 0o700, refused: undefined, open: []},
    ],
    pairs: [{name: 'lab', state: 'valid', primary: {ssh: 'root@a'}, standby: {ssh: 'root@b'}}],
    freeBytes: 5e9,
    clock: {nowMs: Date.UTC(2026, 10, 27), synchronised: true},
    schedule: {forms: ['timer', 'cron'], of: ['lab']},
    desktop: {there: true, helper: 'notify-send'},
    hosts: [],
  };
  return merged(well, changed) as Readings;
}

function merged(base: unknown, changed: unknown): unknown {
  if (!isPlain(base) || !isPlain(changed)) return changed;
  // A reading of another state is another shape: nothing of the old one stays.
  if ('state' in changed && 'state' in base) return changed;
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(changed)])].map((key) => [
      key,
      key in changed ? merged(base[key], changed[key]) : base[key],
    ]),
  );
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
