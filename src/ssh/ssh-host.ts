import {ConnectionLost} from '../errors.js';
import {Secret} from '../secret.js';
import {redact} from './audit.js';
import type {Connection} from './connection.js';
import {execute, neverBegan, NoChannel} from './exec.js';
import type {Order, Outcome} from './exec.js';
import {
  mostBytes,
  readCommand,
  readFailure,
  scriptCommand,
  tooBig,
  watching,
  writeFailure,
  writeScript,
} from './files.js';
import {follow} from './follow.js';
import type {Audit, Host, HostName, Ran, RemoteFile, RunOptions, Script} from './host.js';
import type {Identity} from './identities.js';
import {launch} from './launch.js';
import type {Power} from './launch.js';
import {ChannelSlots} from './channel-slots.js';
import type {ConnectPrompts, Remembered} from './prompts.js';
import {quote} from './quote.js';
import {describeHop} from './route.js';
import type {Hop} from './route.js';
import {stripControl} from './strip.js';
import {gainRoot} from './sudo.js';
import type {SudoContext} from './sudo.js';
import {notStarted, refusesCommands, sudoHangs} from './refusal.js';

export interface SshHostParts {
  name: HostName;
  target: string;
  route: readonly Hop[];
  connection: Connection;
  identity: Identity | undefined;
  audit: Audit;
}

/** What to run, before it is known how: argv, or a script with what its commands find on stdin. */
type Work =
  | {argv: readonly string[]; input?: Bytes | undefined}
  /** `followed`: it is listened to for as long as it runs. */
  | {script: Script; input?: Bytes | undefined; followed?: true};
type Bytes = string | Uint8Array | Secret;

interface Job {
  work: Work;
  user: string;
  /** What the audit log and a lost connection call it. */
  label: string;
  /** ms; 0: no limit. */
  timeoutMs: number;
  keep: number;
  signal?: AbortSignal | undefined;
  onLine?: RunOptions['onLine'];
  onChannel?: Order['onChannel'];
}

const defaultTimeout = 60_000;
const keepOutput = 8 * 2 ** 20;

/** A `Host` at the other end of an SSH connection. Made by `connect`. */
export class SshHost implements Host {
  readonly name: HostName;
  readonly target: string;
  /** Where the connection ends: address, port and login as they were resolved. */
  readonly endpoint: {host: string; port: number; user: string};
  /** What known_hosts and the pins call its key; whether no jump host stands before it. */
  readonly keyName: string;
  readonly direct: boolean;
  /** The public key that logged in, as a line for authorized_keys; undefined for a password. */
  readonly publicKey: string | undefined;
  readonly #parts: SshHostParts;
  readonly #slots = new ChannelSlots();
  readonly #secrets = new Set<Secret>();
  #power: Power = {kind: 'root'};

  constructor(parts: SshHostParts) {
    const last = parts.route.at(-1)!;
    this.#parts = parts;
    this.name = parts.name;
    this.target = parts.target;
    this.endpoint = {host: last.host, port: last.port, user: last.user};
    this.keyName = last.keyName;
    this.direct = parts.route.length === 1;
    const key = parts.identity?.key;
    this.publicKey =
      key && `${key.type} ${key.getPublicSSH().toString('base64')} ${key.comment || last.target}`.trim();
  }

  /** Finds out how this login becomes root; asks for the sudo password where one is needed. Once, by `connect`. */
  async gainRoot(prompts: ConnectPrompts, memory: Remembered): Promise<void> {
    if (this.endpoint.user === 'root') return;
    const raw = async (command: string, input: string, mark: string): Promise<Outcome> => {
      const {client} = await this.#parts.connection.link();
      const order = {command, mark, input: [input], keep: 65_536, timeoutMs: 30_000, kill: () => undefined};
      const outcome = await execute(client, order);
      this.#record('sudo: may this login become root?', this.endpoint.user, outcome);
      if (outcome.timedOut) throw sudoHangs(this.#context);
      if (outcome.unfinished) throw new ConnectionLost(this.name, 'sudo');
      return outcome;
    };
    this.#power = await gainRoot(raw, this.#context, prompts, memory);
    if (this.#power.kind === 'sudo-password') this.#secrets.add(this.#power.password);
  }

  run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
    const label = options.label ?? quote(argv);
    return this.#ran({work: {argv, input: options.stdin}, ...this.#common(label, options)});
  }

  script(script: Script, options: RunOptions = {}): Promise<Ran> {
    const label = options.label ?? script.label;
    return this.#ran({work: {script, input: options.stdin}, ...this.#common(label, options)});
  }

  async read(
    path: string,
    {user, maxBytes = mostBytes}: {user?: string; maxBytes?: number} = {},
  ): Promise<Uint8Array | undefined> {
    const outcome = await this.#perform({
      work: {argv: readCommand(path, maxBytes)},
      ...this.#common(`read ${path}`, user === undefined ? {} : {user}),
      keep: maxBytes + 1,
    });
    if (outcome.code !== 0) {
      const failure = readFailure(this.name, path, outcome.code, stripControl(outcome.stderr.text));
      if (failure) throw failure;
      return undefined;
    }
    const {kept} = outcome.stdout.bytes;
    if (kept.length > maxBytes) throw tooBig(this.name, path, maxBytes);
    return kept;
  }

  async write(file: RemoteFile): Promise<void> {
    const content = bytesOf(file.content);
    if (file.content instanceof Secret) this.#secrets.add(file.content);
    const outcome = await this.#perform({
      work: {script: writeScript(file, content.length), input: content},
      // A minute, and a second more for each 100 KB: slow lines exist, hung disks too.
      ...this.#common(`write ${file.path}`, {timeoutMs: defaultTimeout + content.length / 100}),
    });
    if (outcome.code !== 0)
      throw writeFailure(this.name, file, outcome.code, stripControl(outcome.stderr.text));
  }

  follow(what: readonly string[] | Script, signal: AbortSignal): AsyncIterable<string> {
    const [label, work]: [string, Work] =
      'text' in what ? [what.label, {script: what, followed: true}] : [quote(what), {argv: what}];
    return follow(label, signal, this.name, (tap) =>
      this.#perform({
        work,
        ...this.#common(label, {timeoutMs: 0, onLine: tap.onLine, signal: tap.signal}),
        keep: 65_536,
        onChannel: tap.onChannel,
      }),
    );
  }

  async close(): Promise<void> {
    this.#parts.connection.close();
  }

  #common(label: string, options: RunOptions): Omit<Job, 'work'> {
    return {
      label,
      user: options.user ?? 'root',
      timeoutMs: options.timeoutMs ?? defaultTimeout,
      keep: keepOutput,
      signal: options.signal,
      onLine: options.onLine,
    };
  }

  async #ran(job: Job): Promise<Ran> {
    const {code, signal, timedOut, stdout, stderr, tookMs} = await this.#perform(job);
    return {
      code,
      ...(signal === undefined ? {} : {signal}),
      timedOut,
      stdout: stdout.text,
      stderr: stderr.text,
      tookMs,
    };
  }

  /** Runs a job on a channel of its own. @throws ConnectionLost; Abort when the command could not even be started. */
  async #perform(job: Job): Promise<Outcome> {
    if (job.work.input instanceof Secret) this.#secrets.add(job.work.input);
    if (job.signal?.aborted) return neverBegan();
    const began = performance.now();
    let outcome: Outcome;
    try {
      outcome = await this.#slots.use(job.signal, () => this.#start(job));
    } catch (error) {
      if (job.signal?.aborted && error === job.signal.reason) return neverBegan();
      // It may have reached the host all the same, so it belongs into the log.
      this.#record(job.label, job.user, {code: -1, tookMs: performance.now() - began});
      throw error instanceof NoChannel ? refusesCommands(error, this.#context) : error;
    }
    this.#record(job.label, job.user, outcome);
    if (outcome.unfinished) throw new ConnectionLost(this.name, this.#say(job.label));
    if (!outcome.started && !outcome.timedOut && !outcome.aborted)
      throw notStarted(outcome, job.user, this.name, this.#context);
    return outcome;
  }

  async #start(job: Job): Promise<Outcome> {
    const link = await this.#parts.connection.link(job.signal);
    const {work, user} = job;
    const login = this.endpoint.user;
    const {argv, before} = commandOf(work);
    const launched = launch({argv, login, user, power: this.#power});
    try {
      return await execute(link.client, {
        command: launched.command,
        mark: launched.mark,
        input: [launched.preface, before, work.input === undefined ? '' : bytesOf(work.input)],
        keep: job.keep,
        timeoutMs: job.timeoutMs,
        signal: job.signal,
        onLine: job.onLine,
        ...(job.onChannel ? {onChannel: job.onChannel} : {}),
        kill: (pid, signal) => this.#kill(pid, signal, user),
      });
    } catch (error) {
      const broken =
        error instanceof Error && /^(?:Not connected|No response from server)$/.test(error.message);
      if (link.lost || broken) throw new ConnectionLost(this.name, this.#say(job.label), error);
      throw error instanceof NoChannel ? error : refusesCommands(error, this.#context);
    }
  }

  /** Ends the process group of a command by way of a channel of its own, beyond the limit, which may be used up. */
  #kill(pid: number, signal: 'TERM' | 'KILL', user: string): void {
    const text =
      'read -r s < "/proc/$1/stat" || exit 0; set -- "$2" ${s##*) }; [ "$4" -gt 1 ] && kill -s "$1" -- "-$4"';
    const login = this.endpoint.user;
    const argv = ['sh', '-c', text, 'sh', String(pid), signal];
    const launched = launch({argv, login, user: user === login ? login : 'root', power: this.#power});
    const order: Order = {
      ...launched,
      input: [launched.preface],
      keep: 1_024,
      timeoutMs: 5_000,
      kill: () => undefined,
    };
    // Without a connection there is nobody to tell: the command then ends with its channel.
    void this.#parts.connection
      .link()
      .then((link) => execute(link.client, order))
      .catch(() => undefined);
  }

  get #context(): SudoContext {
    const {route} = this.#parts;
    return {
      who: `the ${this.name} (${describeHop(route.at(-1)!)})`,
      target: this.target,
      login: this.endpoint.user,
    };
  }

  #say(label: string): string {
    const line = redact(stripControl(label).replaceAll('\n', ' '), this.#secrets);
    return line.length > 200 ? `${line.slice(0, 200)}…` : line;
  }

  #record(command: string, user: string, {code, tookMs}: {code: number; tookMs: number}): void {
    const {audit, name, target} = this.#parts;
    const took = Math.round(tookMs);
    const time = new Date(Date.now() - took).toISOString();
    audit({time, host: name, target, command: redact(command, this.#secrets), user, code, tookMs: took});
  }
}

/** The argv of a job, and what goes to its stdin before what is meant for its commands. */
function commandOf(work: Work): {argv: readonly string[]; before: string} {
  if ('argv' in work) return {argv: work.argv, before: ''};
  const {argv, input} = scriptCommand(work.script.text, `end-${crypto.randomUUID()}`);
  return {argv: work.followed ? watching(argv, work.script.limitS) : argv, before: input};
}

function bytesOf(content: Bytes): Uint8Array {
  if (content instanceof Secret) return Buffer.from(content.reveal());
  return typeof content === 'string' ? Buffer.from(content) : content;
}
