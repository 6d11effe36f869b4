import type {EventName, MonitorEvent} from '../monitor/events.js';

/**
 * What belongs together in the log. A `suspicion` goes from the first bad probe (or an operator's word) to the probe
 * that cleared it, or until the bot is there on the standby; a `give-back` from the first good probe to its end. A
 * `remark` is an event that belongs to neither.
 */
export type StoryKind = 'suspicion' | 'give-back' | 'remark';

/** How it ended, as far as the log goes. `open`: it has not. */
export type Ending =
  | 'open'
  | 'cleared' // good again before any takeover
  | 'taken-over' // the bot was there
  | 'given-up' // the standby did not come up, and the primary was well before it did
  | 'forgotten' // this host stood still, or another monitor went on without it
  | 'given-back'
  | 'gone'; // bad again before it was given back

export interface Story {
  kind: StoryKind;
  events: MonitorEvent[];
  ending: Ending;
}

/** The stories of a log, oldest first. `events` are in the order of the log. */
export function storiesIn(events: readonly MonitorEvent[]): Story[] {
  const stories: Story[] = [];
  let open: Story | undefined;
  for (const event of events) {
    // Times of two boots cannot be compared.
    if (open && event.boot !== open.events[0]!.boot) {
      open.ending = 'forgotten';
      open = undefined;
    }
    const begins = beginning(event, open);
    if (begins) {
      open = {kind: begins, events: [], ending: 'open'};
      stories.push(open);
    }
    if (open) {
      open.events.push(event);
      const ending = endingOf(open.kind, event);
      if (ending) {
        open.ending = ending;
        open = undefined;
      }
      continue;
    }
    const last = stories.at(-1);
    if (last && belongsAfter(last, event)) last.events.push(event);
    else if (event.event !== 'started') stories.push({kind: 'remark', events: [event], ending: 'open'});
  }
  return stories;
}

function beginning({event, from, to}: MonitorEvent, open: Story | undefined): StoryKind | undefined {
  if (event === 'primary-back') return 'give-back';
  if (open?.kind === 'suspicion') return undefined;
  // A monitor that comes up in the middle of one.
  if (to === 'suspect' && (from !== 'suspect' || event === 'started')) return 'suspicion';
  if (event === 'promoting' && to === 'promoting') return 'suspicion';
  // By an operator's word, or after a reboot.
  return event === 'demoting' && open === undefined ? 'give-back' : undefined;
}

const suspicionEnds: Partial<Record<EventName, Ending>> = {
  cleared: 'cleared',
  promoted: 'taken-over',
  unblocked: 'given-up',
  demoted: 'given-up',
  'demotion-unseen': 'given-up',
};
const giveBackEnds: Partial<Record<EventName, Ending>> = {
  demoted: 'given-back',
  'demotion-unseen': 'given-back',
  'primary-gone': 'gone',
};

function endingOf(kind: StoryKind, {event, to, from}: MonitorEvent): Ending | undefined {
  const ending = (kind === 'suspicion' ? suspicionEnds : giveBackEnds)[event];
  if (ending) return ending;
  if (kind === 'suspicion') return to === 'watching' ? 'forgotten' : undefined;
  return to === 'watching' || (event === 'gap' && from === 'recovering') ? 'forgotten' : undefined;
}

/** ms after a give-back in which the workspace is still on its way. */
const handBackMs = 10 * 60_000;

const belongsAfter = ({kind, events}: Story, {event, boot, ms}: MonitorEvent) =>
  kind === 'give-back' &&
  (event === 'handback' || event === 'handback-push') &&
  boot === events.at(-1)!.boot &&
  ms - events.at(-1)!.ms < handBackMs;

/** Monotonic ms from which its times are counted: when the first bad probe was sent, or its first event. */
export function zeroOf({events}: Story): number {
  const first = events[0]!;
  const {sinceFirstBadMs} = first.durations;
  return first.event === 'suspected' ? first.ms - (sinceFirstBadMs ?? 0) : first.ms;
}
