import {posix} from '../../facts/shell/posix.js';

/**
 * Line `drill`: what the primary keeps of a drill while its fault may be in force, one line of JSON (src/drill/dead-man.ts),
 * or `none`. Needs DRILL_MARK, DRILL_FIRED and DRILL_GAVE_UP.
 */
export const drill = posix`
DRILL=
drill_round() {
  mark=
  # Where its timer has run, what it would undo is undone; and what cannot be undone is no drill any more.
  [ ! -e "$DRILL_MARK" ] || [ -e "$DRILL_FIRED" ] || [ -e "$DRILL_GAVE_UP" ] || read -r mark <"$DRILL_MARK"
  [ "\${#mark}" -lt 2000 ] || mark=
  : "\${mark:=none}"
  [ "$mark" != "$DRILL" ] || return 0
  DRILL=$mark
  say "drill $mark"
}
`;
