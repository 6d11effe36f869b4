import {z} from 'zod';
import {stripControl} from '../ssh/strip.js';

const saved = z.object({
  memory: z.object({
    state: z.string(),
    probe: z.object({class: z.string()}).nullish(),
    pause: z.object({why: z.string()}).nullish(),
  }),
  noTakeoverUntil: z.iso.datetime().nullish(),
});

export interface MonitorView {
  /** As in monitor/memory.ts: watching, suspect, promoting … */
  state: string;
  /** Class of the newest probe. */
  probe: string | undefined;
  /** Why it is paused. */
  paused?: string;
  /** ISO time until which a further takeover is over its limit. */
  noTakeoverUntil?: string;
}

/** What the monitor's state.json says, as far as setup needs it; undefined for anything else. */
export function monitorView(state: unknown): MonitorView | undefined {
  const parsed = saved.safeParse(state);
  if (!parsed.success) return undefined;
  const {memory, noTakeoverUntil} = parsed.data;
  return {
    state: memory.state,
    probe: memory.probe?.class,
    ...(memory.pause && {paused: stripControl(memory.pause.why)}),
    ...(noTakeoverUntil && {noTakeoverUntil}),
  };
}
