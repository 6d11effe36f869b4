import {clean} from '../../clip.js';
import {age, timeOfDay} from '../../format.js';
import type {Tone} from '../../line.js';
import {splitSentences} from '../../split-words.js';
import type {KnownMonitor} from './monitor-sample.js';
import {fetchedAgo, pushedAgo, workspaceOf} from './outlook.js';
import {holdWords, reasonWords, verdictWords} from './reason-words.js';
import type {Verdict} from './sample.js';
import {isLost} from './silence.js';
import type {Seen} from './verdict.js';

type Reason = readonly [words: string, sentence: string, tone?: Tone];

/** ms. The primary pushes and the standby fetches every 5 min; also nothing new counts as pushed and fetched. */
const oldMs = 30 * 60_000;
/** ms without a probe after which the monitor hangs, whatever its unit says. */
export const idleMs = 45_000;

/** What would keep the standby from taking over, the most fundamental first; undefined: nothing. */
export function unprotected(seen: Seen): Verdict | undefined {
  const first = standbyReason(seen) ?? monitorReason(seen);
  const down = first === undefined ? primaryDown(seen) : undefined;
  if (down) return {state: 'not-protected', ...down, tone: 'warn'};
  const reason = first ?? primaryUnseen(seen) ?? copyReason(seen);
  if (reason === undefined) return undefined;
  const [words, sentence, tone = 'warn'] = reason;
  if (reason === unread) return {state: 'not-protected', words, sentence, tone};
  return {state: 'not-protected', words: `Not protected: ${words}`, sentence, tone};
}

function standbyReason({standby, monitor, split}: Seen): Reason | undefined {
  const {link} = standby;
  if (isLost(link)) {
    const asleep = !monitor.known || monitor.state === 'watching';
    const last = asleep ? '' : ` When it was last heard it was ${monitor.state}.`;
    const why = clean(link.error ?? `nothing was heard for ${age(link.silentMs ?? 0)}`);
    return [
      'standby silent',
      `The standby does not answer: ${why}${/[.!?]$/.test(why) ? '' : last && '.'}${last}`,
      'bad',
    ];
  }
  if (split.state === 'conflict') return ['split conflict', splitSentences(split).join(' '), 'bad'];
  return undefined;
}

function monitorReason({standby, monitor, health}: Seen): Reason | undefined {
  if (!monitor.known)
    return ['no monitor', `The monitor on the standby is not known: ${clean(monitor.reason)}.`, 'bad'];
  if (!monitor.running) return ['monitor down', 'The monitor on the standby does not run.', 'bad'];
  if (health !== null && health.agoMs > idleMs && !standby.link.stale)
    return [
      'monitor hangs',
      `The monitor on the standby has not asked for the primary's health for ${age(health.agoMs)}.`,
      'bad',
    ];
  if (monitor.state === 'blocked')
    return ['standby blocked', 'The standby tried to take over and could not; its journal says why.', 'bad'];
  if (monitor.notReady)
    return ['standby not ready', `The standby could not take over now: ${clean(monitor.notReady)}.`, 'bad'];
  return restraint(monitor);
}

function restraint(monitor: KnownMonitor): Reason | undefined {
  if (monitor.paused) {
    const why = monitor.pauseWhy === null ? '' : ` (${clean(monitor.pauseWhy)})`;
    return ['paused', `The monitor is paused${why} and takes over nothing. "resume" ends it; so does time.`];
  }
  if (monitor.held) {
    const words = holdWords(monitor.held);
    const named = words === monitor.held ? '' : ` (${words})`;
    return ['held back', `The monitor holds a takeover back: ${clean(monitor.held)}${named}.`];
  }
  if (monitor.noTakeoverUntilMs === null) return undefined;
  const until = timeOfDay(monitor.noTakeoverUntilMs);
  return ['too many takeovers', `The standby took over too often; it does not do so again until ${until}.`];
}

function primaryUnseen({health}: Seen): Reason | undefined {
  if (health !== null) return undefined;
  return ['primary not seen', "Nothing says that the standby reaches the primary's health."];
}

/** A primary that is down beside a standby that would take over: why, what comes of it, and when. */
function primaryDown({monitor, health}: Seen): Pick<Verdict, 'words' | 'sentence'> | undefined {
  if (health === null) return undefined;
  const words = 'Primary down';
  if (health.well) {
    const sentence = "The primary's gateway has just stopped. The standby notices within seconds.";
    return health.stoppedSince ? {words, sentence} : undefined;
  }
  const said = `The primary's gateway is not well (${[health.class, clean(health.detail)].filter(Boolean).join(', ')})`;
  if (!monitor.known || monitor.state !== 'suspect') return {words, sentence: `${said}.`};
  const {doubt, verdictInMs} = monitor;
  if (doubt === null) return {words, sentence: `${said}. The monitor is finding out.`};
  const because = `${said}: ${reasonWords(doubt)}.`;
  if (verdictInMs === null)
    return {
      words: notDown.has(doubt) ? `Not protected: ${verdictWords(doubt)}` : words,
      sentence: `${because} The standby takes over nothing.`,
    };
  const s = Math.ceil(verdictInMs / 1000);
  return {words, sentence: `${because} Unless it is well again, the standby takes over in ${s} s.`};
}

/** What says nothing of the primary itself. */
const notDown: ReadonlySet<string> = new Set(['partition', 'isolated']);

/** What makes a takeover worse than it has to be: half a memory, an unknown split, an old copy. */
function copyReason(seen: Seen): Reason | undefined {
  const {primary, standby, split, monitor} = seen;
  if (monitor.known && monitor.disk !== null) {
    const disk = clean(monitor.disk);
    const words = /ENOSPC|EDQUOT/.test(disk) ? 'disk full' : 'disk takes nothing';
    return [words, `The monitor on the standby can keep neither its state nor its events (${disk}).`];
  }
  if (isUnread(seen)) return unread;
  if (split.state === 'unknown') return ['split unknown', splitSentences(split).join(' ')];
  if (primary.version && standby.version && primary.version !== standby.version)
    return [
      'versions differ',
      `The primary runs OpenClaw ${primary.version}, the standby has ${standby.version}.`,
    ];
  return workspaceReason(seen);
}

/** Nothing says that anything is wrong with the pair: it is this machine that cannot see half of it. */
const unread: Reason = [
  'Not known: primary not read',
  'This machine does not reach the primary, so the split cannot be checked; the standby sees the primary well.',
];

function isUnread({primary, split, health}: Seen): boolean {
  if (split.state !== 'unknown' || split.reasons.some(({host}) => host !== 'primary')) return false;
  return primary.link.silentMs === null && isLost(primary.link) && health?.well === true;
}

/** What would make the standby start from the past. A pair that never pushed anything has no age. */
function workspaceReason({primary, standby}: Seen): Reason | undefined {
  const pushed = pushedAgo(primary);
  const fetched = fetchedAgo(standby);
  const reached = !primary.link.stale && primary.link.state !== 'lost';
  const why = reached ? (workspaceOf(primary)?.pushFailed ?? null) : null;
  // One push that failed is tried again; histories that parted wait for a person.
  if (why !== null && (pushed === null || pushed > oldMs || why.startsWith('diverged:')))
    return ['workspace not pushed', `The primary does not push its workspace: ${clean(why)}`];
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
