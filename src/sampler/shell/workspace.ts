import {posix} from '../../facts/shell/posix.js';

/**
 * Lines `workspace`, looked up by git as the owner of the checkout; its config and hooks are not root's business.
 * Needs WORKSPACE (or empty), RECENT (how many of the newest commits are told), SYNC_STAMP, PUSH_WHY.
 */
export const workspace = posix`
workspace() {
  [ -n "$WORKSPACE" ] && [ -d "$WORKSPACE" ] && [ -e "$WORKSPACE/.git" ] || { say 'workspace none'; return 0; }
  owner=$(stat -c %U -- "$WORKSPACE") && home=$(home_of "$owner") || return 0
  seen=$(as "$owner" "$home" timeout -s KILL 15 sh -c '
    cd "$1" || exit 1
    export GIT_OPTIONAL_LOCKS=0 GIT_TERMINAL_PROMPT=0
    g() { timeout -s KILL 3 git -c core.fsmonitor=false -c core.hooksPath=/dev/null "$@"; }
    commit() { case $1 in "" | *[!0-9a-f]*) printf null ;; *) printf "\"%s\"" "$1" ;; esac; }
    number() { case $1 in "" | *[!0-9]*) printf null ;; *) printf %s "$1" ;; esac; }
    command -v git >/dev/null || exit 1
    stamp= why=
    [ ! -f ".git/$2" ] || read -r stamp <".git/$2"
    [ ! -f ".git/$3" ] || why=$(head -n 1 ".git/$3" | head -c 300 | tr -d "\000-\037\177" | sed "s/[\"\\\\]/\\\\&/g")
    set -- "$4" $(g log -1 --format="%H %ct")
    printf "{\"head\":%s,\"commitMs\":%s" "$(commit "$2")" "$(number "\${3:+\${3}000}")"
    printf ",\"upstream\":%s" "$(commit "$(g rev-parse --verify -q "@{upstream}")")"
    printf ",\"syncMs\":%s,\"pushFailed\":%s" "$(number "$stamp")" "$([ -z "$why" ] && printf null || printf "\"%s\"" "$why")"
    printf ",\"recent\":["
    [ "$1" -eq 0 ] || g log "-$1" --format="\"%H\"" | tr "\n" , | sed "s/,\$//"
    changed=$(g status --porcelain) && changed=$(printf %s "$changed" | grep -c "^") || [ "$changed" = 0 ] || changed=
    printf "],\"dirty\":%s}\n" "$(number "$changed")"
  ' sh "$WORKSPACE" "$SYNC_STAMP" "$PUSH_WHY" "$RECENT")
  case $seen in
    *"$NL"*) ;;
    '{'*'}') say "workspace $seen" ;;
  esac
}
`;
