import type {Page} from '../page.js';

export const upgradePages: Readonly<Record<string, Page>> = {
  upgrade: {
    examples: [
      ['failover-wizard upgrade --dry-run', 'versions, changes, what is unprotected'],
      ['failover-wizard upgrade', 'after upgrading OpenClaw, or this program'],
      ['failover-wizard upgrade --yes --wait --json', 'for scripts'],
    ],
    environment: ['SSH_AUTH_SOCK'],
    exits: {
      ok: 'done, or nothing to do',
      failed: 'failed; a monitor that does not come up is undone',
      degraded: "the standby is not at rest, or its OpenClaw is newer than the primary's",
      unreachable: true,
      split: true,
    },
    more: 'docs/upgrade.md',
  },
};
