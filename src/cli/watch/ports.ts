import {controlOf} from '../../gateway/control.js';
import type {Folders} from '../../pair/paths.js';
import type {WatchPorts} from '../../screens/watch/live/source.js';
import {quote} from '../../ssh/quote.js';
import type {Programs} from '../../templates/programs.js';
import {conduct} from '../../monitor/hand/conduct.js';
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
}

/** What the live view can do beside looking, over the connections that it looks through. */
export function portsOf(live: LivePair, {programs, version, where, columns}: Surroundings): WatchPorts {
  const {pair, reach, reader} = live;
  const {primary, standby} = reach.sources;
  return {
    act: (act, {dryRun, leave}, show, typedName) => {
      // A takeover needs to know both hosts; everything else is between the operator and the standby.
      const reached = async () => ({
        standby: await standby(),
        ...(act.name === 'promote' && {both: reader}),
      });
      return conduct(act, farHand(reached, typedName), {dryRun, pair: pair.name, leave}, show);
    },
    async *journal(what, signal) {
      const {host, argv} = followLog(what, live.facts('primary'));
      yield* (await reach.sources[host]()).follow(argv, signal);
    },
    plan: async () =>
      differsToday(
        {pair, hosts: {primary: await primary(), standby: await standby()}, programs, version, where},
        columns() - 2,
      ),
    drill: () => testByHand(live),
  };
}

/** How the whole way is tested again: the primary's gateway is stopped for real. */
function testByHand(live: LivePair): string[] {
  const facts = live.facts('primary');
  const control = facts && controlOf(facts);
  const intro =
    'Phase 6 of setup did it once. To do it again, stop the gateway of the primary, and start it again when the bot of the standby is there; this view times both.';
  if (!control) return [intro];
  return [
    intro,
    'On the primary, as root:',
    `  ${quote(control.stop)}`,
    'and when "Standby is active" stands above:',
    `  ${quote(control.start)}`,
  ];
}
