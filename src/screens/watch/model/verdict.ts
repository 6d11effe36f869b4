import {clean} from '../../clip.js';
import {age} from '../../format.js';
import {splitSentences} from '../../split-words.js';
import {aside} from './aside.js';
import type {Verdict, WatchSample} from './sample.js';
import {isJustBack, isLost} from './silence.js';
import {unprotected} from './unprotected.js';

export type Seen = Omit<WatchSample, 'verdict'>;

/**
 * The line on top of the live view. The monitor's own word comes first; then whatever would keep it from acting.
 * @param settled each host has told everything once, or could not
 */
export function verdictOf(seen: Seen, settled: boolean): Verdict {
  const verdict = asSeen(seen, settled);
  return seen.drillUnderWay === null ? verdict : inDrill(verdict, seen.drillUnderWay);
}

/** Nobody who looks is to take a drill for an outage; what is really bad is so in a drill as well. */
function inDrill(verdict: Verdict, {fault, who, machine}: NonNullable<Seen['drillUnderWay']>): Verdict {
  const {state, words, sentence, tone} = verdict;
  if (state === 'reading' || tone === 'bad') return verdict;
  const whose = [who, machine].filter((word) => word !== '').join('@');
  const drill = `This is a drill (${fault})${whose && ` by ${clean(whose)}`}`;
  return {
    ...verdict,
    words: state === 'protected' ? words : `Drill: ${words.charAt(0).toLowerCase()}${words.slice(1)}`,
    sentence: `${drill}. ${sentence}`,
  };
}

function asSeen(seen: Seen, settled: boolean): Verdict {
  const {primary, standby, outlook} = seen;
  if (isLost(standby.link) && (isLost(primary.link) || isJustBack(primary.link))) return cutOff(seen);
  const going = isLost(standby.link) ? undefined : underway(seen);
  if (going) return going;
  if (!settled && !isLost(standby.link)) return reading(seen);
  return (
    unprotected(seen) ?? {
      state: 'protected',
      words: 'Protected',
      sentence: `If the primary died now you would be reachable again${backWords(outlook)}.${aside(seen)}`,
      tone: 'good',
    }
  );
}

function reading({primary, standby}: Seen): Verdict {
  const silent = [primary, standby].filter(({link}) => link.silentMs === null);
  const sentence =
    silent.length === 1 ? `The ${silent[0]!.host} is still being read.` : 'Both hosts are being read.';
  return {state: 'reading', words: 'Reading …', sentence};
}

/** Two hosts do not go at the same moment; whoever looks at both is more likely to be cut off. Nothing is claimed. */
function cutOff({primary, standby}: Seen): Verdict {
  const silences = [primary, standby].map(({link}) => link.silentMs).filter((ms) => ms !== null);
  const words = 'Not known: no connection';
  const likely = 'This machine reaches neither host: its own network is the likely reason';
  if (silences.length === 0) {
    const why = standby.link.error ?? primary.link.error;
    return {
      state: 'reading',
      words,
      sentence: `${likely}${why === null ? '' : ` (${clean(why).replace(/\.$/, '')})`}.`,
      tone: 'warn',
    };
  }
  const old = age(Math.min(...silences));
  return {state: 'reading', words, sentence: `${likely}; what follows is ${old} old.`, tone: 'warn'};
}

/** A takeover that goes on, or is in force. */
function underway({monitor, split}: Seen): Verdict | undefined {
  if (!monitor.known || !monitor.running) return undefined;
  // The one thing that this program exists to prevent is never left to the badge alone.
  const twice = split.state === 'conflict' ? splitSentences(split).join(' ') : undefined;
  const active = (sentence: string): Verdict => ({
    state: 'standby-active',
    words: twice === undefined ? 'Standby is active' : 'Standby is active: split conflict',
    sentence: twice ?? sentence,
    tone: twice === undefined ? 'warn' : 'bad',
  });
  const stays = monitor.byHand && !monitor.failbackAsked;
  switch (monitor.state) {
    case 'promoting':
      return {
        state: 'taking-over',
        words: 'Taking over',
        sentence: monitor.byHand
          ? 'An operator asked the standby to take over. It is starting.'
          : 'The primary is not answering. The standby is starting.',
        tone: 'warn',
      };
    case 'active':
      if (monitor.degraded)
        return active(`It runs, but its channel account is not connected: ${clean(monitor.degraded)}`);
      if (monitor.latched)
        return active('It stays active: the primary went down too often. Look at the primary.');
      if (stays) return active(byHand);
      return active('The primary is down; the standby answers on its own channel.');
    case 'recovering':
      if (stays) return active(byHand);
      if (monitor.held === 'manual') return active(manual);
      return active('The primary answers again. The standby goes back to sleep when it stays.');
    case 'demoting':
      return active('The primary is back. The standby is going back to sleep.');
    default:
      return undefined;
  }
}

const byHand = 'An operator took over. It stays active until: failover-wizard demote';
const manual = 'The primary is well again. Failback is manual; to give back: failover-wizard demote';

/** ` in about 21 s, with a workspace 3 min old` */
function backWords(outlook: Seen['outlook']): string {
  if (outlook === null) return '';
  const {reachableInMs, rpoMs} = outlook;
  const s = Math.round(reachableInMs / 1000);
  const time = s < 120 ? `${s} s` : `${Math.round(s / 60)} min`;
  return ` in about ${time}${rpoMs === null ? '' : `, with a workspace ${age(rpoMs)} old`}`;
}
