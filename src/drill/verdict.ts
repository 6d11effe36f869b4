import {measured, age} from '../screens/format.js';
import type {Expected} from './expect.js';
import {stageIds, stageNames, type DrillReport, type StageId, type StageReport} from './report.js';

/** What the verdict of a drill is made from. Spans are ms. */
export interface Judged {
  fault: DrillReport['fault'];
  expected: Expected['outcome'];
  outcome: DrillReport['outcome'];
  stages: readonly StageReport[];
  rtoMs: number | null;
  rpoMs: number | null;
  targets: DrillReport['targets'];
  proofs: DrillReport['proofs'];
  left: Pick<DrillReport['left'], 'primary' | 'standby' | 'deadMan'>;
  handBackFailed: boolean;
  /** Somebody is told of takeovers, so somebody should have been. */
  told: boolean;
  forced: boolean;
  /** The operator ended it, or it was cut off: why. null: it came to its end. */
  stopped: string | null;
  /** It was cut off, and somebody went on with it later. */
  wentOn: boolean;
  /** What went wrong on the way, each a sentence; any of them means failed. */
  problems: readonly string[];
  /** What is worth a word and no failure. */
  notes: readonly string[];
}

/** ms that a stage may be slower than usual, and how many times. */
const lateMs = 5_000;
const lateTimes = 1.5;

/** Whether the pair can be relied on, in plain words. Pure. */
export function verdictOf(judged: Judged): DrillReport['verdict'] {
  const slowest = slowestOf(judged.stages, judged.outcome);
  const found = judged.stopped === null ? reasonsOf(judged) : [judged.stopped, ...judged.problems];
  // What was seen to go wrong on the way may be what came of it as well.
  const reasons = [...new Set(found)];
  const remarks = judged.stopped === null ? remarksOf(judged) : [...judged.notes];
  const result =
    judged.stopped === null
      ? reasons.length > 0
        ? 'failed'
        : remarks.length > 0
          ? 'remarks'
          : 'passed'
      : 'stopped';
  return {result, say: sentence(result, judged, slowest), reasons, remarks, slowest};
}

function reasonsOf(judged: Judged): string[] {
  const {expected, outcome, rtoMs, rpoMs, targets, proofs, left} = judged;
  // Where nobody took over nothing was started from it.
  const rpo = outcome === 'takeover' && targets.rpoMs !== null && rpoMs !== null && rpoMs > targets.rpoMs;
  const rto = targets.rtoMs !== null && rtoMs !== null && rtoMs > targets.rtoMs;
  return [
    ...judged.problems,
    // Of what was never made, or not even noticed, nothing more is to be said.
    ...(fits(expected, outcome) || (outcome === 'nothing' && judged.problems.length > 0)
      ? []
      : [unfit(judged)]),
    ...(outcome === 'takeover' && rtoMs === null && expected !== 'hold'
      ? ['The standby took over, and its bot was not seen connected.']
      : []),
    ...(rto ? [`A bot was there again after ${measured(rtoMs)}; the target is ${age(targets.rtoMs!)}.`] : []),
    ...(rpo ? [`The workspace was ${age(rpoMs)} old; the target is ${age(targets.rpoMs!)}.`] : []),
    ...proofs.filter(({ok}) => !ok).map(({kind, detail}) => `${proofNames[kind]}: ${detail}`),
    ...(left.primary === 'not-well' ? ['The primary did not become well again.'] : []),
    // As long as the primary is not well it is right to stay.
    ...(left.standby === 'active' && left.primary === 'well' ? ['The standby did not give back.'] : []),
    ...(left.standby === 'other' && left.primary === 'well' ? ['The standby did not come to rest.'] : []),
    ...(judged.handBackFailed ? ['What the standby changed in the workspace was not handed back.'] : []),
  ];
}

const proofNames = {channel: 'Its channel account', message: 'The message', model: 'Its model'} as const;

const fits = (expected: Judged['expected'], outcome: Judged['outcome']): boolean =>
  expected === 'either'
    ? outcome === 'takeover' || outcome === 'primary-back'
    : outcome === (expected === 'hold' ? 'held' : 'takeover');

function unfit({expected, outcome}: Judged): string {
  if (expected === 'hold')
    return outcome === 'takeover'
      ? 'The standby took over although the primary lives and only the network was cut.'
      : 'The standby did not notice that the network was cut.';
  if (outcome === 'nothing') return 'The standby did not take over.';
  return outcome === 'primary-back'
    ? 'The primary was back before the standby took over.'
    : 'The standby noticed, and did not take over.';
}

/** What comes only when somebody goes on with the drill. */
const waiting: ReadonlySet<StageId> = new Set([
  'answered',
  'undone',
  'primary-ready',
  'back',
  'demoting',
  'rest',
]);

function remarksOf(judged: Judged): string[] {
  const {stages, told, forced, notes, outcome, left, targets, rpoMs, rtoMs} = judged;
  const reached = (id: StageId) => stages.find((stage) => stage.id === id && stage.ms !== null);
  // Where the operator was away in the middle, what waited for him says nothing of the pair.
  const own = stages.filter(({id}) => !judged.wentOn || !waiting.has(id));
  const late = own.filter(
    ({ms, usualMs}) => ms !== null && usualMs !== null && ms > usualMs * lateTimes && ms > usualMs + lateMs,
  );
  const beyond = own.filter(({ms, promisedMs}) => ms !== null && promisedMs !== null && ms > promisedMs);
  return [
    ...notes,
    ...late.map(
      ({id, ms, usualMs}) =>
        `"${stageNames[id]}" came after ${measured(ms!)}; usually after ${measured(usualMs!)}.`,
    ),
    ...beyond
      .filter(({id}) => !late.some((each) => each.id === id))
      .map(
        ({id, ms, promisedMs}) =>
          `"${stageNames[id]}" came after ${measured(ms!)}; promised within ${measured(promisedMs!)}.`,
      ),
    ...(outcome === 'takeover' && told && !reached('told')
      ? ['Nobody was seen to be told of the takeover.']
      : []),
    ...(forced ? ['It was made against a red check (--force).'] : []),
    ...(left.deadMan === 'armed'
      ? ['The timer on the primary is still armed; it undoes the fault once more, which does no harm.']
      : []),
    ...(left.primary === 'unknown' || left.standby === 'unknown'
      ? ['How the hosts were left could not be seen.']
      : []),
    ...(targets.rpoMs !== null && rpoMs === null && rtoMs !== null && outcome === 'takeover'
      ? ['How old the workspace was is not known.']
      : []),
  ];
}

/** Of everything between the fault and a bot that is there again: what came longest after the stage before it. */
function slowestOf(
  stages: readonly StageReport[],
  outcome: DrillReport['outcome'],
): DrillReport['verdict']['slowest'] {
  // A network that was cut is watched for a set time.
  if (outcome === 'held') return null;
  const last = stageIds.indexOf(outcome === 'takeover' ? 'answered' : 'back');
  let before = 0;
  let slowest: DrillReport['verdict']['slowest'] = null;
  for (const {id, ms} of stages) {
    const at = stageIds.indexOf(id);
    if (ms === null || id === 'stopping' || id === 'fault' || id === 'undone' || at > last) continue;
    const tookMs = ms - before;
    if (slowest === null || tookMs > slowest.tookMs) slowest = {id, tookMs};
    before = Math.max(before, ms);
  }
  return slowest && slowest.tookMs > 0 ? slowest : null;
}

function sentence(
  result: DrillReport['verdict']['result'],
  {outcome, rtoMs, fault}: Judged,
  slowest: DrillReport['verdict']['slowest'],
): string {
  if (result === 'stopped') return 'The drill did not come to its end, so it proves nothing.';
  const most =
    slowest === null ? '' : `; "${stageNames[slowest.id]}" took longest, ${measured(slowest.tookMs)}`;
  if (result === 'failed') return `This pair cannot be relied on as it is${rtoMs === null ? '' : most}.`;
  const but = result === 'remarks' ? ', with remarks' : '';
  if (outcome === 'held')
    return `This pair can be relied on${but}: the network was cut, and the standby kept still.`;
  if (outcome === 'primary-back') {
    const after = rtoMs === null ? '' : ` after ${measured(rtoMs)}`;
    return `This pair can be relied on${but}: the primary was back by itself${after}${fault === 'kill' ? ', before a takeover was due' : ''}. Its standby was not needed, and so not tested.`;
  }
  return `This pair can be relied on${but}: a bot was there again after ${rtoMs === null ? '?' : measured(rtoMs)}${most}.`;
}
