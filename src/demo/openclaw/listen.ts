import {networkInterfaces} from 'node:os';
import {treeAt, type Tree} from '../../channels/program/plain-object.js';
import {resolveSecret} from '../../channels/program/resolve.js';
import type {Loaded} from './config.js';

/** Where a gateway listens, and who may talk to it. */
export interface Listening {
  addresses: string[];
  port: number;
  /** Undefined: it asks for none. */
  token: string | undefined;
}

/** Words of the command line, which win over the config. */
export interface Asked {
  port?: number | undefined;
  bind?: string | undefined;
}

const loopback = '127.0.0.1';
const usualPort = 18_789;

/** @returns a sentence where OpenClaw refuses to start with these settings */
export function listeningOf({config, around}: Loaded, asked: Asked = {}): Listening | {refused: string} {
  const gateway = treeAt(config, 'gateway');
  const bind = asked.bind ?? gateway.bind ?? 'loopback';
  const token = tokenOf(gateway, {config, around});
  if (token && 'refused' in token) return token;
  const addresses = addressesOf(String(bind), gateway);
  if (!token && !addresses.every((address) => address.startsWith('127.')))
    return {
      refused: `refusing to bind the gateway to ${addresses.join(', ')} without auth (set gateway.auth)`,
    };
  const fromEnv = Number(around.env.OPENCLAW_GATEWAY_PORT) || undefined;
  const port = asked.port ?? fromEnv ?? (typeof gateway.port === 'number' ? gateway.port : usualPort);
  return {addresses, port, token: token?.value};
}

/**
 * `tailnet` is the first address of 100.64.0.0/10, and loopback as well; without one it is loopback alone, and nobody
 * is told. `custom` is that address and no other.
 */
function addressesOf(bind: string, gateway: Tree): string[] {
  if (bind === 'custom') return [String(gateway.customBindHost)];
  if (bind === 'lan') return ['0.0.0.0'];
  if (bind !== 'tailnet') return [loopback];
  const own = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .map(({address}) => address);
  const private100 = own.find((address) => /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(address));
  return private100 === undefined ? [loopback] : [private100, loopback];
}

function tokenOf(
  gateway: Tree,
  {around}: Pick<Loaded, 'config' | 'around'>,
): {value: string} | {refused: string} | undefined {
  const auth = treeAt(gateway, 'auth');
  if (auth.mode === 'none') return undefined;
  const field = auth.mode === 'password' || auth.mode === 'trusted-proxy' ? 'password' : 'token';
  const configured = resolveSecret(auth[field], around);
  if (configured && 'value' in configured) return configured;
  if (configured) return {refused: `gateway.auth.${field} cannot be read: ${configured.unresolved}`};
  const value = around.env[`OPENCLAW_GATEWAY_${field.toUpperCase()}`]?.trim();
  if (value) return {value};
  return auth.mode === undefined
    ? undefined
    : {refused: `gateway.auth.mode=${String(auth.mode)} needs gateway.auth.${field}`};
}
