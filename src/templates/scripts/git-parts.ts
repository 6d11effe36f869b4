/**
 * Opens the checkout `$workspace` and takes its lock, so that the jobs that touch it come one after the other.
 * Sets `$git_dir`. Needs `fail` (a sentence) to be defined before.
 */
export const openCheckout = String.raw`
export GIT_TERMINAL_PROMPT=0 LC_ALL=C
cd "$workspace" 2>/dev/null || fail "there is no folder $workspace"
git_dir=$(git rev-parse --absolute-git-dir 2>/dev/null) || fail "$workspace is not a git checkout"
exec 9>"$git_dir/failover.lock"
flock -w 30 9 || fail "another job has been busy with the checkout for 30 s"

# A git that was killed leaves its lock behind; it is removed only when no git of this user runs any more.
if [ -e "$git_dir/index.lock" ] && [ -n "$(find "$git_dir/index.lock" -mmin +1)" ] && ! pgrep -u "$(id -u)" -x git >/dev/null 2>&1; then
  echo "Removing the index.lock of a git that is gone." >&2
  rm -f "$git_dir/index.lock"
fi

if [ -z "$(git config user.name || true)" ]; then
  GIT_AUTHOR_NAME="openclaw on $(uname -n)" GIT_COMMITTER_NAME="openclaw on $(uname -n)"
  export GIT_AUTHOR_NAME GIT_COMMITTER_NAME
fi
if [ -z "$(git config user.email || true)" ]; then
  GIT_AUTHOR_EMAIL="openclaw@$(uname -n)" GIT_COMMITTER_EMAIL="openclaw@$(uname -n)"
  export GIT_AUTHOR_EMAIL GIT_COMMITTER_EMAIL
fi
`;

/** SSH that never asks and never hangs; `$deploy_key` is used where it exists and the checkout names no other way. */
export const quietSsh = String.raw`
ssh_command=$(git config core.sshCommand || true)
if [ -z "$ssh_command" ]; then
  ssh_command=ssh
  if [ -n "$deploy_key" ] && [ -f "$deploy_key" ]; then ssh_command="ssh -i $deploy_key -o IdentitiesOnly=yes"; fi
fi
export GIT_SSH_COMMAND="$ssh_command -o BatchMode=yes -o ConnectTimeout=5 -o ServerAliveInterval=5 -o ServerAliveCountMax=3"
`;

/** Writes the result of a job where the monitor reads it: `report RESULT DETAIL`. Needs `$result_file`. */
export const reportResult = String.raw`
report() {
  detail=$(printf '%s' "$2" | tr -c 'A-Za-z0-9 ._:/@+,-' ' ' | cut -c1-160)
  printf '{"at":"%s","result":"%s","detail":"%s"}\n' "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)" "$1" "$detail" >"$result_file.new"
  chmod 644 "$result_file.new"
  mv -f "$result_file.new" "$result_file"
  echo "$1: $2"
}
fail() {
  report failed "$1"
  exit 1
}
`;

/** Commits everything that is in the work tree: `commit_all MESSAGE`. Nothing to commit is fine. */
export const commitAll = String.raw`
commit_all() {
  git add -A
  git diff --cached --quiet || git -c commit.gpgSign=false commit --quiet --no-verify -m "$1"
}
in_the_middle() {
  for name in MERGE_HEAD CHERRY_PICK_HEAD REVERT_HEAD rebase-merge rebase-apply; do
    if [ -e "$git_dir/$name" ]; then return 0; fi
  done
  return 1
}
`;
