import {posix} from './posix.js';

/** `home_of USER` prints the home that /etc/passwd gives; fails for a user that is not there. */
export const homeOf = posix`
home_of() {
  while IFS=: read -r hn _ _ _ _ hh _; do
    [ "$hn" != "$1" ] || { printf %s "$hh"; return 0; }
  done </etc/passwd
  return 1
}
`;
