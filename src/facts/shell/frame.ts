import {posix} from './posix.js';

/**
 * Functions that every part of the script uses. POSIX sh as dash runs it; nothing but what Debian and Ubuntu call
 * essential. Expects N (the marker of this run) and K (its key) to be set.
 *
 * s NAME COMMAND…   one section: marker, the command's output, marker with exit code and the end of its stderr
 * bg NAME COMMAND…  the same, started now and printed by `bg_end`: for what is slow and independent
 */
export const frame = posix`
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 077
cd /
T=$(mktemp -d /run/openclaw-failover-facts.XXXXXX 2>/dev/null || mktemp -d 2>/dev/null) || T=
E=/dev/null
[ -z "$T" ] || E=$T/err
trap '[ -z "$T" ] || rm -rf "$T"' EXIT
trap 'exit 1' HUP INT TERM PIPE

ended() {
  printf '\n%s > %s %s ' "$N" "$1" "$2"
  [ ! -s "$3" ] || tail -c 400 "$3" | tr -c '[:print:]' ' '
  echo
}
s() {
  sn=$1
  shift
  printf '\n%s < %s\n' "$N" "$sn"
  "$@" 2>"$E"
  ended "$sn" "$?" "$E"
}
BG=
bg() {
  bn=$1
  shift
  if [ -z "$T" ]; then
    s "$bn" "$@"
    return
  fi
  { "$@" >"$T/$bn.out" 2>"$T/$bn.err"; echo "$?" >"$T/$bn.rc"; } &
  # Printed in reverse: what runs as a user comes last, where it cannot anticipate a section of root's.
  BG="$bn:$! $BG"
}
bg_end() {
  for b in $BG; do
    wait "\${b##*:}"
    bn=\${b%%:*}
    printf '\n%s < %s\n' "$N" "$bn"
    cat "$T/$bn.out"
    rc=1
    read -r rc <"$T/$bn.rc"
    ended "$bn" "$rc" "$T/$bn.err"
  done
}
b64() { base64 -w0; }
# Runs a command as the owner of what it looks at, never as root on someone else's files.
as() {
  au=$1 ah=$2
  shift 2
  if [ "$au" = root ]; then
    env -i HOME="$ah" USER=root PATH="$PATH" LC_ALL=C "$@"
  else
    runuser -u "$au" -- env -i HOME="$ah" USER="$au" PATH="$PATH" LC_ALL=C "$@"
  fi
}
# ~ in a requested path is the home of the gateway's user.
place() {
  case $1 in
    '~/'*) [ -n "$GH" ] || return 1; P=$GH/\${1#??} ;;
    *) P=$1 ;;
  esac
}
`;
