import type {EventTold} from '../sampler/told.js';
import type {Episode} from '../screens/watch/model/episode.js';
import {withEvent, type PlacedEvent} from '../screens/watch/model/event-list.js';
import {episodesOf} from '../screens/watch/model/episodes.js';
import {verdictWords} from '../screens/watch/model/reason-words.js';
import {reachedMs} from '../screens/watch/model/usual.js';
import type {DrillReport, FaultName, StageId} from './report.js';

/** A takeover that was no test, from the monitor's log. */
export interface Failover {
  /** ISO; the last good probe before it, else the first bad one. */
  beganAt: string;
  /** What the standby took it for: `host lost`. */
  reason: string;
  /** The fault of a drill that looks the same to the standby; null: none does for certain. */
  like: FaultName | null;
  /** ms from `beganAt`: up to one interval more than since the fault itself, which nobody saw. null: not in the log. */
  stages: Readonly<Record<FailoverStage, number | null>>;
}
export const failoverStages = [
  'first-bad',
  'verdict',
  'started',
  'ready',
  'connected',
] as const satisfies StageId[];
export type FailoverStage = (typeof failoverStages)[number];

/** The monitor's reasons that a fault of a drill makes as well. */
const likes: Readonly<Record<string, FaultName>> = {
  stopped: 'stop',
  failed: 'kill',
  hung: 'hang',
  'plain-hung': 'hang',
};

/** Events of the log that are reckoned with: more than three files of the monitor hold of what matters. */
const mostEvents = 10_000;
/** ms by which the standby's clock may be wrong; a takeover so near to a drill is the drill's. */
const clockMs = 5 * 60_000;

/**
 * The takeovers of the log that were no tests and came to their end, oldest first. A drill whose takeover could not be
 * called a test is no failover either. Pure.
 */
export function failoversOf(events: readonly EventTold[], reports: readonly DrillReport[]): Failover[] {
  let placed: readonly PlacedEvent[] = [];
  // The clock of the standby is right to the second or so: what is told here is a day.
  for (const event of events) placed = withEvent(placed, event, 0, mostEvents);
  const spans = reports.map(({startedAt, endedAt}) => [Date.parse(startedAt), Date.parse(endedAt)] as const);
  const isDrill = ({beganMs}: Episode) =>
    spans.some(([from, to]) => beganMs >= from - clockMs && beganMs <= to + clockMs);
  return episodesOf(placed)
    .filter((episode) => isFailover(episode) && !isDrill(episode))
    .map(failoverOf);
}

/** The bot was gone, and there again: neither a doubt, nor a gateway of the standby's that had to be started again. */
const isFailover = (episode: Episode) =>
  episode.kind === 'takeover' &&
  !episode.tested &&
  episode.endedMs !== null &&
  reachedMs(episode, 'first-bad') !== null &&
  reachedMs(episode, 'connected') !== null;

function failoverOf(episode: Episode): Failover {
  const since = (id: FailoverStage) => {
    const atMs = id === 'verdict' ? episode.decidedMs : reachedMs(episode, id);
    return atMs === null ? null : Math.max(0, Math.round(atMs - episode.beganMs));
  };
  const {reason, marks} = episode;
  const asked = marks.some(({name}) => name === 'an operator asked');
  return {
    beganAt: new Date(episode.beganMs).toISOString(),
    reason: asked ? 'by hand' : reason === null ? 'not known' : verdictWords(reason),
    like: reason === null || asked || !Object.hasOwn(likes, reason) ? null : likes[reason]!,
    stages: Object.fromEntries(failoverStages.map((id) => [id, since(id)])) as Failover['stages'],
  };
}
