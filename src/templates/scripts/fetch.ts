import {quietSsh} from './git-parts.js';

/**
 * `fetch_branch SECONDS`: fetches `$branch` of origin, touching no file of the work tree, and notes when. One at a
 * time: a fetch that another job is in the middle of is waited for, and counts. Ends with 1 when the remote cannot be
 * reached, with 2 when it refuses and a person is needed; `fetch_why` says in our own words why (git's may hold an
 * address with a password). Needs `$git_dir`, `$deploy_key`, `$branch` and `$stamp`.
 */
export const fetchBranch = String.raw`
fetch_why() { cat "$git_dir/failover-fetch.why" 2>/dev/null || true; }
no_fetch() {
  printf '%s\n' "$2" >"$git_dir/failover-fetch.why"
  return "$1"
}
fetch_branch() {
  export GIT_TERMINAL_PROMPT=0 LC_ALL=C
  begun=$(date +%s)
  exec 8>"$git_dir/failover-fetch.lock"
  flock -w "$1" 8 || { no_fetch 1 "an earlier fetch hangs"; return; }
  fetched=$(cat "$git_dir/$stamp" 2>/dev/null || true)
  case $fetched in '' | *[!0-9]*) fetched=0 ;; esac
  if [ "$((fetched / 1000))" -gt "$begun" ]; then return 0; fi
${quietSsh.trim()}
  # Names that do not resolve, a host that swallows packets, a key that is asked for: all of it ends here.
  left=$(($1 - $(date +%s) + begun))
  if [ "$left" -lt 1 ]; then left=1; fi
  ended=0
  said=$(timeout -k 1 "$left" git -c gc.auto=0 fetch --quiet --no-tags origin "+refs/heads/$branch:refs/remotes/origin/$branch" 2>&1) || ended=$?
  case $ended in
    0) ;;
    124 | 137) no_fetch 1 "no answer in $1 s"; return ;;
    *)
      case $said in
        *"Host key verification failed"* | *"IDENTIFICATION HAS CHANGED"*) no_fetch 2 "the remote shows another host key than the known one" ;;
        *"Permission denied"* | *"Authentication failed"* | *"could not read Username"*) no_fetch 2 "the remote refuses the key" ;;
        *"find remote ref"*) no_fetch 2 "the remote has no branch $branch" ;;
        *"not appear to be a git"* | *"epository"*"not found"*) no_fetch 2 "there is no such repository" ;;
        *"ould not resolve"*) no_fetch 1 "its name cannot be resolved" ;;
        *) no_fetch 1 "git fetch failed" ;;
      esac
      return
      ;;
  esac
  printf '%s000\n' "$(date +%s)" >"$git_dir/$stamp.new"
  mv -f "$git_dir/$stamp.new" "$git_dir/$stamp"
  flock -u 8
}
`;
