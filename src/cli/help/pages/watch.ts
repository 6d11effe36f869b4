import type {Page} from '../page.js';

/** What looks at a pair and changes nothing. */
export const watchPages: Readonly<Record<string, Page>> = {
  watch: {
    examples: [
      ['failover-wizard watch', 'every saved pair; ? shows the keys'],
      ['failover-wizard watch --pair lab', 'one of them'],
      ['failover-wizard watch --json', 'one JSON line for each sample'],
    ],
    environment: ['SSH_AUTH_SOCK', 'INK_SCREEN_READER', 'NO_COLOR', 'TERM'],
    more: 'docs/watch.md',
  },
  status: {
    examples: [
      ['failover-wizard status', 'one look at every saved pair'],
      ['failover-wizard status --pair lab --json', 'for scripts'],
      ['failover-wizard status >/dev/null || mail -s "pair" me', 'from cron'],
    ],
    environment: ['SSH_AUTH_SOCK'],
    exits: {
      ok: 'every pair is protected',
      degraded: 'the standby could not take over, or has',
      unreachable: 'neither host can be reached',
      split: true,
    },
    more: 'docs/watch.md',
  },
  check: {
    examples: [
      ['failover-wizard check', 'all pairs of this machine; changes nothing'],
      ['failover-wizard check --verbose', 'line by line, and what is well'],
      ['failover-wizard check --json', 'an object for each pair'],
    ],
    environment: ['SSH_AUTH_SOCK'],
    exits: {
      ok: 'all as it should be; there may be tips',
      degraded: 'something differs or is wrong',
      unreachable: true,
      split: true,
    },
    more: 'docs/check.md',
  },
  explain: {
    examples: [
      ['failover-wizard explain', 'the newest time'],
      ['failover-wizard explain held', 'the newest time something held it'],
      ['failover-wizard explain 14:02', 'what happened about then'],
      ['failover-wizard explain --what-if fail=4', 'and with four failures?'],
    ],
    exits: {unreachable: 'the standby cannot be reached'},
    more: 'docs/monitor.md',
  },
  states: {
    examples: [
      ['failover-wizard states', 'verdicts and transitions as tables'],
      ['failover-wizard states --graph | dot -Tsvg > states.svg', 'as a picture, with Graphviz'],
      ['failover-wizard states --graph mermaid', 'for Markdown'],
    ],
    more: 'docs/monitor.md',
  },
};
