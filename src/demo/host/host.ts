import {spawn, type ChildProcess} from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import {addresses, type Network} from '../net/table.js';
import type {Machine} from '../systemd/machine.js';
import {Systemd} from '../systemd/systemd.js';
import {serveBus, type Bus} from '../systemd/server.js';
import {busOf, homes, ownersOf, scriptsOf} from './folders.js';
import {KernelTables} from './kernel-tables.js';
import {end, runCommand} from './run-command.js';
import {mapEnvironment, mapPath, type Sandbox} from './sandbox-path.js';
import {project} from './programs.js';
import {admitted, SshServer} from './ssh-server.js';
import {packaged, standIns, type About} from './stand-ins.js';
import {findProgram, linkPrograms} from './tools.js';
import {translate} from './translate.js';

/**
 * The one dependency that programs of a host load, which need not be installed below this program. Only its own folder: what
 * else is installed there, such as an OpenClaw of whoever runs this, is none of the host's.
 */
const dependency = decodeURIComponent(
  import.meta
    .resolve('json5')
    .slice('file://'.length)
    .replace(/(?<=\/node_modules\/json5)\/.*$/s, ''),
);

/** A host that somebody has had for a day: what is due after a boot is due no more. */
const oneDayS = 86_400;
/** ms that a reboot takes. */
const rebootMs = 6_000;

export interface HostOptions {
  name: 'primary' | 'standby';
  hostname: string;
  /** The folder that becomes its root; beside it are what belongs to it and is none of its files. */
  root: string;
  network: Network;
  hostKey: string;
  /** Public key of the operator, for root. */
  operatorKey: string;
}

/** One server of the rehearsal: a folder, an SSH server, a small systemd, and real programs. */
export class RehearsalHost {
  readonly name: HostOptions['name'];
  readonly root: string;
  readonly about: About;
  readonly #options: HostOptions;
  readonly #sandbox: Sandbox;
  readonly #tables: KernelTables;
  readonly #children = new Set<ChildProcess>();
  /** As whom a process was started, by its PID. */
  readonly #owners = new Map<number, string>();
  readonly #ssh: SshServer;
  #systemd: Systemd | undefined;
  #bus: Bus | undefined;
  #up = false;

  constructor(options: HostOptions) {
    const {name, root, network} = options;
    this.#options = options;
    this.name = name;
    this.root = root;
    this.#sandbox = {
      root,
      scripts: scriptsOf(root),
      real: [dirname(root), project, dependency],
    };
    this.about = {
      name,
      root,
      owners: ownersOf(root),
      network: network.state,
      node: process.execPath,
      rehearsal: JSON.stringify({...this.#sandbox, network: {...network, at: name}}),
      stat: findProgram('stat')!,
      sh: findProgram('sh')!,
      ssh: findProgram('ssh')!,
      sshKeygen: findProgram('ssh-keygen')!,
      uname: findProgram('uname')!,
      bus: busOf(root),
    };
    this.#tables = new KernelTables(root);
    this.#ssh = new SshServer({
      hostKey: options.hostKey,
      network: {...network, at: name},
      addresses: Object.values(addresses[name]),
      door: (user, key, from) => this.#door(user, key, from),
      run: ({command, user, connection, channel}) => void this.#run(command, user, connection, channel),
    });
  }

  /** Its files as a server that was just bought has them. What makes it a primary is the image's. */
  install(): void {
    const {root, about} = this;
    const {hostname, operatorKey} = this.#options;
    const file = (path: string, text: string, mode = 0o644) => {
      mkdirSync(dirname(`${root}${path}`), {recursive: true});
      writeFileSync(`${root}${path}`, text, {mode});
    };
    mkdirSync(about.owners, {recursive: true});
    mkdirSync(this.#sandbox.scripts, {recursive: true});
    for (const folder of folders) mkdirSync(`${root}${folder}`, {recursive: true});
    for (const [link, to] of [
      ['bin', 'usr/bin'],
      ['sbin', 'usr/bin'],
      ['usr/sbin', 'bin'],
    ] as const)
      symlinkSync(to, `${root}/${link}`);
    file(
      '/etc/passwd',
      `root:x:0:0:root:${root}/root:/bin/sh\nnobody:x:65534:65534::${root}/nonexistent:/usr/sbin/nologin\n`,
    );
    file('/etc/group', 'root:x:0:\nnogroup:x:65534:\n');
    file('/etc/hostname', `${hostname}\n`);
    file('/etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${hostname}\n`);
    file(
      '/etc/os-release',
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
    );
    file('/proc/sys/kernel/hostname', `${hostname}\n`);
    file('/proc/1/comm', 'systemd\n');
    file('/proc/mounts', '/dev/vda1 / ext4 rw,relatime 0 0\n');
    file('/proc/net/route', route);
    file('/proc/net/arp', 'IP address       HW type     Flags       HW address            Mask     Device\n');
    file('/var/lib/dpkg/rehearsal', '');
    file('/root/.ssh/authorized_keys', `${operatorKey}\n`, 0o600);
    linkPrograms(`${root}/usr/bin`);
    for (const [name, text] of Object.entries(standIns(about))) {
      if (text === '') continue;
      rmSync(`${root}/usr/bin/${name}`, {force: true});
      file(`/usr/bin/${name}`, text, 0o755);
    }
    for (const [name, files] of Object.entries(packaged(about))) {
      for (const [each, text] of Object.entries(files))
        file(`/usr/share/rehearsal/${name}/${each}`, text, 0o755);
    }
    file(
      '/lib/systemd/system/fail2ban.service',
      '[Unit]\nDescription=Fail2Ban Service\n[Service]\nExecStart=/usr/bin/fail2ban-server\n[Install]\nWantedBy=multi-user.target\n',
    );
    mkdirSync(`${root}/usr/lib/systemd`, {recursive: true});
    if (!existsSync(`${root}/usr/lib/systemd/system`))
      symlinkSync('../../../lib/systemd/system', `${root}/usr/lib/systemd/system`);
  }

  /** Power on. Nothing where it is on. */
  async boot(): Promise<void> {
    if (this.#up) return;
    this.#up = true;
    const {root, about} = this;
    rmSync(`${about.network}/down.${this.name}`, {force: true});
    rmSync(`${root}/run`, {recursive: true, force: true});
    for (const folder of ['/run/systemd/system', '/run/systemd/units', '/run/lock', '/run/user'])
      mkdirSync(`${root}${folder}`, {recursive: true});
    rmSync(`${root}/proc/net/.listening`, {recursive: true, force: true});
    mkdirSync(`${root}/proc/net/.listening`, {recursive: true});
    for (const address of Object.values(addresses[this.name]))
      writeFileSync(`${root}/proc/net/.listening/1.22.${address}`, `${address} 22 1 sshd\n`);
    mkdirSync(`${root}/proc/sys/kernel/random`, {recursive: true});
    writeFileSync(`${root}/proc/sys/kernel/random/boot_id`, `${crypto.randomUUID()}\n`);
    this.#tables.start();
    const upForS = this.#systemd ? 0 : oneDayS;
    this.#systemd ??= new Systemd(this.#machine());
    rmSync(about.bus, {force: true});
    this.#bus = await serveBus(this.#systemd, about.bus);
    await this.#systemd.boot({upForS});
    this.#ssh.wake();
  }

  listen(): Promise<void> {
    return this.#ssh.listen();
  }

  /** Power off, without a word. Nothing where it is off. */
  async crash(): Promise<void> {
    if (!this.#up) return;
    this.#up = false;
    writeFileSync(`${this.about.network}/down.${this.name}`, '');
    this.#ssh.fallSilent();
    this.#systemd?.crash();
    for (const child of this.#children) end(child, 'SIGKILL');
    await this.#bus?.close();
    this.#tables.stop();
  }

  async close(): Promise<void> {
    await this.#ssh.close();
    await this.#systemd?.shutdown();
    for (const child of this.#children) end(child, 'SIGKILL');
    await this.#bus?.close();
    this.#tables.stop();
  }

  /** Whether its power is on. */
  get isUp(): boolean {
    return this.#up;
  }

  /** Runs a command as it would come over SSH, and gives what it printed. @throws Error when it fails */
  async command(argv: readonly string[], user = 'root'): Promise<string> {
    const child = this.#spawn(argv, {user, env: {}});
    let out = '';
    let err = '';
    child.stdout!.on('data', (part: Buffer) => (out += part.toString()));
    child.stderr!.on('data', (part: Buffer) => (err += part.toString()));
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`${argv.join(' ')} on the ${this.name}: ${err || out}`);
    return out;
  }

  #machine(): Machine {
    return {
      root: this.root,
      spawn: (argv, options) => this.#spawn(argv, options),
      uidOf: (user) => this.#uids()[user],
      hostWords: (line) => line.replaceAll(this.#sandbox.scripts, '').replaceAll(this.root, ''),
      reboot: () => void this.crash().then(() => setTimeout(() => void this.boot(), rebootMs)),
      began: (unit, pid) => this.#began(unit, pid),
      gone: (_unit, pid) => {
        rmSync(`${this.root}/proc/${pid}`, {recursive: true, force: true});
        this.#tables.forget(pid);
        this.#owners.delete(pid);
      },
    };
  }

  /** What of /proc is looked at by its own name: whose gateway this is, not one of the operator's own. */
  #began(unit: string, pid: number): void {
    const folder = `${this.root}/proc/${pid}`;
    mkdirSync(folder, {recursive: true});
    for (const name of ['comm', 'cmdline', 'environ', 'status', 'stat', 'ns', 'fd'])
      if (!existsSync(join(folder, name))) symlinkSync(`/proc/${pid}/${name}`, join(folder, name));
    writeFileSync(join(folder, 'owner'), `${this.#owners.get(pid) ?? 'root'}\n`);
    writeFileSync(join(folder, 'cgroup'), `0::/system.slice/${unit}\n`);
    if (!existsSync(join(folder, 'exe'))) symlinkSync(`${this.root}/usr/bin/node`, join(folder, 'exe'));
    if (!existsSync(join(folder, 'cwd'))) symlinkSync(`${this.root}/home/openclaw`, join(folder, 'cwd'));
  }

  #spawn(
    argv: readonly string[],
    {user, env, cwd}: {user: string; env: Readonly<Record<string, string>>; cwd?: string},
  ): ChildProcess {
    this.#refreshScripts();
    const [program = '', ...args] = this.#asRun(argv);
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: cwd === undefined ? '/' : mapPath(cwd, this.#sandbox),
      env: {...this.#base(user), ...mapEnvironment(allPaths(env, this.#sandbox), this.#sandbox)},
    });
    this.#started(child);
    if (child.pid !== undefined) this.#owners.set(child.pid, user);
    return child;
  }

  /** argv with the paths of this machine; a script of the host, or one that its `sh` is given, as its translated copy. */
  #asRun(argv: readonly string[]): string[] {
    const [program = '', ...args] = argv;
    const file = mapPath(program, this.#sandbox);
    const mapped = args.map((arg) =>
      arg.startsWith('/') && !/\s/.test(arg) ? mapPath(arg, this.#sandbox) : arg,
    );
    const copy = `${this.#sandbox.scripts}${file.slice(this.root.length)}`;
    if (file.startsWith(this.root) && existsSync(copy)) return [copy, ...mapped];
    return [program.includes('/') ? file : `${this.root}/usr/bin/${program}`, ...mapped];
  }

  /** The scripts that setup wrote, as they run here; the others of those folders as they are. */
  #refreshScripts(): void {
    for (const folder of ['/usr/local/lib/openclaw-failover', '/usr/local/bin']) {
      const from = `${this.root}${folder}`;
      if (!existsSync(from)) continue;
      const to = `${this.#sandbox.scripts}${folder}`;
      mkdirSync(to, {recursive: true});
      for (const name of readdirSync(to))
        if (!existsSync(join(from, name))) rmSync(join(to, name), {force: true});
      for (const name of readdirSync(from)) {
        const source = join(from, name);
        const copy = join(to, name);
        const about = statSync(source);
        if (!about.isFile() || (about.mode & 0o100) === 0) continue;
        if (existsSync(copy) && statSync(copy).mtimeMs >= about.ctimeMs) continue;
        const text = readFileSync(source, 'utf8');
        if (!text.startsWith('#!/bin/sh')) continue;
        writeFileSync(copy, this.#translate(text, true), {mode: 0o755});
      }
    }
  }

  /** @param runs it names scripts of the host in order to run them, not to read or write them */
  #translate(text: string, runs: boolean): string {
    return translate(text, {root: this.root, scripts: this.#sandbox.scripts, homeOf: homes(this.root)}, runs);
  }

  #base(user: string): Record<string, string> {
    const home = homes(this.root)(user);
    return {
      PATH: ['/usr/local/bin', '/usr/bin']
        .map((folder) =>
          folder === '/usr/local/bin' ? `${this.#sandbox.scripts}${folder}` : `${this.root}${folder}`,
        )
        .join(':'),
      HOME: `${this.root}${home}`,
      USER: user,
      LOGNAME: user,
      SHELL: '/bin/sh',
      LANG: 'C.UTF-8',
      TMPDIR: `${this.root}/tmp`,
      GIT_CONFIG_NOSYSTEM: '1',
    };
  }

  #uids(): Record<string, number> {
    const rows = readFileSync(`${this.root}/etc/passwd`, 'utf8').split('\n');
    return Object.fromEntries(
      rows.map((row) => row.split(':')).map(([name = '', , uid = '']) => [name, Number(uid)]),
    );
  }

  #door(user: string, key: string, from: string): {command?: string} | undefined {
    const home = homes(this.root)(user);
    for (const file of [`${home}/.ssh/authorized_keys`]) {
      const path = `${this.root}${file}`;
      const door = existsSync(path) ? admitted(readFileSync(path, 'utf8'), key, from) : undefined;
      if (door) return door;
    }
    return undefined;
  }

  async #run(
    command: string,
    user: string,
    connection: string,
    channel: import('ssh2').ServerChannel,
  ): Promise<void> {
    this.#refreshScripts();
    await runCommand(
      command,
      {user, connection, channel},
      {
        roots: [this.#sandbox.scripts, this.root],
        translate: (text) => this.#translate(withCopy(text, this.#sandbox.scripts), false),
        sh: this.about.sh,
        env: (who, from) => ({...this.#base(who), SSH_CONNECTION: from}),
        started: (child) => this.#started(child),
      },
    );
  }

  #started(child: ChildProcess): void {
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    child.once('error', () => this.#children.delete(child));
  }
}

/** A command that is a script of the host, or that our launcher (src/ssh/launch.ts) runs as one: its translated copy. */
function withCopy(command: string, scripts: string): string {
  return command.replace(
    /^()(?=\/usr\/local\/)|(exec "\$@"' sh '?)(?=\/usr\/local\/(?:bin|lib\/openclaw-failover)\/[\w-]+(?:['\s]|$))/,
    (_, _first: string | undefined, before: string | undefined) => `${before ?? ''}${scripts}`,
  );
}

/** Values of the environment that are one absolute path are paths of the host. */
function allPaths(env: Readonly<Record<string, string>>, sandbox: Sandbox): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      /^\/[^\s:]*$/.test(value) ? mapPath(value, sandbox) : value,
    ]),
  );
}

const folders = [
  '/etc/systemd/system',
  '/etc/ssh',
  '/etc/apt/apt.conf.d',
  '/home',
  '/root/.ssh',
  '/opt',
  '/srv',
  '/tmp',
  '/usr/bin',
  '/usr/lib',
  '/usr/local/bin',
  '/usr/local/lib',
  '/usr/share/rehearsal',
  '/var/lib/dpkg',
  '/var/lib/systemd/linger',
  '/var/cache',
  '/var/log',
  '/lib/systemd/system',
  '/proc/net/.listening',
  '/proc/1',
  '/proc/sys/kernel/random',
  '/sys/fs/cgroup',
  '/run',
];

/** A default route by 203.0.113.1, and the two networks that it is on. */
const route = [
  'Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT',
  'eth0	00000000	017100CB	0003	0	0	0	00000000	0	0	0',
  'eth0	007100CB	00000000	0001	0	0	0	00FFFFFF	0	0	0',
  'wg0	00004064	00000000	0001	0	0	0	00FFFFFF	0	0	0',
  '',
].join('\n');
