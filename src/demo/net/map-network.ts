import net from 'node:net';
import {join} from 'node:path';
import {isPrivateSpot, placeOf, sourceFor, toReal, toVirtual, virtualPort, type Network} from './table.js';

interface Where {
  host?: string;
  port?: number | string;
  localAddress?: string;
  path?: string;
}

/** Told what a server of this process listens on, as its host sees it; and when that is over. */
export type Listening = (address: string, port: number, open: boolean) => void;

/**
 * From now on, sockets of this process meet the addresses of the rehearsal where they really are; everything else stays
 * as it is. A host that is down, or a network that is cut, swallows what is sent to it, as real ones do.
 */
export function mapNetwork(
  network: Network,
  {listening, file = (path) => path}: {listening?: Listening; file?: (path: string) => string} = {},
): void {
  mapConnect(network, file);
  mapListen(network, listening, file);
  for (const name of ['_getpeername', '_getsockname'] as const) mapAddress(network, name);
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** Sockets that are files have the file's place. */
function atFile(args: unknown[], file: (path: string) => string): unknown[] {
  const [first, ...rest] = args;
  if (typeof first === 'string' && first.startsWith('/')) return [file(first), ...rest];
  if (Array.isArray(first)) {
    const where = first[0] as Where | null;
    if (typeof where?.path === 'string') first[0] = {...where, path: file(where.path)};
    return args;
  }
  const where = first as Where | null;
  if (typeof first === 'object' && typeof where?.path === 'string')
    return [{...where, path: file(where.path)}, ...rest];
  return args;
}

function mapConnect(network: Network, file: (path: string) => string): void {
  const prototype = net.Socket.prototype as unknown as {connect: AnyFunction};
  const connect = prototype.connect;
  prototype.connect = function mapped(...args) {
    const normal = Array.isArray(args[0]) ? (args[0] as unknown[]) : undefined;
    const given = normal ? normal[0] : args[0];
    const where: Where | undefined =
      typeof given === 'object' && given !== null
        ? (given as Where)
        : typeof given === 'number'
          ? {port: given, host: typeof args[1] === 'string' ? args[1] : 'localhost'}
          : undefined;
    if (!where || typeof where.path === 'string' || where.port == null)
      return connect.apply(this, atFile(args, file));
    const address = where.host ?? 'localhost';
    const real = toReal(network, {address, port: Number(where.port)});
    if (!real) return connect.apply(this, args);
    if (isCut(network, address)) return swallowed(this as net.Socket, args.at(-1));
    const from = where.localAddress ?? sourceFor(network.at, address);
    const local = from === undefined ? undefined : toReal(network, {address: from, port: 0})?.address;
    const options = {
      ...where,
      host: real.address,
      port: real.port,
      localAddress: local,
      autoSelectFamily: false,
    };
    if (local === undefined) delete (options as Where).localAddress;
    if (normal) {
      normal[0] = options;
      return connect.apply(this, args);
    }
    return connect.apply(this, [options, ...args.filter((arg) => typeof arg === 'function')]);
  };
}

/** As if its packets were dropped: it connects to nobody, for as long as its owner waits. */
function swallowed(socket: net.Socket, listener: unknown): net.Socket {
  if (typeof listener === 'function') socket.once('connect', listener as () => void);
  (socket as unknown as {connecting: boolean}).connecting = true;
  const alive = setInterval(() => undefined, 60_000);
  socket.once('close', () => clearInterval(alive));
  return socket;
}

/** Not imported by name, see host/preload.ts. */
const existsSync = (path: string) => process.getBuiltinModule('node:fs').existsSync(path);

/** Whether what is sent from here to that address is lost. */
export function isCut({at, state}: Network, address: string): boolean {
  const to = placeOf(address);
  if (to === undefined) return existsSync(join(state, `down.${at}`));
  return (
    existsSync(join(state, `down.${to}`)) ||
    existsSync(join(state, `down.${at}`)) ||
    (isPrivateSpot(address) && to !== at && existsSync(join(state, 'cut')))
  );
}

function mapListen(network: Network, listening: Listening | undefined, file: (path: string) => string): void {
  const prototype = net.Server.prototype as unknown as {listen: AnyFunction};
  const listen = prototype.listen;
  prototype.listen = function mapped(...args) {
    const first = args[0];
    const options: Where | undefined =
      typeof first === 'object' && first !== null && !Array.isArray(first)
        ? (first as Where)
        : typeof first === 'number'
          ? {port: first, ...(typeof args[1] === 'string' && {host: args[1]})}
          : undefined;
    if (!options || typeof options.path === 'string' || options.port == null)
      return listen.apply(this, atFile(args, file));
    // A server without an address would be open to everybody around this machine.
    const real = toReal(network, {address: options.host ?? '127.0.0.1', port: Number(options.port)});
    if (!real) return listen.apply(this, args);
    const server = this as net.Server;
    const heard = {address: options.host ?? '127.0.0.1', port: Number(options.port)};
    server.once('listening', () => listening?.(heard.address, heard.port, true));
    server.once('close', () => listening?.(heard.address, heard.port, false));
    const after = args.filter((arg) => typeof arg === 'function');
    return listen.apply(this, [{...options, host: real.address, port: real.port}, ...after]);
  };
}

/** Node keeps both ends of a connection as libuv told them; whoever reads them finds the rehearsal's words. */
function mapAddress(network: Network, name: '_getpeername' | '_getsockname'): void {
  const prototype = net.Socket.prototype as unknown as Record<string, AnyFunction>;
  const get = prototype[name];
  if (!get) return;
  prototype[name] = function mapped(...args) {
    const told = get.apply(this, args) as {address?: string; port?: number} | undefined;
    if (told?.address === undefined) return told;
    return {...told, address: toVirtual(network, told.address), port: virtualPort(told.port ?? 0)};
  };
}
