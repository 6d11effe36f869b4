import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout} from '../layout.js';
import {collectGarbage, inTheWay, openCheckout, quietSsh, reportResult} from './git-parts.js';
import {halfDone} from './half-done.js';
import {scriptFile} from './script-file.js';
import {stageAll} from './stage-all.js';

export const handbackScriptName = 'handback';
export const handbackPushScriptName = 'handback-push';

/**
 * After a takeover: everything the standby changed goes to a branch of its own, then the tracked branch is checked
 * out as the remote has it. Every commit stays on a branch; nothing is reset.
 */
export const handbackScript = (origin: Origin, branch: string): RemoteFile =>
  scriptFile(
    origin,
    handbackScriptName,
    'Puts what the standby changed in the workspace on a branch failover/HOST/TIME, then returns to the tracked branch.',
    {
      workspace: layout.workspace,
      branch,
      result_file: `${layout.workRun}/handback.json`,
      mark: layout.inUse,
      role_file: layout.role,
    },
    reportResult,
    stageAll,
    inTheWay,
    halfDone,
    openCheckout,
    String.raw`
if [ ! -e "$git_dir/$mark" ]; then exit 0; fi
if [ -d "$git_dir/rebase-merge" ] || [ -d "$git_dir/rebase-apply" ]; then fail "a rebase is in progress in $workspace"; fi

host=$(uname -n | tr -c 'A-Za-z0-9-' '-' | sed 's/^-*//; s/-*$//')
stamp=failover/$host/$(date -u +%Y%m%dT%H%M%SZ)
name=$stamp
number=1
while git rev-parse -q --verify "refs/heads/$name" >/dev/null; do
  number=$((number + 1))
  name=$stamp-$number
done
upstream=$(git rev-parse -q --verify "refs/remotes/origin/$branch" || true)
head=$(git rev-parse -q --verify HEAD || true)
tip=$(git rev-parse -q --verify "refs/heads/$branch" || true)
fresh=$name
checked_out() { git symbolic-ref --short -q HEAD || true; }
if [ -z "$head" ] || [ -z "$tip" ] || [ -z "$upstream" ]; then fail "the branch $branch or its remote is missing"; fi
# A hand-back that did not come to its end goes on with its branch, or each try would make another.
case $(checked_out) in
  "failover/$host"/*) name=$(checked_out) ;;
esac

kept=
on_remote() { git merge-base --is-ancestor "$1" "$upstream"; }

mend_half_done || fail "a checkout that was cut off cannot be undone"

# Uncommitted files, and commits of whatever is checked out.
stage_all || true
if is_staged || ! on_remote "$head"; then
  if [ "$(checked_out)" != "$name" ]; then
    # Not "git switch": it refuses in the middle of a merge, and this is to keep that as well.
    git branch "$name" "$head" || fail "the branch $name cannot be made"
    if ! git symbolic-ref -m "hand-back" HEAD "refs/heads/$name"; then
      # Each try would leave another.
      git update-ref -d "refs/heads/$name" "$head" || true
      fail "the branch $name cannot be checked out"
    fi
  fi
  if is_staged; then commit_staged "Workspace of $host while it was active" || fail "the changes cannot be committed"; fi
  kept=$name
fi
# The mark stays, so that it is tried again: what git could not take lies in this folder only.
if [ -n "$left_out" ]; then
  if [ -n "$kept" ]; then left_out="$left_out, the rest is on $kept"; fi
  fail "$left_out"
fi
# Commits of the tracked branch that this did not take along (another branch was checked out).
if ! on_remote "$tip" && { [ -z "$kept" ] || ! git merge-base --is-ancestor "$tip" "refs/heads/$kept"; }; then
  other=$(git for-each-ref --contains "$tip" --format='%(refname:lstrip=2)' refs/heads/failover/ | head -n 1)
  if [ -z "$other" ]; then
    other=$fresh-$branch
    git branch "$other" "$tip" || fail "the branch $other cannot be made"
  fi
  kept="$kept $other"
fi
# Now that every commit of it is on a branch, the tracked branch points at what the remote has of it again; at all
# of the remote's where its history was written anew.
if ! on_remote "$tip"; then
  base=$(git merge-base "$tip" "$upstream") || base=$upstream
  if [ "$(checked_out)" = "$branch" ]; then fail "$branch is still checked out"; fi
  git update-ref -m "hand-back: kept as $name" "refs/heads/$branch" "$base" "$tip" || fail "$branch changed meanwhile"
fi
# A takeover that has begun meanwhile works in these files, and its end hands them back.
wish=
if [ -f "$role_file" ]; then read -r wish _ <"$role_file" || true; fi
if [ "$wish" = active ]; then fail "a takeover has begun"; fi
if [ "$(checked_out)" != "$branch" ]; then
  checkout_to "$(git rev-parse "refs/heads/$branch")" git switch --quiet --no-overwrite-ignore "$branch"
  if [ "$code" -ne 0 ]; then
    way=$(in_the_way "$said")
    if [ -n "$way" ]; then fail "in the way of $branch, which has other files there: $way"; fi
    fail "$branch cannot be checked out again"
  fi
fi
rm -f "$git_dir/$mark"
inside=
if [ -n "$nested" ]; then inside=" (without the files of the repositories in it: $nested)"; fi
if [ -n "$kept" ]; then
  report kept "$(echo "$kept" | sed 's/^ //')$inside"
else
  report nothing "unchanged since the takeover$inside"
fi
`,
  );

/** Pushes the hand-back branches that the remote does not have yet; never by force. */
export const handbackPushScript = (origin: Origin): RemoteFile =>
  scriptFile(
    origin,
    handbackPushScriptName,
    'Pushes the branches failover/… that the remote does not have yet. What fails is kept and tried again.',
    {
      workspace: layout.workspace,
      deploy_key: layout.deployKey,
      result_file: `${layout.workRun}/handback-push.json`,
    },
    reportResult,
    openCheckout,
    quietSsh,
    String.raw`
# Neither a takeover nor a hand-back waits for the remote; a push takes what a branch is at that moment.
flock -u 9
pushed=
failed=
for name in $(git for-each-ref --format='%(refname:lstrip=2)' refs/heads/failover/); do
  tip=$(git rev-parse "refs/heads/$name")
  if [ "$(git rev-parse -q --verify "refs/failover-pushed/$name" || true)" = "$tip" ]; then continue; fi
  if timeout 60 git push --quiet origin "$tip:refs/heads/$name"; then
    git update-ref "refs/failover-pushed/$name" "$tip"
    pushed="$pushed $name"
  else
    failed="$failed $name"
  fi
done
code=0
if [ -n "$failed" ]; then
  report failed "not pushed:$failed"
  code=1
elif [ -n "$pushed" ]; then
  report pushed "$(echo "$pushed" | sed 's/^ //')"
else
  report nothing "every hand-back is on the remote"
fi
`,
    collectGarbage,
    'exit "$code"',
  );
