import {messageOf} from '../../errors.js';
import type {Log} from '../../drill/history.js';
import type {PairFiles} from '../../pair/paths.js';
import type {Pair} from '../../pair/schema.js';
import {parseTold} from '../../sampler/parse.js';
import type {EventTold} from '../../sampler/told.js';
import type {Host} from '../../ssh/host.js';
import {quoteWord as q} from '../../ssh/quote.js';
import {layout} from '../../templates/layout.js';
import {tryHosts} from '../session.js';

/** ms for the whole look: whoever wants the history has most of it without. */
const limitMs = 20_000;
const dialMs = 8_000;
/** ms for reading what has been connected to. */
const readMs = 10_000;
/** bytes of the newest events of each file; none is longer than 1 MiB. */
const mostBytes = 2_000_000;

/**
 * The monitor's events on the standby, over a connection of their own: quiet, bounded, and without a question. Never
 * throws: that it cannot be had is an answer.
 */
export async function standbyLog(pair: Pair, files: PairFiles): Promise<Log> {
  const signal = AbortSignal.timeout(limitMs);
  try {
    const attempt = await tryHosts(pair, files, {}, ['standby'], {
      quiet: true,
      connectTimeoutMs: dialMs,
      signal,
    });
    try {
      const {standby} = attempt.hosts;
      if (!standby) throw attempt.errors.standby;
      return await readLog(standby, signal);
    } finally {
      await attempt.close();
    }
  } catch (error) {
    return {why: signal.aborted ? `the standby did not answer within ${limitMs / 1000} s` : messageOf(error)};
  }
}

/** For sh: the newest events of the log and of the two older files beside it; links are not followed. */
export const readEvents: string = [2, 1, 0]
  .map((age) => q(age === 0 ? layout.events : `${layout.events}.${age}`))
  .map(
    (file) =>
      `[ ! -f ${file} ] || [ -L ${file} ] || timeout 5 tail -c ${mostBytes} -- ${file} || exit 1; echo`,
  )
  .join('\n');

/** @throws what `Host.run` throws */
export async function readLog(standby: Host, signal?: AbortSignal): Promise<Log> {
  const ran = await standby.run(['sh', '-c', readEvents], {
    label: "read the monitor's events",
    timeoutMs: readMs,
    ...(signal && {signal}),
  });
  if (ran.code !== 0) return {why: "the monitor's log on the standby could not be read"};
  return {events: eventsIn(ran.stdout)};
}

/** Text from the host is checked and cleaned line by line; what is no event is none of ours. Pure. */
export function eventsIn(text: string): EventTold[] {
  return text.split('\n').flatMap((line) => {
    const told = parseTold(`event ${line}`);
    return told?.kind === 'event' ? [told.event] : [];
  });
}
