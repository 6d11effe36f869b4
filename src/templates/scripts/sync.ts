import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout} from '../layout.js';
import {openCheckout, quietSsh, reportResult} from './git-parts.js';
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
      handback: `${layout.lib}/handback`,
    },
    reportResult,
    String.raw`
in_use() {
  report in-use "the gateway here works in it, or its changes are not handed back yet"
  exit 0
}
`,
    openCheckout,
    quietSsh,
    String.raw`
if [ -e "$git_dir/$mark" ]; then
  wish=
  if [ -f "$role_file" ]; then read -r wish _ <"$role_file" || true; fi
  state=$(systemctl show --property=ActiveState --value openclaw.service 2>/dev/null || true)
  # A hand-back that failed is tried again; not while the gateway stops, and not when it is about to start.
  case "$wish $state" in
    'standby inactive' | 'standby failed')
      flock -u 9
      "$handback" || in_use
      flock -w 30 9 || in_use
      ;;
    *) in_use ;;
  esac
fi

if ! timeout 240 git -c gc.auto=0 fetch --quiet --no-tags origin "+refs/heads/$branch:refs/remotes/origin/$branch"; then
  report unreachable "git fetch failed"
  exit 1
fi
printf '%s000\n' "$(date +%s)" >"$git_dir/$stamp.new"
mv -f "$git_dir/$stamp.new" "$git_dir/$stamp"

# While this waited for the remote a takeover may have begun.
if [ -e "$git_dir/$mark" ]; then in_use; fi
if [ "$(git symbolic-ref --short -q HEAD || true)" != "$branch" ]; then fail "the branch $branch is not checked out"; fi
here=$(git rev-parse HEAD)
there=$(git rev-parse "refs/remotes/origin/$branch")
if [ -n "$(git status --porcelain)" ]; then
  report dirty "uncommitted changes at $(git rev-parse --short HEAD)"
elif [ "$here" = "$there" ]; then
  report current "$(git rev-parse --short HEAD)"
elif git merge-base --is-ancestor "$here" "$there"; then
  count=$(git rev-list --count "$here..$there")
  git -c gc.auto=0 merge --quiet --ff-only "$there" || fail "the fast-forward was refused"
  report fast-forwarded "$count commits, now $(git rev-parse --short HEAD)"
else
  report diverged "local $(git rev-parse --short HEAD), remote $(git rev-parse --short "$there")"
fi
`,
  );
