import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout} from '../layout.js';
import {fetchBranch} from './fetch.js';
import {halfDone} from './half-done.js';
import {inTheWay, openCheckout, reportResult} from './git-parts.js';
import {scriptFile} from './script-file.js';

export const syncScriptName = 'standby-sync';

/** Brings the standby's workspace up to date: fetch and fast-forward, never anything else. */
export const syncScript = (origin: Origin, branch: string): RemoteFile =>
  scriptFile(
    origin,
    syncScriptName,
    'Brings the workspace up to date: fetch and fast-forward. Local changes and other histories are kept and told.',
    {
      workspace: layout.workspace,
      branch,
      deploy_key: layout.deployKey,
      result_file: `${layout.workRun}/sync.json`,
      mark: layout.inUse,
      stamp: layout.syncStamp,
      role_file: layout.role,
      runs_file: layout.runsAs,
      handback: `${layout.lib}/handback`,
    },
    reportResult,
    inTheWay,
    halfDone,
    String.raw`
in_use() {
  report in-use "the gateway here works in it, or its changes are not handed back yet"
  exit 0
}
`,
    openCheckout,
    fetchBranch,
    String.raw`
if [ -e "$git_dir/$mark" ]; then
  wish=
  if [ -f "$role_file" ]; then read -r wish _ <"$role_file" || true; fi
  state=$(systemctl show --property=ActiveState --value openclaw.service 2>/dev/null || true)
  # A hand-back that failed is tried again; not while the gateway stops, and not when it is about to start.
  # A warm gateway that sleeps touches nothing here.
  if [ "$state" = active ] && [ "$(cat "$runs_file" 2>/dev/null || true)" = asleep ]; then state=asleep; fi
  case "$wish $state" in
    'standby inactive' | 'standby failed' | 'standby asleep')
      flock -u 9
      "$handback" || in_use
      flock -w 30 9 || in_use
      ;;
    *) in_use ;;
  esac
fi

# Not under the lock: a takeover must not find it held by a fetch that hangs.
flock -u 9
code=0
fetch_branch 240 || code=$?
case $code in
  0) ;;
  2) report refused "$(fetch_why)"; exit 1 ;;
  *) report unreachable "$(fetch_why)"; exit 1 ;;
esac
flock -w 30 9 || fail "another job has been busy with the checkout for 30 s"

# While this waited for the remote a takeover may have begun.
if [ -e "$git_dir/$mark" ]; then in_use; fi
if [ "$(git symbolic-ref --short -q HEAD || true)" != "$branch" ]; then fail "the branch $branch is not checked out"; fi
mend_half_done || fail "a checkout that was cut off cannot be undone"
here=$(git rev-parse HEAD)
there=$(git rev-parse "refs/remotes/origin/$branch")
state=$(git status --porcelain -uall --ignore-submodules=all) || fail "git cannot tell what was changed here"
# A repository inside has a history of its own, and none of its files is touched by what follows.
if printf '%s' "$state" | grep -qv '^?? .*/"\{0,1\}$'; then
  report dirty "uncommitted changes at $(git rev-parse --short HEAD)"
elif [ "$here" = "$there" ]; then
  report current "$(git rev-parse --short HEAD)"
elif git merge-base --is-ancestor "$here" "$there"; then
  count=$(git rev-list --count "$here..$there")
  checkout_to "$there" git -c gc.auto=0 merge --quiet --ff-only --no-overwrite-ignore "$there"
  if [ "$code" -ne 0 ]; then
    way=$(in_the_way "$said")
    if [ -z "$way" ]; then fail "the fast-forward failed, its own words are in the journal"; fi
    report dirty "not in git here, but on the remote: $way"
    exit 0
  fi
  report fast-forwarded "$count commits, now $(git rev-parse --short HEAD)"
else
  report diverged "local $(git rev-parse --short HEAD), remote $(git rev-parse --short "$there")"
fi
`,
  );
