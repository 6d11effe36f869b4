import type {HostFacts} from '../facts/types.js';
import type {Host} from '../ssh/host.js';

export type Health = 'ready' | 'up' | 'down';

/** Asks a host's gateway over its own addresses, loopback first: `/readyz`, then `/healthz`. */
export async function healthOf(host: Host, facts: HostFacts): Promise<Health> {
  const port = gatewayPort(facts);
  for (const address of listenAddresses(facts, port)) {
    // One after the other: the first that answers is the gateway, and the fallbacks are rarely needed.
    const base = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
    // oxlint-disable-next-line no-await-in-loop
    const ready = await get(host, facts, `${base}/readyz`);
    if (ready === 200) return 'ready';
    // oxlint-disable-next-line no-await-in-loop
    if (ready > 0 || (await get(host, facts, `${base}/healthz`)) > 0) return 'up';
  }
  return 'down';
}

const nodeGet = `fetch(process.argv[1], {redirect: 'manual', signal: AbortSignal.timeout(3000)}).then((r) => process.stdout.write(String(r.status)), () => process.stdout.write('0'))`;

/** HTTP status of a URL, asked on the host by its own Node (curl may be missing); 0 when nothing answers within 3 s. */
async function get(host: Host, facts: HostFacts, url: string): Promise<number> {
  const node = facts.openclaw.known ? facts.openclaw.value?.node : undefined;
  const argv = node
    ? [node, '-e', nodeGet, url]
    : ['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', '--noproxy', '*', '--max-time', '3', url];
  const ran = await host.run(argv, {timeoutMs: 8_000, label: `GET ${url}`});
  return Number(ran.stdout) || 0;
}

/** The gateway's port: from its config, else OpenClaw's default. */
export function gatewayPort(facts: HostFacts): number {
  const tree = facts.config.known ? facts.config.value?.tree : undefined;
  const gateway = tree?.gateway as {port?: unknown} | undefined;
  return typeof gateway?.port === 'number' ? gateway.port : 18789;
}

/** Where it may listen: loopback, then the address the config names, then private addresses. */
function listenAddresses(facts: HostFacts, port: number): string[] {
  const tree = facts.config.known ? facts.config.value?.tree : undefined;
  const gateway = tree?.gateway as {customBindHost?: unknown} | undefined;
  const seen = facts.gateway.known
    ? facts.gateway.value.listeners.filter((listener) => listener.port === port).map(({address}) => address)
    : [];
  const custom = typeof gateway?.customBindHost === 'string' ? [gateway.customBindHost] : [];
  const usable = [...seen, ...custom].filter((address) => !['0.0.0.0', '::', '*'].includes(address));
  return [...new Set(['127.0.0.1', ...usable])];
}
