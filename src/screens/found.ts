import type {HostFacts} from '../facts/types.js';
import {clean} from './clip.js';
import {age, bytes} from './format.js';

const tailnet = /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;
const privateRange = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;

/** The address the other host would use: Tailscale's, else one of its range, else a private one. */
export function privateAddress({tailscale, addresses}: HostFacts): string | undefined {
  if (tailscale.known && tailscale.value.ip4 !== undefined) return tailscale.value.ip4;
  const four = addresses
    .filter((each) => each.family === 4 && each.name !== 'lo')
    .map((each) => each.address);
  return four.find((address) => tailnet.test(address)) ?? four.find((address) => privateRange.test(address));
}

const forms = {
  'user-unit': 'user unit',
  'system-unit': 'system unit',
  compose: 'Compose',
  podman: 'podman',
  foreground: 'started by hand',
  none: 'no gateway',
} as const;

/** Whether the gateway runs and for how long, then in which form: `['gateway up 12 d', 'user unit']`. */
export function gatewayParts({gateway}: HostFacts): string[] {
  if (!gateway.known) return [`gateway unknown: ${clean(gateway.reason)}`];
  const {form, active, upS} = gateway.value;
  if (form === 'none') return ['no gateway'];
  if (!active) return ['gateway stopped', forms[form]];
  return [upS === undefined ? 'gateway up' : `gateway up ${age(upS * 1000)}`, forms[form]];
}

/** `OpenClaw 2026.9.6`, `no OpenClaw`, or why it is not known. */
export function openclawWords({openclaw}: HostFacts): string {
  if (!openclaw.known) return `OpenClaw unknown: ${clean(openclaw.reason)}`;
  return openclaw.value === null ? 'no OpenClaw' : `OpenClaw ${clean(openclaw.value.version)}`;
}

/** `2 cores · 2.0 GB · 38 GB free` */
export function resourceWords({cpus, memory, disks}: HostFacts): string {
  const free = disks['/']?.freeBytes;
  const parts = [`${cpus} core${cpus === 1 ? '' : 's'}`, bytes(memory.totalBytes)];
  return [...parts, ...(free === undefined ? [] : [`${bytes(free)} free`])].join(' · ');
}

/** `Debian 12`: the name without the code name in brackets. */
export function osWords({os}: HostFacts): string {
  const name = clean(os.prettyName)
    .replace(/^Debian GNU\/Linux/, 'Debian')
    .replace(/ \(.*\)$/, '');
  return name === '' ? 'unknown system' : name;
}

/** How the operator named a host, else how it names itself. */
export function targetWords(facts: HostFacts | undefined, target: string | undefined): string {
  if (target !== undefined) return clean(target);
  return facts === undefined ? '' : clean(`${facts.login.user}@${facts.hostname}`);
}

/**
 * What was found on a host, most important first; screens leave out from the end what does not fit. The primary
 * is told by what runs on it, the standby by what it has room for.
 */
export function foundParts(facts: HostFacts): string[] {
  const address = privateAddress(facts);
  const runs = [openclawWords(facts), ...gatewayParts(facts)];
  const standbyRuns = facts.openclaw.known && facts.openclaw.value === null ? [] : [openclawWords(facts)];
  const middle = facts.host === 'primary' ? runs : [resourceWords(facts), ...standbyRuns];
  return [osWords(facts), ...middle, address ?? 'no private address'];
}
