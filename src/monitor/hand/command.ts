import {parseArgs} from 'node:util';
import type {Act} from './act.js';
import {parseLength} from './length.js';

/** What was typed after `openclaw-failover`. */
export type Command =
  | {name: 'status'}
  | {name: 'why'}
  | {name: 'help'}
  | {name: 'events'; follow: boolean; count: number; json: boolean}
  | {name: 'act'; act: Act; confirm?: string; dryRun: boolean; json: boolean};

/** Lines short enough for a phone. */
export const help = `openclaw-failover COMMAND

  status            how it is now
  why               why it is so
  events [-f] [-n]  what happened;
                    -f: and happens

As root (sudo):
  ask               the primary's own
                    word, as JSON
  tell-test         one test message
                    to who is told
  pause 30m [WHY]   takes over and gives
                    back nothing; ends
                    by itself (most: 4h)
  resume            ends a pause now
  promote [WHY]     take over now
  demote            give back

  --dry-run         only look first
  --confirm PAIR    do not ask for it
  --json            for programs
`;

/** Parses the words; a sentence when they mean nothing. Pure. */
export function commandOf(args: readonly string[]): Command | {wrong: string} {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        confirm: {type: 'string'},
        'dry-run': {type: 'boolean', default: false},
        json: {type: 'boolean', default: false},
        follow: {type: 'boolean', short: 'f', default: false},
        lines: {type: 'string', short: 'n', default: '20'},
        help: {type: 'boolean', short: 'h', default: false},
      },
    });
  } catch (error) {
    return {wrong: (error as Error).message.split('. ')[0]!.replace(/\.?$/, '.')};
  }
  const {values, positionals} = parsed;
  const [name = 'status', ...rest] = positionals;
  if (values.help || name === 'help') return {name: 'help'};
  const options = {
    ...(values.confirm !== undefined && {confirm: values.confirm}),
    dryRun: values['dry-run'],
    json: values.json,
  };
  const alone =
    rest.length === 0 ? undefined : {wrong: `${name} takes no further words: "${rest.join(' ')}".`};
  switch (name) {
    case 'status':
    case 'why':
      return alone ?? {name};
    case 'events': {
      const count = /^\d{1,5}$/.test(values.lines) ? Number(values.lines) : 0;
      if (count === 0) return {wrong: '-n takes a number of events, from 1.'};
      return alone ?? {name, follow: values.follow, count, json: values.json};
    }
    case 'pause': {
      const [length, ...why] = rest;
      if (length === undefined) return {wrong: 'For how long? For example: openclaw-failover pause 30m'};
      const parsedLength = parseLength(length);
      if ('wrong' in parsedLength) return parsedLength;
      return {name: 'act', act: {name, ms: parsedLength.ms, why: why.join(' ')}, ...options};
    }
    case 'promote':
      return {name: 'act', act: {name, why: rest.join(' ')}, ...options};
    case 'resume':
    case 'demote':
      return alone ?? {name: 'act', act: {name}, ...options};
    default:
      return {wrong: `There is no command "${name.slice(0, 40)}".`};
  }
}
