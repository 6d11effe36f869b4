/** One message of an IRC server (RFC 1459, 2.3). */
export interface IrcMessage {
  /** `nick!user@host`, the name of a server, or empty. */
  from: string;
  /** Upper case, or three digits. */
  command: string;
  params: string[];
}

/** Bytes of a line that are read. IRC says 512, and 8191 more with tags; what is longer is dropped whole. */
export const longestLine = 8_192;
/** Bytes of a line that a server has to take, its end included. */
const longestSent = 512;

const lineFeed = 0x0a;

/** Bytes in, whole lines out; of a line that is too long nothing, because its parts would look like lines. */
export class IrcLines {
  #rest: Buffer[] = [];
  #length = 0;

  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      this.#keep(chunk.subarray(from, end));
      if (this.#length <= longestLine) lines.push(Buffer.concat(this.#rest).toString('utf8'));
      this.#rest = [];
      this.#length = 0;
      from = end + 1;
    }
    this.#keep(chunk.subarray(from));
    return lines;
  }

  #keep(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length <= longestLine) this.#rest.push(Buffer.from(part));
    else this.#rest = [];
  }
}

/** A line without its end as a message; undefined where it is none. */
export function parseIrc(line: string): IrcMessage | undefined {
  const match = /^(?:@\S+ +)?(?::(\S+) +)?([A-Za-z]+|\d{3})(?= |$)(.*)$/s.exec(line.replace(/\r$/, ''));
  if (!match) return undefined;
  const [, from = '', command = '', rest = ''] = match;
  const cut = rest.indexOf(' :');
  const middle = (cut === -1 ? rest : rest.slice(0, cut)).split(' ').filter((word) => word !== '');
  return {
    from,
    command: command.toUpperCase(),
    params: cut === -1 ? middle : [...middle, rest.slice(cut + 2)],
  };
}

/** A line with its end; the last parameter may hold blanks. What would end or stretch it is left out. */
export function ircLine(command: string, ...params: string[]): string {
  const words = params.map((param) => param.replace(/[\r\n\0]+/g, ' '));
  const last = words.pop();
  const line = [command, ...words, ...(last === undefined ? [] : [`:${last}`])].join(' ');
  let bytes = Buffer.from(line);
  // A character that is cut in two is left out whole.
  if (bytes.length > longestSent - 2)
    bytes = Buffer.from(bytes.toString('utf8', 0, longestSent - 2).replace(/\ufffd$/, ''));
  return `${bytes.toString('utf8')}\r\n`;
}

export const nickOf = (from: string): string => from.split('!', 1)[0] ?? '';

/** Whether two nicks are one to a server; `{}|^` are the lower case of `[]\~` (RFC 2812, 2.2). */
export function sameNick(one: string, other: string): boolean {
  return folded(one) === folded(other);
}

const folded = (nick: string): string =>
  nick
    .toLowerCase()
    .replace(/[[\]\\~]/g, (sign) => ({'[': '{', ']': '}', '\\': '|', '~': '^'})[sign] ?? sign);

/** Without colours (`^C04,01`); the other signs of a format are control characters and go with those. */
export const withoutColour = (text: string): string => text.replace(/\x03(?:\d{1,2}(?:,\d{1,2})?)?/g, '');
