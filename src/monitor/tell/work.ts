import {oneLine} from '../files.js';
import type {Message} from './message.js';

/** What the child is given on stdin. It reads who and where from the host's files itself. */
export interface Work {
  jobs: Job[];
  /** Names of dead-man pings that are due. */
  pings: string[];
}
export interface Job {
  target: string;
  messages: Message[];
}

/** One line of the child's stdout: what came of a message, or of a ping (`id` is `ping`). */
export type Outcome =
  | {target: string; id: string; ok: true}
  | {
      target: string;
      id: string;
      ok: false;
      /** One line, without the URL or anything that the other side said. */
      error: string;
      /** The target is there and does not take just this. */
      refused: boolean;
      /** ms that the server asked for. */
      askedMs: number;
    };

export const pingId = 'ping';

/** ms for everything that one child does; who starts it ends it soon after. */
export const workMs = 15_000;

/** A line of the child; undefined: not one. */
export function parseOutcome(line: string): Outcome | undefined {
  let tree: Partial<Record<string, unknown>> | null;
  try {
    tree = JSON.parse(line) as typeof tree;
  } catch {
    return undefined;
  }
  if (typeof tree !== 'object' || tree === null) return undefined;
  const {target, id, ok, error, refused, askedMs} = tree;
  if (typeof target !== 'string' || typeof id !== 'string') return undefined;
  if (ok === true) return {target, id, ok};
  return {
    target,
    id,
    ok: false,
    error: oneLine(typeof error === 'string' ? error : 'unknown'),
    refused: refused === true,
    askedMs: typeof askedMs === 'number' && askedMs > 0 ? askedMs : 0,
  };
}
