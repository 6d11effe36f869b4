import {posix} from '../../facts/shell/posix.js';

/**
 * Tells everything once, then what changes, until its time is over: then the last line is `end`, and whoever listens
 * starts it again. `whole` waits up to 6 s for the gateway's first answer about its accounts.
 *
 * Needs LIFE (hundredths of a second), and LIVE and EVENTS, empty where there is no monitor, and DRILL_MARK,
 * empty where no drill breaks anything.
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
  # Who sees a gateway stop has to know why.
  [ -z "$DRILL_MARK" ] || drill_round
  gateway_round
  [ -z "$LIVE" ] || live_round
  # Many lines at once are not written in one piece each: nothing may run beside them yet.
  [ -z "$EVENTS" ] || events_begin
  config_round
  workspace_stamp
  WORK=$now
  beside workspace disk
  while read -r us upt <&3; do
    # What asks for accounts runs as another user, and may say nothing else here, nor be a clock that is ahead.
    case $us/$upt in
      accounts/*) accounts_line "$upt"; continue ;;
      */ | *[!0-9./]*) continue ;;
    esac
    clock_of "$upt"
    [ "$up" -ge "$FRESH" ] || continue
    tick=$up
    caught_up
    [ "$tick" -le "$up" ] || continue
    [ "$up" -lt "$NEXT_CLOCK" ] || clock
    [ -z "$DRILL_MARK" ] || drill_round
    gateway_round
    [ -z "$LIVE" ] || live_round
    [ -z "$EVENTS" ] || events_round
    [ "$up" -lt "$NEXT_MACHINE" ] || machine
    [ "$up" -lt "$NEXT_CONFIG" ] || config_round
    [ "$up" -lt "$NEXT_LOOK" ] || workspace_round
    if [ "$up" -ge "$NEXT_DISK" ] && beside disk; then NEXT_DISK=$((up + 6000)); fi
    if [ -z "$WHOLE" ] && ! busy && ! accounts_awaited; then
      WHOLE=1
      say whole
    fi
    [ "$up" -lt "$END" ] || break
  done
  say end
}
`;
