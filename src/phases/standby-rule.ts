import type {FirewallChange} from '../plan/change.js';

/** One more rule of the primary's own firewall: the standby's address may reach a TCP port. Nothing else changes. */
export const standbyRule = (
  given: Pick<FirewallChange, 'id' | 'title'> & {from: string; port: number; comment: string},
): FirewallChange => ({
  kind: 'firewall',
  id: given.id,
  host: 'primary',
  enable: false,
  title: given.title,
  rules: [
    [
      'allow',
      'from',
      given.from,
      'to',
      'any',
      'port',
      String(given.port),
      'proto',
      'tcp',
      'comment',
      `${given.comment} (failover-wizard)`,
    ],
  ],
});
