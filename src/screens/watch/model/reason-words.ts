import type {Hold} from '../../../monitor/memory.js';
import type {Reason} from '../../../monitor/verdict.js';

const reasons: Readonly<Record<Reason, [short: string, long: string]>> = {
  isolated: ['standby cut off', 'the standby itself is cut off'],
  partition: ['network cut', 'the primary lives, only the private network is cut'],
  draining: ['draining', 'it finishes its turns before it stops'],
  failed: ['gateway failed', 'its unit has given up'],
  starting: ['does not start', 'it is starting'],
  stopped: ['gateway stopped', 'somebody stopped its unit'],
  wrong: ['wrong answers', 'what answers there is no gateway that works'],
  hung: ['gateway hung', 'its host lives, and its gateway does not answer'],
  unbound: ['port closed', 'its unit is active, its port is not open'],
  'other-host': ['another host', 'another host answers at its address'],
  silent: ['host lost', 'silent on every path'],
  frozen: ['host frozen', 'its kernel answers, nothing on it does'],
  'plain-hung': ['no answer', 'it cannot be asked, and accepts without answering'],
  plain: ['no answer', 'it cannot be asked'],
  classic: ['no answer', 'bad probes in a row'],
};

const holds: Readonly<Record<Hold, string>> = {
  paused: 'paused',
  isolated: 'the standby itself is cut off',
  limit: 'too many takeovers in a short time',
  booting: 'the standby has just booted',
  unclean: 'its own gateway ended uncleanly too often',
  latched: 'too many takeovers in a short time: it stays active',
  manual: 'failback is manual',
  'by-hand': 'an operator took over',
};

/** What a verdict is about: `host lost`. A newer monitor's reason is its own word. */
export const verdictWords = (reason: string): string => of(reasons, reason)?.[0] ?? reason;

/** What the bad probes mean, as a note: `silent on every path`. */
export const reasonWords = (reason: string): string => of(reasons, reason)?.[1] ?? reason;

/** The same in a word or two, for a line that counts: the monitor's own word where it is one of the language. */
export const doubtWords = (reason: string): string =>
  ['plain', 'plain-hung', 'classic', 'unbound', 'other-host'].includes(reason)
    ? verdictWords(reason)
    : reason;

/** Why what is due does not happen. */
export const holdWords = (held: string): string => of(holds, held) ?? held;

function of<T>(words: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}
