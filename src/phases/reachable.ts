import type {HostFacts} from '../facts/types.js';
import {controlOf} from '../gateway/control.js';
import {networkSecretName} from '../pair/secret-names.js';
import type {Change, ConfigPatchChange} from '../plan/change.js';
import {gatewayPort} from '../plan/health.js';
import {header} from '../templates/header.js';
import {tailscaleSource} from '../templates/tailscale.js';
import {privateAddress, standbyAddress} from './network.js';
import type {Finding, PlanInput} from './phase.js';
import {sshPort} from './ssh-port.js';
import {wantPackages} from './wants.js';
import {standbyRule} from './standby-rule.js';

/** Tailscale on either host, where the pair uses it: its package source, its package, and joining. */
export function* tailnet({pair, secrets, version}: PlanInput, facts: HostFacts): Generator<Change> {
  if (pair.network.kind !== 'tailscale') return;
  const now = facts.tailscale.known ? facts.tailscale.value : undefined;
  const {host} = facts;
  if (!now?.installed) {
    yield* wantPackages(facts, ['ca-certificates', 'curl', 'gpg'], 'packages');
    const source = tailscaleSource(facts.os, header({pairName: pair.name, version}));
    yield {
      kind: 'apt-source',
      id: `${host}:apt-source:tailscale`,
      host,
      title: 'package source of Tailscale, its signing key pinned',
      ...source,
    };
    yield {
      kind: 'packages',
      id: `${host}:packages:tailscale`,
      host,
      title: 'package tailscale',
      packages: ['tailscale'],
    };
  }
  if (now?.state === 'Running' && now.ip4) return;
  const authKey = secrets[networkSecretName];
  yield {
    kind: 'network',
    id: `${host}:network`,
    host,
    title: authKey ? 'join the tailnet with the auth key' : 'join the tailnet: a login page will be shown',
    ...(authKey && {authKey}),
    ...(host === 'standby' && pair.standby.hostname !== undefined && {hostname: pair.standby.hostname}),
  };
}

/** The gateway listens on no address that the standby could use. */
export function loopbackOnly(primary: HostFacts): boolean {
  if (!primary.gateway.known || !primary.gateway.value.active) return false;
  const port = gatewayPort(primary);
  const addresses = primary.gateway.value.listeners
    .filter((listener) => listener.port === port)
    .map(({address}) => address);
  return addresses.length > 0 && addresses.every((address) => /^(?:127\.|::1$|\[::1\])/.test(address));
}

export function* exposeHealth(input: PlanInput): Generator<Change> {
  const {pair, primary, standby} = input;
  if (!loopbackOnly(primary)) return;
  const address = privateAddress(primary, standby, pair);
  if (pair.primary.expose === 'bind' && address.known) yield bindPatch(primary, address.value);
  if (pair.primary.expose === 'serve' && primary.tailscale.known && standby.probe?.status !== 200) {
    const port = gatewayPort(primary);
    yield {
      kind: 'script',
      id: 'primary:serve',
      host: 'primary',
      title: `tailscale serve forwards ${port} to the gateway`,
      doing: 'set up tailscale serve',
      timeoutMs: 60_000,
      script: {
        label: `tailscale serve --tcp ${port}`,
        text: `tailscale serve --bg --tcp ${port} tcp://127.0.0.1:${port} </dev/null\n`,
      },
    };
  }
}

/**
 * `custom` rather than `tailnet`: when the address is missing at boot, `custom` fails and systemd tries again,
 * while `tailnet` falls back to loopback without a word. Other than loopback needs `gateway.auth`.
 */
function bindPatch(primary: HostFacts, address: string): ConfigPatchChange {
  const tree = primary.config.known ? primary.config.value?.tree : undefined;
  const gateway = (tree?.gateway ?? {}) as {
    bind?: unknown;
    customBindHost?: unknown;
    auth?: {mode?: unknown};
  };
  const before = {gateway: {bind: gateway.bind ?? null, customBindHost: gateway.customBindHost ?? null}};
  return {
    kind: 'config-patch',
    id: 'primary:config-patch:bind',
    host: 'primary',
    takesEffect: 'restart',
    disruptive: true,
    title: `the gateway listens on ${address} (restarts it, about 20 s)`,
    why: 'It listens on loopback only, so the standby could not see whether it lives.',
    patch: {
      gateway: {
        bind: 'custom',
        customBindHost: address,
        ...(gateway.auth === undefined && {auth: {mode: 'token', token: generatedToken}}),
      },
    },
    before,
  };
}

/** Replaced by fresh random text when the patch is applied, so that no token is ever part of a plan. */
export const generatedToken = '[generated]';

/** Where the primary has a firewall of its own, the standby's probes need a rule there. */
export function* letProbesIn({pair, primary, standby}: PlanInput): Generator<Change> {
  if (!primary.firewall.known || !primary.firewall.value.enabled || standby.probe?.status === 200) return;
  const from = standbyAddress(primary, standby, pair);
  const port = gatewayPort(primary);
  if (!from.known) return;
  if (primary.firewall.value.rules.some((rule) => rule.includes(String(port)) && rule.includes(from.value)))
    return;
  yield standbyRule({
    id: 'primary:firewall',
    title: `firewall: the standby (${from.value}) may ask for the gateway's health`,
    from: from.value,
    port,
    comment: 'standby probes',
  });
}

export function networkFindings({pair, primary, standby}: PlanInput): Finding[] {
  const findings: Finding[] = [];
  for (const facts of pair.network.kind === 'tailscale' ? [primary, standby] : []) {
    if (facts.tailscale.known) continue;
    findings.push({
      id: 'tailscale',
      host: facts.host,
      level: 'blocks',
      sentence: `Whether Tailscale runs on the ${facts.host} cannot be told: ${facts.tailscale.reason}.`,
      fix: 'Look at tailscale status there, then run setup again.',
    });
  }
  const address = privateAddress(primary, standby, pair);
  if (!address.known && pair.network.kind === 'existing') {
    findings.push({
      id: 'network',
      host: 'primary',
      level: 'blocks',
      sentence: `There is no private network between the two: ${address.reason}.`,
      fix: 'Give primary.address, connect them (VPC, WireGuard), or choose network.kind "tailscale".',
    });
  }
  if (loopbackOnly(primary) && (pair.primary.expose === undefined || pair.primary.expose === 'no')) {
    findings.push({
      id: 'loopback',
      host: 'primary',
      level: 'blocks',
      sentence: "The primary's gateway listens on loopback only, so the standby cannot see its health.",
      fix: 'Set primary.expose to "bind" (its config gets the private address; restarts it once) or "serve" (tailscale serve).',
    });
  }
  const open =
    standby.listeners.known &&
    standby.firewall.known &&
    !(standby.firewall.value.enabled && standby.firewall.value.closed)
      ? standby.listeners.value
      : [];
  const closing = open.filter(
    ({address, port, protocol}) =>
      protocol === 'tcp' && port !== sshPort(standby) && !/^(?:127\.|::1|\[::1\]|127)/.test(address),
  );
  if (closing.some(({process}) => process !== 'sshd')) {
    findings.push({
      id: 'closing',
      host: 'standby',
      level: 'warning',
      sentence: `The firewall will close ${closing.map(({port, process}) => `${port}/tcp${process ? ` (${process})` : ''}`).join(', ')} on the standby.`,
      fix: 'Open what must stay reachable afterwards: ufw allow PORT/tcp',
    });
  }
  if (!controlOf(primary) && primary.gateway.known && primary.gateway.value.form.endsWith('unit')) {
    findings.push({
      id: 'control',
      host: 'primary',
      level: 'blocks',
      sentence: 'The unit or user of the primary’s gateway was not recognised.',
      fix: 'Run setup with --verbose and look at the facts.',
    });
  }
  return findings;
}
