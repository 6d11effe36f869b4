import type {AccountFact} from '../../src/channels/types.js';
import type {HostFacts} from '../../src/facts/types.js';
import {plainFacts, privateAddress} from '../harness/plain-facts.js';

/** Facts of a Debian 12 host as the parser gives them; tests say what differs. */
export function hostFacts(host: 'primary' | 'standby', differing: Partial<HostFacts> = {}): HostFacts {
  const primary = host === 'primary';
  return plainFacts(host, {
    clockOffsetMs: primary ? 12 : -3,
    load: primary ? 0.31 : 0.02,
    memory: primary
      ? {totalBytes: 4 * 1024 ** 3, availableBytes: 2.9 * 1024 ** 3}
      : {totalBytes: 2 * 1024 ** 3, availableBytes: 1.7 * 1024 ** 3},
    disks: {'/': {totalBytes: 48 * 1024 ** 3, freeBytes: (primary ? 30 : 38) * 1024 ** 3, readOnly: false}},
    tailscale: {known: true, value: {installed: true, state: 'Running', ip4: privateAddress[host]}},
    git: '2.39.5',
    ...(primary && runningGateway),
    ...differing,
  });
}

const runningGateway = {
  gateway: {
    known: true,
    value: {
      form: 'user-unit',
      active: true,
      upS: 1_051_200,
      pid: 812,
      unit: 'openclaw-gateway.service',
      user: 'claw',
      listeners: [],
    },
  },
  openclaw: {
    known: true,
    value: {
      packageDir: '/usr/local/lib/node_modules/openclaw',
      entry: '/usr/local/lib/node_modules/openclaw/openclaw.mjs',
      version: '2026.9.6',
      engines: '>=24.16 <25 || >=26.1',
      node: '/usr/local/bin/node',
      nodeVersion: '24.21.0',
    },
  },
} satisfies Partial<HostFacts>;

export function account(channel: string, name: string, label: string, enabled = true): AccountFact {
  return {
    channel,
    account: name,
    enabled,
    identity: {fp: `fp-${label}`, label},
    credentials: [{field: 'password', fp: `secret-fp-${label}`, from: 'env'}],
  };
}
