import type {Page} from '../page.js';

const exits: Page['exits'] = {
  failed: 'refused, or it failed; the sentence says why',
  unreachable: 'the standby cannot be reached',
  split: true,
};

/** What an operator asks of the standby. */
export const handPages: Readonly<Record<string, Page>> = {
  pause: {
    examples: [
      ['failover-wizard pause --for 30m', 'before work on the primary'],
      ['failover-wizard pause --for 2h --why "kernel update"', 'the reason goes into the alerts'],
    ],
    exits: {failed: exits.failed!, unreachable: exits.unreachable!},
    more: 'docs/monitor.md',
  },
  resume: {
    examples: [
      ['failover-wizard resume', 'the work is done sooner'],
      ['failover-wizard resume --pair lab', 'of one of several pairs'],
    ],
    exits: {failed: exits.failed!, unreachable: exits.unreachable!},
    more: 'docs/monitor.md',
  },
  promote: {
    examples: [
      ['failover-wizard promote', 'shows what it means, and asks'],
      ['failover-wizard promote --confirm lab --why "moving"', 'without a question'],
    ],
    exits,
    more: 'docs/monitor.md',
  },
  demote: {
    examples: [
      ['failover-wizard demote', 'shows what it means, and asks'],
      ['failover-wizard demote --confirm lab', 'without a question'],
    ],
    exits,
    more: 'docs/monitor.md',
  },
};
