/** A line of the journal. */
export interface Entry {
  /** Epoch ms. */
  ms: number;
  /** Which boot of the host, from 0. */
  boot: number;
  identifier: string;
  pid: number | undefined;
  message: string;
  /** The fields that can be asked for: `_SYSTEMD_UNIT`, `UNIT`, `_UID` … */
  fields: Readonly<Record<string, string>>;
}

/** Lines that are kept, and some more before they are cut; characters of all of them. */
const most = 5_000;
const more = 500;
const mostText = 8 * 1024 * 1024;
/** Characters of a line. */
const longest = 48 * 1024;

/** What the units of a host said; it outlives reboots, as a persistent journal does. */
export class Journal {
  readonly entries: Entry[] = [];
  boot = -1;
  /** Characters of all of them. */
  #text = 0;
  readonly #followers = new Set<(entry: Entry) => void>();

  add(line: Omit<Entry, 'ms' | 'boot'>): void {
    const entry = {
      ...line,
      message: line.message.slice(0, longest),
      ms: Date.now(),
      boot: Math.max(0, this.boot),
    };
    this.entries.push(entry);
    this.#text += entry.message.length;
    if (this.entries.length > most + more || this.#text > mostText) this.#cut();
    for (const tell of this.#followers) tell(entry);
  }

  #cut(): void {
    let from = Math.max(0, this.entries.length - most);
    const sum = (start: number) =>
      this.entries.slice(start).reduce((chars, {message}) => chars + message.length, 0);
    for (this.#text = sum(from); this.#text > mostText / 2; from += 1) {
      this.#text -= this.entries[from]?.message.length ?? this.#text;
    }
    this.entries.splice(0, from);
  }

  /** How many follow it. */
  get followed(): number {
    return this.#followers.size;
  }

  /** @returns ends it */
  follow(tell: (entry: Entry) => void): () => void {
    this.#followers.add(tell);
    return () => this.#followers.delete(tell);
  }
}

/** Cuts what comes in pieces into lines. */
export class Lines {
  #rest = '';

  constructor(private readonly tell: (line: string) => void) {}

  push(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.tell(line.replace(/\r$/, ''));
    if (this.#rest.length > longest) this.end();
  }

  end(): void {
    if (this.#rest !== '') this.tell(this.#rest);
    this.#rest = '';
  }
}
