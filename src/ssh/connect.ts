import type {Audit, HostName} from './host.js';
import {Connection} from './connection.js';
import type {ConnectionState} from './connection.js';
import {openLink} from './link.js';
import type {AttemptOptions} from './attempt.js';
import {readOperatorConfig} from './operator-config.js';
import type {ReadConfig} from './operator-config.js';
import type {PinStore} from './pins.js';
import {remembered} from './prompts.js';
import type {ConnectPrompts, Remembered} from './prompts.js';
import {findRoute} from './route.js';
import {SshHost} from './ssh-host.js';

export interface ConnectOptions {
  name: HostName;
  /** `user@host[:port]`, IPv6 in brackets, or a Host of the operator's OpenSSH configuration. */
  ssh: string;
  /** Offered first. `~` is expanded. */
  identityFile?: string | undefined;
  /** `SHA256:…`; only this key is accepted. */
  hostKey?: string | undefined;
  /** Servers on the way, comma separated; outranks ProxyJump of the configuration. */
  jump?: string | undefined;
  pins: PinStore;
  prompts: ConnectPrompts;
  audit: Audit;
  /** Told whenever the connection changes; `why` is one sentence where there is something to say. */
  onState?: ((state: ConnectionState, why?: string) => void) | undefined;
  /** ms for each server on the way, without the time that questions take. Default 20 000. */
  connectTimeoutMs?: number | undefined;
  /** Ends the attempt to connect; a connection that stands is ended by `close`. */
  signal?: AbortSignal | undefined;
  /** ms; how long a command tries to open a lost connection again. Default 30 000. */
  reconnectForMs?: number | undefined;
  /** ms before the second try; doubles up to 8 s. Default 1 000. */
  backoffMs?: number | undefined;
  /** ms between keepalives; three without an answer mean that the connection is lost. Default 10 000. */
  keepaliveMs?: number | undefined;
  /** Where the OpenSSH configuration comes from. Default: `ssh -G`. */
  readConfig?: ReadConfig | undefined;
  /** What was typed before. Default: one memory for the whole process. */
  memory?: Remembered | undefined;
}

/**
 * Connects to a host, compares its host key, logs in, and finds out how to become root there.
 *
 * Everything that may have to be asked is asked in here; a connection that is lost later comes back without
 * a question, or not at all.
 * @throws Abort with exit code 4 (unreachable, refused, host key) or 2 (options that cannot be right); the
 *   signal's reason when it is aborted.
 */
export async function connect(options: ConnectOptions): Promise<SshHost> {
  const {name, ssh, pins, prompts, audit, onState, signal} = options;
  const {timeoutMs, keepaliveMs} = {
    timeoutMs: options.connectTimeoutMs ?? 20_000,
    keepaliveMs: options.keepaliveMs ?? 10_000,
  };
  const memory = options.memory ?? remembered;
  const route = await findRoute(
    {
      ssh,
      ...(options.jump === undefined ? {} : {jump: options.jump}),
      ...(options.identityFile === undefined ? {} : {identityFile: options.identityFile}),
      ...(options.hostKey === undefined ? {} : {hostKey: options.hostKey}),
    },
    options.readConfig ?? readOperatorConfig,
  );
  let first = true;
  const connection = new Connection({
    onState,
    reconnectForMs: options.reconnectForMs,
    backoffMs: options.backoffMs,
    open: (ending) => {
      const link: AttemptOptions = {
        name,
        pins,
        prompts: first ? prompts : {},
        memory,
        timeoutMs,
        keepaliveMs,
        signal: ending,
      };
      return openLink(route, link);
    },
  });
  try {
    const link = await connection.open(signal);
    first = false;
    const host = new SshHost({name, target: ssh, route, connection, identity: link.identity, audit});
    await host.gainRoot(prompts, memory);
    return host;
  } catch (error) {
    connection.close();
    throw error;
  }
}
