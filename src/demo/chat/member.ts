import type {Socket} from 'node:net';
import {ircLine} from '../../drill/probe/irc-lines.js';

/** ms after which a client that was told to go is cut off. */
const leaveMs = 500;

/** Somebody at the chat server, from the connection on. */
export class Member {
  nick = '';
  user = '';
  registered = false;
  joined = false;
  /** What it said when it left. */
  farewell = '';
  gone = false;
  /** Monotonic ms. */
  readonly cameMs = performance.now();
  heardMs = this.cameMs;
  readonly host: string;

  constructor(
    readonly socket: Socket,
    private readonly mostWaiting: number,
  ) {
    this.host = (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
  }

  /** As the others see it. */
  get mask(): string {
    return `${this.nick}!~${this.user}@${this.host}`;
  }

  send(line: string): void {
    if (!this.socket.writable) return;
    // One who does not read must not fill this process.
    if (this.socket.writableLength > this.mostWaiting) this.socket.destroy();
    else this.socket.write(line);
  }

  leave(why: string): void {
    if (this.gone) return;
    this.gone = true;
    this.farewell ||= why;
    this.socket.on('error', () => this.socket.destroy());
    this.socket.end(ircLine('ERROR', `Closing connection: ${why}`));
    setTimeout(() => this.socket.destroy(), leaveMs).unref();
  }
}
