import {oneLine} from '../files.js';
import type {Heard} from './outcome.js';

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/;

/** One line of events.jsonl as whoever waits for something needs it; undefined for anything else. */
export function parseHeard(line: string): Heard | undefined {
  let tree: unknown;
  try {
    tree = JSON.parse(line);
  } catch {
    return undefined;
  }
  const {time, event, say, evidence} = fields(tree);
  if (typeof time !== 'string' || !isoTime.test(time) || Number.isNaN(Date.parse(time))) return undefined;
  if (typeof event !== 'string' || typeof say !== 'string') return undefined;
  const {connected} = fields(fields(evidence)['channel']);
  return {
    time,
    event: oneLine(event, 40),
    say: oneLine(say, 400),
    connected: typeof connected === 'boolean' ? connected : undefined,
  };
}

const fields = (value: unknown) =>
  (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
