import {posix} from '../../facts/shell/posix.js';

/**
 * Lines `live`: the monitor replaces its file by another one, so that whether it is still the one that was opened costs
 * no process. Needs LIVE, the file. At most one a second, but at once when the state of the monitor changes.
 */
export const live = posix`
LIVE_LINE= LIVE_STATE= LIVE_TOLD=
NEXT_LIVE=0
live_round() {
  if [ ! "$LIVE" -ef /proc/self/fd/4 ]; then live_read; fi
  [ "$LIVE_LINE" != "$LIVE_TOLD" ] || return 0
  s=\${LIVE_LINE#*'"state":"'}
  s=\${s%%\"*}
  [ "$up" -ge "$NEXT_LIVE" ] || [ "$s" != "$LIVE_STATE" ] || return 0
  LIVE_STATE=$s LIVE_TOLD=$LIVE_LINE NEXT_LIVE=$((up + 90))
  say "live $LIVE_LINE"
}
live_read() {
  exec 4<&-
  LIVE_LINE=none
  [ -f "$LIVE" ] && [ ! -L "$LIVE" ] && command exec 4<"$LIVE" || return 0
  LIVE_LINE=$(head -c 32768 <&4)
  LIVE_LINE=\${LIVE_LINE%%"$NL"*}
}
`;
