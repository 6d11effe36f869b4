import type {Secret} from '../secret.js';
import type {HostName} from './host.js';

/** A host key that nothing is known about yet. */
export interface FirstContact {
  /** The host that is being connected. */
  host: HostName;
  /** Who shows the key, as the operator named it; a jump host's own name when it is one on the way. */
  target: string;
  /** True when it is a jump host on the way to `host`. */
  jump: boolean;
  /** e.g. `ssh-ed25519` */
  keyType: string;
  /** `SHA256:…` */
  fingerprint: string;
  /** One sentence that should make the operator think, e.g. that other keys of the host are known. */
  note?: string;
}

/**
 * Questions that connecting may have. One that is absent is not asked: the connection is refused with what
 * would help instead. Never two at a time, also when several hosts connect at once.
 */
export interface ConnectPrompts {
  hostKey?: (info: FirstContact) => Promise<boolean>;
  /** undefined: the operator gave none; the key is passed over. */
  passphrase?: (path: string) => Promise<Secret | undefined>;
  password?: (target: string) => Promise<Secret | undefined>;
  sudoPassword?: (target: string) => Promise<Secret | undefined>;
}

/**
 * What the operator has typed so far, in memory only, so that nothing is asked twice in one process; and
 * the turn of whoever asks next.
 */
export class Remembered {
  /** By key file, or by target. */
  readonly #secrets = new Map<string, Secret>();
  #turn: Promise<unknown> = Promise.resolve();

  /** Runs `ask` when no other question is open. */
  inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(ask);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /**
   * The remembered secret, or what `ask` gets when its turn comes and nobody asked for the same meanwhile.
   * Without `ask`, or when the operator gives none: undefined.
   */
  secret(key: string, ask: (() => Promise<Secret | undefined>) | undefined): Promise<Secret | undefined> {
    const known = this.#secrets.get(key);
    if (known || !ask) return Promise.resolve(known);
    return this.inTurn(async () => {
      const secret = this.#secrets.get(key) ?? (await ask());
      if (secret) this.#secrets.set(key, secret);
      return secret;
    });
  }

  /** Forgets a secret that turned out to be wrong. */
  forget(key: string): void {
    this.#secrets.delete(key);
  }
}

/** The process-wide memory: the same key file or password is asked for once, whatever host needs it. */
export const remembered = new Remembered();
