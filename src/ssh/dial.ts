import {connect} from 'node:net';
import type {Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import type {Client} from 'ssh2';

/** A TCP connection; IPv6 and IPv4 addresses of a name are tried in turn. @throws the socket's error */
export function dial(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({host, port, autoSelectFamily: true, noDelay: true});
    const abort = (): void => void socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', abort, {once: true});
    const settle = (): void => {
      signal.removeEventListener('abort', abort);
      socket.removeListener('error', fail);
    };
    const fail = (error: Error): void => {
      settle();
      socket.on('error', () => undefined);
      reject(error);
    };
    socket.once('error', fail).once('connect', () => {
      settle();
      // From here on ssh2 listens; until it does, an error must not end the process.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

/** A connection to `host:port` from a jump host. @throws Error with the code a socket would have had */
export function dialThrough(jump: Client, host: string, port: number, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, {once: true});
    jump.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
      signal.removeEventListener('abort', abort);
      if (signal.aborted) channel?.destroy();
      if (error) reject(Object.assign(error, {code: codeOf(error.message)}));
      else resolve(channel);
    });
  });
}

/** sshd tells why it could not connect in words of its own (`Connection refused`). */
function codeOf(message: string): string {
  const words: [RegExp, string][] = [
    [/refused/i, 'ECONNREFUSED'],
    [/timed out/i, 'ETIMEDOUT'],
    [/no route|host is (?:down|unreachable)/i, 'EHOSTUNREACH'],
    [/network is unreachable/i, 'ENETUNREACH'],
    [/name or service|resolve|not known/i, 'ENOTFOUND'],
    [/prohibited/i, 'FORWARD_PROHIBITED'],
  ];
  return words.find(([pattern]) => pattern.test(message))?.[1] ?? 'FORWARD_FAILED';
}
