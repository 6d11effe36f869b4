import {posix} from './posix.js';

/** Feeds the accounts program to the Node that runs the gateway, as the gateway's user. Needs `gateway` before it. */
export const openclaw = posix`
find_node() {
  NODE=
  for n in "$EXE" $(echo "$ARGV" | sed -n 1p); do
    case \${n##*/} in node*) [ ! -x "$n" ] || { NODE=$n; return 0; } ;; esac
  done
  for d in $BINDIRS; do [ ! -x "$d/node" ] || { NODE=$d/node; return 0; }; done
  for d in $(bin_dirs); do [ ! -x "$d/node" ] || { NODE=$d/node; return 0; }; done
  return 1
}
bin_dirs() {
  echo /usr/local/bin /usr/bin
  [ -z "$GH" ] || for d in "$GH/.npm-global/bin" "$GH/.local/bin" "$GH"/.nvm/versions/node/*/bin; do echo "$d"; done
}
# Where OpenClaw may be, likeliest first: the entry that runs, then what the requested and the usual places have.
packages_of() {
  echo "$ARGV" | grep openclaw | grep '^/'
  [ ! -d "$OWNPACKAGE" ] || echo "$OWNPACKAGE"
  for d in $BINDIRS $(bin_dirs); do [ ! -e "$d/openclaw" ] || echo "$d/openclaw"; done
  return 0
}
i() { printf '["%s","' "$1"; printf %s "$2" | b64; printf '"],'; }
input() {
  printf 'globalThis.failoverInput=['
  i key "$K"
  i user "$GU"
  i home "$1"
  i cwd "$CWD"
  i argv "$ARGV"
  i node "$2"
  i packages "$(packages_of)"
  [ "$GU" != "$OWNUSER" ] || [ ! -f "$APPROVED" ] || [ ! -f "$SPLITKEY" ] || { i approved "$(cat "$APPROVED")"; i splitKey "$(cat "$SPLITKEY")"; }
  if [ -n "$GP" ]; then
    printf '["environ","'
    b64 <"/proc/$GP/environ"
    printf '"],'
  else
    i unit "$UNITTEXT"
    i unitFiles "$(unit_env_files)"
  fi
  printf '];\n'
}
unit_env_files() {
  printf '%s\n' "$UNITTEXT" | sed -n 's/^EnvironmentFile=-\{0,1\}//p' | while read -r f; do
    case $f in %h/*) f=$GH/\${f#%h/} ;; esac
    [ ! -f "$f" ] || { read_unit "$f"; echo; }
  done
}
# The gateway's own workspace, which only its config names.
workspace() {
  [ -n "$T" ] || return 0
  at=$(sed -n 's/.*"workspace":"\(\/[^"\\]*\)"}$/\1/p' "$T/accounts.out")
  [ -n "$at" ] || return 0
  echo "path $at"
  case $CHECKOUTS in *":$at:"* | *":~\${at#"$GH"}:"*) ;; *) checkout w "$at" ;; esac
}
accounts() {
  if [ -n "$CNAME" ]; then
    [ "$CSTATE" = running ] || { echo "the container $CNAME does not run, so its config cannot be read" >&2; return 1; }
    ch=$(tr '\0' '\n' <"/proc/$GP/environ" | sed -n 's/^HOME=//p')
    { input "$ch" ''; program; } | as "$CUSER" "$(home_of "$CUSER")" timeout 8 "$ENGINE" exec -i "$CNAME" node --input-type=module - read
    return
  fi
  if [ -z "$NODE" ]; then
    if [ -n "$GH" ] && [ -e "$GH/.openclaw/openclaw.json" ]; then
      echo 'there is a config, but no Node on this host that could read it' >&2
      return 1
    fi
    echo none
    return
  fi
  { input "\${GH:-/nonexistent}" "$NODE"; program; } | as "\${GU:-nobody}" "\${GH:-/nonexistent}" timeout 8 "$NODE" --input-type=module - read
}
`;
