import {mustRun} from '../plan/must.js';
import type {Host, HostName} from '../ssh/host.js';

/** A host's clock beside this machine's. Spans in ms; positive: the host is ahead. */
export interface Clock {
  offsetMs: number;
  uncertaintyMs: number;
}
export type HostClocks = Readonly<Record<HostName, Clock>>;

/** One question for the time. Epoch ms: of this machine when it was asked and answered, of the host in between. */
export interface Asked {
  sentMs: number;
  hostMs: number;
  receivedMs: number;
}

/**
 * The host read its clock after the question was sent and before the answer came; so each question bounds the offset
 * from both sides, and several together more closely than the quickest one. Pure.
 * @throws TypeError for no question at all
 */
export function clockOf(asked: readonly Asked[]): Clock {
  const [first] = asked;
  if (first === undefined) throw new TypeError('no clock was asked');
  const least = Math.max(...asked.map(({hostMs, receivedMs}) => hostMs - receivedMs));
  const most = Math.min(...asked.map(({hostMs, sentMs}) => hostMs - sentMs));
  // A clock that was set between two questions fits no bounds: then the quickest question has to do.
  if (least > most) {
    const took = ({receivedMs, sentMs}: Asked) => receivedMs - sentMs;
    return clockOf([asked.toSorted((a, b) => took(a) - took(b))[0]!]);
  }
  return {offsetMs: (least + most) / 2, uncertaintyMs: (most - least) / 2};
}

/** How often a clock is asked. */
const times = 7;

/** @throws Abort when the host does not say its time */
export async function askClock(host: Host, now: () => number = Date.now): Promise<Clock> {
  const asked: Asked[] = [];
  for (let count = 0; count < times; count += 1) {
    const sentMs = now();
    // One after the other: the way there and back is what is measured.
    // oxlint-disable-next-line no-await-in-loop
    const {stdout} = await mustRun(host, ['date', '+%s%N'], {doing: 'read its clock', timeoutMs: 20_000});
    const receivedMs = now();
    const text = stdout.trim();
    if (/^\d{19}$/.test(text)) asked.push({sentMs, hostMs: Number(text.slice(0, -3)) / 1000, receivedMs});
  }
  return asked.length > 0 ? clockOf(asked) : {offsetMs: 0, uncertaintyMs: Number.POSITIVE_INFINITY};
}

/** Both hosts at the same time. */
export async function askClocks(hosts: Readonly<Record<HostName, Host>>): Promise<HostClocks> {
  const [primary, standby] = await Promise.all([askClock(hosts.primary), askClock(hosts.standby)]);
  return {primary, standby};
}
