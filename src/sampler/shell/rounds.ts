import {posix} from '../../facts/shell/posix.js';

/**
 * Tells everything once, then what changes, until its time is over: then the last line is `end`, and whoever listens
 * starts it again. Needs LIFE (hundredths of a second), and LIVE and EVENTS, empty where there is no monitor.
 */
export const rounds = posix`
rounds() {
  # As the file of this very process: the shell itself is another one.
  read -r ROUNDS _ </proc/self/stat
  trap accounts_end EXIT
  exec 3<&0 </dev/null
  read -r us upt <&3 || exit 1
  clock_of "$upt"
  FRESH=$up END=$((up + LIFE)) NEXT_DISK=$((up + 6000)) NEXT_WORKSPACE=$((up + 6000)) WHOLE=
  say 'hello 1'
  clock
  machine
  gateway_round
  [ -z "$LIVE" ] || live_round
  # Many lines at once are not written in one piece each: nothing may run beside them yet.
  [ -z "$EVENTS" ] || events_begin
  config_round
  workspace_stamp
  WORK=$now
  beside workspace disk
  while read -r us upt <&3; do
    clock_of "$upt"
    [ "$up" -ge "$FRESH" ] || continue
    [ "$up" -lt "$NEXT_CLOCK" ] || clock
    gateway_round
    [ -z "$LIVE" ] || live_round
    [ -z "$EVENTS" ] || events_round
    [ "$up" -lt "$NEXT_MACHINE" ] || machine
    [ "$up" -lt "$NEXT_CONFIG" ] || config_round
    [ "$up" -lt "$NEXT_LOOK" ] || workspace_round
    if [ "$up" -ge "$NEXT_DISK" ] && beside disk; then NEXT_DISK=$((up + 6000)); fi
    if [ -z "$WHOLE" ] && ! busy; then
      WHOLE=1
      say whole
    fi
    [ "$up" -lt "$END" ] || break
  done
  say end
}
`;
