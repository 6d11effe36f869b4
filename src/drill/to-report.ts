import {clean} from '../screens/clip.js';
import type {Clock} from './clocks.js';
import type {Drill} from './drill.js';
import type {DrillReport, StageReport} from './report.js';
import {stagesFor} from './stages.js';
import type {Course} from './timeline.js';
import {verdictOf} from './verdict.js';

/** Everything that is kept of a drill that has come to its end. */
export function reportOf(drill: Drill, left: DrillReport['left'], endedAt: Date): DrillReport {
  const {plan, parts} = drill;
  const course = drill.course();
  const {outcome} = course;
  const stages = stageReports(drill, course);
  // What somebody took back says nothing of how long it would have taken.
  const rtoMs = drill.stopped === null ? rtoOf(stages, outcome) : null;
  const {sample} = parts.store.snapshot();
  const rpoMs = drill.faultAtMs === null ? null : drill.workspace.rpoMs;
  const handBack = course.timeline['handed-back']?.note ?? '';
  const proofs = isUnseen(drill, course) ? [unseen(drill)] : drill.proofs;
  const shared = {stages, rtoMs, rpoMs, targets: plan.targets, proofs, outcome};
  const verdict = verdictOf({
    ...shared,
    fault: plan.fault,
    expected: plan.expected.outcome,
    left,
    handBackFailed: course.giveBack?.marks.some(({name}) => name === 'not handed back') ?? false,
    told: plan.told,
    forced: plan.forced,
    stopped: drill.stopped,
    wentOn: drill.goesOn,
    problems: drill.problems.map(clean),
    notes: drill.notes.map(clean),
  });
  return {
    version: 1,
    id: plan.mark.id,
    pair: parts.pair.name,
    fault: plan.fault,
    startedAt: new Date(drill.startedMs).toISOString(),
    faultAt: drill.faultAtMs === null ? null : new Date(drill.faultAtMs).toISOString(),
    endedAt: endedAt.toISOString(),
    program: parts.version,
    openclaw: {primary: sample.primary.version, standby: sample.standby.version},
    expected: plan.expected.outcome,
    ...shared,
    workspace: {behind: drill.workspace.behind, dirty: drill.workspace.dirty, handBack},
    clocks: {primary: known(drill.clocks.primary), standby: known(drill.clocks.standby)},
    preflight: {
      checks: plan.checks.map(({id, sign, say}) => ({id, sign, say: clean(say)})),
      forced: plan.forced,
    },
    verdict,
    left,
  };
}

/** A bot was waited for that nobody saw: not one that should never have come, and not when the wait was given up. */
const isUnseen = ({proofs, plan, stopped}: Drill, {outcome, timeline}: Course): boolean =>
  proofs.length === 0 &&
  timeline.connected === undefined &&
  outcome === 'takeover' &&
  plan.expected.outcome !== 'hold' &&
  stopped === null;

/** One that said nothing has no figures. */
const known = (clock: Clock): Clock | null => (Number.isFinite(clock.uncertaintyMs) ? clock : null);

/** It took over, and its bot was never seen: that is a proof that failed. */
function unseen({parts}: Drill): DrillReport['proofs'][number] {
  const {type, account} = parts.pair.channel;
  return {kind: 'channel', ok: false, ms: null, detail: `${type} ${account} was not seen connected.`};
}

function stageReports(drill: Drill, {timeline}: Course): StageReport[] {
  const {plan, parts, way, faultAtMs} = drill;
  const reached = (id: StageReport['id']) => (faultAtMs === null ? undefined : timeline[id]);
  const order = stagesFor('stop', 'either', {message: true, told: true});
  const all = [...new Set([...order, ...way.ahead, 'held', 'handed-back'] as const)];
  const ids = all.filter((id) => way.ahead.includes(id) || reached(id) !== undefined);
  return ids.map((id): StageReport => {
    const at = reached(id);
    return {
      id,
      ms: at === undefined ? null : Math.round(at.atMs - faultAtMs!),
      usualMs: parts.usual(plan.fault, id),
      promisedMs: way.promised[id] ?? null,
      plainMs: null,
      note: clean(at?.note ?? ''),
    };
  });
}

const earlier = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

/** A bot is there: that of the standby, or the primary's own where it was back first. */
function rtoOf(stages: readonly StageReport[], outcome: DrillReport['outcome']): number | null {
  const ms = (id: StageReport['id']) => stages.find((stage) => stage.id === id)?.ms ?? null;
  switch (outcome) {
    case 'takeover': {
      const connected = ms('connected');
      return connected === null ? null : earlier(connected, ms('primary-ready'));
    }
    case 'primary-back':
      return earlier(ms('primary-ready'), ms('back'));
    default:
      return null;
  }
}
