import {existsSync} from 'node:fs';
import {ConnectionLost} from '../../../src/errors.js';
import type {Host, HostName, Ran, RunOptions} from '../../../src/ssh/host.js';
import {nowMs} from './virtual-time.js';

/** How the two machines of a drill answer, and what was asked of them. */
export class Machines {
  /** `primary: label` of everything that ran, in order. */
  readonly ran: string[] = [];
  /** Whether the record of the drill was on this machine then. */
  readonly remembered: boolean[] = [];
  readonly texts: string[] = [];
  /** ms that their clocks are ahead. */
  offsets: Record<HostName, number> = {primary: 0, standby: 0};
  /** What the next connections to the primary come to; absent: it is reached. */
  lost = 0;
  /** Nobody answers a new connection to the primary, and nobody refuses it. */
  silent = false;
  gateway: 'ready' | 'down' = 'ready';
  /** It starts when it is told to. */
  starts = true;
  /** epoch ms of the virtual clock at which the timer runs; null: none is armed. */
  timerAtMs: number | null = null;
  /** The timer is armed and cannot be seen. */
  timerHides = false;
  /** When the timer of the primary has run, ISO; '': it has not. */
  firedAt = '';
  /** A word of the boot of the primary. */
  boot = 'boot-1';
  injectFails = false;
  /** Commands that fail. */
  wrong: (label: string) => boolean = () => false;
  /** ms that a stop takes. */
  stopMs = 200;
  look: Record<string, string> = {boot: 'enabled', restart: 'always', active: 'active', timers: 'yes'};
  /** Whoever has the lock of a host, and whether that could be seen before. */
  holder: Partial<Record<HostName, string>> = {};
  holderSeen = true;
  readonly #own: Partial<Record<HostName, string | undefined>> = {};
  onInject: () => void = () => undefined;
  onUndo: () => void = () => undefined;
  /** Runs before each command. */
  onCommand: (command: string) => void = () => undefined;

  /** Grows when all connections break. */
  #made = 0;

  constructor(private readonly record: string) {}

  /** Every connection that there is; new ones are made. */
  breakConnections(): void {
    this.#made += 1;
  }

  readonly sources: Record<HostName, () => Promise<Host>> = {
    primary: async () => {
      if (this.silent) return new Promise<never>(() => undefined);
      if (this.lost > 0) {
        this.lost -= 1;
        this.ran.push('primary: out of reach');
        throw new ConnectionLost('primary', 'a command');
      }
      return this.host('primary');
    },
    standby: async () => this.host('standby'),
  };

  private host(name: HostName): Host {
    const made = this.#made;
    const act = async (label: string, text: string, signal?: AbortSignal): Promise<Ran> => {
      if (made !== this.#made) throw new ConnectionLost(name, label);
      const command = `${name}: ${label}`;
      this.ran.push(command);
      this.texts.push(text);
      this.remembered.push(existsSync(this.record));
      this.onCommand(command);
      const {code = 0, stdout = ''} = this.answer(name, label, text);
      if (signal?.aborted) return ran({code: -1});
      return ran({code, stdout, stderr: code === 0 ? '' : 'it did not work'});
    };
    return {
      name,
      target: `root@${name}`,
      run: (argv, options: RunOptions = {}) =>
        act(options.label ?? argv.join(' '), argv.join(' '), options.signal),
      script: ({label, text}, options: RunOptions = {}) => act(label, text, options.signal),
      read: async () => undefined,
      write: async () => undefined,
      follow: async function* () {},
      close: async () => undefined,
    };
  }

  private answer(name: HostName, label: string, text: string): {code?: number; stdout?: string} {
    if (this.wrong(label)) return {code: 1, stdout: 'no such key'};
    if (label === 'date +%s%N') return {stdout: nanoseconds(nowMs() + this.offsets[name])};
    if (label.startsWith('GET ')) return {stdout: this.gateway === 'ready' ? '200' : '0'};
    if (label.startsWith('cat '))
      return {stdout: this.#own[name] ?? (this.holderSeen ? (this.holder[name] ?? '') : '')};
    if (label.startsWith('take the lock')) return {stdout: this.lock(name, text)};
    if (label.startsWith('release the lock')) this.#own[name] = undefined;
    if (label.startsWith('look at the primary')) return {stdout: this.looked()};
    if (label.startsWith('arm ')) this.timerAtMs = nowMs() + 1000 * Number(/on-active=(\d+)/.exec(text)![1]);
    if (label.startsWith('disarm ')) {
      this.timerAtMs = null;
      return {stdout: this.firedAt};
    }
    if (text.includes('boot_id')) return {stdout: `${this.boot}\n`};
    if (text.includes('NextElapseUSecMonotonic')) return {stdout: this.timer()};
    if (label.startsWith('drill: take back')) this.start(this.onUndo);
    // The script that the primary keeps for that.
    else if (label.startsWith('drill: run ')) this.start(() => undefined);
    else if (label.startsWith('drill: ')) return this.inject();
    if (text.includes('--user restart')) this.start(() => undefined);
    return {};
  }

  private lock(name: HostName, text: string): string {
    const held = this.holder[name];
    if (held !== undefined) return held;
    this.#own[name] = /^ *printf '%s\\n' '(\{.*\})' > /m.exec(text)![1];
    return 'taken';
  }

  private inject(): {code?: number; stdout?: string} {
    if (this.injectFails) return {code: 1};
    this.gateway = 'down';
    this.onInject();
    const atMs = nowMs() + this.offsets.primary;
    return {stdout: `fault-from ${nanoseconds(atMs - this.stopMs)}fault-to ${nanoseconds(atMs)}`};
  }

  private start(then: () => void): void {
    if (this.starts) this.gateway = 'ready';
    then();
  }

  private looked(): string {
    return `${Object.entries(this.look)
      .map(([word, value]) => `${word} ${value}\n`)
      .join('')}${this.timer()}`;
  }

  private timer(): string {
    const left = this.timerAtMs === null || this.timerHides ? null : (this.timerAtMs - nowMs()) / 1000;
    if (left === null) return 'ActiveState=inactive\nNextElapseUSecMonotonic=infinity\n1000.00 2000.00\n';
    return `ActiveState=active\nNextElapseUSecMonotonic=${(1000 + left).toFixed(3)}s\nActiveEnterTimestampMonotonic=1000000000\n1000.00 2000.00\n`;
  }
}

const nanoseconds = (ms: number) => `${Math.round(ms)}000000\n`;
const ran = (fields: Partial<Ran>): Ran => ({
  code: 0,
  timedOut: false,
  stdout: '',
  stderr: '',
  tookMs: 0,
  ...fields,
});
