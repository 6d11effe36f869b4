/**
 * `free_locks [TESTS OF FIND]`: a git that was killed leaves its locks behind; they are removed only when no git of this
 * user runs any more. Needs `$git_dir`.
 */
export const freeLocks = String.raw`
free_locks() {
  locks=$(find "$git_dir/index.lock" "$git_dir/HEAD.lock" "$git_dir/packed-refs.lock" "$git_dir/refs" -name '*.lock' -type f "$@" 2>/dev/null || true)
  if [ -z "$locks" ] || pgrep -u "$(id -u)" -x git >/dev/null 2>&1; then return 0; fi
  printf '%s\n' "$locks" | while IFS= read -r lock; do
    echo "Removing the $(basename "$lock") of a git that is gone." >&2
    rm -f "$lock"
  done
}
`;

/**
 * Opens the checkout `$workspace` and takes its lock, so that the jobs that touch it come one after the other.
 * Sets `$git_dir`. Needs `fail` (a sentence) to be defined before.
 */
export const openCheckout = `${freeLocks.trim()}

${String.raw`
export GIT_TERMINAL_PROMPT=0 LC_ALL=C
cd "$workspace" 2>/dev/null || fail "there is no folder $workspace"
git_dir=$(git rev-parse --absolute-git-dir 2>/dev/null) || fail "$workspace is not a git checkout"
# Asked first, in a shell of its own: one that cannot open what "exec" is told to ends without a word.
(: >>"$git_dir/failover.lock") 2>/dev/null || fail "$git_dir cannot be written by $(id -un)"
exec 9>"$git_dir/failover.lock"
flock -w 30 9 || fail "another job has been busy with the checkout for 30 s"

# Where nobody waits, one that has just begun is given time to be seen.
free_locks -mmin +1

if [ -z "$(git config user.name || true)" ]; then
  GIT_AUTHOR_NAME="openclaw on $(uname -n)" GIT_COMMITTER_NAME="openclaw on $(uname -n)"
  export GIT_AUTHOR_NAME GIT_COMMITTER_NAME
fi
if [ -z "$(git config user.email || true)" ]; then
  GIT_AUTHOR_EMAIL="openclaw@$(uname -n)" GIT_COMMITTER_EMAIL="openclaw@$(uname -n)"
  export GIT_AUTHOR_EMAIL GIT_COMMITTER_EMAIL
fi
`.trim()}
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
export const report = String.raw`
report() {
  detail=$(printf '%s' "$2" | tr -c 'A-Za-z0-9 ._:/@+,()-' ' ' | tr -s ' ' | cut -c1-160)
  printf '{"at":"%s","result":"%s","detail":"%s"}\n' "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)" "$1" "$detail" >"$result_file.new"
  chmod 644 "$result_file.new"
  mv -f "$result_file.new" "$result_file"
  echo "$1: $2"
}
`;

/** The same, with the way a job ends that could not do its work. */
export const reportResult = `${report.trim()}
fail() {
  report failed "$1"
  exit 1
}
`;

/**
 * The names in what git said when it refused to write over files: `in_the_way WORDS`. Files that it ignores are among
 * them only with --no-overwrite-ignore; without it they are lost.
 */
export const inTheWay = String.raw`
in_the_way() { printf '%s\n' "$1" | sed -n 's/^\t//p' | tr '\n' ' ' | sed 's/ *$//'; }
`;

/** After everything else and without the lock, so that nobody waits for it; in front, or it would end with the job. */
export const collectGarbage = String.raw`
flock -u 9
git -c gc.autoDetach=false gc --auto --quiet || true
`;
