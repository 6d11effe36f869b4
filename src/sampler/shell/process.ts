import {posix} from '../../facts/shell/posix.js';

/**
 * A gateway that somebody started by hand, or none that was found so far: the processes of the host are looked through
 * now and then. Needs the search for a gateway (src/facts/shell/gateway.ts), GUSER (or empty: anybody's) and NONE, the
 * state when there is none.
 */
export const byHand = posix`
ASK_CALM=1000 ASK_SOON=50 ASK_PASSING=150

gateway_ask() {
  pid=0
  if [ "$GPID" -gt 0 ] && is_gateway "/proc/$GPID"; then
    pid=$GPID
  else
    # The search looks names up as patterns.
    for p in $(set +f; gateway_pids); do
      case $(cgroup_of "$p") in *libpod-* | *docker*) continue ;; esac
      [ "$(readlink "/proc/$p/ns/pid")" = "$(readlink /proc/self/ns/pid)" ] || continue
      [ -z "$GUSER" ] || [ "$(stat -c %U "/proc/$p")" = "$GUSER" ] || continue
      pid=$p
      break
    done
  fi
  PASSING=
  age_of "$pid"
  if [ "$pid" -gt 0 ]; then gateway_told running - "$pid" "$ups" 0; else gateway_told "$NONE" - 0 - 0; fi
  WATCHED="/proc/$pid"
}
`;

/** Nothing is known of the gateway, not even how it runs. */
export const unknown = posix`
ASK_CALM=100000 ASK_SOON=100000 ASK_PASSING=100000
gateway_ask() {
  PASSING=
  gateway_told unknown - 0 - 0
  WATCHED=
}
`;
