import {readFile} from 'node:fs/promises';
import net from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import type {WitnessResult} from './evidence.js';
import {oneLine} from './files.js';
import {defaultGateway, isNeighbour} from './routes.js';

export interface Endpoint {
  address: string;
  port: number;
}

/** What one attempt to reach somebody shows; a refusal is an answer. */
export type Reached = {alive: boolean; how: string};

const answers = new Set(['ECONNREFUSED', 'ECONNRESET']);
const refusal = 'refuses';

/** Somebody to ask: an address, and the name that it stands for in the settings. */
export interface Target extends Endpoint {
  name: string;
}

type Reach = (target: Target, timeoutMs: number) => Promise<Reached>;

/** characters of a sentence that names them all; it is part of an event. */
const longest = 300;
/** ms of silence after which the others are asked beside the first. */
const headStartMs = 300;

/**
 * The first that is alive is enough. `first` are asked at once, `others` a moment later: mostly
 * they need not be asked. Never throws; bounded by `timeoutMs`.
 */
export async function askTargets(
  {first, others}: {first: readonly Target[]; others: readonly Target[]},
  timeoutMs: number,
  ask: Reach,
): Promise<WitnessResult & {target?: Target}> {
  const over = new AbortController();
  const attempt = async (target: Target, waitMs: number) => {
    if (waitMs > 0) await sleep(waitMs, undefined, {signal: over.signal});
    const {alive, how} = await ask(target, timeoutMs - waitMs);
    const by = said(target, how);
    if (!alive) throw new Error(by);
    return {alive, by, target};
  };
  try {
    return await Promise.any([
      ...first.map((target) => attempt(target, 0)),
      ...others.map((target) => attempt(target, first.length > 0 ? headStartMs : 0)),
    ]);
  } catch (error) {
    const reasons = (error as AggregateError).errors.map((reason: Error) => reason.message);
    return {alive: false, by: oneLine(`no witness answers (${reasons.join('; ')})`, longest)};
  } finally {
    over.abort();
  }
}

export function said({name, address, port}: Target, how: string): string {
  return `${name === address ? address : `${name} (${address})`} port ${port}: ${how}`;
}

/**
 * The router: a TCP answer of any kind; where a firewall there drops the packets, its entry in the neighbour table (it
 * answered on the wire). It says nothing of what lies beyond it. IPv4 only: the kernel tells of IPv6 neighbours over
 * netlink alone, which the sandbox of the monitor does not have.
 */
export async function askDefaultGateway(timeoutMs: number): Promise<WitnessResult> {
  const gateway = defaultGateway(await readFile('/proc/self/net/route', 'utf8').catch(() => ''));
  if (!gateway) return {alive: false, by: 'there is no default route over an IPv4 gateway'};
  // "discard": nothing listens there, and nothing is done by asking.
  const {alive, how} = await reach({address: gateway, port: 9}, timeoutMs);
  if (alive) return {alive, by: `default gateway ${gateway}: ${how}`};
  const neighbours = await readFile('/proc/self/net/arp', 'utf8').catch(() => '');
  return isNeighbour(neighbours, gateway)
    ? {alive: true, by: `default gateway ${gateway} is there on the wire`}
    : {alive: false, by: `default gateway ${gateway} does not answer (${how})`};
}

/** One TCP connection, closed at once. Never throws. */
export const reach = (endpoint: Endpoint, timeoutMs: number): Promise<Reached> =>
  connect(endpoint, timeoutMs);

/** The same, where a refusal is none: a firewall of this very host refuses in the name of whoever is asked. */
export async function reachOpen(endpoint: Endpoint, timeoutMs: number): Promise<Reached> {
  const {alive, how} = await reach(endpoint, timeoutMs);
  return {alive: alive && how !== refusal, how};
}

/**
 * The same for an SSH server, which has to say so: the kernel of a host whose processes are frozen still takes
 * connections in. Never throws.
 */
export const reachSsh = (endpoint: Endpoint, timeoutMs: number): Promise<Reached> =>
  connect(endpoint, timeoutMs, 'SSH-');

function connect({address, port}: Endpoint, timeoutMs: number, greeting = ''): Promise<Reached> {
  return new Promise((resolve) => {
    const socket = net.connect({host: address, port});
    let how = 'no answer in time';
    let said = '';
    const finish = (reached: Reached) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reached);
    };
    const timer = setTimeout(() => finish({alive: false, how}), timeoutMs);
    socket.once('connect', () => {
      if (greeting === '') finish({alive: true, how: 'answers'});
      how = 'takes the connection and says nothing';
    });
    socket.on('data', (data) => {
      said += data.toString('latin1').slice(0, 64);
      if (said.startsWith(greeting)) finish({alive: true, how: 'answers'});
      else if (said.length >= greeting.length) finish({alive: false, how: 'is no SSH server'});
    });
    socket.once('end', () => finish({alive: false, how: 'closes the connection'}));
    socket.on('error', ({code = 'ERROR'}: NodeJS.ErrnoException) =>
      finish({alive: answers.has(code), how: answers.has(code) ? refusal : code}),
    );
  });
}
