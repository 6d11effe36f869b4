import {createHash} from 'node:crypto';
import {inspect} from 'node:util';

const redacted = '[redacted]';

/**
 * A credential in memory. Printing, inspecting and serialising it give `[redacted]`; only code that writes
 * bytes to a host calls `reveal()`.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The plain text. Callers: what writes to a host's stdin or file, nothing else. */
  reveal(): string {
    return this.#value;
  }

  /** sha256(key ‖ value) as hex: what the facts script computes on the host with the same key of this run. */
  keyedHash(key: string): string {
    return createHash('sha256').update(key).update(this.#value).digest('hex');
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [inspect.custom](): string {
    return redacted;
  }
}
