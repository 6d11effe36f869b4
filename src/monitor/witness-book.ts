import {lookup} from 'node:dns/promises';
import {isIP, isIPv6} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {readSmall, replaceFile} from './files.js';
import type {Endpoint, Target} from './witness.js';

/** Where the book is kept, and who knows names. */
export interface Keeper {
  read(): Promise<string | undefined>;
  /** @throws when the disk is full or read-only. */
  write(text: string): Promise<void>;
  /** Every address of a name. @throws the error of dns.lookup */
  lookup(name: string): Promise<string[]>;
}

/** @param readOnly for a program that only looks */
export const keeperOf = (file: string, {readOnly = false} = {}): Keeper => ({
  read: () => readSmall(file),
  write: (text) => (readOnly ? Promise.resolve() : replaceFile(file, text, {sync: false})),
  lookup: async (name) => (await lookup(name, {all: true})).map(({address}) => address),
});

interface Entry {
  /** One of each family at most. */
  addresses: string[];
  answered: boolean;
}

/** ms for which what a name stands for is not asked again. */
const freshMs = 20 * 60_000;

/** ms after which a failed question about a name means that nobody answers such questions. */
const noServerMs = 2_000;

/** ms that the file is waited for. */
const readMs = 1_000;

const keyOf = ({address, port}: Endpoint) => `${address} ${port}`;

/**
 * What is known of the witnesses, over restarts: what their names stood for when it could be asked, because DNS may be
 * gone together with everything else, and who has ever answered.
 */
export class WitnessBook {
  #entries: Map<string, Entry> | undefined;
  readonly #lookedUpMs = new Map<string, number>();
  #looking: Promise<void> | undefined;
  #written = '';
  #writing = false;

  constructor(
    private readonly keeper: Keeper,
    private readonly nowMs: () => number,
  ) {}

  /**
   * Where to ask, those who have answered before first. Names that are not known are waited for when there is nobody
   * else, for `waitMs` at most.
   */
  async targets(witnesses: readonly Endpoint[], waitMs: number): Promise<Target[]> {
    await this.#open();
    const looking = this.lookUp(witnesses, waitMs);
    if (this.#known(witnesses).length === 0) await looking;
    return this.#known(witnesses).toSorted((a, b) => Number(this.answered(b)) - Number(this.answered(a)));
  }

  /** Those of whom no address is known. */
  unknown(witnesses: readonly Endpoint[]): Endpoint[] {
    return witnesses.filter((witness) => this.#addresses(witness).length === 0);
  }

  answered({name, port}: Target): boolean {
    return this.#entries?.get(keyOf({address: name, port}))?.answered === true;
  }

  hasAnswered(target: Target): void {
    const entry = this.#entry({address: target.name, port: target.port});
    if (entry.answered) return;
    entry.answered = true;
    void this.#keep();
  }

  /** Brings the names up to date that were not asked about lately; ends after `waitMs`, and goes on by itself. */
  async lookUp(witnesses: readonly Endpoint[], waitMs: number): Promise<void> {
    await this.#open();
    this.#looking ??= this.#lookUpAll(witnesses).finally(() => (this.#looking = undefined));
    await within(waitMs, this.#looking);
  }

  /** One at a time: each holds a thread that the disk needs as well, for long where DNS is dead. */
  async #lookUpAll(witnesses: readonly Endpoint[]): Promise<void> {
    for (const witness of witnesses) {
      const key = keyOf(witness);
      if (isIP(witness.address) || this.nowMs() - (this.#lookedUpMs.get(key) ?? -Infinity) < freshMs)
        continue;
      const askedMs = this.nowMs();
      try {
        // oxlint-disable-next-line no-await-in-loop
        const found = await this.keeper.lookup(witness.address);
        this.#lookedUpMs.set(key, this.nowMs());
        const entry = this.#entry(witness);
        entry.addresses = [false, true].flatMap((six) => {
          const family = found.filter((address) => isIPv6(address) === six);
          // One that is still right stays, or the file would change with every turn of the name server.
          return family.find((address) => entry.addresses.includes(address)) ?? family[0] ?? [];
        });
        void this.#keep();
      } catch (error) {
        // No name server answers: the other names would take as long. One that says so at once is asked for them.
        const {code} = error as NodeJS.ErrnoException;
        if (code === 'EAI_AGAIN' && this.nowMs() - askedMs >= noServerMs) return;
      }
    }
  }

  #known(witnesses: readonly Endpoint[]): Target[] {
    return witnesses.flatMap((witness) =>
      this.#addresses(witness).map((address) => ({address, port: witness.port, name: witness.address})),
    );
  }

  #addresses(witness: Endpoint): string[] {
    if (isIP(witness.address)) return [witness.address];
    return this.#entries?.get(keyOf(witness))?.addresses ?? [];
  }

  #entry(witness: Endpoint): Entry {
    const entries = (this.#entries ??= new Map());
    const known = entries.get(keyOf(witness)) ?? {addresses: [], answered: false};
    entries.set(keyOf(witness), known);
    return known;
  }

  async #open(): Promise<void> {
    if (this.#entries) return;
    const text = await within(readMs, this.keeper.read());
    this.#entries ??= parse(text);
  }

  /** One write at a time, and nobody waits for it. */
  async #keep(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    try {
      for (let text = this.#text(); text !== this.#written; text = this.#text()) {
        this.#written = text;
        // oxlint-disable-next-line no-await-in-loop
        await this.keeper.write(text);
      }
    } catch {
      // A full disk stops nobody.
    } finally {
      this.#writing = false;
    }
  }

  #text(): string {
    return `${JSON.stringify(Object.fromEntries(this.#entries ?? []))}\n`;
  }
}

/** What comes of it in this time; undefined for anything else. It goes on by itself. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  const limit = sleep(ms, undefined, {signal: over.signal}).catch(() => undefined);
  try {
    return await Promise.race([work.catch(() => undefined), limit]);
  } finally {
    over.abort();
  }
}

function parse(text: string | undefined): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  try {
    for (const [key, value] of Object.entries(JSON.parse(text ?? '{}') as Record<string, Partial<Entry>>)) {
      const addresses = (Array.isArray(value.addresses) ? value.addresses : []).filter(
        (address) => typeof address === 'string' && isIP(address) !== 0,
      );
      entries.set(key, {addresses: addresses.slice(0, 2), answered: value.answered === true});
    }
  } catch {
    // Not ours, or half of it: it fills again.
  }
  return entries;
}
