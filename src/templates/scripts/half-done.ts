import {layout} from '../layout.js';

/**
 * A checkout that was cut off (power, the out-of-memory killer, a full disk) leaves files of two commits, which look
 * like changes of somebody's. `checkout_to COMMIT PROGRAM...` runs one, with its words in `$said` and its exit code in
 * `$code`, and leaves a note when it was cut off; `mend_half_done` then puts those files that differ between the two
 * commits, and are as COMMIT has them, back to what HEAD has. It touches no other file, and leaves everything as it is
 * where HEAD has moved since, or where a file took the place of a folder. Needs `$git_dir`, `in_the_way` and the lock
 * of the checkout.
 */
export const halfDone = String.raw`
checkout_to() {
  said="$git_dir/${layout.checkoutNote} cannot be written"
  code=1
  if printf '%s %s\n' "$(git rev-parse HEAD)" "$1" 2>/dev/null >"$git_dir/${layout.checkoutNote}"; then
    shift
    code=0
    said=$("$@" 2>&1) || code=$?
    # A refusal comes before anything is touched.
    if [ "$code" -eq 0 ] || [ -n "$(in_the_way "$said")" ]; then checkout_ended; fi
  fi
  if [ -n "$said" ]; then printf '%s\n' "$said"; fi
}
is_half_done() { [ -f "$git_dir/${layout.checkoutNote}" ]; }
checkout_ended() { rm -f "$git_dir/${layout.checkoutNote}" "$git_dir/failover-mend".* || true; }

mend_half_done() {
  if ! is_half_done; then return 0; fi
  from=
  to=
  read -r from to <"$git_dir/${layout.checkoutNote}" || true
  if [ -n "$to" ] && [ "$from" = "$(git rev-parse -q --verify HEAD || true)" ] && [ "$from" != "$to" ]; then
    undo_half_done || return 1
  fi
  checkout_ended
}
# Names as git quotes them, which is how it reads them again.
names() { git -c core.quotePath=false "$@" --no-renames --name-only --ignore-submodules=all; }
# What the index knows of files spares git reading them; with its time, because it trusts those older than the index.
index_of() {
  if [ -e "$git_dir/index" ]; then cp -p "$git_dir/index" "$1" || return 1; fi
  GIT_INDEX_FILE="$1" git read-tree --reset "$2" || return 1
  GIT_INDEX_FILE="$1" git update-index -q --refresh >/dev/null || true
}
undo_half_done() {
  scratch=$git_dir/failover-mend
  rm -f "$scratch".* || return 1
  names diff-tree -r "$from" "$to" >"$scratch.changed" || return 1
  names diff-tree -r --diff-filter=A "$from" "$to" >"$scratch.new" || return 1
  names diff-tree -r --diff-filter=D "$from" "$to" >"$scratch.gone" || return 1
  # Which files are not as the one has them, and which not as the other; in an index of its own, so that nothing counts
  # as staged that nobody staged.
  index_of "$scratch.from" "$from" || return 1
  index_of "$scratch.to" "$to" || return 1
  GIT_INDEX_FILE="$scratch.to" names diff-files >"$scratch.other" || return 1
  GIT_INDEX_FILE="$scratch.from" names diff-files --diff-filter=D >"$scratch.missing" || return 1
  for list in changed new gone other missing; do
    sort -u -o "$scratch.$list" "$scratch.$list" || return 1
  done
  # A file that was opened and not yet written to is of nobody.
  comm -12 "$scratch.changed" "$scratch.other" >"$scratch.touched" || return 1
  while IFS= read -r one; do
    if [ -f "$one" ] && [ ! -L "$one" ] && [ ! -s "$one" ]; then printf '%s\n' "$one"; fi
  done <"$scratch.touched" >"$scratch.empty" || return 1
  comm -23 "$scratch.changed" "$scratch.other" >"$scratch.as-to" || return 1
  comm -23 "$scratch.as-to" "$scratch.gone" >"$scratch.written" || return 1
  comm -12 "$scratch.gone" "$scratch.missing" >"$scratch.removed" || return 1
  sort -u "$scratch.written" "$scratch.removed" "$scratch.empty" >"$scratch.half" || return 1
  comm -12 "$scratch.half" "$scratch.new" >"$scratch.delete" || return 1
  comm -23 "$scratch.half" "$scratch.new" >"$scratch.restore" || return 1
  # git would make room for one by removing the other, with all that is in it.
  while IFS= read -r one; do
    if [ -d "$one" ] && [ ! -L "$one" ]; then return 0; fi
    while [ "$one" != "${'$'}{one%/*}" ]; do
      one=${'$'}{one%/*}
      if [ -L "$one" ] || { [ -e "$one" ] && [ ! -d "$one" ]; }; then return 0; fi
    done
  done <"$scratch.half"
  if [ -s "$scratch.half" ]; then
    echo "Undoing the checkout of $(git rev-parse --short "$to"), which was cut off."
    if [ -s "$scratch.delete" ]; then
      GIT_INDEX_FILE="$scratch.to" GIT_LITERAL_PATHSPECS=1 git rm -q -f --ignore-unmatch --pathspec-from-file="$scratch.delete" || return 1
    fi
    GIT_INDEX_FILE="$scratch.from" git checkout-index -q -f --stdin <"$scratch.restore" || return 1
  fi
  git read-tree --reset HEAD || return 1
  git update-index -q --refresh >/dev/null || true
}
`;

/**
 * From here on every change in the workspace is one of this gateway. Where that cannot be written the fast-forward tells
 * it; it stops no takeover. In a shell of its own, which may end over it. Needs `$workspace` and `$mark`.
 */
export const takeIntoUse = String.raw`
if [ -d "$workspace/.git" ]; then
  (: >"$workspace/.git/$mark") 2>/dev/null || true
  rm -f "$workspace/.git/${layout.checkoutNote}" 2>/dev/null || true
fi
`;
