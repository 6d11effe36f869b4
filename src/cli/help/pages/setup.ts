import type {Page} from '../page.js';

/** The program itself, and what makes a pair. */
export const setupPages: Readonly<Record<string, Page>> = {
  '': {
    examples: [
      ['failover-wizard demo', 'a rehearsal, without a server'],
      ['failover-wizard setup', 'make a pair; it asks for everything'],
      ['failover-wizard watch', 'then leave this open'],
      ['failover-wizard doctor', 'is this machine ready for it?'],
    ],
    exits: {degraded: true, unreachable: true, split: true, timeout: true, unread: true, terminated: true},
    more: 'failover-wizard COMMAND --help',
  },
  setup: {
    examples: [
      ['failover-wizard setup --demo', 'on an embedded pair of this machine'],
      ['failover-wizard setup', 'asks, shows each phase, then applies'],
      ['failover-wizard setup --dry-run', 'the whole plan; changes nothing'],
      ['failover-wizard setup --answers pair.json --no-input --yes', 'without a question, for scripts'],
    ],
    environment: ['NAME', 'SSH_AUTH_SOCK', 'GIT_SSH_COMMAND'],
    exits: {unreachable: true, split: true, timeout: true},
    more: 'docs/answers.md',
  },
  remove: {
    examples: [
      ['failover-wizard remove --dry-run', 'what would go, and what would stay'],
      ['failover-wizard remove', 'shows the plan, wants the name of the pair'],
      ['failover-wizard remove --only primary', 'the standby is gone for good'],
    ],
    exits: {
      ok: 'removed, or nothing of ours is left',
      unreachable: true,
      split: "the primary's account may still be logged in elsewhere",
    },
    more: 'docs/remove.md',
  },
  demo: {
    examples: [
      ['failover-wizard demo', 'a guided tour: set up, kill it, watch it'],
      ['failover-wizard demo --free', 'no tour: do as you like'],
      ['failover-wizard demo --plain', 'lines; exit code 0 when all went well'],
      ['failover-wizard demo --recorded', 'only the plan, for two recorded servers'],
    ],
    exits: {failed: 'the embedded pair did not do what it should'},
    more: 'docs/demo.md',
  },
};
