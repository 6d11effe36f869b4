import {posix} from '../../facts/shell/posix.js';

/**
 * Functions that every part of the sampler uses. POSIX sh as dash runs it, and nothing but what Debian and Ubuntu call
 * essential. Whatever is found on a host is data: words are split at blanks (`set -f`), never looked up as patterns.
 *
 * say LINE            one line, in one write; beyond PIPE_BUF, 4096 bytes, only while nothing runs beside
 * as USER HOME ARGV…  runs as the owner of what is looked at, in place of the shell that calls it
 * ticks               a line "EPOCH_US UPTIME_S" every 0.2 s
 */
export const frame = posix`
set -f
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
unset ENV BASH_ENV
umask 077
cd /
exec </dev/null 2>/dev/null
NL='
'

# Lines of two writers must not mix; the kernel takes no more than so many bytes in one piece.
say() {
  [ "\${#1}" -lt 4000 ] || [ -z "$BESIDE" ] || wait "$BESIDE"
  printf '%s\n' "$1" || exit 1
}

# No PAM session, as runuser would open one: that is for people who log in, and costs more than most questions.
as() {
  au=$1 ah=$2
  shift 2
  if [ "$au" = root ]; then exec env -i HOME="$ah" USER=root PATH="$PATH" LC_ALL=C "$@"; fi
  exec setpriv --reuid "$au" --regid "$(id -g "$au")" --init-groups -- env -i HOME="$ah" USER="$au" PATH="$PATH" LC_ALL=C "$@"
}

# A sleep is a process of its own, five times a second: half a percent of a core. bash waits without one.
ticks() {
  if bash --norc -c '[ "$EPOCHREALTIME" ]'; then
    exec bash --norc -c '
      exec 3<> <(:) || exit
      while read -r up _ </proc/uptime && printf "%s %s\n" "\${EPOCHREALTIME/./}" "$up"; do read -rt 0.2 -u 3; done
    '
  fi
  while read -r up _ </proc/uptime && printf '%s %s\n' "$(date +%s%6N)" "$up"; do sleep 0.25; done
}
# up: the host's uptime in hundredths of a second.
clock_of() {
  up=\${1%.*}\${1#*.}
  up=\${up#0}
  up=\${up#0}
}
# Ticks that came while something took its time are passed over.
caught_up() {
  read -r cu _ </proc/uptime
  clock_of "$cu"
  FRESH=$up
}

# What may take long runs beside the rounds, one at a time; its parts print for themselves.
BESIDE=
beside() {
  ! busy || return 1
  { for part; do "$part"; done; } 3<&- 4<&- 5<&- &
  BESIDE=$!
}
busy() {
  [ -n "$BESIDE" ] || return 1
  how=Z
  read -r _ _ how _ <"/proc/$BESIDE/stat"
  [ "$how" = Z ] || return 0
  # Nobody else takes notice of its end while no other command runs.
  wait "$BESIDE"
  BESIDE=
  return 1
}
`;
