import type {HostFacts} from '../facts/types.js';
import {controlOf} from '../gateway/control.js';
import type {Host} from '../ssh/host.js';
import {layout} from '../templates/layout.js';

export type Health = 'ready' | 'up' | 'down';

/** One way to ask a gateway. */
interface Way {
  address: string;
  /** Inside its container, or (for a unit) by the gateway's own user; else from the host. */
  from: 'inside' | 'host';
}

/**
 * Asks a host's gateway over its own addresses, loopback first: `/readyz`, then `/healthz`. One in a container is
 * asked inside it, then through its published port.
 * @param also addresses that it may have come to listen on since the facts were read; asked first
 */
export async function healthOf(host: Host, facts: HostFacts, also: readonly string[] = []): Promise<Health> {
  for (const way of ways(facts, also)) {
    // One after the other: the first that answers is the gateway, and the fallbacks are rarely needed.
    // oxlint-disable-next-line no-await-in-loop
    const ready = await get(host, facts, way, '/readyz');
    if (ready === 200) return 'ready';
    // oxlint-disable-next-line no-await-in-loop
    if (ready > 0 || (await get(host, facts, way, '/healthz')) > 0) return 'up';
  }
  return 'down';
}

/** Asks all URLs again and again, and prints the time of its host when one of them was ready, or `not ready`. */
const nodeWait = `const [limitMs, ...urls] = process.argv.slice(1);
const endMs = Date.now() + Number(limitMs);
const ask = (url) => fetch(url, {redirect: 'manual', signal: AbortSignal.timeout(3000)}).then((r) => r.status === 200, () => false);
(async () => {
  while (Date.now() < endMs) {
    if ((await Promise.all(urls.map(ask))).includes(true)) return process.stdout.write(String(Date.now()));
    await new Promise((wake) => setTimeout(wake, 100));
  }
  process.stdout.write('not ready');
})();`;

/**
 * When a host's gateway was seen ready, epoch ms by the host's own clock, to a tenth of a second.
 * @returns undefined: it was not within `limitMs`; `unknown`: nothing on the host could look so often
 */
export async function readyAt(
  host: Host,
  facts: HostFacts,
  limitMs: number,
  signal?: AbortSignal,
): Promise<number | 'unknown' | undefined> {
  const inContainer = facts.gateway.known && facts.gateway.value.container !== undefined;
  const node = inContainer ? 'node' : facts.openclaw.known ? facts.openclaw.value?.node : undefined;
  if (node === undefined) return 'unknown';
  const urls = ways(facts, [])
    .filter(({from}) => from === 'inside')
    .map(({address}) => urlOf(address, gatewayPort(facts), '/readyz'));
  const {argv, user} = insideOf(facts, [node, '-e', nodeWait, String(limitMs), ...urls]);
  const {stdout} = await host.run(argv, {
    timeoutMs: limitMs + 8_000,
    label: `wait for ${urls.join(' or ')}`,
    ...(user !== undefined && {user}),
    ...(signal && {signal}),
  });
  if (/^\d{13}$/.test(stdout)) return Number(stdout);
  return stdout === 'not ready' ? undefined : 'unknown';
}

/** The URLs at which the gateway of a unit may answer on its own host. */
export function healthUrls(facts: HostFacts, path: string, also: readonly string[] = []): string[] {
  return ways(facts, also).map(({address}) => urlOf(address, gatewayPort(facts), path));
}

const urlOf = (address: string, port: number, path: string) =>
  `http://${address.includes(':') ? `[${address}]` : address}:${port}${path}`;

const nodeGet = `fetch(process.argv[1], {redirect: 'manual', signal: AbortSignal.timeout(3000)}).then((r) => process.stdout.write(String(r.status)), () => process.stdout.write('0'))`;

/** HTTP status of the standby's own gateway on loopback, asked by its Node as its user; 0: nothing answers. */
export async function standbyStatus(standby: Host, path: string): Promise<number> {
  const url = urlOf('127.0.0.1', layout.gatewayPort, path);
  const ran = await standby.run([layout.node, '-e', nodeGet, url], {
    user: layout.user,
    timeoutMs: 8_000,
    label: `GET ${url}`,
  });
  return Number(ran.stdout) || 0;
}

/**
 * HTTP status, asked by the gateway's own Node (curl may be missing) as the gateway's user, because root starts no
 * program of somebody else; 0 when nothing answers within 3 s.
 */
async function get(host: Host, facts: HostFacts, {address, from}: Way, path: string): Promise<number> {
  const url = urlOf(address, gatewayPort(facts), path);
  const inContainer = facts.gateway.known && facts.gateway.value.container !== undefined;
  const node = inContainer ? 'node' : facts.openclaw.known ? facts.openclaw.value?.node : undefined;
  const call =
    from === 'inside' && node !== undefined ? insideOf(facts, [node, '-e', nodeGet, url]) : undefined;
  const {argv, user} = call ?? {
    argv: ['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', '--noproxy', '*', '--max-time', '3', url],
    user: undefined,
  };
  const ran = await host.run(argv, {
    timeoutMs: 8_000,
    label: `GET ${url}`,
    ...(user !== undefined && {user}),
  });
  return Number(ran.stdout) || 0;
}

function insideOf(facts: HostFacts, argv: string[]): {argv: string[]; user: string | undefined} {
  const control = controlOf(facts);
  if (control) return control.inside(argv);
  return {argv, user: facts.gateway.known ? facts.gateway.value.user : undefined};
}

/** The gateway's port: from its config, else OpenClaw's default. */
export function gatewayPort(facts: HostFacts): number {
  const tree = facts.config.known ? facts.config.value?.tree : undefined;
  const gateway = tree?.gateway as {port?: unknown} | undefined;
  return typeof gateway?.port === 'number' ? gateway.port : 18789;
}

/** Where it may listen: loopback, then where it was seen, then the address the config names. */
function ways(facts: HostFacts, also: readonly string[]): Way[] {
  const port = gatewayPort(facts);
  const tree = facts.config.known ? facts.config.value?.tree : undefined;
  const gateway = tree?.gateway as {customBindHost?: unknown} | undefined;
  const found = facts.gateway.known ? facts.gateway.value : undefined;
  const seen = found
    ? found.listeners.filter((listener) => listener.port === port).map(({address}) => address)
    : [];
  const custom = typeof gateway?.customBindHost === 'string' ? [gateway.customBindHost] : [];
  const distinct = (addresses: readonly string[]) => [
    ...new Set(addresses.filter((address) => !['0.0.0.0', '::', '*'].includes(address))),
  ];
  if (!found?.container)
    return distinct([...also, '127.0.0.1', ...seen, ...custom]).map((address) => ({address, from: 'inside'}));
  const within = distinct(['127.0.0.1', ...custom, ...also]);
  const published = seen.length === 0 ? [] : distinct(['127.0.0.1', ...seen]);
  return [
    ...within.map((address): Way => ({address, from: 'inside'})),
    ...published.map((address): Way => ({address, from: 'host'})),
  ];
}
