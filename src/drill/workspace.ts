import type {HostSample, WatchSample, WorkspaceSample} from '../screens/watch/model/sample.js';
import type {WorkspaceBefore} from './parts.js';

/** The workspace of a host; null: there is none, or nothing was told of it yet. */
export const workspaceIn = ({workspace}: HostSample): WorkspaceSample | null =>
  workspace === null || 'unknown' in workspace ? null : workspace;

/** What a standby that takes over at this moment would start from. Pure. */
export function workspaceNow({primary, standby, outlook}: WatchSample): WorkspaceBefore {
  const here = workspaceIn(standby);
  const there = workspaceIn(primary);
  const behind = here?.behind?.commits ?? null;
  // A copy with every commit is as old as the newest push; any other is as old as its newest commit.
  const ageMs = behind === null ? outlook?.rpoMs : behind === 0 ? there?.syncAgeMs : here?.commitAgeMs;
  return {rpoMs: ageMs == null ? null : Math.round(ageMs), behind, dirty: there?.dirty ?? null};
}
