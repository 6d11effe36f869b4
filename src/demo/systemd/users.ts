import {mkdirSync, readdirSync} from 'node:fs';
import {accountOf} from './accounts.js';
import {lingers} from './loginctl.js';
import {Refusal, type Call, type Machine} from './machine.js';
import {Manager, type Setting} from './manager.js';
import {UserBus} from './user-bus.js';
import {UnitFiles, type BuiltIn} from './unit-files.js';

type Common = Pick<Setting, 'machine' | 'journal' | 'hostname' | 'bootUs'>;

/** ms that the units of a user have to end in good order. */
const endMs = 5_000;

/** The managers that users of a host have of their own, from one boot to the next. */
export class UserManagers {
  readonly #of = new Map<string, {manager: Manager; bus: UserBus}>();
  #common: Common | undefined;

  constructor(
    private readonly machine: Machine,
    private readonly builtIns: ReadonlyMap<string, BuiltIn>,
  ) {}

  /** Those of users who linger come up. */
  async boot(common: Common): Promise<void> {
    this.#common = common;
    await Promise.all(this.#lingering().map((name) => this.begin(name)));
  }

  async begin(name: string): Promise<void> {
    const {machine} = this;
    const account = accountOf(machine, name);
    if (!account || !this.#common || this.#of.has(name)) return;
    const userRun = `/run/user/${account.uid}`;
    mkdirSync(machine.root + userRun, {recursive: true, mode: 0o700});
    const files = new UnitFiles(
      machine.root,
      [
        `${account.home}/.config/systemd/user`,
        '/etc/systemd/user',
        `${account.home}/.local/share/systemd/user`,
        '/usr/lib/systemd/user',
      ],
      `${userRun}/systemd/transient`,
      new Map([...this.builtIns].filter(([one]) => one.endsWith('.target'))),
    );
    const manager = new Manager({...this.#common, account, files, userRun});
    const bus = new UserBus(machine.root + userRun);
    this.#of.set(name, {manager, bus});
    for (const target of ['basic', 'timers', 'paths', 'default']) void manager.start(`${target}.target`);
    await bus.open();
  }

  async end(name: string): Promise<void> {
    const found = this.#of.get(name);
    if (!found) return;
    this.#of.delete(name);
    await found.manager.close(endMs);
    found.bus.close();
  }

  of(name: string): Manager | undefined {
    return this.#of.get(name)?.manager;
  }

  all(): Manager[] {
    return [...this.#of.values()].map(({manager}) => manager);
  }

  async close(limitMs: number): Promise<void> {
    this.#common = undefined;
    await Promise.all(this.all().map((manager) => manager.close(limitMs)));
  }

  /** As a power cut. */
  cut(): void {
    this.#common = undefined;
    for (const {manager, bus} of this.#of.values()) {
      manager.cut();
      bus.close();
    }
    this.#of.clear();
  }

  /**
   * The one that a command with --user is meant for.
   * @throws Refusal in the words of a user who has none
   */
  forCall({env, user}: Call, options: readonly string[]): Manager {
    const [, whose] = /(?:^| )(?:-M ?|--machine[= ])(\w[\w-]*)@/.exec(options.join(' ')) ?? [];
    if (whose !== undefined && user === 'root') {
      const theirs = this.of(whose);
      if (theirs) return theirs;
      throw new Refusal('Failed to connect to bus: Host is down');
    }
    const folder = env['XDG_RUNTIME_DIR'];
    if (!folder) {
      throw new Refusal(
        'Failed to connect to bus: $DBUS_SESSION_BUS_ADDRESS and $XDG_RUNTIME_DIR not defined (consider using --machine=<user>@.host --user to connect to bus of other user)',
      );
    }
    const uid = Number(folder.slice(folder.lastIndexOf('/') + 1));
    const own = uid === this.machine.uidOf(user) ? this.of(user) : undefined;
    if (!own) throw new Refusal('Failed to connect to bus: No such file or directory');
    return own;
  }

  #lingering(): string[] {
    try {
      const names = readdirSync(`${this.machine.root}/var/lib/systemd/linger`);
      return names.filter((name) => lingers(this.machine, name));
    } catch {
      return [];
    }
  }
}
