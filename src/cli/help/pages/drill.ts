import type {Page} from '../page.js';

/** The monthly test, and what belongs to it. */
export const drillPages: Readonly<Record<string, Page>> = {
  drill: {
    examples: [
      ['failover-wizard drill --dry-run', 'the checklist; breaks nothing'],
      ['failover-wizard drill', 'the first drill: about 4 minutes'],
      [
        'failover-wizard drill --fault hang --rto 2m --probe irc=alice',
        'another fault, a target, a real message',
      ],
      ['failover-wizard drill --revert', 'takes back one that was cut off'],
    ],
    notes: [
      {
        title: 'Faults, the mildest first',
        rows: [
          ['stop', 'the gateway finishes what it answers, and is stopped'],
          ['kill', 'it is killed, as in a crash; it may be back before a takeover'],
          ['hang', 'it is halted: it accepts messages, and answers none'],
          ['partition', 'only the private network is cut; the standby has to keep still'],
          ['reboot', 'the whole host is rebooted'],
        ],
      },
    ],
    environment: ['SSH_AUTH_SOCK'],
    exits: {
      ok: 'passed',
      failed: 'failed, or not begun',
      degraded: 'passed with remarks',
      unreachable: true,
      split: true,
      interrupted: 'ended with Ctrl+C; the primary is put back',
    },
    more: 'docs/drill.md',
  },
  'drill schedule': {
    examples: [
      ['failover-wizard drill schedule', 'be reminded when one is due'],
      ['failover-wizard drill schedule --window "1st Sun 03:00-05:00"', 'let them begin by themselves'],
      ['failover-wizard drill schedule --ics drill.ics', 'a file for your calendar, nothing else'],
      ['failover-wizard drill schedule --remove', 'no more'],
    ],
    environment: ['XDG_CONFIG_HOME'],
    more: 'docs/drill.md',
  },
  'drill history': {
    examples: [
      ['failover-wizard drill history', 'all drills, and the trend'],
      ['failover-wizard drill history --csv > drills.csv', 'for a spreadsheet'],
      ['failover-wizard drill history --offline', 'without asking the standby'],
    ],
    more: 'docs/drill.md',
  },
  'drill show': {
    examples: [
      ['failover-wizard drill show 2026-11', 'the one whose ID begins so'],
      ['failover-wizard drill show 2026-11 --markdown', 'to paste'],
    ],
    more: 'docs/drill.md',
  },
};
