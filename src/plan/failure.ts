import {Abort, Exit} from '../errors.js';
import type {FailureView} from './events.js';

/** Any thrown thing as something to show. What is not an `Abort` is a fault of this program, and says so. */
export function toFailure(error: unknown): FailureView {
  if (error instanceof Abort) {
    return {
      sentence: error.message,
      next: error.next,
      exit: error.exit,
      ...(error.detail !== undefined && {detail: error.detail}),
    };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    sentence: 'This is a fault in failover-wizard itself.',
    detail: text,
    next: [
      'Run the same command again; what was done so far is kept.',
      'Please report it with the text above.',
    ],
    exit: Exit.failed,
  };
}
