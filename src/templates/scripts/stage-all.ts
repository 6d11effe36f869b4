/**
 * `stage_all` puts everything of the work tree into the index; one file that cannot be read keeps no other out. Ends
 * with 1 when something is left out: `$left_out` then says what. `$nested` names the repositories inside: git
 * records at most which commit of them is checked out, never their files.
 */
export const stageAll = String.raw`
stage_all() {
  added=0
  said=$(add_all) || added=$?
  if [ "$added" -ne 0 ]; then
    # A file that was gone before it could be read is no failure the second time.
    added=0
    said=$(add_all) || added=$?
  fi
  if [ -n "$said" ]; then printf '%s\n' "$said" >&2; fi
  # Without a commit git cannot even record them.
  unborn=$(words_of_add "s/^error: '\(.*\)\/' does not have a commit checked out.*/\1/p")
  nested=$({ printf '%s\n' "$unborn"; git ls-files -s | sed -n 's/^160000 [^\t]*\t//p'; } | tr '\n' ' ' | sed 's/^ *//; s/ *$//')
  # git passes over a folder that it cannot open, and ends with 0.
  left_out=$(words_of_add "s/^error: unable to index file '\(.*\)'.*/\1/p; s/^warning: could not open directory '\(.*\)': .*/\1/p")
  if [ -n "$left_out" ]; then
    left_out="git cannot read $(printf '%s' "$left_out" | cut -c1-60) (make it readable, or ignored)"
  elif [ "$added" -ne 0 ] && { [ -z "$unborn" ] || [ -n "$(words_of_add '/does not have a commit checked out/d; /^error: /p; /^fatal: /p')" ]; }; then
    left_out="git add failed, its own words are in the journal"
  fi
  [ -z "$left_out" ]
}
words_of_add() { printf '%s\n' "$said" | sed -n "$1" | tr '\n' ' ' | sed 's/ *$//'; }
add_all() { git -c advice.addEmbeddedRepo=false add -A --ignore-errors 2>&1; }

# Whether the index holds what HEAD does not; also when git cannot say: the commit will.
is_staged() { ! git diff --cached --quiet; }

# Not its gc: that would end with the job, in the middle.
commit_staged() { git -c commit.gpgSign=false -c gc.auto=0 commit --quiet --no-verify -m "$1"; }
`;
