import type {Durations, Level} from '../../monitor/events.js';
import type {EventTold} from '../told.js';
import {amount, at, epochMs, flagOrNull, oneOf, text, textOrNull, type Json} from './fields.js';

const levels = ['info', 'warning', 'alert'] as const satisfies readonly Level[];

const spans = [
  'inStateMs',
  'sinceLastOkMs',
  'sinceFirstBadMs',
  'sincePromotingMs',
  'activeMs',
  'sinceDemotingMs',
] as const satisfies readonly (keyof Durations)[];

/** A word as the monitor names events and states. */
const word = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[a-z][a-z-]{0,39}$/.test(value) ? value : undefined;

/** A line of events.jsonl; undefined: it is none. */
export function eventOf(tree: Json): EventTold | undefined {
  const atMs = epochMs(at(tree, 'time'));
  const ms = amount(at(tree, 'ms'));
  const boot = text(at(tree, 'boot'), 64);
  const seq = amount(at(tree, 'seq'));
  const event = word(at(tree, 'event'));
  const level = oneOf(levels, at(tree, 'level'));
  if (atMs === undefined || ms === undefined || boot === undefined || seq === undefined) return undefined;
  if (event === undefined || level === undefined) return undefined;
  const evidence = at(tree, 'evidence');
  const connectedAtMs = amount(at(at(evidence, 'channel'), 'connectedAtMs'));
  return {
    atMs,
    ms,
    boot,
    seq,
    event,
    level,
    from: word(at(tree, 'from')) ?? '',
    to: word(at(tree, 'to')) ?? '',
    say: text(at(tree, 'say')) ?? '',
    durations: durationsOf(at(tree, 'durations')),
    reason: textOrNull(at(evidence, 'reason'), 40),
    connected: flagOrNull(at(at(evidence, 'channel'), 'connected')),
    ...(connectedAtMs !== undefined && {connectedAtMs}),
  };
}

function durationsOf(value: unknown): EventTold['durations'] {
  return Object.fromEntries(
    spans.flatMap((name) => {
      const ms = amount(at(value, name));
      return ms === undefined ? [] : [[name, ms]];
    }),
  );
}
