import type {PlacedEvent} from './event-list.js';
import type {Ledger} from './sample.js';

/** What can be reached on the way to a takeover, or back from one; the rest of a way are marks without a place in it. */
export type StageId =
  | 'last-ok'
  | 'first-bad'
  | 'asked'
  | 'verdict'
  | 'workspace'
  | 'started'
  | 'ready'
  | 'connected'
  | 'back'
  | 'well'
  | 'demoting'
  | 'rest'
  | 'beside';

/** Something that was reached. */
export interface Mark {
  id: StageId;
  /** As it is called, where the stage's usual name does not do. */
  name?: string;
  /** epoch ms of this machine */
  atMs: number;
  failed?: true;
  /** It goes on until the next one. */
  lasts?: true;
  note?: string;
}

/** A failover, or the way back from one, as the monitor's events tell it. Times are epoch ms of this machine. */
export interface Episode {
  kind: Ledger['kind'];
  beganMs: number;
  marks: readonly Mark[];
  /** What is still to come, in order. */
  ahead: readonly StageId[];
  /** Why it is a takeover: the reason of the newest signs, or null. */
  reason: string | null;
  /** When the standby was told to start: by its verdict, by an operator, or after its own gateway had ended. */
  decidedMs: number | null;
  endedMs: number | null;
  outcome: Ledger['outcome'];
  /** It was called a test. */
  tested: boolean;
  /** The newest event of it. */
  newest: PlacedEvent;
  /** Where its time is counted from: within one boot the wall clock may be set as it likes. */
  from: Pick<PlacedEvent, 'boot' | 'ms' | 'localMs'>;
}

/** epoch ms of this machine */
export const timeOf = ({from}: Episode, event: PlacedEvent): number =>
  event.boot === from.boot ? from.localMs + event.ms - from.ms : event.localMs;

export function begun(
  kind: Episode['kind'],
  event: PlacedEvent,
  beganMs: number,
  name: string | null,
  ahead: readonly StageId[],
): Episode {
  return {
    kind,
    beganMs,
    marks: name === null ? [] : [{id: 'beside', name, atMs: beganMs}],
    ahead,
    reason: event.reason,
    decidedMs: null,
    endedMs: null,
    outcome: null,
    tested: false,
    newest: event,
    from: event,
  };
}

export function marked(episode: Episode, event: PlacedEvent, mark: Omit<Mark, 'atMs'>): Episode {
  return {
    ...episode,
    marks: [...episode.marks, {...mark, atMs: timeOf(episode, event)}],
    ahead: episode.ahead.slice(episode.ahead.indexOf(mark.id) + 1),
    newest: event,
  };
}

export const ended = (episode: Episode, event: PlacedEvent, outcome: Ledger['outcome']): Episode => ({
  ...episode,
  endedMs: timeOf(episode, event),
  outcome,
  newest: event,
});

export const has = ({marks}: Episode, id: StageId) => marks.some((mark) => mark.id === id);

/** Both sentences that say `held` end in why. */
export const heldWords = ({say}: PlacedEvent) =>
  /does not (?:take over|give back): (.+?)\.?$/.exec(say)?.[1] ?? 'not said why';
