import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {generateKeyPairSync} from 'node:crypto';
import {connect as dial} from 'node:net';
import type {AddressInfo, Socket} from 'node:net';
import ssh2 from 'ssh2';
import type {AuthContext, Connection, ParsedKey, ServerChannel, Session} from 'ssh2';
import {fingerprint} from '../../src/ssh/known-hosts.js';
import type {HostKey} from '../../src/ssh/known-hosts.js';

export interface ServerOptions {
  /** PEM or OpenSSH texts; default: one new ed25519 key. */
  hostKeys?: string[];
  /** Public key lines that may log in, whatever the user. */
  authorized?: string[];
  password?: string;
  /** Take the password as the answer to a keyboard-interactive prompt only. */
  keyboardInteractive?: boolean;
  /** Both a key and the password are wanted, in this order. */
  twoFactors?: boolean;
  maxSessions?: number;
  /** Folders in front of the PATH of commands, e.g. with a `sudo` of the test. */
  path?: string[];
  env?: Record<string, string>;
  /** ms before a connection that has not logged in is cut. */
  loginGraceMs?: number;
  /** Looks at a command first; true: it is answered, false: a real `sh` runs it. */
  handle?: (command: string, channel: ServerChannel) => boolean;
  /** Port to listen on; default: any that is free. */
  port?: number;
  /** Let clients connect onwards, as a jump host. */
  forward?: boolean;
}

export interface TestServer {
  port: number;
  hostKeys: HostKey[];
  fingerprint: string;
  /** `ssh-ed25519 AAAA…`, as known_hosts wants it. */
  keyLine: string;
  /** Every command that was started, as it came over the wire. */
  commands: string[];
  /** `user method` of each attempt to log in. */
  logins: string[];
  /** Most channels that were open at once. */
  mostChannels: number;
  connections: number;
  /** Destroys the sockets of all connections, as a network that goes away. */
  cut: () => void;
  /** Stops reading what clients say, as a host that froze. */
  silence: () => void;
  /** Stops listening until `listen` is called; connections stay. */
  refuse: () => Promise<void>;
  listen: () => Promise<void>;
  close: () => Promise<void>;
}

/** A new private key as text, and its public line. */
export function newKey(type: 'ed25519' | 'rsa' | 'ecdsa' = 'ed25519'): {
  text: string;
  line: string;
  parsed: ParsedKey;
} {
  const make = (): string => {
    if (type === 'ed25519') return ssh2.utils.generateKeyPairSync('ed25519').private;
    if (type === 'ecdsa') return ssh2.utils.generateKeyPairSync('ecdsa', {bits: 256}).private;
    return generateKeyPairSync('rsa', {modulusLength: 2048})
      .privateKey.export({type: 'pkcs1', format: 'pem'})
      .toString();
  };
  for (;;) {
    const text = make();
    const parsed = ssh2.utils.parseKey(text);
    // ssh2 drops leading zero bytes of one key in two hundred that it makes, and cannot read that one again.
    if (!(parsed instanceof Error))
      return {text, parsed, line: `${parsed.type} ${parsed.getPublicSSH().toString('base64')}`};
  }
}

/** A real SSH server in this process that runs commands with this machine's `sh`, on a port of 127.0.0.1. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const texts = options.hostKeys ?? [newKey().text];
  const parsed = texts.map((text) => ssh2.utils.parseKey(text) as ParsedKey);
  const hostKeys = parsed.map((key) => ({type: key.type, blob: key.getPublicSSH()}));
  const sockets = new Set<Socket>();
  const children = new Set<ChildProcess>();
  let port = options.port ?? 0;

  const server = new ssh2.Server({hostKeys: texts}, (client) => serve(client));
  // The socket is reached through the listening server; ssh2 hides it from its connections.
  const listener = (server as unknown as {_srv: import('node:net').Server})._srv;
  listener.on('connection', (socket: Socket) => {
    sockets.add(socket);
    state.connections += 1;
    socket.once('close', () => sockets.delete(socket));
  });

  const state: TestServer = {
    port: 0,
    hostKeys,
    fingerprint: fingerprint(hostKeys[0]!.blob),
    keyLine: `${hostKeys[0]!.type} ${hostKeys[0]!.blob.toString('base64')}`,
    commands: [],
    logins: [],
    mostChannels: 0,
    connections: 0,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    silence: () => {
      for (const socket of sockets) socket.pause();
    },
    refuse: () =>
      new Promise((resolve) => {
        listener.close(() => undefined);
        setImmediate(resolve);
      }),
    listen: () =>
      new Promise((resolve, reject) => {
        listener.once('error', reject);
        listener.listen(port, '127.0.0.1', () => {
          port = (listener.address() as AddressInfo).port;
          state.port = port;
          resolve();
        });
      }),
    close: async () => {
      for (const child of children) end(child, 'SIGKILL');
      state.cut();
      if (listener.listening) await new Promise((resolve) => listener.close(resolve));
    },
  };

  const authorized = (options.authorized ?? []).map((line) => ssh2.utils.parseKey(line) as ParsedKey);

  function authenticate(context: AuthContext, factors: Set<string>): void {
    state.logins.push(`${context.username} ${context.method}`);
    const methods: ('publickey' | 'password' | 'keyboard-interactive')[] = [];
    const wantsPassword = options.password !== undefined && (!options.twoFactors || factors.has('publickey'));
    if (authorized.length > 0 && !factors.has('publickey')) methods.push('publickey');
    if (wantsPassword) methods.push(options.keyboardInteractive ? 'keyboard-interactive' : 'password');

    const passed = (factor: string): void => {
      if (options.twoFactors && factor === 'publickey') {
        factors.add(factor);
        context.reject([options.keyboardInteractive ? 'keyboard-interactive' : 'password'], true);
      } else context.accept();
    };
    if (context.method === 'publickey' && methods.includes('publickey')) {
      const key = authorized.find((one) => one.getPublicSSH().equals(context.key.data));
      const proven =
        !context.signature || key?.verify(context.blob!, context.signature, context.hashAlgo) === true;
      if (!key || !proven) context.reject(methods);
      else if (context.signature) passed('publickey');
      else context.accept();
    } else if (context.method === 'password' && methods.includes('password')) {
      if (context.password === options.password) passed('password');
      else context.reject(methods);
    } else if (context.method === 'keyboard-interactive' && methods.includes('keyboard-interactive')) {
      context.prompt([{prompt: 'Password: ', echo: false}], (answers) => {
        if ((answers as unknown as string[])?.[0] === options.password) passed('keyboard-interactive');
        else context.reject(methods);
      });
    } else context.reject(methods);
  }

  function serve(client: Connection): void {
    const factors = new Set<string>();
    // sshd ends such a connection without a word; ssh2 hides the socket under its connections.
    const socket = (client as unknown as {_sock: Socket})._sock;
    const grace = setTimeout(() => socket.destroy(), options.loginGraceMs ?? 120_000).unref();
    let open = 0;
    client.on('error', () => undefined);
    client.on('authentication', (context) => authenticate(context, factors));
    client.on('ready', () => clearTimeout(grace));
    client.on('close', () => clearTimeout(grace));
    client.on('session', (accept, reject) => {
      if (open >= (options.maxSessions ?? 10)) {
        reject();
        return;
      }
      open += 1;
      state.mostChannels = Math.max(state.mostChannels, open);
      let counted = true;
      session(accept(), () => {
        if (counted) open -= 1;
        counted = false;
      });
    });
    client.on('tcpip', (accept, reject, info) => {
      if (!options.forward) {
        reject();
        return;
      }
      const onwards = dial(info.destPort, info.destIP);
      onwards.once('error', () => reject());
      onwards.once('connect', () => {
        const channel = accept();
        channel.on('error', () => undefined);
        onwards.on('error', () => channel.close());
        channel.on('close', () => onwards.destroy());
        onwards.pipe(channel).pipe(onwards);
      });
    });
  }

  function session(from: Session, done: () => void): void {
    from.on('exec', (accept, _reject, {command}) => {
      state.commands.push(command);
      const channel = accept();
      channel.on('error', () => undefined);
      channel.once('close', done);
      if (options.handle?.(command, channel)) return;
      const PATH = [...(options.path ?? []), '/usr/bin', '/bin'].join(':');
      // A session of its own, as sshd makes one, so that a process group can be ended.
      const child = spawn('/bin/sh', ['-c', command], {
        detached: true,
        env: {HOME: process.env['HOME'], USER: 'root', LOGNAME: 'root', PATH, ...options.env},
      });
      children.add(child);
      from.on('signal', (_accept, _reject, {name}) =>
        end(child, `SIG${name.replace(/^SIG/, '')}` as NodeJS.Signals),
      );
      child.stdin.on('error', () => undefined);
      channel.pipe(child.stdin);
      child.stdout.pipe(channel, {end: false});
      child.stderr.pipe(channel.stderr, {end: false});
      channel.on('close', () => child.stdin.destroy());
      // As sshd does it: how the command ended is told at once, the channel lives as long as its output.
      child.once('exit', (code, signal) => {
        if (code === null) channel.exit((signal ?? 'SIGKILL').slice(3), false, '');
        else channel.exit(code);
      });
      child.once('close', () => {
        children.delete(child);
        done();
        channel.end();
      });
    });
  }

  await state.listen();
  return state;
}

function end(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It is gone already.
  }
}
