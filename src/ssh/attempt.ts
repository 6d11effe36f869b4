import type {Duplex} from 'node:stream';
import ssh2 from 'ssh2';
import type {Client} from 'ssh2';
import {Countdown} from './countdown.js';
import {dial, dialThrough} from './dial.js';
import {timeIsOver} from './failure.js';
import type {Going} from './failure.js';
import {changedKey, judgeHostKey, offerOrder, revokedKey, unconfirmedKey} from './host-key.js';
import type {Expected} from './host-key.js';
import type {HostName} from './host.js';
import {gatherIdentities, IdentityAgent} from './identities.js';
import type {Identity} from './identities.js';
import {fingerprint, keyType} from './known-hosts.js';
import type {HostKey} from './known-hosts.js';
import {loginSequence, passwordKey} from './login.js';
import type {PinStore} from './pins.js';
import type {ConnectPrompts, Remembered} from './prompts.js';
import {describeHop} from './route.js';
import type {Hop} from './route.js';

export interface AttemptOptions {
  name: HostName;
  pins: PinStore;
  prompts: ConnectPrompts;
  memory: Remembered;
  /** ms for one hop, without the time that questions take. */
  timeoutMs: number;
  /** ms between keepalives; three without an answer end the connection. */
  keepaliveMs: number;
  signal?: AbortSignal;
}

/** What a successful attempt leaves behind. */
export interface LoggedIn {
  client: Client;
  /** The key that logged in; undefined for a password. */
  identity: Identity | undefined;
}

/** A key of another type than the pinned one was shown; the server may have that one too. */
export class OtherType extends Error {
  constructor(readonly seen: HostKey) {
    super(`the server showed its ${seen.type} key`);
  }
}

/** One connection to one SSH server: dial, compare the host key, log in. */
export class Attempt {
  readonly shown: {who: string; name: string};
  readonly going: Going;
  #countdown: Countdown | undefined;
  #accepted: Buffer | undefined;
  /** Why we ended the connection; outranks what ssh2 makes of it, also when it comes later. */
  refusal: Error | undefined;

  constructor(
    readonly hop: Hop,
    readonly expected: Expected,
    readonly without: ReadonlySet<string>,
    readonly options: AttemptOptions,
    via: string | undefined,
  ) {
    const who = `${hop.jump ? 'the jump host' : `the ${options.name}`} (${describeHop(hop)})`;
    this.shown = {who, name: hop.keyName};
    this.going = {
      who,
      host: hop.host,
      port: hop.port,
      timeoutMs: options.timeoutMs,
      via,
      login: {offered: [], accepts: [], notes: [], passwordSent: false},
      reached: false,
    };
  }

  /** Whether the operator may have been asked anything on the way; waits for an answer that is still open. */
  async asked(): Promise<boolean> {
    await this.#countdown?.answered;
    return this.#countdown?.asked ?? false;
  }

  async open(via: Client | undefined): Promise<LoggedIn> {
    const {hop, options} = this;
    const late = new AbortController();
    const end = (reason: unknown): void => late.abort(reason);
    const overdue = Object.assign(new Error('timed out'), {code: timeIsOver});
    const countdown = (this.#countdown = new Countdown(options.timeoutMs, () => end(overdue)));
    const cancel = (): void => end(options.signal?.reason);
    options.signal?.addEventListener('abort', cancel, {once: true});
    try {
      options.signal?.throwIfAborted();
      const keys = await gatherIdentities(hop.identities, options.prompts, options.memory);
      this.going.login.notes.push(...keys.notes);
      const socket = via
        ? await dialThrough(via, hop.host, hop.port, late.signal)
        : await dial(hop.host, hop.port, late.signal);
      this.going.reached = true;
      return await this.#handshake(socket, keys.identities, keys.notes, countdown, late.signal);
    } finally {
      countdown.clear();
      options.signal?.removeEventListener('abort', cancel);
    }
  }

  async #handshake(
    socket: Duplex,
    identities: readonly Identity[],
    notes: string[],
    countdown: Countdown,
    late: AbortSignal,
  ): Promise<LoggedIn> {
    const {hop, options} = this;
    if (socket.destroyed) throw socket.errored ?? new Error('Connection lost before handshake');
    const client = new ssh2.Client();
    const agent = new IdentityAgent(identities, countdown.during);
    const {handler, record} = loginSequence({
      user: hop.user,
      target: hop.target,
      agent,
      labels: identities.map((identity) => identity.label),
      prompts: options.prompts,
      memory: options.memory,
      asking: countdown.during,
    });
    this.going.login = record;

    return new Promise<LoggedIn>((resolve, reject) => {
      let cause: unknown;
      const fail = (error: unknown): void => {
        // Passphrase troubles are noted while keys are tried, so the notes are complete only now.
        record.notes.unshift(...notes);
        const refused =
          error instanceof Error && /all configured authentication methods/i.test(error.message);
        if (refused && record.passwordSent) options.memory.forget(passwordKey(hop.target));
        late.removeEventListener('abort', abort);
        client.on('error', () => undefined).destroy();
        socket.destroy();
        reject(this.refusal ?? error);
      };
      const abort = (): void => fail(late.reason);
      late.addEventListener('abort', abort, {once: true});
      client.on('error', (error: Error & {level?: string}) => {
        // One key that cannot sign is no reason to stop: ssh2 goes on with the next.
        if (error.level === 'agent' || error.message.startsWith('Error signing data')) return;
        cause ??= error;
        fail(error);
      });
      client.once('close', () => fail(cause ?? new Error('The connection was closed during the handshake.')));
      client.once('ready', () => {
        late.removeEventListener('abort', abort);
        client.removeAllListeners('close');
        client.removeAllListeners('error');
        resolve({client, identity: agent.signed});
      });
      client.connect({
        sock: socket,
        username: hop.user,
        readyTimeout: 0,
        keepaliveInterval: options.keepaliveMs,
        keepaliveCountMax: 3,
        authHandler: handler,
        algorithms: {serverHostKey: offerOrder(this.expected, this.without)},
        hostVerifier: (blob: Buffer, verify: (ok: boolean) => void) => {
          this.#verify(blob).then(verify, (error: unknown) => {
            this.refusal = error as Error;
            verify(false);
          });
        },
      });
    });
  }

  /** True for a key that is known or was confirmed. @throws Abort or OtherType for every other one */
  async #verify(bytes: Buffer): Promise<boolean> {
    const blob = Buffer.from(bytes);
    // ssh2 asks again at every re-exchange of keys; by then nobody is asked any more.
    if (this.#accepted) return this.#accepted.equals(blob);
    const {hop, options, expected, shown} = this;
    const seen: HostKey = {type: keyType(blob), blob};
    const verdict = judgeHostKey(seen, expected);
    if (verdict.kind === 'revoked') throw revokedKey(seen, verdict.where, shown);
    if (verdict.kind === 'changed') {
      if (verdict.by === 'answers') throw new OtherType(seen);
      throw changedKey(seen, verdict, shown);
    }
    if (verdict.kind === 'new') await this.#confirm(seen, verdict.note);
    options.pins.add(hop.keyName, seen, hop.target);
    this.#accepted = blob;
    return true;
  }

  async #confirm(seen: HostKey, note: string | undefined): Promise<void> {
    const {hop, options, shown} = this;
    const ask = options.prompts.hostKey;
    if (!ask) throw unconfirmedKey(seen, false, shown);
    const yes = await this.#countdown!.during(() =>
      options.memory.inTurn(async () => {
        // Both hosts of a pair may stand behind one jump host: the other connection may have asked meanwhile.
        if (judgeHostKey(seen, {pinned: options.pins.get(hop.keyName), known: []}).kind === 'same')
          return true;
        return ask({
          host: options.name,
          target: hop.target,
          jump: hop.jump,
          keyType: seen.type,
          fingerprint: fingerprint(seen.blob),
          ...(note === undefined ? {} : {note}),
        });
      }),
    );
    if (!yes) throw unconfirmedKey(seen, true, shown);
    // Pinned inside the confirmation, so that a second try after a long wait finds it.
    options.pins.add(hop.keyName, seen, hop.target);
  }
}
