import type {WorkReport} from './evidence.js';
import type {EventName, Level} from './events.js';

/** Job → what was read of it last; `detail` is there for whoever looks at the state between two reports. */
export type Retold = Record<string, {at: string; result: string; detail?: string}>;

export interface Retelling {
  event: EventName;
  level: Level;
  say: string;
}

const sentences: Record<WorkReport['job'], Record<string, [Level, string]>> = {
  sync: {
    'fast-forwarded': ['info', 'The workspace was brought up to date'],
    current: ['info', 'The workspace is up to date'],
    diverged: [
      'warning',
      'The workspace was not updated: it and the remote have gone different ways, the local copy is kept',
    ],
    dirty: ['warning', 'The workspace was not updated: it has local changes, they are kept'],
    unreachable: [
      'warning',
      'The workspace was not updated: the remote cannot be reached, the last copy is kept',
    ],
    refused: ['alert', 'The workspace is not updated: its remote refuses, and the last copy is kept'],
    used: ['info', 'The gateway starts from the workspace as it is here'],
    'used-as-is': [
      'warning',
      'The gateway starts from the workspace as it is here, not from what was fetched',
    ],
    'in-use': ['info', 'The workspace is in use by the gateway here'],
    failed: ['warning', 'The workspace was not updated'],
  },
  handback: {
    nothing: ['info', 'Nothing to hand back: the workspace is unchanged'],
    kept: ['info', 'What the standby changed is on a branch of its own'],
    failed: ['alert', 'What the standby changed could not be put on a branch; it stays where it is'],
  },
  'handback-push': {
    nothing: ['info', 'No hand-back is waiting'],
    pushed: ['info', 'The hand-back was pushed'],
    failed: ['alert', 'The hand-back could not be pushed; it is kept here and tried again'],
  },
  warm: {
    asleep: ['info', 'The gateway of the standby sleeps: it runs with its channel off'],
    'too-little-memory': [
      'warning',
      'The standby is cold for now: there is too little memory for a sleeping gateway',
    ],
    failed: ['warning', 'The standby is cold for now: its sleeping gateway does not start'],
  },
  prepare: {
    ready: ['info', 'The standby could take over now'],
    stale: ['warning', 'The standby could take over now, with an older workspace'],
    'not-ready': ['alert', 'The standby could not take over now'],
    failed: ['warning', 'Whether the standby could take over is not known'],
  },
  'way-out': {
    online: ['info', 'This host is seen to be online again'],
    'router-only': [
      'warning',
      'Nobody beyond its router answers this host, or ever has: only the router shows whether it is cut off',
    ],
    'cut-off': [
      'warning',
      'The primary is well, and nobody answers who shows that this host is online: it would not take over now',
    ],
  },
  secrets: {
    pulled: ['info', 'New secrets were pulled; the gateway here takes them at its next start'],
    unchanged: ['info', 'The pulled secrets are up to date'],
    refused: ['warning', 'The pulled secrets were refused, the ones before stay in force'],
    unreachable: ['warning', 'The source of the secrets cannot be reached, the ones before stay in force'],
    failed: ['warning', 'The secrets could not be pulled, the ones before stay in force'],
  },
};

/** What never happened twice in a row worth telling. */
const onlyOnChange = new Set([
  'current',
  'in-use',
  'nothing',
  'diverged',
  'dirty',
  'unreachable',
  'failed',
  'ready',
  'stale',
  'not-ready',
  'unchanged',
  'refused',
  'asleep',
  'too-little-memory',
  'online',
  'router-only',
  'cut-off',
]);
/** Told only when they end something else. */
const quietAtFirst = new Set(['current', 'in-use', 'nothing', 'ready', 'unchanged', 'asleep', 'online']);

/** New reports of the jobs, as sentences; the same news is not told every five minutes. Pure. */
export function retell(
  before: Retold,
  reports: readonly WorkReport[],
): {retold: Retold; tellings: Retelling[]} {
  const retold = {...before};
  const tellings: Retelling[] = [];
  for (const {job, at, result, detail} of reports) {
    const last = before[job];
    if (last?.at === at) continue;
    retold[job] = {at, result, ...(detail && {detail})};
    const same = last?.result === result && (result !== 'refused' || last.detail === detail);
    if (onlyOnChange.has(result) && same) continue;
    if (quietAtFirst.has(result) && (!last || quietAtFirst.has(last.result) || isGood(last.result))) continue;
    const [level, sentence] = Object.hasOwn(sentences[job], result)
      ? sentences[job][result]!
      : (['warning', `The ${job} job says "${result}"`] as const);
    tellings.push({
      event: job === 'sync' ? 'workspace' : job,
      level,
      say: `${sentence}${detail ? `: ${detail}` : ''}.`,
    });
  }
  return {retold, tellings};
}

/** What stands in the way of a takeover, as the prepare job found out last; null: nothing, or not known. Pure. */
export const unreadyOf = (
  prepare: (Pick<WorkReport, 'result'> & {detail?: string}) | undefined,
): string | null => (prepare?.result === 'not-ready' ? (prepare.detail ?? 'not said') : null);

const isGood = (result: string) => ['fast-forwarded', 'kept', 'pushed', 'pulled'].includes(result);
