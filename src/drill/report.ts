import {z} from 'zod';
import {faultNames, type FaultName} from './fault-names.js';

export {faultNames, type FaultName};

/**
 * What can be reached in a drill, in the order in which it usually is. `fault` is the moment everything is counted
 * from: the primary's gateway has stopped, was killed, was halted; the rule is in force; the reboot was asked for.
 */
export const stageIds = [
  'stopping', // the stop was asked for; before `fault`, because a gateway finishes what it does
  'fault',
  'first-bad', // first bad probe of the monitor
  'asked', // suspect: everybody who may know was asked
  'verdict', // the standby decided to take over
  'held', // the standby decided not to, and said why
  'started', // its gateway's process runs
  'ready', // /readyz
  'connected', // the channel account is connected: the bot is there
  'answered', // a real message was answered
  'told', // whoever is told has been
  'undone', // the fault was taken back
  'primary-ready', // the primary's gateway is ready again
  'back', // first good probe
  'demoting', // the standby gives back
  'handed-back', // what it changed in the workspace was put aside and pushed
  'rest', // the standby sleeps again
] as const;
export type StageId = (typeof stageIds)[number];

const ms = z.number().int();
const msOrNull = ms.nullable();
/** Text that comes from hosts is cleaned before it gets into a report: one line, no control characters. */
const text = z.string().max(2000);

const stage = z.strictObject({
  id: z.enum(stageIds),
  /** ms since `fault`; null: not reached. */
  ms: msOrNull,
  /** ms at which earlier drills with this fault reached it (median of the newest five); null: none did. */
  usualMs: msOrNull,
  /** ms until which the settings promise it; null: nothing is promised. */
  promisedMs: msOrNull,
  /** ms that a plain rule (three failures, 10 s apart) would have needed; null: it says nothing about it. */
  plainMs: msOrNull,
  note: text,
});
export type StageReport = z.infer<typeof stage>;

const check = z.strictObject({sign: z.enum(['ok', 'warn', 'stop']), id: z.string().max(60), say: text});

const clock = z.strictObject({
  /** ms that the host's clock is ahead of this machine's. */
  offsetMs: z.number(),
  /** ms; half of the quickest way there and back. */
  uncertaintyMs: z.number(),
});

/** Everything that is kept of a drill. Times are ISO of the operator's machine, spans ms. */
export const drillReport = z.strictObject({
  version: z.literal(1),
  /** `2026-11-27T0436`, of the beginning, in the operator's own time; unique within the pair. */
  id: z.string().regex(/^\d{4}-\d\d-\d\dT\d{4}(?:-\d+)?$/),
  pair: z.string(),
  fault: z.enum(faultNames),
  /** When the drill began, when its fault took effect (null: it never did), and when all was over. */
  startedAt: z.iso.datetime(),
  faultAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime(),
  /** Version of this program. */
  program: z.string(),
  /** The versions of OpenClaw, null: not known. */
  openclaw: z.strictObject({primary: z.string().nullable(), standby: z.string().nullable()}),
  targets: z.strictObject({
    /** ms; `promise`: nothing was set, it is what the settings of the monitor promise for this fault. */
    rtoMs: msOrNull,
    rtoFrom: z.enum(['pair', 'promise']),
    /** ms; null: none was set. */
    rpoMs: msOrNull,
  }),
  /** What the settings of this pair say must come of such a fault. */
  expected: z.enum(['takeover', 'hold', 'either']),
  /** What came of it: the standby took over, kept still, the primary was back before a verdict, or nothing was seen. */
  outcome: z.enum(['takeover', 'held', 'primary-back', 'nothing']),
  /** ms from `fault` until a bot was there again (the standby's, or the primary's own); null: not seen. */
  rtoMs: msOrNull,
  /** ms; how old the workspace was that the standby started from, at the fault. null: not known. */
  rpoMs: msOrNull,
  workspace: z.strictObject({
    /** Commits of the primary that the standby's copy had not; null: not known. */
    behind: z.number().int().nullable(),
    /** Files changed on the primary that no commit had; null: not known. */
    dirty: z.number().int().nullable(),
    /** What became of the standby's own changes, one sentence; empty: there were none, or nothing was said. */
    handBack: text,
  }),
  stages: z.array(stage),
  /** Signs of life beyond the monitor's word. */
  proofs: z.array(
    z.strictObject({
      kind: z.enum(['channel', 'message', 'model']),
      ok: z.boolean(),
      /** ms since `fault`; null: not reached. */
      ms: msOrNull,
      detail: text,
    }),
  ),
  clocks: z.strictObject({primary: clock.nullable(), standby: clock.nullable()}),
  preflight: z.strictObject({checks: z.array(check), forced: z.boolean()}),
  verdict: z.strictObject({
    /** `stopped`: the operator ended it, or it was found half-done; it proves nothing. */
    result: z.enum(['passed', 'remarks', 'failed', 'stopped']),
    /** One sentence. */
    say: text,
    /** Why it failed or was stopped. */
    reasons: z.array(text),
    remarks: z.array(text),
    /** The stage that took longest of all after the one before it; null: none was reached. */
    slowest: z.strictObject({id: z.enum(stageIds), tookMs: ms}).nullable(),
  }),
  /** How the hosts were left. */
  left: z.strictObject({
    primary: z.enum(['well', 'not-well', 'unknown']),
    standby: z.enum(['asleep', 'active', 'other', 'unknown']),
    /** The dead-man timer: `disarmed`, `armed` still (it undoes the fault by itself), `unknown`: the primary was out of reach. */
    deadMan: z.enum(['disarmed', 'armed', 'unknown']),
    say: text,
  }),
});
export type DrillReport = z.infer<typeof drillReport>;

/** The words for a stage, in the past. */
export const stageNames: Readonly<Record<StageId, string>> = {
  stopping: 'stop asked for',
  fault: 'primary down',
  'first-bad': 'first bad probe',
  asked: 'suspect, asked around',
  verdict: 'verdict',
  held: 'held back',
  started: 'gateway started',
  ready: 'gateway ready',
  connected: 'bot connected',
  answered: 'answered',
  told: 'told',
  undone: 'fault undone',
  'primary-ready': 'primary ready',
  back: 'first good probe',
  demoting: 'giving back',
  'handed-back': 'handed back',
  rest: 'at rest',
};
