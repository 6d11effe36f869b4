import {posix} from '../../facts/shell/posix.js';
import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {kernelAddress, kernelPort} from '../kernel-address.js';
import {scriptFile} from './script-file.js';

export const reportScriptName = 'report';

export interface ReportInput extends Origin {
  /** Who is asked about the unit; `none`: no unit runs the gateway. */
  manager: 'user' | 'system' | 'none';
  unit: string;
  /** The gateway's port, and the primary's address on the private network. */
  port: number;
  privateAddress: string;
}

/**
 * The forced command of the standby's key on the primary: one line of JSON, `PrimaryReport` of monitor/evidence.ts.
 * It only reads, listens to nobody (SSH_ORIGINAL_COMMAND, arguments, stdin), and each thing that may hang has a limit:
 * less than 2 s for the worst of all. What cannot be told is `unknown`.
 */
export const reportScript = ({manager, unit, port, privateAddress, ...origin}: ReportInput): RemoteFile =>
  scriptFile(
    origin,
    reportScriptName,
    'Says how the gateway of this host is, for the health monitor of the standby. Reads only.',
    {
      manager,
      unit,
      port: String(port),
      private_address: privateAddress,
      port_in_hex: kernelPort(port),
      private_in_hex: kernelAddress(privateAddress),
    },
    posix`
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
exec </dev/null 2>/dev/null
cd /

# Sets $listens, and $address: where the gateway can be asked from here. The tables of the kernel hold everybody's
# sockets; 0A is "listening".
listens=unknown
address=$private_address
set -- /proc/net/tcp
if [ -e /proc/net/tcp6 ]; then set -- "$@" /proc/net/tcp6; fi
found=0
sockets=$(timeout -s KILL 0.5 grep -hoE "[0-9A-F]+:$port_in_hex 0+:0000 0A " "$@") || found=$?
any='' own='' loopback='' other=''
for word in $sockets; do
  case $word in
    *:"$port_in_hex") word=\${word%:*} ;;
    *) continue ;;
  esac
  case $word in
    00000000 | 00000000000000000000000000000000) any=127.0.0.1 ;;
    "$private_in_hex" | "0000000000000000FFFF0000$private_in_hex") own=$private_address ;;
    ??????7F | 0000000000000000FFFF0000??????7F) loopback=127.0.0.1 ;;
    00000000000000000000000001000000) loopback=::1 ;;
    *) other=yes ;;
  esac
done
if [ -n "$any" ]; then
  listens=all address=$any
elif [ -n "$own" ]; then
  listens=private address=$own
elif [ -n "$loopback" ]; then
  listens=loopback address=$loopback
elif [ -z "$other" ] && [ "$found" -eq 1 ]; then
  # Looked at all of it in time, and there is none.
  listens=nowhere
fi

# One GET on that address, "get PATH SECONDS": the body, and as its last line "STATUS:EXIT" as curl has them.
get() {
  host=$address
  case $host in
    *:*) host="[$host]" ;;
  esac
  if command -v curl >/dev/null; then
    {
      code=0
      curl -q -s --noproxy '*' -m "$2" -A openclaw-failover-report -w '\n%{http_code}' "http://$host:$port$1" || code=$?
      echo ":$code"
    } | head -c 4096 | tr -d ' \t\r'
  elif command -v bash >/dev/null; then
    code=0
    # shellcheck disable=SC2016
    answer=$(timeout -s KILL "$2" bash -c '
      { exec 3<>"/dev/tcp/$1/$2"; } || exit 7
      printf "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n" "$3" >&3
      head -c 4000 <&3
    ' bash "$address" "$port" "$1") || code=$?
    case $code in
      124 | 137) code=28 ;;
      1) code=7 ;;
    esac
    status=\${answer#HTTP/1.? }
    printf '%s\n%.3s:%s\n' "$answer" "$status" "$code" | tr -d ' \t\r'
  else
    echo 000:none
  fi
}
# The class of an answer; "older" for a gateway that does not know the path.
judge() {
  case \${1##*"$newline"} in
    200:0)
      case $1 in
        *'"status":"started"'* | *'"ok":true'*) echo ok ;;
        *) echo older ;;
      esac
      ;;
    503:0)
      case $1 in
        *'"status":"starting"'*) echo starting ;;
        *'"status":"draining"'*) echo draining ;;
        *) echo bad ;;
      esac
      ;;
    404:0) echo older ;;
    *:none) echo unknown ;;
    *:28) echo hung ;;
    *:7) echo refused ;;
    *) echo bad ;;
  esac
}
newline='
'
# What /readyz of a gateway that has started says, as lines of NAME=VALUE. Only who asks on loopback is told the names.
say_ready() {
  address=\${any:-\${loopback:-$address}}
  said=$(get /readyz 0.3)
  case \${said##*"$newline"}/$said in
    200:0/*'"ready":true'*) echo ready=yes ;;
    503:0/*'"ready":false'*) echo ready=no ;;
    *) return 0 ;;
  esac
  for list in failing suppressed; do
    case $said in
      *"\"$list\":[\""*)
        names=\${said#*"\"$list\":["}
        echo "$list=$(printf %s "\${names%%]*}" | tr -cd 'A-Za-z0-9_:.,-' | head -c 200)"
        ;;
    esac
  done
}
ask() {
  if [ "$listens" = nowhere ]; then
    echo refused
    return
  fi
  class=$(judge "$(get /startupz 0.9)")
  if [ "$class" = ok ]; then say_ready; fi
  if [ "$class" = refused ] && [ "$listens" = unknown ]; then
    address=127.0.0.1
    class=$(judge "$(get /startupz 0.4)")
  fi
  if [ "$class" = older ]; then class=$(judge "$(get /healthz 0.4)"); fi
  if [ "$class" = older ]; then class=bad; fi
  echo "$class"
}

unit_of_gateway() {
  case $manager in
    user)
      XDG_RUNTIME_DIR=/run/user/$(id -u)
      export XDG_RUNTIME_DIR
      set -- --user
      ;;
    system) set -- ;;
    *) return 0 ;;
  esac
  timeout -s KILL 0.9 systemctl "$@" show --no-pager --property=LoadState,ActiveState,SubState,Result,ExecMainStatus,NRestarts -- "$unit"
}

# Both at the same time: lines of NAME=VALUE, and one word of ours. The names of systemctl begin with capitals.
told=$(
  unit_of_gateway &
  ask
  wait
)

load='' active='' sub='' result=unknown code=0 restarts=0 answer=unknown ready=unknown failing='' suppressed=''
while IFS= read -r line; do
  value=\${line#*=}
  case $line in
    LoadState=*) load=$value ;;
    ActiveState=*) active=$value ;;
    SubState=*) sub=$value ;;
    Result=*) result=$value ;;
    ExecMainStatus=*) code=$value ;;
    NRestarts=*) restarts=$value ;;
    ready=*) ready=$value ;;
    failing=*) failing=$value ;;
    suppressed=*) suppressed=$value ;;
    *[!a-z]* | '') ;;
    *) answer=$line ;;
  esac
done <<TOLD
$told
TOLD
case $manager/$load/$active/$sub in
  none/*) state=absent ;;
  */not-found/*) state=absent ;;
  */auto-restart*) state=activating ;;
  */active/* | */reloading/* | */refreshing/*) state=active ;;
  */activating/* | */deactivating/* | */inactive/* | */failed/*) state=$active ;;
  *) state=unknown ;;
esac
case $result in
  '' | *[!a-z-]*) result=unknown ;;
esac
case $code in
  '' | *[!0-9]*) code=0 ;;
esac
case $restarts in
  '' | *[!0-9]*) restarts=0 ;;
esac

read -r boot </proc/sys/kernel/random/boot_id
read -r up _ </proc/uptime
printf '{"unit":"%s","result":"%s","exitCode":%s,"restarts":%s,"bootId":"%s","uptimeS":%s,"loopback":"%s","listens":"%s",' \
  "$state" "$result" "$code" "$restarts" "$boot" "\${up%%.*}" "$answer" "$listens"
printf '"ready":"%s","failing":"%s","suppressed":"%s"}\n' "$ready" "$failing" "$suppressed"
`,
  );
