import {posix} from './posix.js';

/** Files, env files and work trees of the request; each line begins with the number that it has in the request. */
export const contents = posix`
keyed() { { printf %s "$K"; cat -- "$1"; } | sha256sum | cut -c 1-64; }
# NUMBER PATH secret|plain
file() {
  place "$2" || { echo "$1 absent"; return; }
  [ -e "$P" ] || [ -L "$P" ] || { echo "$1 absent"; return; }
  st=$(stat -c '%f %U %G %s %Y' -- "$P") || return 0
  printf '%s is %s' "$1" "$st"
  size=\${st% *}
  if [ -f "$P" ] && ! [ -L "$P" ]; then
    if [ "$3" = plain ] && [ "\${size##* }" -lt 65536 ]; then
      printf ' text '
      b64 <"$P"
    else
      printf ' hash %s' "$(keyed "$P")"
      [ "$3" != plain ] || printf ' %s' "$(sha256sum <"$P" | cut -c 1-64)"
    fi
  fi
  echo
}
# NUMBER PATH: NAME and sha256(key, value) for every line, quotes taken off as dotenv does.
env_file() {
  place "$2" || { echo "$1 absent"; return; }
  [ -f "$P" ] && [ -r "$P" ] || { echo "$1 absent"; return; }
  echo "$1 present"
  ei=$1
  while IFS= read -r line || [ -n "$line" ]; do
    line=\${line%"$CR"}
    trim "$line"
    case $V in export[[:blank:]]*) trim "\${V#export}" ;; esac
    name=\${V%%[!A-Za-z0-9_.-]*}
    [ -n "$name" ] || continue
    trim "\${V#"$name"}"
    case $V in =*) trim "\${V#=}" ;; *) continue ;; esac
    case $V in
      \'*\'*) q=\' ;;
      \"*\"*) q=\" ;;
      "$BT"*"$BT"*) q=$BT ;;
      \'* | \"* | "$BT"*) q=\${V%"\${V#?}"}; more "$q" ;;
      *) q= ;;
    esac
    if [ -n "$q" ]; then
      V=\${V#?}
      V=\${V%%"$q"*}
      [ "$q" != \" ] || unescape
    else
      V=\${V%%#*}
      trim "$V"
    fi
    printf '%s %s ' "$ei" "$name"
    { printf %s "$K"; printf %s "$V"; } | sha256sum | cut -c 1-64
  done <"$P"
}
CR=$(printf '\r')
BT=$(printf '\140')
NL='
'
trim() {
  V=$1
  V=\${V#"\${V%%[![:space:]]*}"}
  V=\${V%"\${V##*[![:space:]]}"}
}
# A quoted value that goes on in the next lines.
more() {
  while IFS= read -r next; do
    V=$V$NL$next
    case $next in *"$1"*) return ;; esac
  done
}
unescape() {
  rest=$V
  V=
  while :; do
    case $rest in
      *\\[nr]*)
        head=\${rest%%\\[nr]*}
        rest=\${rest#"$head"?}
        case $rest in n*) V=$V$head$NL ;; *) V=$V$head$CR ;; esac
        rest=\${rest#?}
        ;;
      *) V=$V$rest; break ;;
    esac
  done
}
# NUMBER PATH: described by git as the owner of the folder; its config and hooks are not root's business.
checkout() {
  place "$2" || { echo "$1 absent"; return; }
  [ -d "$P" ] || { echo "$1 absent"; return; }
  echo "$1 exists"
  [ -e "$P/.git" ] || return 0
  echo "$1 git"
  if [ -f "$P/.git/$STAMP" ]; then
    stamp=
    read -r stamp <"$P/.git/$STAMP"
    case $stamp in '' | *[!0-9]*) ;; *) echo "$1 sync $stamp" ;; esac
  fi
  owner=$(stat -c %U -- "$P")
  oh=$(home_of "$owner") || { echo "$1 failed the owner has no entry in /etc/passwd"; return; }
  command -v git >/dev/null || { echo "$1 failed git is not installed"; return; }
  as "$owner" "$oh" timeout 5 sh -c '
    cd "$1" || exit 1
    export GIT_OPTIONAL_LOCKS=0 GIT_TERMINAL_PROMPT=0
    g() { git -c core.fsmonitor=false -c core.hooksPath=/dev/null "$@"; }
    [ ! -f ".git/$2" ] || echo "pushfailed $(head -n 1 ".git/$2" | head -c 600)"
    [ ! -e ".git/$3" ] || echo inuse
    g status --porcelain=v2 --branch | awk "/^# /{sub(/^# /, \"\"); print; next} {n++} END{print \"dirty \" n + 0}"
    echo "date $(g log -1 --format=%ct 2>/dev/null)"
    remote=$(g config --get "branch.$(g symbolic-ref -q --short HEAD).remote" || echo origin)
    echo "remote $(g config --get "remote.$remote.url" | sed "s#^\(https\{0,1\}://\)[^/@]*@#\1#")"
    g for-each-ref --format="unmerged %(refname:lstrip=2)" --no-merged=HEAD refs/heads/failover/
    # The pushed ones come first, by name.
    g for-each-ref --format="%(objectname) %(refname)" refs/failover-pushed/failover/ refs/heads/failover/ | {
      pushed=" "
      while read -r tip name; do
        case $name in
          refs/failover-pushed/*) pushed="$pushed$tip:\${name#refs/failover-pushed/} " ;;
          *) case $pushed in *" $tip:\${name#refs/heads/} "*) ;; *) echo "unpushed \${name#refs/heads/}" ;; esac ;;
        esac
      done
    }
  ' sh "$P" "$PUSHWHY" "$INUSE" 2>&1 | sed "s/^/$1 /"
}
`;
