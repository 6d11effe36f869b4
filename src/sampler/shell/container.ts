import {posix} from '../../facts/shell/posix.js';

/**
 * A gateway in a container of Docker or podman. Its engine is a large program to ask, so it is asked when the process or
 * the control group of the container came or went, and seldom otherwise.
 *
 * Needs ENGINE, CONTAINER (name) and CUSER (whose engine it is).
 */
export const container = posix`
ASK_CALM=1500 ASK_SOON=50 ASK_PASSING=150
CID= CHOME=$(home_of "$CUSER")

inspect() {
  [ "$CUSER" = root ] || set -- XDG_RUNTIME_DIR="/run/user/$(id -u "$CUSER")"
  as "$CUSER" "$CHOME" "$@" timeout -s KILL 3 "$ENGINE" inspect --type container \
    -f '{{.Id}} {{.State.Status}} {{.State.Pid}} {{.State.ExitCode}} {{.State.OOMKilled}} {{.RestartCount}}' "$CONTAINER"
}
gateway_ask() {
  told=$(inspect 2>&1)
  set -- $told
  state=unknown result=- pid=0 restarts=0
  case $told in
    *[Nn]'o such '*) state=absent ;;
    *"$NL"*) ;;
    *)
      case $2 in
        running) state=running ;;
        restarting | initialized) state=starting ;;
        stopping | removing) state=stopping ;;
        created | configured) state=stopped ;;
        # 143: it was asked to end. 137: it took too long to, and did not fail.
        exited | stopped | dead) case $4 in 0 | 137 | 143) state=stopped ;; *) state=failed result=exit-code ;; esac ;;
        paused) result=paused ;;
      esac
      [ "$5" != true ] || [ "$state" = running ] || state=failed result=oom-kill
      pid=$3 restarts=$6
      case $1 in *[!0-9a-f]*) ;; *) CID=$1 ;; esac
      ;;
  esac
  case $pid in '' | *[!0-9]*) pid=0 ;; esac
  case $restarts in '' | *[!0-9]*) restarts=0 ;; esac
  PASSING=
  case $state in starting | stopping) PASSING=1 ;; esac
  age_of "$pid"
  gateway_told "$state" "$result" "$pid" "$ups" "$restarts"
  WATCHED="/proc/$pid"
  for at in /sys/fs/cgroup /sys/fs/cgroup/systemd; do
    WATCHED="$WATCHED $at/system.slice/docker-$CID.scope $at/docker/$CID $at/machine.slice/libpod-$CID.scope"
  done
}
`;
