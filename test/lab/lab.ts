// The lab of lab.sh, for tests: `const standby = await lab.host({ name: 'standby', tree: 'bookworm', ip: '10.77.0.12' })`.

import {execFile, type ExecFileException} from 'node:child_process';
import {fileURLToPath} from 'node:url';

const script = fileURLToPath(new URL('lab.sh', import.meta.url));

export interface HostOptions {
  name: string;
  ip: string;
  /** Address on the private network; without it the host has no interface there. */
  private?: string;
  tree?: 'bookworm' | 'trixie' | 'primary' | 'primary-user' | 'primary-system';
  /** A snapshot to start from, in a tree's place. */
  from?: string;
  /** Users `ops` (password ops-Passw0rd) and `nopass`, both with sudo. */
  sudoUsers?: boolean;
}

export interface Output {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  input?: string;
  timeoutMs?: number;
}

/** Runs lab.sh; what it could not do is an error with its own words. */
async function labSh(args: string[], timeoutMs = 120_000): Promise<string> {
  const {code, stdout, stderr} = await run(args, {timeoutMs});
  if (code !== 0) throw new Error(`lab.sh ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
  return stdout.trim();
}

function run(args: string[], options: RunOptions): Promise<Output> {
  return new Promise((resolve) => {
    const done = (error: ExecFileException | null, stdout: string, stderr: string) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 255;
      resolve({code, stdout, stderr});
    };
    const child = execFile(
      script,
      args,
      {timeout: options.timeoutMs ?? 60_000, maxBuffer: 64 * 1024 * 1024},
      done,
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}

export class LabHost {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** Runs a command as root, past SSH; its exit code is an answer, not an error. */
  exec(argv: string[], options: RunOptions = {}): Promise<Output> {
    return run(['exec', this.name, '--', ...argv], options);
  }
  /** Runs a command of this machine in the host's network. */
  netns(argv: string[], options: RunOptions = {}): Promise<Output> {
    return run(['netns', this.name, '--', ...argv], options);
  }

  start = () => this.lab('start');
  stop = () => this.lab('stop');
  kill = () => this.lab('kill');
  remove = () => this.lab('remove');
  freeze = () => this.lab('freeze');
  thaw = () => this.lab('thaw');
  cut = () => this.lab('cut');
  heal = () => this.lab('heal');
  link = (which: 'public' | 'private', state: 'up' | 'down') => this.lab('link', which, state);
  cpu = (percent: number | 'max') => this.lab('cpu', String(percent));
  snapshot = (snap: string) => this.lab('snapshot', snap);
  restore = (snap: string) => this.lab('restore', snap);
  gatewayReady = (seconds = 60) => this.lab('gateway-ready', String(seconds));
  fingerprint = () => lab.fingerprint(this.name);
  /** PID of the host's init as this machine numbers it, and the folder of its control groups. */
  where = async (): Promise<{leader: string; cgroup: string}> => {
    const [leader = '', cgroup = ''] = (await labSh(['where', this.name])).split(' ');
    return {leader, cgroup};
  };
  knownHosts = () => labSh(['known-hosts', this.name]);

  private async lab(command: string, ...args: string[]): Promise<void> {
    await labSh([command, this.name, ...args]);
  }
}

export const lab = {
  /** Network, services and the hub. The first call on a machine builds the trees, which takes minutes. */
  up: async () => void (await labSh(['up'], 900_000)),
  down: async () => void (await labSh(['down'])),

  async host(options: HostOptions): Promise<LabHost> {
    const args = ['host', options.name, '--ip', options.ip];
    if (options.tree !== undefined) args.push('--tree', options.tree);
    if (options.from !== undefined) args.push('--from', options.from);
    if (options.private !== undefined) args.push('--private', options.private);
    if (options.sudoUsers === true) args.push('--sudo-users');
    await labSh(args, 900_000);
    return new LabHost(options.name);
  },

  /** The IRC and git server. */
  hub: new LabHost('hub'),
  snapshots: async (): Promise<string[]> =>
    (await labSh(['snapshots'])).split('\n').flatMap((line) => /^\S+/.exec(line)?.[0] ?? []),
  snapshotRemove: async (snap: string) => void (await labSh(['snapshot-rm', snap])),
  fingerprint: (name: string) => labSh(['fingerprint', name]),
  operatorKey: () => labSh(['operator-key']),
  gitAuthorize: async (publicKey: string) => void (await labSh(['git-authorize', publicKey])),
  gitRevokeAll: async () => void (await labSh(['git-revoke-all'])),
};
