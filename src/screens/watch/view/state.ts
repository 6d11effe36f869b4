import type {HostName} from '../../../ssh/host.js';

/** What the arrows move. */
export type Focus = 'timeline' | HostName;

export type LevelFilter = 'all' | 'warnings' | 'alerts';

/** What the operator has done to the view; everything else comes from the sample. */
export interface ViewState {
  focus: Focus;
  /** Key of the entry at the bottom of the timeline; absent: it follows what comes. */
  anchor?: string;
  /** Words the timeline is filtered by, as typed. */
  filter: string;
  /** The line for the filter is open. */
  typing: boolean;
  level: LevelFilter;
  /** The first account that a pane shows. */
  from: Readonly<Record<HostName, number>>;
  /** Said at the bottom for a moment, e.g. that a line was copied. */
  note?: string;
}

export const emptyView: ViewState = {
  focus: 'timeline',
  filter: '',
  typing: false,
  level: 'all',
  from: {primary: 0, standby: 0},
};

const order: readonly Focus[] = ['timeline', 'primary', 'standby'];

/** The focus after Tab, or before it (`step` −1). */
export function nextFocus(focus: Focus, step: 1 | -1): Focus {
  return order[(order.indexOf(focus) + step + order.length) % order.length] ?? 'timeline';
}

const levels: readonly LevelFilter[] = ['all', 'warnings', 'alerts'];

export function nextLevel(level: LevelFilter): LevelFilter {
  return levels[(levels.indexOf(level) + 1) % levels.length] ?? 'all';
}
