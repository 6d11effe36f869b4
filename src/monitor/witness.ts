import {readFile} from 'node:fs/promises';
import net from 'node:net';
import type {WitnessResult} from './evidence.js';

export interface Endpoint {
  address: string;
  port: number;
}

/** What one attempt to reach somebody shows; a refusal is an answer. */
type Reached = {alive: boolean; how: string};

const answers = new Set(['ECONNREFUSED', 'ECONNRESET']);

/**
 * Whether this host is online at all: the first witness that answers is enough. Without witnesses the default
 * route's gateway is asked: a TCP answer of any kind, a refusal too; where a firewall there drops the packets, its
 * entry in the neighbour table (it answered on the wire). A host without a default route is cut off.
 * Never throws; bounded by `timeoutMs`.
 */
export async function askWitnesses(
  witnesses: readonly Endpoint[],
  timeoutMs: number,
): Promise<WitnessResult> {
  if (witnesses.length === 0) return askDefaultGateway(timeoutMs);
  const attempts = witnesses.map(async (witness) => {
    const {alive, how} = await reach(witness, timeoutMs);
    const by = `${witness.address} port ${witness.port}: ${how}`;
    if (!alive) throw new Error(by);
    return {alive, by};
  });
  try {
    return await Promise.any(attempts);
  } catch (error) {
    const reasons = (error as AggregateError).errors.map((reason: Error) => reason.message);
    return {alive: false, by: `no witness answers (${reasons.join('; ')})`};
  }
}

async function askDefaultGateway(timeoutMs: number): Promise<WitnessResult> {
  const gateway = defaultGateway(await readFile('/proc/self/net/route', 'utf8').catch(() => ''));
  if (!gateway) return {alive: false, by: 'there is no default route'};
  // "discard": nothing listens there, and nothing is done by asking.
  const {alive, how} = await reach({address: gateway, port: 9}, timeoutMs);
  if (alive) return {alive, by: `default gateway ${gateway}: ${how}`};
  const neighbours = await readFile('/proc/self/net/arp', 'utf8').catch(() => '');
  return isNeighbour(neighbours, gateway)
    ? {alive: true, by: `default gateway ${gateway} is there on the wire`}
    : {alive: false, by: `default gateway ${gateway} does not answer (${how})`};
}

/** The gateway of the default route with the lowest metric in /proc/net/route; dotted IPv4. */
export function defaultGateway(routes: string): string | undefined {
  const up = 1;
  const viaGateway = 2;
  return routes
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, to, via, flags]) =>
        to === '00000000' && via && (parseInt(flags ?? '0', 16) & (up | viaGateway)) === 3,
    )
    .toSorted((a, b) => Number(a[6]) - Number(b[6]))
    .map(([, , via]) =>
      via
        ?.match(/../g)
        ?.toReversed()
        .map((hex) => parseInt(hex, 16))
        .join('.'),
    )
    .at(0);
}

/** Whether /proc/net/arp has a complete entry for an address. */
export function isNeighbour(arp: string, address: string): boolean {
  const complete = 2;
  return arp
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .some(([ip, , flags]) => ip === address && (parseInt(flags ?? '0', 16) & complete) !== 0);
}

function reach({address, port}: Endpoint, timeoutMs: number): Promise<Reached> {
  return new Promise((resolve) => {
    const socket = net.connect({host: address, port});
    const finish = (reached: Reached) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reached);
    };
    const timer = setTimeout(() => finish({alive: false, how: 'no answer in time'}), timeoutMs);
    socket.once('connect', () => finish({alive: true, how: 'answers'}));
    socket.on('error', ({code = 'ERROR'}: NodeJS.ErrnoException) =>
      finish({alive: answers.has(code), how: answers.has(code) ? 'refuses' : code}),
    );
  });
}
