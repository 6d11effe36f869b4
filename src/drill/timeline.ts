import type {EventTold} from '../sampler/told.js';
import type {Episode, Mark, StageId as MarkId} from '../screens/watch/model/episode.js';
import {episodesOf} from '../screens/watch/model/episodes.js';
import type {PlacedEvent} from '../screens/watch/model/event-list.js';
import type {DrillReport, StageId} from './report.js';

/** Something that was reached. */
export interface Reached {
  /** epoch ms of this machine */
  atMs: number;
  note: string;
}
export type Timeline = Readonly<Partial<Record<StageId, Reached>>>;

/** What this machine saw or did itself. */
export interface OwnMark extends Reached {
  id: StageId;
}

export interface TimelineInput {
  /** Of the monitor, oldest first. */
  events: readonly EventTold[];
  /** ms that the standby's clock is ahead. */
  offsetMs: number;
  /** epoch ms of this machine from which on what happens belongs to the drill. */
  fromMs: number;
  marks: readonly OwnMark[];
}

export interface Course {
  timeline: Timeline;
  outcome: DrillReport['outcome'];
  /** The takeover that is looked at, and the way back; undefined: there is none. */
  takeover: Episode | undefined;
  giveBack: Episode | undefined;
}

/**
 * The monitor's events in this machine's time, from `fromMs` on. Within one boot of the standby its monotonic clock says
 * how far they are apart: its wall clock may be set meanwhile.
 */
export function placed({events, offsetMs, fromMs}: Omit<TimelineInput, 'marks'>): PlacedEvent[] {
  const anchors = new Map<string, {localMs: number; ms: number}>();
  return events.flatMap((event) => {
    const localMs = event.atMs - offsetMs;
    if (localMs < fromMs && !anchors.has(event.boot)) return [];
    const anchor = anchors.get(event.boot) ?? {localMs, ms: event.ms};
    anchors.set(event.boot, anchor);
    return [{...event, localMs: anchor.localMs + event.ms - anchor.ms, placed: true}];
  });
}

const fromTakeover: Partial<Record<MarkId, StageId>> = {
  'first-bad': 'first-bad',
  asked: 'asked',
  verdict: 'verdict',
  started: 'started',
  ready: 'ready',
  connected: 'connected',
};
const fromGiveBack: Partial<Record<MarkId, StageId>> = {back: 'back', demoting: 'demoting', rest: 'rest'};

/** What was reached so far, from the monitor's events and from what this machine saw and did. Pure. */
export function courseOf(input: TimelineInput): Course {
  const events = placed(input);
  const episodes = episodesOf(events);
  const takeover = takeoverIn(episodes);
  const giveBack = takeover && giveBackAfter(episodes, takeover);
  const timeline: Partial<Record<StageId, Reached>> = {};
  for (const mark of takeover?.marks ?? []) take(timeline, fromTakeover[mark.id], mark);
  for (const mark of giveBack?.marks ?? []) {
    const handedBack = mark.id === 'beside' && mark.name === 'handed back' ? 'handed-back' : undefined;
    take(timeline, handedBack ?? fromGiveBack[mark.id], mark);
  }
  const {verdict, connected} = timeline;
  const exact = verdict && connectedAt(events, verdict.atMs, input.offsetMs);
  if (connected && verdict && exact !== undefined && exact >= verdict.atMs)
    timeline.connected = {...connected, atMs: Math.min(exact, connected.atMs)};
  const cleared = takeover?.marks.find(({name}) => name === 'primary answers again');
  if (cleared && timeline.back === undefined)
    timeline.back = {atMs: cleared.atMs, note: 'no takeover was needed'};
  // A verdict that was held back is none.
  if (takeover?.decidedMs === null) delete timeline.verdict;
  for (const {id, atMs, note} of input.marks) timeline[id] = {atMs, note};
  return {timeline, takeover, giveBack, outcome: outcomeOf(timeline, takeover)};
}

/**
 * The gateway's own word is sooner than the look that found it, by as much as lies between two looks. Of the first after
 * the verdict: a later one is of another takeover.
 */
function connectedAt(
  events: readonly PlacedEvent[],
  verdictMs: number,
  offsetMs: number,
): number | undefined {
  const said = events.find(({event, localMs}) => event === 'promoted' && localMs >= verdictMs)?.connectedAtMs;
  return said === undefined ? undefined : Math.round(said - offsetMs);
}

/** The first that was decided is the drill's; a doubt before or after it is another story. */
const takeoverIn = (episodes: readonly Episode[]): Episode | undefined =>
  episodes.find(({kind, decidedMs}) => kind === 'takeover' && decidedMs !== null) ??
  episodes.findLast(({kind}) => kind === 'takeover');

/** The one that came to rest, else the newest: a primary may go again before it has stayed well. */
function giveBackAfter(episodes: readonly Episode[], takeover: Episode): Episode | undefined {
  const after = episodes.slice(episodes.indexOf(takeover)).filter(({kind}) => kind === 'give-back');
  return after.find(({marks}) => marks.some(({id, failed}) => id === 'rest' && !failed)) ?? after.at(-1);
}

function take(timeline: Partial<Record<StageId, Reached>>, id: StageId | undefined, mark: Mark): void {
  if (id === undefined || mark.failed) return;
  timeline[id] = {atMs: mark.atMs, note: noteOf(mark)};
}

/** `verdict: stopped cleanly` is its own note. */
const noteOf = ({name, note}: Mark) => note ?? /^verdict: (.+)$/.exec(name ?? '')?.[1] ?? '';

function outcomeOf(timeline: Timeline, takeover: Episode | undefined): DrillReport['outcome'] {
  if (takeover && takeover.decidedMs !== null) return 'takeover';
  if (timeline.held) return 'held';
  // What the drill brought back did not come back by itself.
  const untilMs = timeline.undone?.atMs ?? Number.POSITIVE_INFINITY;
  const byItself = [timeline.back, timeline['primary-ready']].some((at) => at && at.atMs < untilMs);
  return byItself ? 'primary-back' : 'nothing';
}
