import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout} from '../layout.js';
import {fetchBranch} from './fetch.js';
import {halfDone} from './half-done.js';
import {collectGarbage, inTheWay, openCheckout} from './git-parts.js';
import {scriptFile} from './script-file.js';
import {stageAll} from './stage-all.js';

export const workspacePushScriptName = 'workspace-push';

/**
 * On the primary: commits the workspace and pushes it, so that the age of the standby's copy is known. What the remote
 * has besides (a hand-back that was merged there) is taken over first, as long as that is a fast-forward.
 */
export const workspacePushScript = (
  origin: Origin,
  at: {workspace: string; branch: string; deployKey?: string},
): RemoteFile =>
  scriptFile(
    origin,
    workspacePushScriptName,
    'Fast-forwards the workspace, commits and pushes it, never by force. What the remote refuses is kept and told.',
    {
      workspace: at.workspace,
      branch: at.branch,
      deploy_key: at.deployKey ?? '',
      stamp: layout.fetchStamp,
      pushed: layout.syncStamp,
      why: layout.pushWhy,
    },
    String.raw`
git_dir=
fail() {
  if [ -n "$git_dir" ]; then
    printf '%s\n' "$1" >"$git_dir/$why.new" && mv -f "$git_dir/$why.new" "$git_dir/$why" || true
  fi
  echo "The workspace was not pushed: $1." >&2
  exit 1
}
`,
    stageAll,
    inTheWay,
    halfDone,
    openCheckout,
    fetchBranch,
    String.raw`
in_the_middle() {
  for name in MERGE_HEAD CHERRY_PICK_HEAD REVERT_HEAD rebase-merge rebase-apply; do
    if [ -e "$git_dir/$name" ]; then return 0; fi
  done
  return 1
}
if in_the_middle; then fail "a merge or rebase is in progress in $workspace"; fi
current=$(git symbolic-ref --short -q HEAD || true)
if [ "$current" != "$branch" ]; then fail "the branch $branch is not checked out"; fi
mend_half_done || fail "a checkout that was cut off cannot be undone"

# Before anything is committed: a commit more, and the two histories are no longer one line.
reached=0
fetch_branch 60 || reached=$?
there=$(git rev-parse -q --verify "refs/remotes/origin/$branch" || true)
here=$(git rev-parse -q --verify HEAD || true)
if [ "$reached" = 0 ] && [ -n "$here" ] && [ "$here" != "$there" ] && git merge-base --is-ancestor "$here" "$there"; then
  # It refuses by itself where a file that was changed here, or is not known to git, would be written over; one that
  # git ignores only when told so.
  checkout_to "$there" git -c gc.auto=0 merge --quiet --ff-only --no-overwrite-ignore "$there"
  if [ "$code" -ne 0 ]; then
    if [ -z "$(in_the_way "$said")" ]; then fail "the fast-forward failed, its own words are in the journal"; fi
    echo "The fast-forward was refused: files in its way were changed here." >&2
  fi
fi

stage_all || true
if is_staged; then commit_staged "Workspace of $(uname -n)" || fail "its changes cannot be committed"; fi
if [ "$reached" = 0 ] && ! git merge-base --is-ancestor "$there" HEAD; then
  fail "diverged: the remote has $(git rev-list --count "HEAD..$there") commits that are not here, and here are $(git rev-list --count "$there..HEAD") that it lacks; nothing is pushed until they are merged, on this host: sudo -H -u $(id -un) git -C '$workspace' pull --no-rebase --no-edit origin $branch"
fi
if ! timeout 120 git push --quiet origin "refs/heads/$branch:refs/heads/$branch"; then
  fail "git push was refused or the remote cannot be reached; the commits are kept and pushed with the next ones"
fi
if [ -n "$nested" ]; then
  echo "Pushed without the files of the repositories in it, so the standby does not get them: $nested." >&2
fi
# The rest is better on the remote than not, but it is not everything.
if [ -n "$left_out" ]; then fail "only a part of it was: $left_out"; fi
# Also when there was nothing new: the remote was asked, and it has everything.
printf '%s000\n' "$(date +%s)" >"$git_dir/$pushed.new"
mv -f "$git_dir/$pushed.new" "$git_dir/$pushed"
rm -f "$git_dir/$why"
`,
    collectGarbage,
  );
