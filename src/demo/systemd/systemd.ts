import {mkdirSync, readFileSync, rmSync} from 'node:fs';
import {uptime} from 'node:os';
import {accountOf, nameOf, type Account} from './accounts.js';
import {Journal} from './journal.js';
import {journalctl} from './journalctl.js';
import {loginctl} from './loginctl.js';
import {Refusal, type Call, type Machine, type Output} from './machine.js';
import {Manager} from './manager.js';
import {systemdNotify} from './notify.js';
import {systemctl, versionText} from './systemctl.js';
import {systemdRun} from './systemd-run.js';
import type {Unit} from './unit.js';
import {UnitFiles, type BuiltIn} from './unit-files.js';
import {UserManagers} from './users.js';

/** ms that everything has to end in good order. */
const closeMs = 5_000;

const rootAccount: Account = {name: 'root', uid: 0, home: '/root', shell: '/bin/sh'};

/** Units of a bare host that nothing runs for. */
const targets = [
  'basic',
  'multi-user',
  'graphical',
  'network',
  'network-online',
  'timers',
  'paths',
  'default',
  'sockets',
  'local-fs',
];

/**
 * What systemd is to a host: reads the unit files in its sandbox, runs their processes and answers its commands.
 * It runs in this process, without privileges; how one unit is kept from another is not its business (keys.ts).
 */
export class Systemd {
  readonly #builtIns = new Map<string, BuiltIn>();
  readonly #users: UserManagers;
  #system: Manager | undefined;

  /** @param journal of a host that was there before, with what it said then */
  constructor(
    private readonly machine: Machine,
    readonly journal: Journal = new Journal(),
  ) {
    this.#users = new UserManagers(machine, this.#builtIns);
    for (const name of targets) this.#bare(`${name}.target`, `Description=${name} target`);
    // Whoever asks came by it.
    this.builtIn('ssh.service', {description: 'OpenBSD Secure Shell server', aliases: ['sshd.service']});
  }

  /**
   * A unit that the host has without a file of its own: merely active, or with a program that runs.
   * @param argv absent: nothing runs for it
   */
  builtIn(
    name: string,
    {
      argv,
      description,
      user,
      aliases = [],
      enabled = true,
      started,
      stopped,
    }: {
      argv?: readonly string[];
      description?: string;
      user?: string;
      aliases?: readonly string[];
      enabled?: boolean;
      started?: () => void;
      stopped?: () => void;
    } = {},
  ): void {
    const exec = argv
      ?.map((word) => `"${word.replaceAll('%', '%%').replaceAll(/["\\]/g, String.raw`\$&`)}"`)
      .join(' ');
    const service =
      exec === undefined
        ? []
        : ['[Service]', `ExecStart=${exec}`, ...(user === undefined ? [] : [`User=${user}`])];
    const text = [
      '[Unit]',
      `Description=${description ?? name}`,
      ...service,
      '[Install]',
      'WantedBy=multi-user.target',
      '',
    ];
    this.#builtIns.set(name, {text: text.join('\n'), aliases, enabled, started, stopped});
  }

  /**
   * Starts what is enabled; it does not wait for all of it to have started.
   * @param upForS s that the host has been up already: 0 after a reboot
   */
  async boot({upForS = 0}: {upForS?: number} = {}): Promise<void> {
    if (this.#system && !this.#system.isCut) return;
    this.journal.boot += 1;
    const {root} = this.machine;
    const bootUs = Math.round((uptime() - upForS) * 1e6);
    for (const folder of ['/run/systemd/system', '/etc/systemd/system'])
      mkdirSync(root + folder, {recursive: true});
    // What was of one command only is of one boot only.
    rmSync(`${root}/run/systemd/transient`, {recursive: true, force: true});
    rmSync(`${root}/run/systemd/units`, {recursive: true, force: true});
    const files = new UnitFiles(
      root,
      [
        '/etc/systemd/system',
        '/run/systemd/system',
        '/usr/local/lib/systemd/system',
        '/lib/systemd/system',
        '/usr/lib/systemd/system',
      ],
      '/run/systemd/transient',
      this.#builtIns,
    );
    const account = accountOf(this.machine, 'root') ?? rootAccount;
    const common = {machine: this.machine, journal: this.journal, hostname: this.#hostname(), bootUs};
    const system = new Manager({...common, account, files, userRun: undefined});
    this.#system = system;
    system.says(undefined, 'systemd 252 running in system mode');
    for (const [name, {enabled}] of this.#builtIns) if (enabled) void system.start(name);
    await this.#users.boot(common);
  }

  /** As a power cut: every process is gone at once, and nothing is written. */
  crash(): void {
    this.#users.cut();
    this.#system?.cut();
  }

  /** Everything ends in good order, within 5 s. */
  async shutdown(): Promise<void> {
    await Promise.all([this.#users.close(closeMs), this.#system?.close(closeMs)]);
    this.crash();
  }

  /** A user's own manager, as a login brings it up. Nothing where it is up already. */
  startUser(name: string): Promise<void> {
    return this.#users.begin(name);
  }

  /** The end of a user's manager and of everything it runs. */
  stopUser(name: string): Promise<void> {
    return this.#users.end(name);
  }

  /** A line of the journal that comes from no unit's process: of the kernel, or of what the machine itself is. */
  log(message: string, {identifier, unit, pid}: {identifier: string; unit?: string; pid?: number}): void {
    const fields = {
      ...(unit !== undefined && {_SYSTEMD_UNIT: unit}),
      ...(identifier === 'kernel' && {_TRANSPORT: 'kernel'}),
      SYSLOG_IDENTIFIER: identifier,
    };
    this.journal.add({identifier, pid, message, fields});
  }

  /** A unit of the host, for whoever looks at it from here. @throws Error before the first boot */
  unit(name: string): Unit {
    if (!this.#system) throw new Error('the host has not been booted');
    return this.#system.unit(name);
  }

  /** Answers a command; its exit code. `signal`: whoever asked is gone. */
  async call(call: Call, out: Output, signal: AbortSignal): Promise<number> {
    try {
      return await this.#answer(call, out, signal);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      out.stderr(`${error.message}\n`);
      return error.code;
    }
  }

  async #answer(call: Call, out: Output, signal: AbortSignal): Promise<number> {
    const {program, argv, user} = call;
    if (optionsOf(call).includes('--version')) {
      out.stdout(versionText);
      return 0;
    }
    const hostname = this.#hostname();
    const {machine, journal} = this;
    if (program === 'journalctl') return journalctl(argv, {journal, hostname, out, signal});
    const system = this.#system;
    if (!system || system.isCut)
      throw new Refusal("System has not been booted with systemd as init system (PID 1). Can't operate.");
    if (program === 'loginctl') {
      return loginctl(argv, {
        machine,
        user,
        out,
        isUp: (name) => this.#users.of(name) !== undefined,
        begin: (name) => this.startUser(name),
        leave: (name) => this.stopUser(name),
      });
    }
    if (program === 'systemd-notify') return systemdNotify(call, [system, ...this.#users.all()]);
    const ofUser = optionsOf(call).includes('--user');
    const manager = ofUser ? this.#users.forCall(call, optionsOf(call)) : system;
    const mayChange = ofUser || user === 'root';
    if (program === 'systemd-run') {
      if (!mayChange)
        throw new Refusal('Failed to start transient service unit: Interactive authentication required.');
      return systemdRun(argv, {manager, out, signal});
    }
    if (!ofUser && mayChange) await this.#usersOf(argv);
    return systemctl(argv, {manager, machine, journal, hostname, out, mayChange});
  }

  /** `systemctl start user@1000.service` is the manager of that user. */
  async #usersOf(argv: readonly string[]): Promise<void> {
    for (const word of argv) {
      const [, uid] = /^user@(\d+)(?:\.service)?$/.exec(word) ?? [];
      const name = uid === undefined ? undefined : nameOf(this.machine, Number(uid));
      if (name === undefined) continue;
      const id = `user@${uid}.service`;
      if (!this.#builtIns.has(id)) {
        const started = () => void this.startUser(name).catch(() => {});
        const stopped = () => void this.stopUser(name).catch(() => {});
        this.builtIn(id, {description: `User Manager for UID ${uid}`, enabled: false, started, stopped});
      }
      const unit = this.#system!.unit(id);
      // oxlint-disable-next-line no-await-in-loop
      if (this.#users.of(name) && unit.isDown) await unit.begin();
      // oxlint-disable-next-line no-await-in-loop
      else if (!this.#users.of(name) && unit.isUp) await unit.end();
    }
  }

  #hostname(): string {
    try {
      return readFileSync(`${this.machine.root}/etc/hostname`, 'utf8').trim() || 'localhost';
    } catch {
      return 'localhost';
    }
  }

  #bare(name: string, line: string): void {
    this.#builtIns.set(name, {text: `[Unit]\n${line}\n`, aliases: [], enabled: true});
  }
}

/** The words before the command of systemd-run, all of them otherwise. */
const optionsOf = ({program, argv}: Call): readonly string[] => {
  if (program !== 'systemd-run') return argv;
  const at = argv.findIndex((word) => !word.startsWith('-'));
  return at < 0 ? argv : argv.slice(0, at);
};
