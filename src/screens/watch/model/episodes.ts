import {ended, marked, type Episode} from './episode.js';
import type {PlacedEvent} from './event-list.js';
import {back, demoting, handedBack, heldBack, rested} from './give-back-steps.js';
import {
  arrived,
  asked,
  decided,
  failedOnce,
  heldUp,
  ownLoss,
  rebooted,
  reached,
  retried,
  suspicion,
  workspace,
} from './takeover-steps.js';

/** Every failover and every way back in the log, oldest first. Pure. */
export function episodesOf(events: readonly PlacedEvent[]): readonly Episode[] {
  const known = remembered.get(events);
  if (known) return known;
  const episodes: Episode[] = [];
  for (const event of events) {
    const current = episodes.at(-1);
    const next = after(current, event);
    if (next === undefined || next === current) continue;
    if (next.from !== current?.from) episodes.push(next);
    else episodes[episodes.length - 1] = next;
  }
  remembered.set(events, episodes);
  return episodes;
}

/** The list of events changes a few times a day, and is asked many times a second. */
const remembered = new WeakMap<readonly PlacedEvent[], readonly Episode[]>();

/** The episode with `event` in it, or the one that it begins; the same where it is none of its business. */
function after(current: Episode | undefined, event: PlacedEvent): Episode | undefined {
  const open = current?.endedMs === null ? current : undefined;
  const up = open?.kind === 'takeover' ? open : undefined;
  const down = open?.kind === 'give-back' ? open : undefined;
  switch (event.event) {
    case 'suspected':
      return suspicion(event);
    case 'resuming':
      return rebooted(event);
    case 'asked':
    case 'trouble':
      return up ? asked(up, event) : current;
    case 'held':
      return event.to === 'suspect' ? heldUp(up ?? suspicion(event), event) : heldBack(current, event);
    case 'cleared':
      return (
        up &&
        ended(marked(up, event, {id: 'beside', name: 'primary answers again'}), event, {
          words: 'cleared: no takeover needed',
          tone: 'good',
        })
      );
    case 'promoting':
      return decided(current, event);
    case 'retrying':
      return retried(current, event);
    case 'workspace':
      return up && event.from === 'promoting' ? workspace(up, event) : current;
    case 'gateway-started':
      return reached(up ?? decided(undefined, event), event, 'started');
    case 'gateway-ready':
      return reached(up ?? decided(undefined, event), event, 'ready');
    case 'promoted':
      return arrived(up ?? decided(undefined, event), event);
    case 'attempt-failed':
      return up && failedOnce(up, event);
    case 'blocked':
      return ended(failedOnce(up ?? decided(undefined, event), event), event, {
        words: 'blocked: the standby could not take over',
        tone: 'bad',
      });
    case 'unblocked':
      return (
        current &&
        ended(marked(current, event, {id: 'beside', name: 'primary well again'}), event, {
          words: 'the primary is well again before the standby could take over',
          tone: 'good',
        })
      );
    case 'gateway-lost':
    case 'gateway-hung':
      return ownLoss(current, event);
    case 'primary-back':
      return back(event);
    case 'primary-gone':
      return down
        ? ended(marked(down, event, {id: 'beside', name: 'primary gone again', failed: true}), event, {
            words: 'the primary is gone again: the standby stays',
            tone: 'warn',
          })
        : current;
    case 'demoting':
      return demoting(current, event);
    case 'handback':
      return handedBack(current, event);
    case 'demoted':
      return down && rested(down, event);
    case 'demotion-unseen':
      return (
        down &&
        ended(marked(down, event, {id: 'rest', name: 'not seen to stop', failed: true}), event, {
          words: 'the standby was not seen to go to sleep',
          tone: 'bad',
        })
      );
    case 'tested':
      return current?.kind === 'takeover' ? {...current, tested: true, newest: event} : current;
    default:
      return current;
  }
}
