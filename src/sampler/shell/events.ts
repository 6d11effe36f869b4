import {posix} from '../../facts/shell/posix.js';

/**
 * Lines `event`. The log is read on from where it was left in each round, which takes no process; and by its identity it
 * is seen that it was rotated. Needs EVENTS, the file, and BACKLOG, how many of the newest events are told first.
 */
export const events = posix`
NEXT_EVENTS=0 HALF=
events_begin() {
  events_landmarks
  events_open || { events_older "$BACKLOG"; return 0; }
  told= tries=0
  # The dot keeps the last line break. Without one the monitor is writing right now.
  while told=$(timeout 3 tail -c 400000 <&5 | tail -n "$BACKLOG"; echo .) && told=\${told%.}; do
    case $told in *"$NL" | '') break ;; esac
    tries=$((tries + 1))
    [ "$tries" -lt 20 ] || break
    sleep 0.05
    events_open || break
  done
  told=\${told%"\${told##*"$NL"}"}
  lines=$(printf %s "$told" | wc -l)
  events_older $((BACKLOG - lines))
  printf %s "$told" | sed 's/^/event /' || exit 1
  told=
}
# Takeovers and their ways back, however long ago: what is usual here, and when the pair was tested last.
events_landmarks() {
  set --
  for f in "$EVENTS.2" "$EVENTS.1" "$EVENTS"; do
    [ ! -f "$f" ] || [ -L "$f" ] || set -- "$@" "$f"
  done
  [ $# -gt 0 ] || return 0
  timeout 3 grep -hE '"event":"(promoting|gateway-started|gateway-ready|promoted|tested|demoting|demoted)"' -- "$@" |
    tail -n 60 | sed 's/^/event /' || exit 1
}
events_older() {
  [ "$1" -gt 0 ] && [ -f "$EVENTS.1" ] || return 0
  timeout 3 tail -n "$1" -- "$EVENTS.1" | sed 's/^/event /' || exit 1
}
events_open() { exec 5<&-; [ -f "$EVENTS" ] && [ ! -L "$EVENTS" ] && command exec 5<"$EVENTS"; }

events_round() {
  [ "$up" -ge "$NEXT_EVENTS" ] || return 0
  l=
  while IFS= read -r l <&5; do say "event $l"; done
  if [ ! "$EVENTS" -ef /proc/self/fd/5 ]; then
    events_open
  elif [ -n "$l" ]; then
    # Half a line: it is read again from its beginning, as the monitor takes it back when the disk is full.
    read -r _ at </proc/self/fdinfo/5
    at=$((at - \${#l}))
    # One that stays so (its writer crashed) is not looked at in each round.
    [ "$at" != "$HALF" ] || NEXT_EVENTS=$((up + 100))
    HALF=$at
    ! events_open || head -c "$at" <&5 >/dev/null
  fi
}
`;
