import {Abort, Exit} from '../../errors.js';
import {controlOf} from '../../gateway/control.js';
import {privateAddress} from '../../phases/network.js';
import {gatewayPort} from '../health.js';
import type {Prove} from '../kinds/proof.js';
import {until} from '../until.js';

/** ms the primary may take to answer: it may have been restarted just before. */
const limitMs = 60_000;

/** The standby fetches the primary's health over the private network. */
export const reach: Prove = async (_change, {host, input, say, signal}) => {
  const address = privateAddress(input.primary, input.standby, input.pair);
  if (!address.known)
    throw new Abort(`The primary has no address that the standby could use: ${address.reason}.`, {
      next: ['Give primary.address in the answers, an address of the primary that the standby reaches.'],
    });
  const port = gatewayPort(input.primary);
  const authority = address.value.includes(':') ? `[${address.value}]` : address.value;
  const url = `http://${authority}:${port}/healthz`;
  let last = '';
  const ok = await until(
    async () => {
      const ran = await host.run(['curl', '-sS', '--noproxy', '*', '--max-time', '2', '--', url], {
        timeoutMs: 6_000,
      });
      last = ran.code === 0 ? ran.stdout : ran.stderr;
      say(`GET ${url}: ${last.trim().slice(0, 120)}`);
      return ran.code === 0 && /"ok"\s*:\s*true/.test(ran.stdout);
    },
    {everyMs: 3_000, limitMs, signal},
  );
  if (ok) return;
  const control = controlOf(input.primary);
  throw new Abort(`The standby cannot fetch the primary's health from ${url}.`, {
    detail: last.trim().slice(0, 400),
    next: [
      `Does the gateway run on the primary? (${control?.name ?? 'no controllable gateway was found'})`,
      'Does it listen on that address? The default is loopback only: set primary.expose to "bind".',
      `Does a firewall on the primary let ${port}/tcp in from the standby's private address?`,
    ],
    exit: Exit.unreachable,
  });
};
