import type {WorkReport} from './evidence.js';
import type {EventName, Level} from './events.js';

/** Job → what was read of it last. */
export type Retold = Record<string, {at: string; result: string}>;

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
};

/** What never happened twice in a row worth telling. */
const onlyOnChange = new Set(['current', 'in-use', 'nothing', 'diverged', 'dirty', 'unreachable', 'failed']);
/** Told only when they end something else. */
const quietAtFirst = new Set(['current', 'in-use', 'nothing']);

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
    retold[job] = {at, result};
    if (onlyOnChange.has(result) && last?.result === result) continue;
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

const isGood = (result: string) => result === 'fast-forwarded' || result === 'kept' || result === 'pushed';
