import {mkdirSync, rmSync, symlinkSync} from 'node:fs';
import {uptime} from 'node:os';
import type {Account} from './accounts.js';
import {Ask, Clocks} from './ask.js';
import {specifiersOf} from './environment.js';
import type {Journal} from './journal.js';
import {Jobs} from './jobs.js';
import {unknownKeys} from './keys.js';
import type {Machine} from './machine.js';
import {PathUnit} from './path-unit.js';
import {Plain} from './plain.js';
import {Service} from './service.js';
import {TimerUnit} from './timer.js';
import {Unit, type ActiveState, type JobResult, type Moment, type Source} from './unit.js';
import {unitName, type UnitFiles} from './unit-files.js';

export interface Setting {
  machine: Machine;
  journal: Journal;
  files: UnitFiles;
  hostname: string;
  /** Whose it is: root, or the user whose own it is. */
  account: Account;
  /** `/run/user/UID` for a user's; undefined: the host's own. */
  userRun: string | undefined;
  /** When the host booted, µs as /proc/uptime counts. */
  bootUs: number;
}

/** The units of a host, or those of one of its users, from one boot to the next. */
export class Manager {
  readonly clocks = new Clocks();
  readonly cutOff = new Ask<'cut'>();
  readonly jobs = new Jobs(this);
  readonly machine: Machine;
  readonly files: UnitFiles;
  readonly account: Account;
  readonly runFolder: string;
  readonly bootUs: number;
  readonly beganUs: number;
  /** Nothing is started any more. */
  isClosing = false;
  readonly #units = new Map<string, Unit>();
  readonly #watchers = new Map<string, Set<() => void>>();
  /** Which run each link tells. */
  readonly #links = new Map<string, string | undefined>();

  constructor(private readonly setting: Setting) {
    this.machine = setting.machine;
    this.files = setting.files;
    this.account = setting.account;
    this.runFolder = setting.userRun ?? '/run';
    this.bootUs = setting.bootUs;
    this.beganUs = this.now().us;
    mkdirSync(`${this.machine.root}${this.runFolder}/systemd/units`, {recursive: true});
  }

  get isOfUser(): boolean {
    return this.setting.userRun !== undefined;
  }

  /** Whose own it is; undefined: the host's. */
  get user(): string | undefined {
    return this.isOfUser ? this.account.name : undefined;
  }

  get isCut(): boolean {
    return this.cutOff.isSaid;
  }

  /** What everything finds in its environment. */
  get always(): Record<string, string> | undefined {
    const {userRun, account} = this.setting;
    if (userRun === undefined) return undefined;
    const bus = `unix:path=${userRun}/bus`;
    return {XDG_RUNTIME_DIR: userRun, DBUS_SESSION_BUS_ADDRESS: bus, HOME: account.home};
  }

  /** Where folders of units are, where not in the usual places. */
  get bases(): Record<string, string> {
    const {userRun, account} = this.setting;
    if (userRun === undefined) return {};
    const config = `${account.home}/.config`;
    return {
      Runtime: userRun,
      State: config,
      Cache: `${account.home}/.cache`,
      Logs: `${config}/log`,
      Configuration: config,
    };
  }

  now(): Moment {
    return {ms: Date.now(), us: Math.round(uptime() * 1e6)};
  }

  specifiers(id: string) {
    return specifiersOf(id, this.setting);
  }

  /** A unit by any of its names, read now where it is not known yet. */
  unit(given: string): Unit {
    const name = unitName(given);
    const known = this.known(name);
    if (known) return known;
    const source = this.files.read(name);
    const made = this.known(source.id) ?? this.#make(source);
    if (source.load !== 'not-found') this.#units.set(made.id, made);
    return made;
  }

  /** Only one that is in memory. */
  known(name: string): Unit | undefined {
    return this.#units.get(name) ?? this.all().find(({source}) => source.names.includes(name));
  }

  all(): Unit[] {
    return [...this.#units.values()];
  }

  start(name: string): Promise<JobResult> {
    const unit = this.unit(name);
    if (unit.source.load !== 'loaded') return Promise.resolve('failed');
    return this.isClosing ? Promise.resolve('canceled') : this.jobs.start(unit);
  }

  /** A service that comes back by itself. */
  restartOwn(unit: Service): Promise<JobResult> {
    return this.isClosing ? Promise.resolve('canceled') : this.jobs.start(unit, true);
  }

  begin(unit: Unit, again: boolean): Promise<JobResult> {
    return unit instanceof Service ? unit.begin(again) : unit.begin();
  }

  /** Reads every file again; what runs goes on. */
  reload(): void {
    for (const unit of this.all()) {
      const source = this.files.read(unit.id);
      if (source.load === 'not-found' && unit.isDown && unit.active !== 'failed') this.#units.delete(unit.id);
      // What was merely there may have a program now.
      const runs = source.text.all('Service', 'ExecStart').length > 0;
      if (unit.isDown && unit instanceof Plain && runs) this.#units.delete(unit.id);
      unit.source = {...source, id: unit.id};
      unit.reloaded();
    }
  }

  needsReload({source}: Unit): boolean {
    return source.path !== '' && source.readMs !== 0 && this.files.changedMs(source.path) !== source.readMs;
  }

  /** Forgets units of one command that have ended. */
  collect(): void {
    if (this.isCut) return;
    // Timers first: what they start is needed until then.
    const order = this.all().toSorted((a, b) => Number(a instanceof Service) - Number(b instanceof Service));
    for (const unit of order) {
      if (!unit.source.transient || !unit.isCollected || this.jobs.kindOf(unit)) continue;
      const isNeeded = this.all().some(
        (one) => (one instanceof TimerUnit || one instanceof PathUnit) && one.triggers === unit.id,
      );
      if (isNeeded) continue;
      this.#units.delete(unit.id);
      rmSync(`${this.machine.root}${unit.source.path}`, {force: true});
    }
  }

  /** @returns ends it */
  whenChanges(name: string, act: () => void): () => void {
    const all = this.#watchers.get(name) ?? new Set();
    this.#watchers.set(name, all.add(act));
    return () => all.delete(act);
  }

  /** A unit is another way now. */
  noticed(unit: Unit, before: ActiveState): void {
    if (this.isCut) return;
    this.#link(unit);
    const ended = unit.isDown && before !== 'inactive' && before !== 'failed';
    // Once its job has ended too: what starts it again is another.
    setImmediate(() => {
      if (this.isCut) return;
      for (const act of this.#watchers.get(unit.id) ?? []) act();
      if (!ended) return;
      for (const other of this.all()) {
        const isBound = other.source.text.names('Unit', 'BindsTo').includes(unit.id);
        if (isBound && !other.isDown && !unit.isUp) void this.jobs.stop(other);
      }
      this.collect();
    });
  }

  /** A line without what only this machine knows. */
  hostWords(line: string): string {
    const {machine} = this;
    return machine.hostWords ? machine.hostWords(line) : line.replaceAll(`${machine.root}/`, '/');
  }

  /** What systemd itself says of a unit. */
  says(unit: Unit | undefined, message: string): void {
    const {isOfUser, account} = this;
    const field = isOfUser ? 'USER_UNIT' : 'UNIT';
    this.setting.journal.add({
      identifier: 'systemd',
      pid: isOfUser ? process.pid : 1,
      message: this.hostWords(message),
      fields: {...(unit && {[field]: unit.id}), _UID: String(account.uid), _COMM: 'systemd'},
    });
  }

  /** What a process of a unit says. */
  wrote(unit: Unit, line: {identifier: string; pid: number; message: string; uid: number}): void {
    const {identifier, pid, uid} = line;
    const message = this.hostWords(line.message);
    const field = this.isOfUser ? '_SYSTEMD_USER_UNIT' : '_SYSTEMD_UNIT';
    const fields = {[field]: unit.id, _UID: String(uid), _PID: String(pid), SYSLOG_IDENTIFIER: identifier};
    this.setting.journal.add({identifier, pid, message, fields});
  }

  /** Everything ends in good order, within `limitMs`; then it ends anyhow. */
  async close(limitMs: number): Promise<void> {
    this.isClosing = true;
    for (const unit of this.all()) if (!(unit instanceof Service)) void this.jobs.stop(unit);
    const stops = this.all().map((unit) => this.jobs.stop(unit));
    await this.clocks.within(limitMs, Promise.all(stops));
    this.cut();
  }

  /** As a power cut: nothing of it runs afterwards. */
  cut(): void {
    this.isClosing = true;
    this.cutOff.tell('cut');
    for (const unit of this.all()) unit.cut();
    this.clocks.close();
  }

  #make(source: Source): Unit {
    const {id, text} = source;
    const builtIn = this.files.builtIns.get(id);
    if (source.load === 'loaded') this.#warn(source);
    if (id.endsWith('.timer')) return new TimerUnit(this, source);
    if (id.endsWith('.path')) return new PathUnit(this, source);
    if (text.all('Service', 'ExecStart').length > 0) return new Service(this, source);
    const plain = new Plain(this, source).as(id.endsWith('.service') ? 'running' : 'active');
    if (builtIn) plain.told = builtIn;
    return plain;
  }

  #warn({id, path, text}: Source): void {
    for (const whole of unknownKeys(text.keys())) {
      const [section, key] = whole.split('.');
      this.says(undefined, `${path || id}: Unknown key name '${key}' in section '${section}', ignoring.`);
    }
  }

  /** The link that is there while a unit is up; it leads nowhere and says which run it is. */
  #link(unit: Unit): void {
    const link = `${this.machine.root}${this.runFolder}/systemd/units/invocation:${unit.id}`;
    const wanted = unit.isDown ? undefined : unit.invocation || undefined;
    if (this.#links.get(unit.id) === wanted) return;
    this.#links.set(unit.id, wanted);
    try {
      rmSync(link, {force: true});
      if (wanted !== undefined) symlinkSync(wanted, link);
    } catch {
      // The host's /run is gone.
    }
  }
}
