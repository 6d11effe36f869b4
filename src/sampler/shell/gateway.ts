import {posix} from '../../facts/shell/posix.js';

/**
 * What all forms of a gateway share. Each form has `gateway_ask`, which asks whoever runs it, calls `gateway_told` and
 * sets WATCHED, paths whose coming and going means that something happened, and PASSING, set while it is on its way from
 * one state to another; and says how long it waits (in hundredths of a second) between two questions: ASK_CALM,
 * ASK_PASSING, and ASK_SOON for the second after something was seen, as systemd may need a moment to see it too.
 */
export const gateway = posix`
GPID=0 GATEWAY= RUNS=

# STATE RESULT PID UP_S RESTARTS
gateway_told() {
  r=$2
  case $r in '' | success | *[!a-z-]*) r=- ;; esac
  GPID=$3
  [ "$1 $r $3 $5" != "$GATEWAY" ] || return 0
  GATEWAY="$1 $r $3 $5"
  say "gateway $1 $r $3 $4 $5"
  RUNS=
  [ "$1" != running ] || RUNS=1
  SOON=$((up + 100))
  accounts_follow
}
# Sets ups: s that a process has been there, or "-".
age_of() {
  ups=- st=
  [ "$1" -gt 0 ] || return 0
  read -r st <"/proc/$1/stat"
  set -f -- \${st##*) }
  [ "$#" -ge 20 ] || return 0
  ups=$(((up - \${20}) / 100))
  [ "$ups" -ge 0 ] || ups=-
}

sight() {
  SEEN=
  for w in $WATCHED; do
    if [ -e "$w" ] || [ -L "$w" ]; then SEEN=\${SEEN}1; else SEEN=\${SEEN}0; fi
  done
}
SIGHT= SOON=0 NEXT_ASK=0
gateway_round() {
  if [ "$up" -lt "$NEXT_ASK" ]; then
    sight
    [ "$SEEN" != "$SIGHT" ] || return 0
    SOON=$((up + 100))
  fi
  gateway_ask
  caught_up
  sight
  SIGHT=$SEEN
  if [ "$up" -lt "$SOON" ]; then
    NEXT_ASK=$((up + ASK_SOON))
  elif [ -n "$PASSING" ]; then
    NEXT_ASK=$((up + ASK_PASSING))
  else
    NEXT_ASK=$((up + ASK_CALM))
  fi
}
`;
