import {createServer, type Server, type Socket} from 'node:net';
import ssh2, {type AuthContext, type Connection, type ParsedKey, type ServerChannel} from 'ssh2';
import {toReal, toVirtual, type Network} from '../net/table.js';

/** A command that somebody who has logged in wants to run. */
export interface Wanted {
  command: string;
  user: string;
  /** As sshd says it: client's address and port, own address and port. */
  connection: string;
  channel: ServerChannel;
}

/** Who gets in with a key: nobody, or somebody whose every command is another one. */
export type Door = (user: string, key: string, from: string) => {command?: string} | undefined;

export interface SshOptions {
  /** OpenSSH text of the host's private key. */
  hostKey: string;
  network: Network;
  /** Addresses of the rehearsal that it listens on, port 22. */
  addresses: readonly string[];
  door: Door;
  run: (wanted: Wanted) => void;
}

/** The SSH server of a host of the rehearsal: real SSH on addresses of loopback. */
export class SshServer {
  readonly #options: SshOptions;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  #silent = false;

  constructor(options: SshOptions) {
    this.#options = options;
  }

  async listen(): Promise<void> {
    for (const address of this.#options.addresses) {
      const real = toReal(this.#options.network, {address, port: 22})!;
      const server = createServer({noDelay: true}, (socket) => this.#greet(socket, address));
      this.#servers.push(server);
      // oxlint-disable-next-line no-await-in-loop
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({host: real.address, port: real.port}, resolve);
      });
    }
  }

  /** As if the host lost its power: whoever is connected, or connects, hears nothing any more. */
  fallSilent(): void {
    this.#silent = true;
    for (const socket of this.#sockets) {
      socket.pause();
      socket.write = () => true;
      socket.end = () => socket;
    }
  }

  /** The host is there again: connections of before are told that they are none. */
  wake(): void {
    this.#silent = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.wake();
    await Promise.all(
      this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );
  }

  #greet(socket: Socket, address: string): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    if (this.#silent) return void socket.pause();
    const {hostKey, network} = this.#options;
    const from = `${toVirtual(network, socket.remoteAddress ?? '')}`;
    const connection = `${from} ${socket.remotePort ?? 0} ${address} 22`;
    // A server that does not listen is fed with the sockets of those that do.
    const server = new ssh2.Server({hostKeys: [hostKey]}, (client) => this.#serve(client, from, connection));
    server.injectSocket(socket as never);
  }

  #serve(client: Connection, from: string, connection: string): void {
    let user = '';
    let forced: string | undefined;
    client.on('error', () => undefined);
    client.on('authentication', (attempt) => {
      const door = this.#admits(attempt, from);
      if (!door) return attempt.reject(['publickey']);
      ({username: user} = attempt);
      forced = door.command;
      attempt.accept();
    });
    client.on('ready', () => {
      client.on('session', (accept) => {
        const session = accept();
        let running: ServerChannel | undefined;
        session.on('env', (agree) => agree?.());
        session.on('exec', (agree, _refuse, {command}) => {
          const channel = agree();
          running = channel;
          channel.on('error', () => undefined);
          this.#options.run({command: forced ?? command, user, connection, channel});
        });
        // A signal is told to the session; what runs in it hears it from its channel.
        session.on('signal', (agree, _refuse, {name}) => {
          agree?.();
          running?.emit('signal', name);
        });
        session.on('shell', (agree) => {
          const channel = agree();
          if (forced !== undefined) return this.#options.run({command: forced, user, connection, channel});
          channel.stderr.write('A host of the rehearsal runs commands, and has no shell: ssh … COMMAND\r\n');
          channel.exit(1);
          channel.end();
        });
      });
    });
  }

  #admits(attempt: AuthContext, from: string): {command?: string} | undefined {
    if (attempt.method !== 'publickey') return undefined;
    const text = `${attempt.key.algo} ${attempt.key.data.toString('base64')}`;
    const door = this.#options.door(attempt.username, text, from);
    if (!door) return undefined;
    if (attempt.signature === undefined) return door;
    const key = ssh2.utils.parseKey(text) as ParsedKey | Error;
    if (key instanceof Error) return undefined;
    return key.verify(attempt.blob!, attempt.signature, attempt.hashAlgo) === true ? door : undefined;
  }
}

/** A line of authorized_keys: options (their values may hold blanks in quotes), kind of key, key. */
const row = /^\s*(?:((?:[^\s"#]|"(?:\\.|[^"\\])*")+)\s+)?((?:ssh|ecdsa|sk)-\S+)\s+(\S+)/;

/** What a file authorized_keys says of a key: who comes from where, and what is run then. */
export function admitted(text: string, key: string, from: string): {command?: string} | undefined {
  for (const line of text.split('\n')) {
    const [, options = '', kind, blob] = row.exec(line) ?? [];
    if (`${kind} ${blob}` !== key) continue;
    const sources = /from="([^"]*)"/.exec(options)?.[1]?.split(',');
    if (sources && !sources.includes(from)) continue;
    const command = /command="([^"]*)"/.exec(options)?.[1];
    return command === undefined ? {} : {command};
  }
  return undefined;
}
