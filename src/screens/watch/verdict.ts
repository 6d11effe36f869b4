import {clean} from '../clip.js';
import {age, timeOfDay} from '../format.js';
import type {Tone} from '../line.js';
import {splitSentences} from '../split-words.js';
import type {WatchSample} from './sample.js';

/** Whether the pair would survive the loss of its primary, in two or three words, a sentence, and a sign. */
export interface Verdict {
  state: 'protected' | 'not-protected' | 'taking-over' | 'standby-active' | 'reading';
  words: string;
  sentence: string;
  tone?: Tone;
}

type Seen = Omit<WatchSample, 'verdict'>;

// One missed reading is a hiccup of the laptop's network; more says something about the pair.
const staleMs = 30_000;
// The primary pushes and the standby fetches every 5 min; also nothing new counts as pushed and fetched.
const oldMs = 30 * 60_000;

/** The line on top of the live view. The monitor's own word comes first; then whatever would keep it from acting. */
export function verdictOf(seen: Seen): Verdict {
  const {primary, standby} = seen;
  if (primary.ageMs === null && standby.ageMs === null && !primary.error && !standby.error) {
    return {state: 'reading', words: 'Reading …', sentence: 'Both hosts are being read.'};
  }
  return (
    underway(seen) ??
    unprotected(seen) ?? {
      state: 'protected',
      words: 'Protected',
      sentence: `If the primary died now, the standby would take over${workspaceWords(seen)}.${aside(seen)}`,
      tone: 'good',
    }
  );
}

function underway({monitor, standby, split}: Seen): Verdict | undefined {
  if (!monitor.known || !monitor.running || isLost(standby)) return undefined;
  // The one thing that this program exists to prevent is never left to the badge alone.
  const twice = split.state === 'conflict' ? splitSentences(split).join(' ') : undefined;
  const active = (sentence: string): Verdict => ({
    state: 'standby-active',
    words: twice === undefined ? 'Standby is active' : 'Standby is active: split conflict',
    sentence: twice ?? sentence,
    tone: twice === undefined ? 'warn' : 'bad',
  });
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
        return active(`It runs, but its channel account is not connected: ${monitor.degraded}`);
      if (monitor.latched)
        return active('It stays active: the primary went down too often. Look at the primary.');
      if (monitor.byHand) return active(byHand);
      return active('The primary is down; the standby answers on its own channel.');
    case 'recovering':
      if (monitor.byHand) return active(byHand);
      return active('The primary answers again. The standby goes back to sleep when it stays.');
    case 'demoting':
      return active('The primary is back. The standby is going back to sleep.');
    default:
      return undefined;
  }
}

const byHand = 'An operator took over. It stays active until: failover-wizard demote';

function isLost({ageMs, error}: Seen['standby']): boolean {
  return error !== null && (ageMs === null || ageMs > staleMs);
}

function unprotected(seen: Seen): Verdict | undefined {
  const reason = reasons(seen);
  if (reason === undefined) return undefined;
  const [words, sentence, tone = 'warn'] = reason;
  return {state: 'not-protected', words: `Not protected: ${words}`, sentence, tone};
}

/** The first thing that would keep the standby from taking over, most fundamental first. */
function reasons(seen: Seen): [string, string, Tone?] | undefined {
  const {primary, standby, split, monitor, health} = seen;
  if (isLost(standby)) return ['standby silent', `The standby does not answer: ${standby.error}`, 'bad'];
  if (standby.ageMs === null) return ['reading', 'The standby is still being read.'];
  if (split.state === 'conflict') return ['split conflict', splitSentences(split).join(' '), 'bad'];
  if (!monitor.known)
    return ['no monitor', `The monitor on the standby is not known: ${monitor.reason}.`, 'bad'];
  if (!monitor.running) return ['monitor down', 'The monitor on the standby does not run.', 'bad'];
  if (monitor.state === 'blocked') {
    return ['standby blocked', 'The standby tried to take over and could not; its journal says why.', 'bad'];
  }
  if (monitor.notReady) {
    return ['standby not ready', `The standby could not take over now: ${clean(monitor.notReady)}.`, 'bad'];
  }
  if (monitor.paused) {
    const why = monitor.pauseWhy === null ? '' : ` (${monitor.pauseWhy})`;
    return ['paused', `The monitor is paused${why} and takes over nothing. "resume" ends it; so does time.`];
  }
  if (monitor.held) return ['held back', `The monitor holds a takeover back: ${clean(monitor.held)}.`];
  if (monitor.noTakeoverUntilMs !== null) {
    const until = timeOfDay(monitor.noTakeoverUntilMs);
    return ['too many takeovers', `The standby took over too often; it does not do so again until ${until}.`];
  }
  if (health && !health.well) {
    const deciding = monitor.state === 'suspect' ? ' The monitor is finding out.' : '';
    const said = health.error ?? `its health answers ${health.status}`;
    return ['primary down', `The primary's gateway is not well (${said}).${deciding}`];
  }
  if (health === null || health.by === 'primary') {
    return ['primary not seen', "Nothing says that the standby reaches the primary's health."];
  }
  if (split.state === 'unknown') return ['split unknown', splitSentences(split).join(' ')];
  if (primary.version && standby.version && primary.version !== standby.version) {
    return [
      'versions differ',
      `The primary runs OpenClaw ${primary.version}, the standby has ${standby.version}.`,
    ];
  }
  return workspaceReason(seen);
}

/** ms since the primary pushed; of a primary that this machine does not reach it is only known what it was. */
const pushedAgo = ({primary}: Seen) =>
  primary.error === null ? (primary.workspace?.syncAgeMs ?? null) : null;
const fetchedAgo = ({standby}: Seen) => standby.workspace?.syncAgeMs ?? null;

/** What would make the standby start from the past. A pair that never pushed anything has no age. */
function workspaceReason(seen: Seen): [string, string] | undefined {
  const pushed = pushedAgo(seen);
  const fetched = fetchedAgo(seen);
  const why = seen.primary.error === null ? (seen.primary.workspace?.pushFailed ?? null) : null;
  // One push that failed is tried again; histories that parted wait for a person.
  if (why !== null && (pushed === null || pushed > oldMs || why.startsWith('diverged:'))) {
    return ['workspace not pushed', `The primary does not push its workspace: ${why}`];
  }
  if (pushed !== null && pushed > oldMs) {
    const where = 'On the primary: journalctl -u openclaw-workspace-push -n 20';
    return ['workspace old', `The primary last pushed its workspace ${age(pushed)} ago. ${where}`];
  }
  if (fetched !== null && fetched > oldMs) {
    const where = 'On the standby: journalctl -u openclaw-standby-sync -n 20';
    return ['workspace old', `The standby last fetched the workspace ${age(fetched)} ago. ${where}`];
  }
  return undefined;
}

/** The copy is as old as the older of the two ways that lead to it. */
function workspaceWords(seen: Seen): string {
  const known = [pushedAgo(seen), fetchedAgo(seen)].filter((ms) => ms !== null);
  return known.length === 0 ? '' : `, with a workspace ${age(Math.max(...known))} old`;
}

function aside({primary}: Seen): string {
  if (primary.error === null) return '';
  return ' This machine does not reach the primary; the standby does.';
}
