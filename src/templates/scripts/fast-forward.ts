import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout} from '../layout.js';
import {halfDone} from './half-done.js';
import {freeLocks, inTheWay, reportResult} from './git-parts.js';
import {scriptFile} from './script-file.js';

export const fastForwardScriptName = 'fast-forward';

/**
 * At the start of the gateway: what was fetched before is taken over, nothing is fetched and nothing is waited for.
 * Whatever is in the way, the copy that is here stays and is used.
 */
export const fastForwardScript = (origin: Origin, branch: string): RemoteFile =>
  scriptFile(
    origin,
    fastForwardScriptName,
    'Fast-forwards the workspace to what was fetched before, and marks it as used. Asks nobody, waits for nobody.',
    {
      workspace: layout.workspace,
      branch,
      result_file: `${layout.workRun}/sync.json`,
      mark: layout.inUse,
      stamp: layout.syncStamp,
    },
    reportResult,
    inTheWay,
    freeLocks,
    halfDone,
    String.raw`
export LC_ALL=C
cd "$workspace" 2>/dev/null || fail "there is no folder $workspace"
git_dir=$(git rev-parse --absolute-git-dir 2>/dev/null) || fail "$workspace is not a git checkout"
# A gateway that starts again in the same takeover goes on with its own files.
if [ -e "$git_dir/$mark" ]; then
  # Nor with what a hand-back left that was cut off.
  if is_half_done && exec 9>"$git_dir/failover.lock" && flock -n 9; then mend_half_done || true; fi
  checkout_ended
  exit 0
fi

fetched() {
  ms=$(cat "$git_dir/$stamp" 2>/dev/null || true)
  case $ms in
    '' | *[!0-9]*) echo "never fetched" ;;
    *) echo "fetched $(($(date +%s) - ms / 1000)) s ago" ;;
  esac
}
use() {
  # From here on every change is one of this gateway.
  checkout_ended
  # In a shell of its own: one that cannot write what it is told to with ":" ends.
  if (: >"$git_dir/$mark") 2>/dev/null; then
    report "$1" "$2, $(fetched)"
  else
    report used-as-is "$2, $(fetched), $git_dir cannot be written, so what changes now is not handed back"
  fi
  exit 0
}
# It is waited for a few seconds only. What is half new then is a change like any other, and is handed back as one.
trap 'use used-as-is "it took too long, and was cut off"' TERM

at=$(git rev-parse --short HEAD 2>/dev/null || true)
if ! (: >>"$git_dir/failover.lock") 2>/dev/null; then use used-as-is "its lock cannot be opened at $at"; fi
exec 9>"$git_dir/failover.lock"
here=$(git rev-parse -q --verify HEAD || true)
there=$(git rev-parse -q --verify "refs/remotes/origin/$branch" || true)
if [ -z "$here" ] || [ -z "$there" ]; then use used-as-is "the branch $branch or its remote is missing"; fi
if [ "$here" = "$there" ]; then use used "$at"; fi
flock -n 9 || use used-as-is "another job was busy with it at $at"
free_locks
mend_half_done || true
if [ "$(git symbolic-ref --short -q HEAD || true)" != "$branch" ]; then use used-as-is "the branch $branch is not checked out"; fi
if ! git merge-base --is-ancestor "$here" "$there"; then
  if git merge-base --is-ancestor "$there" "$here"; then use used "$at, not pushed yet"; fi
  # Neither history may be collected as garbage before a person has looked at both.
  git update-ref "refs/failover-kept/here-$at" "$here" || true
  git update-ref "refs/failover-kept/remote-$(git rev-parse --short "$there")" "$there" || true
  use diverged "local $at, remote $(git rev-parse --short "$there")"
fi
if [ -e "$git_dir/index.lock" ]; then use used-as-is "somebody's git is busy with it at $at"; fi
# It refuses by itself where a file that was changed here, or is not known to git, would be written over; one that git
# ignores only when told so.
checkout_to "$there" git -c gc.auto=0 merge --quiet --ff-only --no-overwrite-ignore "$there"
if [ "$code" -eq 0 ]; then use fast-forwarded "now $(git rev-parse --short HEAD)"; fi
way=$(in_the_way "$said")
if [ -z "$way" ]; then use used-as-is "the fast-forward failed at $at"; fi
use dirty "local changes at $at: $way"
`,
  );
