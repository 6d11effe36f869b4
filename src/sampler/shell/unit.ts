import {posix} from '../../facts/shell/posix.js';

/**
 * A gateway that systemd runs, and beside it the monitor. Its state is asked of systemd only when something was seen:
 * the process is gone, or the link that systemd keeps while a unit is up, or its control group, came or went.
 *
 * Needs UNIT, MANAGER (system | user), GUSER, GHOME, MONITOR (unit or empty).
 */
export const unit = posix`
ASK_CALM=1000 ASK_SOON=20 ASK_PASSING=150
RUN=/run WHOSE= GROUP=/system.slice
if [ "$MANAGER" = user ]; then
  uid=$(id -u "$GUSER")
  RUN=/run/user/$uid WHOSE=--user GROUP=/user.slice/user-$uid.slice/user@$uid.service/app.slice
fi
LINKS="$RUN/systemd/units/invocation:$UNIT"
for at in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do LINKS="$LINKS $at$GROUP/$UNIT"; done
[ -z "$MONITOR" ] || LINKS="$LINKS /run/systemd/units/invocation:$MONITOR"

show() {
  set -- timeout -s KILL 2 systemctl $WHOSE show --no-pager -p LoadState,ActiveState,SubState,Result,MainPID,NRestarts,ActiveEnterTimestampMonotonic -- "$UNIT" $MONITOR
  if [ "$MANAGER" = user ]; then as "$GUSER" "$GHOME" XDG_RUNTIME_DIR="$RUN" "$@"; fi
  exec "$@"
}
# One block of it.
unit_of() {
  load= active= sub= result= pid= restarts= since=
  while IFS= read -r l; do
    v=\${l#*=}
    case $l in
      LoadState=*) load=$v ;;
      ActiveState=*) active=$v ;;
      SubState=*) sub=$v ;;
      Result=*) result=$v ;;
      MainPID=*) pid=$v ;;
      NRestarts=*) restarts=$v ;;
      ActiveEnterTimestampMonotonic=*) since=$v ;;
    esac
  done <<BLOCK
$1
BLOCK
  case $load/$active/$sub in
    not-found/*) state=absent ;;
    */auto-restart*) state=starting ;;
    */active/* | */reloading/* | */refreshing/*) state=running ;;
    */activating/*) state=starting ;;
    */deactivating/*) state=stopping ;;
    */inactive/*) state=stopped ;;
    */failed/*) state=failed ;;
    *) state=unknown ;;
  esac
  number pid; number restarts; number since
}
number() {
  eval "n=\$$1"
  case $n in '' | *[!0-9]*) eval "$1=0" ;; esac
}

gateway_ask() {
  # Without its manager (nobody is logged in and it does not linger) nothing of a user runs.
  if [ "$MANAGER" = user ] && [ ! -S "$RUN/systemd/private" ] && [ ! -S "$RUN/bus" ]; then
    told=ActiveState=inactive
  else
    told=$(show)
  fi
  unit_of "\${told%%"$NL$NL"*}"
  ups=-
  if [ "$state" = running ] && [ "$since" -gt 0 ]; then
    ups=$((up / 100 - since / 1000000))
    [ "$ups" -ge 0 ] || ups=-
  fi
  PASSING=
  case $state in starting | stopping) PASSING=1 ;; esac
  gateway_told "$state" "$result" "$pid" "$ups" "$restarts"
  WATCHED="/proc/$pid $LINKS"
  if [ -n "$MONITOR" ]; then
    case $told in *"$NL$NL"*) unit_of "\${told#*"$NL$NL"}" ;; *) active=unknown ;; esac
    case $active in *[!a-z]* | '') active=unknown ;; activating | deactivating) PASSING=1 ;; esac
    [ "$active" = "$MONITORS" ] || say "monitor $active"
    MONITORS=$active
    WATCHED="$WATCHED /proc/$pid"
  fi
}
MONITORS=
`;
