import {oneLine} from '../files.js';

/** What an operator can ask of the standby. */
export type Act =
  | {name: 'pause'; ms: number; why: string}
  | {name: 'resume'}
  | {name: 'promote'; why: string}
  | {name: 'demote'};
export type ActName = Act['name'];

/** Acts that move a bot need the name of the pair, typed or as a flag. */
export const isDangerous = ({name}: Act) => name === 'promote' || name === 'demote';

export const noReason = 'no reason given';

/** A reason as it goes into requests, events and alerts: one line, at most 160 characters. */
export const reason = (text: string | undefined) => oneLine(text ?? '', 160) || noReason;

/**
 * How an act ended. `exit` is the exit code of the command:
 * 0 done or nothing to do, 1 refused or failed, 2 usage, 3 done but degraded, 5 split conflict, 124 nothing was
 * heard in time, 130 the operator stopped watching.
 */
export interface End {
  result:
    | 'done'
    | 'nothing-to-do'
    | 'dry-run'
    | 'degraded'
    | 'refused'
    | 'failed'
    | 'usage'
    | 'conflict'
    | 'silent'
    | 'left';
  exit: 0 | 1 | 2 | 3 | 5 | 124 | 130;
  /** One sentence, or a few. */
  say: string;
  /** What the operator can do next, most likely first. */
  next?: readonly string[];
}
