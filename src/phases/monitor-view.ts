import {z} from 'zod';

const saved = z.object({
  memory: z.object({state: z.string(), probe: z.object({class: z.string()}).nullish()}),
});

export interface MonitorView {
  /** As in monitor/memory.ts: watching, suspect, promoting … */
  state: string;
  /** Class of the newest probe. */
  probe: string | undefined;
}

/** What the monitor's state.json says, as far as setup needs it; undefined for anything else. */
export function monitorView(state: unknown): MonitorView | undefined {
  const parsed = saved.safeParse(state);
  if (!parsed.success) return undefined;
  return {state: parsed.data.memory.state, probe: parsed.data.memory.probe?.class};
}
