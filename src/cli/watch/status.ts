import {setTimeout as sleep} from 'node:timers/promises';
import {Abort, Exit, type ExitCode, messageOf} from '../../errors.js';
import {publicSample} from '../../screens/watch/model/public.js';
import type {WatchSample} from '../../screens/watch/model/sample.js';
import {statusLines} from '../../screens/watch/view/status.js';
import {mayColour, paint} from '../../screens/theme.js';
import type {Found} from '../gather.js';
import type {Mode} from '../terminal.js';
import type {LivePair} from './live-pair.js';
import {reachPairs} from './reach-pairs.js';

/** ms for one look at both hosts; each part of it is bounded far below. */
const limitMs = 60_000;

/**
 * One look at each pair, on stdout: in words, or as a JSON line for each (docs/answers.md).
 * @returns the exit code of the pair that is worst off
 * @throws Abort (exit 4) when the only pair cannot be reached at all
 */
export async function statusOf(found: readonly Found[], mode: Mode): Promise<ExitCode> {
  const {pairs, close} = await reachPairs(found, mode, {soon: false});
  try {
    const looks = pairs.map((each) => ('live' in each ? look(each.live) : undefined));
    let worst: ExitCode = Exit.ok;
    for (const [index, each] of pairs.entries()) {
      // oxlint-disable-next-line no-await-in-loop
      const sample = await looks[index];
      const text =
        mode.output === 'json' ? inJson(each.name, sample, each) : inWords(each.name, sample, each);
      process.stdout.write(`${index > 0 && mode.output !== 'json' ? '\n' : ''}${text}\n`);
      worst = worse(worst, sample ? exitOf(sample) : exitOfError('error' in each ? each.error : undefined));
    }
    return worst;
  } finally {
    await close();
  }
}

/** Protected is 0, a split conflict 5, neither host within reach 4, everything else 3: a takeover wants attention too. */
export function exitOf({verdict, split, primary, standby}: WatchSample): ExitCode {
  if (split.state === 'conflict') return Exit.split;
  if (primary.link.state !== 'up' && standby.link.state !== 'up') return Exit.unreachable;
  return verdict.state === 'protected' ? Exit.ok : Exit.degraded;
}

export const exitOfError = (error: unknown): ExitCode => (error instanceof Abort ? error.exit : Exit.failed);

/** A conflict is worst; then what is none of these (a saved pair that is broken), a host out of reach, no protection. */
const ranks: Partial<Record<ExitCode, number>> = {
  [Exit.ok]: 0,
  [Exit.degraded]: 1,
  [Exit.unreachable]: 2,
  [Exit.split]: 4,
};
const rankOf = (code: ExitCode) => ranks[code] ?? 3;

/** Of two pairs, the exit code of the one that is worse off. Pure. */
export const worse = (one: ExitCode, other: ExitCode): ExitCode =>
  rankOf(other) > rankOf(one) ? other : one;

/** Everything that can be told of a pair at this moment, once; after a minute what there is. */
export async function look(live: LivePair): Promise<WatchSample> {
  const ended = new AbortController();
  const settled = Promise.withResolvers<void>();
  const unsubscribe = live.store.subscribe(() => {
    if (live.store.settled) settled.resolve();
  });
  live.start();
  await Promise.race([settled.promise, sleep(limitMs, undefined, {signal: ended.signal}).catch(() => {})]);
  ended.abort();
  unsubscribe();
  const {sample} = live.store.snapshot();
  live.stop();
  return sample;
}

function inJson(name: string, sample: WatchSample | undefined, each: object): string {
  if (sample) return JSON.stringify(publicSample(sample));
  return unreadJson(name, 'error' in each ? each.error : undefined);
}

/** A pair that could not be looked at at all, for a program. */
export function unreadJson(name: string, error: unknown): string {
  const next = error instanceof Abort ? error.next : [];
  return JSON.stringify({pair: name, error: {sentence: messageOf(error), next}});
}

function inWords(name: string, sample: WatchSample | undefined, each: object): string {
  if (!sample) return `${name}: not read\n${messageOf('error' in each ? each.error : undefined)}`;
  const colour = mayColour(process.stdout);
  return statusLines(sample)
    .map((line) => paint(line, colour).trimEnd())
    .join('\n');
}
