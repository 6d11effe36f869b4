import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout} from '../layout.js';
import {commitAll, openCheckout, quietSsh, reportResult} from './git-parts.js';
import {scriptFile} from './script-file.js';

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
    },
    reportResult,
    commitAll,
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
checked_out() { git symbolic-ref --short -q HEAD || true; }
if [ -z "$head" ] || [ -z "$tip" ] || [ -z "$upstream" ]; then fail "the branch $branch or its remote is missing"; fi

kept=
on_remote() { git merge-base --is-ancestor "$1" "$upstream"; }

# Uncommitted files, and commits of whatever is checked out.
if [ -n "$(git status --porcelain)" ] || ! on_remote "$head"; then
  # Not "git switch": it refuses in the middle of a merge, and this is to keep that as well.
  git branch "$name" "$head" || fail "the branch $name cannot be made"
  git symbolic-ref -m "hand-back" HEAD "refs/heads/$name"
  commit_all "Workspace of $host while it was active" || fail "the changes cannot be committed"
  kept=$name
fi
# Commits of the tracked branch that this did not take along (another branch was checked out).
if ! on_remote "$tip" && { [ -z "$kept" ] || ! git merge-base --is-ancestor "$tip" "refs/heads/$kept"; }; then
  git branch "$name-$branch" "$tip" || fail "the branch $name-$branch cannot be made"
  kept="$kept $name-$branch"
fi
# Now that every commit of it is on a branch, the tracked branch points at what the remote has of it again.
if ! on_remote "$tip"; then
  base=$(git merge-base "$tip" "$upstream") || fail "$branch and its remote have nothing in common"
  if [ "$(checked_out)" = "$branch" ]; then fail "$branch is still checked out"; fi
  git update-ref -m "hand-back: kept as $name" "refs/heads/$branch" "$base" "$tip" || fail "$branch changed meanwhile"
fi
if [ "$(checked_out)" != "$branch" ]; then
  git switch --quiet "$branch" || fail "$branch cannot be checked out again"
fi
rm -f "$git_dir/$mark"
if [ -n "$kept" ]; then
  report kept "$(echo "$kept" | sed 's/^ //')"
else
  report nothing "unchanged since the takeover"
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
pushed=
failed=
for name in $(git for-each-ref --format='%(refname:lstrip=2)' refs/heads/failover/); do
  tip=$(git rev-parse "refs/heads/$name")
  if [ "$(git rev-parse -q --verify "refs/failover-pushed/$name" || true)" = "$tip" ]; then continue; fi
  if timeout 60 git push --quiet origin "refs/heads/$name:refs/heads/$name"; then
    git update-ref "refs/failover-pushed/$name" "$tip"
    pushed="$pushed $name"
  else
    failed="$failed $name"
  fi
done
git gc --auto --quiet || true
if [ -n "$failed" ]; then fail "not pushed:$failed"; fi
if [ -n "$pushed" ]; then
  report pushed "$(echo "$pushed" | sed 's/^ //')"
else
  report nothing "every hand-back is on the remote"
fi
`,
  );
