// A row of the fault matrix as data: what is done to the pair, and what must come of it within which time.

import type {MonitorSettings} from '../../../src/monitor/settings.js';
import type {Fault} from './fault.js';
import type {Play} from './play.js';

/** One thing that must happen, or is done next. `text` is its line in docs/faults.md and in a failure. */
export interface Step {
  text: string;
  do: (play: Play) => Promise<void>;
}

export type GatewayKind = 'real' | 'stub';

export interface Conditions {
  /** What is wrong, from the start of the row on. */
  fault: Fault;
  /** ms; absent: until the steps are done. */
  for?: number;
  /** The gateways: OpenClaw itself, or a small server that answers as it is told. Default: stubs. */
  primary?: GatewayKind;
  standby?: GatewayKind;
  /** Changes the settings that setup wrote. By default only the least time active is shorter (`quickReturn`). */
  settings?: (settings: MonitorSettings) => void;
  /** Done to the sleeping pair before the clock of the row starts. */
  given?: Fault;
  /** Runs the monitor with services/monitor-preload.cjs. */
  preload?: boolean;
  /** What this row breaks on purpose, so that the audit does not ask for it. */
  without?: readonly AuditName[];
}

/** Rules that are checked after every row (I… of the design; see audit.ts). */
export type AuditName = 'role' | 'sequence' | 'chain' | 'bounded' | 'limit' | 'restart';

export interface Row extends Conditions {
  /** Number in the matrix. */
  id: number;
  /** Tells rows of one number apart. */
  variant?: string;
  title: string;
  steps: readonly Step[];
}

export function row(
  id: number | `${number}${string}`,
  title: string,
  conditions: Conditions,
  ...steps: readonly Step[]
): Row {
  const [, number, variant] = /^(\d+)(.*)$/.exec(String(id))!;
  return {id: Number(number), ...(variant !== '' && {variant}), title, ...conditions, steps};
}

export const nameOf = ({id, variant = '', title}: Row) => `row ${id}${variant}: ${title}`;

export const s = (seconds: number) => seconds * 1000;
export const min = (minutes: number) => minutes * 60_000;
export const inSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** For rows whose point is not the return: 20 s active are enough. */
export function quickReturn(settings: MonitorSettings): void {
  settings.thresholds.minActiveMs = s(20);
}
