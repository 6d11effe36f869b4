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

/** ms by which a clock may be set during a drill before its figures are not to be trusted. */
const jumpMs = 500;

/**
 * What is to be said of clocks that were set during a drill. Pure.
 * @param driftMs of this machine's wall clock against its steady one
 * @param again the hosts' clocks at the end; undefined: they could not be asked
 */
export function clockNotes({
  driftMs,
  before,
  again,
}: {
  driftMs: number;
  before: HostClocks;
  again: HostClocks | undefined;
}): string[] {
  const own =
    Math.abs(driftMs) > jumpMs
      ? [
          'The clock of this machine was set, or it slept, during the drill: its figures are not to be trusted.',
        ]
      : [];
  const hosts = (['primary', 'standby'] as const).flatMap((name) => {
    const moved = again ? again[name].offsetMs - before[name].offsetMs : 0;
    return Math.abs(moved) > jumpMs
      ? [`The clock of the ${name} was set by ${Math.round(moved)} ms during the drill.`]
      : [];
  });
  return [...own, ...hosts];
}
