import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout} from '../layout.js';
import {commitAll, openCheckout, quietSsh} from './git-parts.js';
import {scriptFile} from './script-file.js';

export const workspacePushScriptName = 'workspace-push';

/** On the primary: commits the workspace and pushes it, so that the age of the standby's copy is known. */
export const workspacePushScript = (
  origin: Origin,
  at: {workspace: string; branch: string; deployKey?: string},
): RemoteFile =>
  scriptFile(
    origin,
    workspacePushScriptName,
    'Commits the workspace and pushes it, never by force. What the remote refuses is kept and told.',
    {workspace: at.workspace, branch: at.branch, deploy_key: at.deployKey ?? '', stamp: layout.syncStamp},
    String.raw`
fail() {
  echo "The workspace was not pushed: $1." >&2
  exit 1
}
`,
    commitAll,
    openCheckout,
    quietSsh,
    String.raw`
if in_the_middle; then fail "a merge or rebase is in progress in $workspace"; fi
current=$(git symbolic-ref --short -q HEAD || true)
if [ "$current" != "$branch" ]; then fail "the branch $branch is not checked out"; fi
commit_all "Workspace of $(uname -n)" || fail "its changes cannot be committed"
if ! timeout 120 git push --quiet origin "refs/heads/$branch:refs/heads/$branch"; then
  fail "git push was refused or the remote cannot be reached; the commits are kept and pushed with the next ones"
fi
# Also when there was nothing new: the remote was asked, and it has everything.
printf '%s000\n' "$(date +%s)" >"$git_dir/$stamp.new"
mv -f "$git_dir/$stamp.new" "$git_dir/$stamp"
`,
  );
