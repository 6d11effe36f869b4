import {z} from 'zod';
import {Abort} from '../errors.js';
import {oneLine} from '../monitor/files.js';
import type {Look} from '../monitor/hand/look.js';
import type {Host} from '../ssh/host.js';
import {layout} from '../templates/layout.js';
import {tail} from './must.js';

const text = z.string().transform((value) => oneLine(value, 400));
const ms = z.number();

/** What `monitor.mjs look` prints; from a host, so judged before any of it is used. */
const look: z.ZodType<Look> = z.object({
  pair: text,
  failback: text,
  account: text,
  unit: text,
  live: z
    .object({
      ageMs: ms,
      state: text,
      inStateMs: ms,
      probe: z.object({class: text, detail: text, tookMs: ms}).nullable(),
      byHand: z.boolean(),
      // Neither does a program from before these.
      failbackAsked: z.boolean().default(false),
      held: text.nullable(),
      degraded: text.nullable(),
      pausedMs: ms.nullable(),
      latchedMs: ms.nullable(),
      disk: text.nullable().default(null),
      say: text,
    })
    .nullable(),
  pause: z.object({leftMs: ms, why: text}).nullable(),
  limitLeftMs: ms.nullable(),
  guard: z.object({ok: z.boolean(), reason: text}).nullable(),
  workspaceAgeMs: ms.nullable(),
  // A program from before the standby checked itself does not say it.
  unready: text.nullable().default(null),
  modelsProven: z.boolean().nullable(),
});

/**
 * Asks the standby's own program how it is.
 * @throws Abort when there is none, or one that does not know the question
 */
export async function lookAt(standby: Host): Promise<Look> {
  const ran = await standby.run([layout.node, layout.monitorProgram, 'look'], {timeoutMs: 30_000});
  try {
    if (ran.code === 0) return look.parse(JSON.parse(ran.stdout));
  } catch {
    // Said below.
  }
  const missing = ran.code === 127 || /Cannot find module|No such file/.test(ran.stderr);
  throw new Abort(
    missing
      ? 'There is no monitor on the standby.'
      : `The monitor's program on the standby does not say how it is (exit ${ran.code}).`,
    {
      detail: missing ? '' : tail(ran.stderr),
      next: ['Install it, or bring it up to date: failover-wizard setup'],
    },
  );
}
