import type {EventLog} from './event-log.js';

/** ms that a write to the disk is waited for; a disk that hangs must not stop a decision. */
const limitMs = 2_000;

/**
 * One write at a time, and none is waited for longer than the limit. A write that hangs goes on by itself; until it has
 * ended, others fail at once.
 */
export function impatient(waitMs = limitMs): (write: () => Promise<void>) => Promise<void> {
  let hanging = false;
  return (write) => {
    if (hanging) return Promise.reject(hangs());
    hanging = true;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(hangs()), waitMs);
      write()
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(timer);
          hanging = false;
        });
    });
  };
}

const hangs = () => Object.assign(new Error('the disk does not answer'), {code: 'the disk does not answer'});

/**
 * A log and a record that never write at the same time: on a disk that hangs they hold one thread of Node's four
 * together, and the others stay for what a takeover needs. The log waits for the record, which nobody waits for.
 */
export function inTurn(
  log: EventLog,
  record: (text: string) => Promise<void>,
): {log: EventLog; record: (text: string) => Promise<void>} {
  let writing: Promise<unknown> = Promise.resolve();
  return {
    log: {
      ...log,
      async append(events) {
        await writing;
        await log.append(events);
      },
    },
    record(text) {
      const written = record(text);
      writing = written.catch(() => {});
      return written;
    },
  };
}

/** As `impatient`, for the event log. What a write that hung has written in the end is not written again. */
export function impatientLog(log: EventLog, waitMs = limitMs): EventLog {
  const inTime = impatient(waitMs);
  let written = -1;
  return {
    ...log,
    append(events) {
      const fresh = events.filter(({seq}) => seq > written);
      return inTime(async () => {
        if (fresh.length > 0) await log.append(fresh);
        written = Math.max(written, ...fresh.map(({seq}) => seq));
      });
    },
  };
}
