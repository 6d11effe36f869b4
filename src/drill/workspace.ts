import type {HostSample, WatchSample, WorkspaceSample} from '../screens/watch/model/sample.js';
import type {WorkspaceBefore} from './parts.js';

/** The workspace of a host; null: there is none, or nothing was told of it yet. */
export const workspaceIn = ({workspace}: HostSample): WorkspaceSample | null =>
  workspace === null || 'unknown' in workspace ? null : workspace;

/** What a standby that takes over at this moment would start from. Pure. */
export function workspaceNow({primary, standby, outlook}: WatchSample): WorkspaceBefore {
  return {
    rpoMs: outlook?.rpoMs === undefined || outlook.rpoMs === null ? null : Math.round(outlook.rpoMs),
    behind: workspaceIn(standby)?.behind?.commits ?? null,
    dirty: workspaceIn(primary)?.dirty ?? null,
  };
}
