import {z} from 'zod';
import {stripControl} from '../ssh/strip.js';

const saved = z.object({
  memory: z.object({
    state: z.string(),
    probe: z.object({class: z.string()}).nullish(),
    pause: z.object({why: z.string()}).nullish(),
    byHand: z.boolean().nullish(),
    reach: z.object({works: z.boolean().nullable(), detail: z.string()}).nullish(),
  }),
  noTakeoverUntil: z.iso.datetime().nullish(),
  retold: z
    .object({'way-out': z.object({result: z.string(), detail: z.string().nullish()}).nullish()})
    .nullish(),
});

export interface MonitorView {
  /** As in monitor/memory.ts: watching, suspect, promoting … */
  state: string;
  /** Class of the newest probe. */
  probe: string | undefined;
  /** Whether the primary gave its report when it was asked last; absent: not asked since the boot. */
  reach?: {works: boolean; detail: string};
  /** Whether anybody showed the standby that it is online when they were asked last (monitor/way-out.ts). */
  outlook?: {result: string; detail: string};
  /** Why it is paused. */
  paused?: string;
  /** An operator took over: it gives back only when it is asked to. */
  byHand?: true;
  /** ISO time until which a further takeover is over its limit. */
  noTakeoverUntil?: string;
}

/** What the monitor's state.json says, as far as setup needs it; undefined for anything else. */
export function monitorView(state: unknown): MonitorView | undefined {
  const parsed = saved.safeParse(state);
  if (!parsed.success) return undefined;
  const {memory, noTakeoverUntil, retold} = parsed.data;
  const outlook = retold?.['way-out'];
  return {
    state: memory.state,
    probe: memory.probe?.class,
    ...(typeof memory.reach?.works === 'boolean' && {
      reach: {works: memory.reach.works, detail: stripControl(memory.reach.detail).slice(0, 200)},
    }),
    ...(outlook && {
      outlook: {result: outlook.result, detail: stripControl(outlook.detail ?? '').slice(0, 200)},
    }),
    ...(memory.byHand === true && {byHand: true as const}),
    ...(memory.pause && {paused: stripControl(memory.pause.why)}),
    ...(noTakeoverUntil && {noTakeoverUntil}),
  };
}
