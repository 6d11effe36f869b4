import {posix} from './posix.js';

/**
 * Finds the gateway in whatever form it runs, or the unit it would run as. Sets GU and GH (user and home), GP
 * (PID), FORM, UNIT, UNITFILE, SCOPE, CT (container), EXE, ARGV (words, one per line), NODE. Prints its section.
 */
export const gateway = posix`
words_of() { tr '\0' '\n' <"$1" 2>/dev/null; }
# Words on stdin: the command line of a gateway, not of "openclaw gateway status" or an editor?
serves() {
  seen= hit=
  while IFS= read -r w; do
    if [ -n "$hit" ]; then
      case $w in '' | run | -*) return 0 ;; *) return 1 ;; esac
    fi
    case $w in
      *openclaw*) seen=1 ;;
      gateway) [ -z "$seen" ] || hit=1 ;;
    esac
  done
  [ -n "$hit" ]
}
is_gateway() {
  { read -r comm <"$1/comm"; } 2>/dev/null || return 1
  case $comm in
    openclaw-gatewa*) return 0 ;;
    # Every openclaw command names itself so, and a gateway does while it loads; its unit tells them apart.
    openclaw) case $(cgroup_of "\${1#/proc/}") in */*claw*.service* | *libpod-* | *docker*) return 0 ;; esac; return 1 ;;
  esac
  exe=$(readlink "$1/exe") || return 1
  case \${exe##*/} in node* | bun* | openclaw*) ;; *) return 1 ;; esac
  words_of "$1/cmdline" | serves
}
parent_of() { [ ! -r "/proc/$1/status" ] || while read -r k v; do [ "$k" != PPid: ] || { echo "$v"; return; }; done <"/proc/$1/status"; }
# Gateway processes; where a launcher waits for the real one, only the child.
gateway_pids() {
  found=
  for f in $(timeout 3 grep -lsa openclaw /proc/[0-9]*/cmdline /proc/[0-9]*/comm); do
    d=\${f%/*}
    case " $found " in *" \${d#/proc/} "*) continue ;; esac
    ! is_gateway "$d" || found="$found \${d#/proc/}"
  done
  parents=
  for p in $found; do parents="$parents $(parent_of "$p")"; done
  for p in $found; do
    case "$parents " in *" $p "*) ;; *) echo "$p" ;; esac
  done
}
cgroup_of() {
  [ ! -r "/proc/$1/cgroup" ] || while IFS= read -r l; do
    case $l in 0::/?* | *:name=systemd:/?*) echo "\${l#*:*:}"; return ;; esac
  done <"/proc/$1/cgroup"
}
# The innermost unit of a control group, when the process is that unit's own and not of someone's session.
classify() {
  cg=$(cgroup_of "$1")
  case $cg in
    *libpod-*) FORM=podman; CT=\${cg##*libpod-}; CT=\${CT#payload-}; CT=\${CT%%[!0-9a-f]*}; return ;;
    *docker-*.scope*) FORM=compose; CT=\${cg##*docker-}; CT=\${CT%%[!0-9a-f]*}; return ;;
    */docker/*) FORM=compose; CT=\${cg##*/docker/}; CT=\${CT%%[!0-9a-f]*}; return ;;
  esac
  FORM=foreground
  SCOPE=system
  inner=$cg
  case $cg in */user@*.service/*) SCOPE=user; inner=\${cg#*/user@*.service} ;; esac
  name=
  oifs=$IFS
  IFS=/
  for part in $inner; do case $part in *.service) name=$part ;; esac; done
  IFS=$oifs
  case $name in
    '' | ssh.service | sshd.service | ssh@*.service | sshd@*.service | cron.service | crond.service | *getty*) return ;;
    *claw*) ;;
    *)
      read -r above <"/proc/$(parent_of "$1")/comm"
      [ "$above" = systemd ] || return
      ;;
  esac
  UNIT=$name
  FORM=$SCOPE-unit
}
unit_dirs() {
  echo "system /etc/systemd/system"
  echo "system /run/systemd/system"
  echo "system /run/systemd/generator"
  echo "system /usr/local/lib/systemd/system"
  echo "system /usr/lib/systemd/system"
  [ -L /lib ] || echo "system /lib/systemd/system"
  while IFS=: read -r un _ uid _ _ uh _; do
    [ "$uid" -eq 0 ] || [ "$uid" -ge 1000 ] || continue
    [ ! -d "$uh/.config/systemd/user" ] || echo "$un $uh/.config/systemd/user"
  done </etc/passwd
  echo "* /etc/systemd/user"
}
# Files of units that start a gateway: "OWNER PATH", OWNER being system or the user of the user unit.
unit_files() {
  unit_dirs | while read -r owner dir; do
    for f in $(timeout 3 grep -lsE '^ExecStart=.*openclaw' "$dir"/*.service); do
      case \${f##*/} in openclaw-health-* | openclaw-standby-* | openclaw-workspace-* | openclaw-failover-*) continue ;; esac
      grep -qE '^ExecStart=.*(gateway|podman|docker)' "$f" && echo "$owner $f"
    done
  done
}
unit_path() {
  case $1 in
    system) dirs='/etc/systemd/system /run/systemd/system /run/systemd/generator /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system' ;;
    *) dirs="$GH/.config/systemd/user /etc/systemd/user /usr/lib/systemd/user" ;;
  esac
  for d in $dirs; do [ ! -f "$d/$2" ] || { echo "$d/$2"; return; }; done
}
# The unit with its drop-ins into UNITTEXT, which stays on this host: it may hold secrets. What belongs to a user
# is read as that user, or a link in a home would make root read it.
read_unit() {
  if [ "$SCOPE" = user ]; then as "$GU" "$GH" cat -- "$1"; else cat -- "$1"; fi
}
load_unit() {
  UNITTEXT=
  [ -n "$UNITFILE" ] || return 0
  UNITTEXT=$(read_unit "$UNITFILE")
  drops=$UNITFILE.d
  [ "$SCOPE" = user ] || [ "$drops" = "/etc/systemd/system/$UNIT.d" ] || drops="$drops /etc/systemd/system/$UNIT.d"
  for d in $drops; do
    for f in "$d"/*.conf; do [ ! -f "$f" ] || UNITTEXT=$UNITTEXT$NL$(read_unit "$f"); done
  done
}
setting() { printf '%s\n' "$UNITTEXT" | sed -n "s/^$1=//p" | tail -n 1; }
enabled_unit() { for w in "\${1%/*}"/*.wants/"\${1##*/}" /etc/systemd/system/*.wants/"\${1##*/}"; do [ ! -e "$w" ] || return 0; done; return 1; }

find_stopped() {
  list=$(unit_files)
  [ -n "$list" ] || return 0
  pick= count=0 on=0 onpick=
  while read -r owner f; do
    [ -n "$f" ] || continue
    [ -z "$WANTED" ] || [ "$owner" = "$WANTED" ] || [ "$owner" = '*' ] || {
      [ "$owner" = system ] && grep -qx "User=$WANTED" "$f"
    } || continue
    count=$((count + 1)) pick="$owner $f"
    ! enabled_unit "$f" || { on=$((on + 1)); onpick="$owner $f"; }
  done <<LIST
$list
LIST
  [ "$on" -ne 1 ] || { pick=$onpick; count=1; }
  [ "$count" -gt 0 ] || return 0
  [ "$count" -eq 1 ] || { echo "several gateway units are installed and none runs:" $list >&2; return 1; }
  UNITFILE=\${pick#* }
  UNIT=\${UNITFILE##*/}
  case \${pick%% *} in
    system) SCOPE=system FORM=system-unit; load_unit; GU=$(setting User); [ -n "$GU" ] || GU=root ;;
    '*') SCOPE=user FORM=user-unit GU=$WANTED ;;
    *) SCOPE=user FORM=user-unit GU=\${pick%% *} ;;
  esac
  [ -n "$UNITTEXT" ] || { GH=$(home_of "$GU"); load_unit; }
}

# Containers that carry OpenClaw; the one whose id begins with $1, or any.
containers() {
  format='{{.ID}}|{{.Names}}|{{.State}}|{{.Label "com.docker.compose.project.working_dir"}}|{{.Label "com.docker.compose.service"}}|{{.Image}}'
  if [ "$1" != podman ] && command -v docker >/dev/null && { [ -S /run/docker.sock ] || [ -S /var/run/docker.sock ]; }; then
    timeout 3 docker ps -a --no-trunc --format "$format" | sed -n '/openclaw/s/^/docker|root|/p'
  fi
  if [ "$1" != docker ] && command -v podman >/dev/null; then
    timeout 3 podman ps -a --no-trunc --format "$format" | sed -n '/openclaw/s/^/podman|root|/p'
    [ -z "$2" ] || [ "$2" = root ] || as "$2" "$(home_of "$2")" timeout 3 podman ps -a --no-trunc --format "$format" | sed -n "/openclaw/s/^/podman|$2|/p"
  fi
}
find_container() {
  all=$(containers "$1" "$3")
  hits=0
  while IFS='|' read -r engine cuser id name state dir service _; do
    [ -n "$id" ] || continue
    case $id in "$2"*) ;; *) continue ;; esac
    # Beside the gateway, Compose also knows a container for one-off commands.
    [ -n "$2" ] || case $service in openclaw-cli) continue ;; esac
    hits=$((hits + 1))
    ENGINE=$engine CUSER=$cuser CID=$id CNAME=$name CSTATE=$state CDIR=$dir CSERVICE=$service
  done <<LIST
$all
LIST
  [ "$hits" -le 1 ] || { echo "several containers carry OpenClaw:" $(echo "$all" | cut -d '|' -f 4) >&2; return 1; }
  [ "$hits" -eq 1 ] || return 0
  FORM=compose
  [ "$ENGINE" = docker ] || FORM=podman
}

find_gateway() {
  pids=
  for p in $(gateway_pids); do
    owner=$(stat -c %U "/proc/$p")
    # A gateway inside a virtual host of its own (LXC, nspawn) is none of this host.
    case $(cgroup_of "$p") in
      *libpod-* | *docker*) ;;
      *) [ "$(readlink "/proc/$p/ns/pid")" = "$(readlink /proc/self/ns/pid)" ] || continue ;;
    esac
    [ -z "$WANTED" ] || [ "$owner" = "$WANTED" ] || case $(cgroup_of "$p") in *libpod-* | *docker*) ;; *) continue ;; esac
    pids="$pids $p"
  done
  set -- $pids
  [ $# -le 1 ] || { echo "$# gateways run on this host (PIDs$pids); set primary.gatewayUser to the one that is meant" >&2; return 1; }
  if [ $# -eq 1 ]; then
    GP=$1
    GU=$(stat -c %U "/proc/$GP")
    classify "$GP"
    EXE=$(readlink "/proc/$GP/exe")
    CWD=$(readlink "/proc/$GP/cwd")
    ARGV=$(words_of "/proc/$GP/cmdline")
  else
    find_stopped || return 1
    case $(setting ExecStart) in *podman* | *docker*) find_container any '' "$GU" || return 1 ;; esac
  fi
  case $FORM in
    podman | compose) engine=podman; [ "$FORM" = podman ] || engine=docker; find_container "$engine" "$CT" "$GU" || return 1 ;;
    '') find_container any '' "$WANTED" || return 1 ;;
  esac
  [ -n "$GU" ] || GU=$WANTED
  [ -n "$GU" ] || GU=$(config_owner) || return 1
  [ -n "$GU" ] || return 0
  GH=$(home_of "$GU") || { GU= GH=; }
  [ -n "$UNITFILE" ] || [ -z "$UNIT" ] || { UNITFILE=$(unit_path "$SCOPE" "$UNIT"); load_unit; }
  # A process that renamed itself has lost its arguments.
  case $(echo "$ARGV" | sed -n 2p) in '') ARGV=$(setting ExecStart | sed 's/^[-@:+!]*//' | tr ' ' '\n') ;; esac
  [ -n "$CWD" ] || CWD=$(setting WorkingDirectory | sed "s#^-##;s#^~#$GH#")
}
# Nothing runs and nothing is installed: whose config lies here?
config_owner() {
  owners=
  while IFS=: read -r un _ uid _ _ uh _; do
    [ "$uid" -eq 0 ] || [ "$uid" -ge 1000 ] || continue
    [ ! -f "$uh/.openclaw/openclaw.json" ] || owners="$owners $un"
  done </etc/passwd
  set -- $owners
  [ $# -le 1 ] || { echo "several users have an OpenClaw config:$owners; set primary.gatewayUser" >&2; return 1; }
  echo "$1"
}
# Values of flags that carry secrets never leave the host.
safe_words() {
  sed -E '/^--?[a-z-]*(token|password|secret|key)$/{n;s/.*/[redacted]/;};s/^(--?[a-z-]*(token|password|secret|key))=.*/\1=[redacted]/'
}
gateway() {
  find_gateway || return 1
  echo "form \${FORM:-none}"
  [ -z "$UNIT" ] || echo "unit $UNIT"
  [ -z "$GU" ] || echo "user $GU"
  [ -z "$GH" ] || echo "home $GH"
  if [ -n "$GP" ]; then
    echo "pid $GP"
    read -r st <"/proc/$GP/stat"
    set -- \${st##*) }
    echo "start \${20}"
    echo "exe $EXE"
  fi
  [ -z "$ARGV" ] || echo "argv $(echo "$ARGV" | safe_words | b64)"
  [ -z "$CNAME" ] || {
    echo "container $ENGINE $CNAME"
    echo "cstate $CSTATE"
    [ "$CUSER" = root ] || echo "cuser $CUSER"
    [ -z "$CDIR" ] || echo "cdir $CDIR"
    [ -z "$CSERVICE" ] || echo "cservice $CSERVICE"
  }
}
`;
