/** What the standby knows of itself when an operator asks something of it; everything the checks are made from. */
export interface Look {
  /** Which pair this standby belongs to. */
  pair: string;
  failback: string;
  /** `irc account "backup"` */
  account: string;
  /** State of the monitor's unit as unit.ts names it. */
  unit: string;
  /** What the monitor wrote last; null: nothing since this host booted. */
  live: LiveLook | null;
  /** The pause file: ms left by this host's clock, and why. null: none, or it is over. */
  pause: {leftMs: number; why: string} | null;
  /** ms until which a further takeover would be over the limit; null: one is allowed. */
  limitLeftMs: number | null;
  /** The word of the split guard on the config here; null: it was not asked. */
  guard: {ok: boolean; reason: string} | null;
  /** ms since the workspace was fetched from the remote; null: not known. */
  workspaceAgeMs: number | null;
  /** Why the standby's own check says that a takeover would not work; null: it would, or was not checked yet. */
  unready: string | null;
  /** The model credentials answered when setup tried them. null: cannot be seen. */
  modelsProven: boolean | null;
}

export interface LiveLook {
  /** ms since it was written; the monitor writes it about every second. */
  ageMs: number;
  state: string;
  inStateMs: number;
  probe: {class: string; detail: string; tookMs: number} | null;
  /** An operator took over. */
  byHand: boolean;
  /** An operator wants it to give back. */
  failbackAsked: boolean;
  held: string | null;
  degraded: string | null;
  pausedMs: number | null;
  latchedMs: number | null;
  /** Its disk takes nothing: the system's error. */
  disk: string | null;
  say: string;
}

/** The split as both hosts' configs show it; only who reads both knows it. */
export type SplitLook =
  {state: 'disjoint'} | {state: 'conflict'; sentence: string} | {state: 'unknown'; sentence: string};

/** A look, and what was seen from outside. */
export interface Seen extends Look {
  split?: SplitLook;
}

/** ms; a monitor that wrote nothing for so long stands still: its longest tick takes 8 s. */
const stillMs = 20_000;

/** Whether there is a monitor that would hear a request. */
export const answers = ({unit, live}: Look) =>
  (unit === 'running' || unit === 'unknown') && live !== null && live.ageMs < stillMs;

/** The pause that is in force: what the monitor says counts, and where it says nothing, the file. */
export function pauseOf({live, pause}: Look): {leftMs: number; why: string} | null {
  if (live?.pausedMs != null) return {leftMs: Math.max(0, live.pausedMs), why: pause?.why ?? ''};
  return live === null ? pause : null;
}
