import type {AccountFact} from '../../src/channels/types.js';
import type {HostFacts} from '../../src/facts/types.js';
import type {HostName} from '../../src/ssh/host.js';
import {plainFacts, privateAddress} from '../harness/plain-facts.js';

/** Facts of a host whose gateway runs, with what a test wants to be different. */
export function factsOf(host: HostName, change: Partial<HostFacts> = {}): HostFacts {
  return plainFacts(host, {
    gateway: {
      known: true,
      value: {
        form: 'user-unit',
        active: true,
        user: 'openclaw',
        listeners: [
          {
            protocol: 'tcp',
            address: host === 'primary' ? privateAddress.primary : '127.0.0.1',
            port: 18789,
          },
        ],
      },
    },
    ...change,
  });
}

/** The primary's config as facts hold it: credentials are fingerprints already. */
export function configOf(tree: Record<string, unknown>): HostFacts['config'] {
  return {known: true, value: {path: '/c', hash: 'h', tree, backups: [], plugins: {}}};
}

export function accountOf(channel: string, account: string, change: Partial<AccountFact> = {}): AccountFact {
  return {channel, account, enabled: true, credentials: [], ...change};
}
