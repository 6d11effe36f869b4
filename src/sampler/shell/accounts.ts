import {posix} from '../../facts/shell/posix.js';

/**
 * Lines `accounts`: a small program asks the running gateway for its channel accounts, on the gateway's own Node and as
 * its user, in its container where it has one. It comes on stdin together with the gateway's environment (the token may
 * be there), and ends when its stdin ends: with this shell, or with the process of the gateway. What it prints goes
 * into the pipe of the ticks (fd 3), so that the rounds learn of its first answer without a process; of what it may
 * print there only lines `accounts` are passed on.
 *
 * Needs ASKS (yes | a reason why not | empty: nobody is asked), NODE, GUSER, GHOME, GARGV, ADDRESSES, CONTAINER and its
 * engine, and the function \`program\`.
 */
export const accounts = posix`
APID= HPID= AWAITED=
b64() { base64 -w0; }
i() { printf '["%s","' "$1"; printf %s "$2" | b64; printf '"],'; }
input() {
  printf 'globalThis.failoverInput=['
  i key none
  i user "$GUSER"
  # In a container the home is one of its own.
  if [ -n "$CONTAINER" ]; then i home "$(tr '\0' '\n' <"/proc/$1/environ" | sed -n 's/^HOME=//p')"; else i home "$GHOME"; fi
  i cwd "$(readlink "/proc/$1/cwd")"
  i argv "$GARGV"
  i addresses "$ADDRESSES"
  printf '["environ","'
  b64 <"/proc/$1/environ"
  printf '"],];\n'
}
# Its first lines are the program, the rest is silence.
LOADER='let text="";process.stdin.setEncoding("utf8").on("data",(part)=>{text+=part;if(text.endsWith("\n//go\n"))import("data:text/javascript;base64,"+Buffer.from(text).toString("base64"));}).on("end",()=>process.exit());'
feed() {
  input "$1"
  program
  printf '\n//go\n'
  while [ -d "/proc/$1" ] && [ -d "/proc/$ROUNDS" ] && sleep 5; do :; done
}
asker() {
  if [ -n "$CONTAINER" ]; then
    [ "$CUSER" = root ] || set -- XDG_RUNTIME_DIR="/run/user/$(id -u "$CUSER")"
    as "$CUSER" "$CHOME" "$@" "$ENGINE" exec -i "$CONTAINER" node -e "$LOADER"
  fi
  as "$GUSER" "$GHOME" "$NODE" --max-old-space-size=32 --max-semi-space-size=1 -e "$LOADER"
}
accounts_follow() {
  [ -n "$ASKS" ] || return 0
  if [ "$ASKS" != yes ]; then
    say "accounts {\"known\":false,\"reason\":\"$ASKS\"}"
    ASKS=
    return 0
  fi
  [ -n "$RUNS" ] && [ "$GPID" -gt 0 ] || {
    accounts_end
    say 'accounts {"known":false,"reason":"the gateway does not run"}'
    return 0
  }
  [ "$GPID" != "$APID" ] || return 0
  accounts_end
  APID=$GPID
  feed "$GPID" 3<&- 4<&- 5<&- | asker >/proc/self/fd/3 3<&- 4<&- 5<&- &
  HPID=$! AWAITED=$((up + 600))
}
# LINE without its first word
accounts_line() {
  case $1 in '{'*'}') say "accounts $1" ;; esac
  AWAITED=
}
# Whether an answer is due that may still come.
accounts_awaited() {
  [ -n "$AWAITED" ] && [ "$up" -lt "$AWAITED" ] || return 1
  st=
  read -r st <"/proc/$HPID/stat"
  case \${st##*) } in '' | Z*) ;; *) return 0 ;; esac
  # There may be no Node in the container, or none that runs.
  AWAITED=
  say 'accounts {"known":false,"reason":"the program that asks the gateway ended by itself"}'
  return 1
}
accounts_end() {
  [ -z "$HPID" ] || kill "$HPID"
  HPID= APID= AWAITED=
}
`;
