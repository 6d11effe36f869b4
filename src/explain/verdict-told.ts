import type {MonitorEvent} from '../monitor/events.js';
import {rules} from '../monitor/verdict.js';
import type {Known, Told} from './account.js';
import {stepsOf} from './chapters.js';
import {ripened} from './outcome.js';
import {plus, spanText} from './span.js';
import {holdWords} from './words.js';

/** The end of a sentence of the monitor: how long what is seen is given. */
export const verdictIn = (say: string): string =>
  /((?:Unless it is well again, the|The) standby (?:takes over in|does not take over).*)$/.exec(say)?.[1] ??
  '';

/** Why the verdict came when it did. */
export function verdictTold(known: Known, verdict: MonitorEvent): Told[] {
  const atMs = known.at(verdict);
  const {reason} = verdict.evidence;
  if (reason === undefined) return [{atMs, say: verdict.say}];
  return [{atMs, say: verdict.say}, ...because(known, verdict)];
}

/** From the record: which reason had held for long enough, since when, and what it had waited for. */
function because({chapters, zeroMs, story}: Known, verdict: MonitorEvent): Told[] {
  const steps = chapters.flatMap(stepsOf);
  const step = steps.find(
    ({ms, decision}) => decision.row?.event === 'promoting' && Math.abs(ms - verdict.ms) <= 1,
  );
  const after = step?.decision.memory;
  if (!step || !after?.suspicion) return [];
  const reason = ripened(after, step.settings, step.ms, rules);
  const timer = reason && after.suspicion.timers[reason];
  if (!reason || !timer)
    return after.resume || step.before.resume
      ? [{atMs: null, say: 'This host had rebooted while it was active: one bad probe is enough then.'}]
      : [];
  const rule = rules.find((one) => one.reason === reason)!;
  const holdMs = rule.holdMs(step.settings, after);
  const looks = timer.looks === 1 ? '1 look' : `${timer.looks} looks`;
  const held = `"${reason}" had held since ${plus(timer.sinceMs - zeroMs)} without a break, for ${spanText(step.ms - timer.sinceMs)} of the ${spanText(holdMs)} that it is given, in ${looks} (${rule.looks} are enough)`;
  const other =
    after.suspicion.reason === reason
      ? ''
      : ` What was seen last, "${after.suspicion.reason}", is as clear a sign or a clearer one, and counts for it.`;
  const holding = steps.findLast(({decision}) => decision.row?.event === 'held')?.decision.memory.held;
  const by = holding && story.events.some(({event}) => event === 'held') ? holdWords[holding] : undefined;
  const late = waitedFor(step.ms - timer.sinceMs - holdMs, step.seen.on, by);
  return [{atMs: null, say: `${held}. ${late}${other}`}];
}

/** ms between the end of the time and the decision. */
function waitedFor(lateMs: number, on: string, held: string | undefined): string {
  const by = on === 'answers' ? 'the answers to a round of questions' : 'the next probe';
  if (lateMs < 1500) return `It was decided with ${by} after that.`;
  const why = held === undefined ? 'a look was missing, or nobody had answered' : `it was held: ${held}`;
  return `It was decided ${spanText(lateMs)} after that, with ${by}: until then ${why}.`;
}
