import type {Course} from './timeline.js';
import type {Expected} from './expect.js';

/** What a drill waits for after the fault, at a moment. */
export type Seen =
  /** Nothing is decided yet. `doing`: what goes on, for people. */
  | {step: 'wait'; doing: string}
  /** What was to be seen was seen. */
  | {step: 'done'; how: 'there' | 'held' | 'primary-back'}
  /** It went wrong: one sentence. The fault is taken back at once. */
  | {step: 'wrong'; why: string};

export interface SeenInput {
  course: Course;
  expected: Pick<Expected, 'outcome' | 'noticedMs' | 'connectedMs' | 'stillMs'>;
  /** epoch ms of this machine, all of them. */
  faultAtMs: number;
  nowMs: number;
  /** When the primary was seen ready again by itself; null: it was not. */
  readyAtMs: number | null;
}

/** ms beyond what is promised that a takeover is still waited for: two tries of the standby's gateway. */
const slackMs = 150_000;
/** ms beyond what is promised that a first bad probe of a cut network is waited for. */
const unseenMs = 30_000;
/** ms for which something may hold a takeover back before it is not waited for any more. */
const heldMs = 20_000;
/** ms after which a primary that was back by itself was not even noticed to be away. */
const unnoticedMs = 20_000;

/** What has come of the fault so far. Pure. */
export function seenOf(input: SeenInput): Seen {
  return input.expected.outcome === 'hold' ? still(input) : takenOver(input);
}

function takenOver({course, expected, faultAtMs, nowMs, readyAtMs}: SeenInput): Seen {
  const {takeover, timeline} = course;
  if (timeline.connected) return {step: 'done', how: 'there'};
  const decided = takeover !== undefined && takeover.decidedMs !== null;
  if (takeover?.endedMs != null && takeover.outcome?.tone !== 'good')
    return {
      step: 'wrong',
      why: `The standby did not take over as it should: ${takeover.outcome?.words ?? 'not said why'}.`,
    };
  const back = takeover?.endedMs != null && !decided;
  if (back) {
    return expected.outcome === 'either'
      ? {step: 'done', how: 'primary-back'}
      : {
          step: 'wrong',
          why: 'The primary answered again before the standby took over: something else brought it back.',
        };
  }
  if (!decided && expected.outcome === 'either' && readyAtMs !== null && nowMs - readyAtMs > unnoticedMs)
    return {step: 'done', how: 'primary-back'};
  const held = takeover?.marks.at(-1);
  if (held?.lasts && nowMs - held.atMs > heldMs)
    return {step: 'wrong', why: `The standby does not take over: ${held.note ?? 'not said why'}.`};
  if (nowMs - faultAtMs > expected.connectedMs + slackMs) {
    const why = decided
      ? 'The standby decided to take over, and its bot was not there in time.'
      : timeline['first-bad']
        ? 'The standby noticed, and did not decide to take over in time.'
        : 'The standby did not notice that the primary is down.';
    return {step: 'wrong', why};
  }
  return {step: 'wait', doing: doingOf(course)};
}

function doingOf({timeline, takeover}: Course): string {
  if (!timeline['first-bad']) return 'waiting for the first bad probe';
  if (takeover === undefined || takeover.decidedMs === null) {
    return timeline.asked
      ? `the standby waits for its verdict${timeline.asked.note ? `: ${timeline.asked.note}` : ''}`
      : 'the standby asks around';
  }
  if (!timeline.started) return 'the gateway of the standby is started';
  return timeline.ready ? 'its channel account connects' : 'the gateway of the standby gets ready';
}

/** A cut network: the standby has to notice it, to call it that, and to keep still for as long as a dead host is given. */
function still({course, expected, faultAtMs, nowMs}: SeenInput): Seen {
  const {takeover, timeline} = course;
  if (takeover && takeover.decidedMs !== null)
    return {
      step: 'wrong',
      why: 'The standby took over although the primary lives and only the network was cut.',
    };
  const first = timeline['first-bad'];
  if (takeover?.endedMs != null)
    return {step: 'wrong', why: 'The primary answered again: the network was not cut any more.'};
  if (!first) {
    return nowMs - faultAtMs > expected.noticedMs + unseenMs
      ? {step: 'wrong', why: 'The standby did not notice that the network is cut.'}
      : {step: 'wait', doing: 'waiting for the first bad probe'};
  }
  const leftMs = first.atMs + expected.stillMs - nowMs;
  if (leftMs > 0)
    return {step: 'wait', doing: `the standby must keep still for ${Math.ceil(leftMs / 1000)} s more`};
  return timeline.asked
    ? {step: 'done', how: 'held'}
    : {step: 'wrong', why: 'The standby noticed, and asked nobody what it means.'};
}
