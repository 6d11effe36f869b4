import type {Change} from './change.js';
import type {SetupEvent} from './events.js';

/** A step that leaves the pair without what was promised for a moment, or might. */
export interface Gap {
  step: 'monitor' | 'openclaw' | 'node' | 'plugin' | 'sleep';
  /** Of the change. */
  id: string;
  /** ms that it usually takes, measured on two cores; 0: one step of the kernel. */
  usualMs: number;
  /** What a primary that died in that moment would meet. */
  why: string;
}

/** What was measured of a gap: ms, null: its end was not seen. */
export interface MeasuredGap extends Gap {
  ms: number | null;
}

const gaps: Readonly<Record<Gap['step'], Omit<Gap, 'step' | 'id'>>> = {
  monitor: {usualMs: 1_000, why: 'nobody watches the primary; a suspicion that had begun goes on afterwards'},
  node: {usualMs: 0, why: 'swapped in one step: a takeover starts with the whole old or the whole new one'},
  openclaw: {usualMs: 0, why: 'swapped in one step: a takeover starts the whole old or the whole new one'},
  plugin: {usualMs: 20_000, why: 'a gateway that starts may find no channel plugin; its second try would'},
  sleep: {usualMs: 20_000, why: 'the sleeping gateway restarts; a takeover would be a cold start'},
};

function stepOf(change: Change): Gap['step'] | undefined {
  if (change.kind === 'node' || change.kind === 'npm-package')
    return change.kind === 'node' ? 'node' : 'openclaw';
  if (change.kind === 'swap')
    return change.units.some(({unit, restart}) => restart === true && unit.includes('monitor'))
      ? 'monitor'
      : undefined;
  if (change.kind !== 'script') return undefined;
  if (change.id === 'standby:sleeping-gateway') return 'sleep';
  // The first one takes nothing away.
  return change.id.startsWith('standby:plugin:') && change.script.text.includes('--force')
    ? 'plugin'
    : undefined;
}

/**
 * The gaps that a plan has, in its order. Pure.
 * @param warm a gateway sleeps there: a swap of OpenClaw stops it, so that it starts anew even where that is planned
 * only then
 */
export function expectedGaps(changes: readonly Change[], warm = false): Gap[] {
  const found = changes.flatMap((change): Gap[] => {
    const step = stepOf(change);
    return step === undefined ? [] : [{step, id: change.id, ...gaps[step]}];
  });
  const has = (step: Gap['step']) => found.some((gap) => gap.step === step);
  if (!warm || !has('openclaw') || has('sleep')) return found;
  return [...found, {step: 'sleep', id: sleepingGateway, ...gaps.sleep}];
}

type Unprotected = Extract<SetupEvent, {type: 'unprotected'}>;

/**
 * What was measured of each gap that was expected, by the standby's own clock: windows of one step add up; one that has
 * no end begins the sleeping gateway's. A step that told nothing took none. Pure.
 */
export function measuredGaps(expected: readonly Gap[], told: readonly Unprotected[]): MeasuredGap[] {
  const open = told.find(({toMs}) => toMs === undefined);
  const closing = told.findLast(({id}) => id === sleepingGateway);
  return expected.map((gap) => {
    if (gap.step !== 'sleep') {
      const own = told.filter(({id, toMs}) => id === gap.id && toMs !== undefined);
      return {...gap, ms: own.reduce((sum, {fromMs, toMs}) => sum + (toMs! - fromMs), 0)};
    }
    if (closing?.toMs === undefined) return {...gap, ms: null};
    return {...gap, ms: closing.toMs - Math.min(closing.fromMs, open?.fromMs ?? Infinity)};
  });
}

export const sleepingGateway = 'standby:sleeping-gateway';

/** ms in all, windows that lie in each other counted once; null: one has no end. Pure. */
export function unprotectedMs(told: readonly Unprotected[]): number | null {
  const closing = told.findLast(({id, toMs}) => id === sleepingGateway && toMs !== undefined);
  const spans: [number, number][] = [];
  for (const {fromMs, toMs} of told) {
    const end = toMs ?? closing?.toMs;
    if (end === undefined) return null;
    spans.push([fromMs, end]);
  }
  let total = 0;
  let reached = -Infinity;
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    total += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return total;
}
