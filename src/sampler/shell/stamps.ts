import {posix} from '../../facts/shell/posix.js';

/**
 * Notices changed files by what one `stat` says of them. Line `config`; and when the workspace is to be looked at
 * again. Needs CONFIGS (paths, one a line; below CONFIG_ROOT, where a container has them) and WORKSPACE.
 */
export const stamps = posix`
CONFIG=- WORK=
config_round() {
  NEXT_CONFIG=$((up + 1000))
  root=
  [ -z "$CONFIG_ROOT" ] || root=/proc/$GPID/root
  # Files of a container that does not run cannot be seen; they have not changed.
  [ -z "$root" ] || [ -e "$root/" ] || return 0
  oifs=$IFS
  IFS=$NL
  set --
  for f in $CONFIGS; do set -- "$@" "$root$f"; done
  IFS=$oifs
  now=$(stat -L -c '%i %Y %Z %s %a %U' -- "$@")
  [ "$now" != "$CONFIG" ] || return 0
  CONFIG=$now
  set -- $(printf %s "$now" | cksum)
  say "config $1-$2"
}
workspace_stamp() {
  NEXT_LOOK=$((up + 500))
  now=
  [ -n "$WORKSPACE" ] || return 0
  g=$WORKSPACE/.git
  now=$(stat -c '%n %i %Y %Z %s' -- "$g/HEAD" "$g/logs/HEAD" "$g/index" "$g/packed-refs" "$g/FETCH_HEAD" "$g/$SYNC_STAMP" "$g/$PUSH_WHY")
}
workspace_round() {
  workspace_stamp
  [ "$up" -ge "$NEXT_WORKSPACE" ] || [ "$now" != "$WORK" ] || return 0
  beside workspace || return 0
  WORK=$now NEXT_WORKSPACE=$((up + 6000))
}
`;
