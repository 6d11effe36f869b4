import {StringDecoder} from 'node:string_decoder';

/** A line that never ends is handed on in pieces of this many characters. */
const longest = 16_384;

/**
 * Bytes in, whole lines out. UTF-8 characters split over chunks are put together; a carriage return ends a
 * line too, so that progress bars show as they move. Empty lines are kept, the empty rest at the end is not.
 */
export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #emit: (line: string) => void;
  #rest = '';
  #afterReturn = false;

  constructor(emit: (line: string) => void) {
    this.#emit = emit;
  }

  push(chunk: Uint8Array): void {
    this.#take(this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)));
  }

  end(): void {
    this.#take(this.#decoder.end());
    if (this.#rest !== '') this.#emit(this.#rest);
    this.#rest = '';
  }

  #take(text: string): void {
    if (text === '') return;
    // "\r\n" may arrive as "\r" and "\n" in two chunks: one line end, not two.
    const fresh = this.#afterReturn && text.startsWith('\n') ? text.slice(1) : text;
    this.#afterReturn = text.endsWith('\r');
    const parts = (this.#rest + fresh).split(/\r\n|\n|\r/);
    this.#rest = parts.pop() ?? '';
    for (const part of parts) this.#emit(part);
    while (this.#rest.length >= longest) {
      this.#emit(this.#rest.slice(0, longest));
      this.#rest = this.#rest.slice(longest);
    }
  }
}

/** Keeps the last `limit` bytes of what is pushed, and how many it had to leave out. */
export class Tail {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #held = 0;
  #dropped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(Buffer.from(chunk));
    this.#held += chunk.length;
    // Drop whole chunks only: cheap, and `bytes` cuts the last few to size.
    while (this.#chunks.length > 1 && this.#held - this.#chunks[0]!.length >= this.#limit) {
      const gone = this.#chunks.shift()!.length;
      this.#held -= gone;
      this.#dropped += gone;
    }
  }

  /** The bytes kept, and how many before them were left out. */
  get bytes(): {kept: Buffer; leftOut: number} {
    const all = Buffer.concat(this.#chunks);
    const cut = Math.max(0, all.length - this.#limit);
    return {kept: all.subarray(cut), leftOut: this.#dropped + cut};
  }

  /** As text; a first line says how much is missing, where something is. */
  get text(): string {
    const {kept, leftOut} = this.bytes;
    if (leftOut === 0) return kept.toString('utf8');
    // Begin at a whole line, so that no half character or half record is taken for a whole one.
    const start = kept.indexOf(0x0a) + 1;
    return `[the first ${leftOut + start} bytes were left out]\n${kept.subarray(start).toString('utf8')}`;
  }
}
