import {setTimeout as sleep} from 'node:timers/promises';
import {Abort, Exit} from '../../errors.js';
import {conduct} from '../../monitor/hand/conduct.js';
import type {Folders} from '../../pair/paths.js';
import type {Line} from '../../screens/line.js';
import type {WatchPorts} from '../../screens/watch/live/source.js';
import type {Journal} from '../../screens/watch/view/log.js';
import type {Programs} from '../../templates/programs.js';
import {farHand} from '../hand/far-hand.js';
import {differsToday} from './differs.js';
import {followLog} from './journals.js';
import type {LivePair} from './live-pair.js';

export interface Surroundings {
  programs: Programs;
  version: string;
  where: Folders;
  /** Columns of the terminal when something is drawn for it. */
  columns: () => number;
  /** More than one pair is saved on this machine. */
  several: boolean;
}

/** What the live view can do beside looking, over the connections that it looks through. */
export function portsOf(live: LivePair, surroundings: Surroundings): WatchPorts {
  const {pair, reach, reader} = live;
  const {standby} = reach.sources;
  let comparing: Promise<readonly Line[]> | undefined;
  return {
    act: (act, {leave}, show, typedName) => {
      // A takeover needs to know both hosts; everything else is between the operator and the standby.
      const reached = async () => ({
        standby: await standby(),
        ...(act.name === 'promote' && {both: reader}),
      });
      const how = {dryRun: false, always: true, pair: pair.name, leave} as const;
      return conduct(act, farHand(reached, typedName), how, show);
    },
    journal: (what, signal) => journalOf(live, what, signal),
    // Whoever leaves and comes back finds the same reading, and starts no second one.
    plan: () =>
      (comparing ??= compared(live, surroundings).finally(() => {
        comparing = undefined;
      })),
    drill: howTested(pair.name, surroundings.several),
  };
}

async function compared(
  {pair, reach}: LivePair,
  {programs, version, where, columns}: Surroundings,
): Promise<readonly Line[]> {
  const [primary, standby] = await Promise.all([reach.sources.primary(), reach.sources.standby()]);
  return differsToday({pair, hosts: {primary, standby}, programs, version, where}, columns() - 2);
}

/** ms before a journal whose connection was lost is followed again. */
const againMs = 2000;
/** Of the lines before, as many as may have come meanwhile. */
const linesAgain = 20;

/** The lines of a journal, over lost connections too. @throws what keeps it from being followed at all */
export async function* journalOf(
  live: Pick<LivePair, 'facts' | 'reach'>,
  what: Journal,
  signal: AbortSignal,
  waitMs = againMs,
): AsyncGenerator<string> {
  for (let lines: number | undefined; ; lines = linesAgain) {
    const {host, argv} = followLog(what, live.facts('primary'), lines);
    try {
      // oxlint-disable-next-line no-await-in-loop
      const connected = await live.reach.sources[host]();
      if (lines !== undefined) yield `— the connection was lost; the newest ${lines} lines, and on —`;
      yield* connected.follow(argv, signal);
      return;
    } catch (error) {
      const lost = error instanceof Abort && error.exit === Exit.unreachable;
      if (!lost || signal.aborted) throw error;
    }
    // oxlint-disable-next-line no-await-in-loop
    await sleep(waitMs, undefined, {signal}).catch(() => undefined);
    if (signal.aborted) return;
  }
}

/** How a pair is tested again. `several`: this machine has more than one, so that a command has to name it. Pure. */
export function howTested(pair: string, several: boolean): string[] {
  const named = several ? ` --pair ${pair}` : '';
  return [
    'A drill takes the primary down for real, times each step until the bot is there again, and puts everything back:',
    `  failover-wizard drill${named}`,
    'It looks at both hosts first, and asks for the name of the pair. With --dry-run it only looks. The drills so far, step by step:',
    `  failover-wizard drill history${named}`,
  ];
}
