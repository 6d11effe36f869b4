import type {Page} from '../page.js';

/** The program itself, and what makes a pair. */
export const setupPages: Readonly<Record<string, Page>> = {
  '': {
    examples: [
      ['failover-wizard setup --demo', 'what it would do, without a server'],
      ['failover-wizard setup', 'make a pair; it asks for everything'],
      ['failover-wizard watch', 'then leave this open'],
      ['failover-wizard doctor', 'is this machine ready for it?'],
    ],
    exits: {degraded: true, unreachable: true, split: true, timeout: true, unread: true, terminated: true},
    more: 'failover-wizard COMMAND --help',
  },
  setup: {
    examples: [
      ['failover-wizard setup --demo', 'the plan for two recorded servers'],
      ['failover-wizard setup', 'asks, shows each phase, then applies'],
      ['failover-wizard setup --dry-run', 'the whole plan; changes nothing'],
      ['failover-wizard setup --answers pair.json --no-input --yes', 'without a question, for scripts'],
    ],
    environment: ['NAME', 'SSH_AUTH_SOCK', 'GIT_SSH_COMMAND'],
    exits: {unreachable: true, split: true, timeout: true},
    more: 'docs/answers.md',
  },
};
