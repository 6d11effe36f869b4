import {posix} from './posix.js';

/** `c` is SSH_CONNECTION of this session; behind sudo only a process before it knows. */
export const sshConnection = posix`
ssh_connection() {
  c=$SSH_CONNECTION
  p=$$
  while [ -z "$c" ] && [ "$p" -gt 1 ]; do
    c=$(tr '\0' '\n' <"/proc/$p/environ" | sed -n 's/^SSH_CONNECTION=//p')
    q=1
    while read -r k v; do [ "$k" != PPid: ] || q=$v; done <"/proc/$p/status"
    p=$q
  done
}
`;

/** What a machine is and how it stands: one function per section. */
export const machine =
  sshConnection +
  posix`
clock() { date +%s.%N; }
machine() {
  read -r name </proc/sys/kernel/hostname; echo "hostname $name"
  echo "kernel $(uname -r)"
  echo "arch $(uname -m)"
  read -r up _ </proc/uptime; echo "uptime $up"
  read -r load _ </proc/loadavg; echo "load $load"
  echo "cpus $(nproc)"
  echo "login $LOGIN"
  read -r one </proc/1/comm; echo "init $one"
  ! [ -d /run/systemd/system ] || echo "systemd $(systemctl --version | sed -n '1s/^systemd \([0-9]*\).*/\1/p')"
  sed -n 's/^\(ID\|VERSION_ID\|VERSION_CODENAME\|PRETTY_NAME\)=/os \1=/p' /etc/os-release
  sed -n 's/^\(MemTotal\|MemAvailable\): */mem \1 /p' /proc/meminfo
}
ssh_port() {
  ssh_connection
  [ -n "$c" ] || { echo 'this is not an SSH session' >&2; return 1; }
  echo "$c"
}
disks() {
  set --
  for d in / /opt /home /var; do [ ! -d "$d" ] || set -- "$@" "$d"; done
  echo "$*"
  timeout 3 df -Pk "$@" | tail -n +2
}
mounts() { grep -E '^[^ ]+ (/|/opt|/home|/var) ' /proc/mounts; }
accounts_db() { cat /etc/passwd; }
groups_db() { cat /etc/group; }
addresses() { timeout 2 ip -o addr; }
listeners() { timeout 3 ss -lntupH; }
packages() {
  command -v dpkg-query >/dev/null || { echo 'dpkg-query is not installed' >&2; return 1; }
  timeout 10 dpkg-query -W -f '\${db:Status-Abbrev}|\${Package}|\${Version}\n' "$@" 2>/dev/null
  [ "$?" -le 1 ]
}
# Who holds a lock of apt or dpkg: the inode in /proc/locks, proven by an open file of that process.
apt_lock() {
  for l in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock; do
    [ -e "$l" ] || continue
    inode=$(stat -c %i "$l") || return 1
    while read -r _ _ _ mode pid where _; do
      [ "$mode" = WRITE ] && [ "\${where##*:}" = "$inode" ] || continue
      for fd in "/proc/$pid/fd"/*; do
        [ "$fd" -ef "$l" ] || continue
        read -r comm <"/proc/$pid/comm"
        echo "$pid $comm"
        return 0
      done
    done </proc/locks
  done
}
units() {
  timeout 5 systemctl show --no-pager -p Id,Names,LoadState,ActiveState,SubState,UnitFileState,Result \
    -p NeedDaemonReload,MainPID,NRestarts,ActiveEnterTimestampMonotonic,FragmentPath,DropInPaths -- "$@"
}
firewall() {
  command -v ufw >/dev/null || { echo absent; return; }
  echo present
  grep -s '^ENABLED=' /etc/ufw/ufw.conf
  grep -s '^DEFAULT_INPUT_POLICY=' /etc/default/ufw
  for f in /etc/ufw/user.rules /lib/ufw/user.rules /var/lib/ufw/user.rules; do
    [ -e "$f" ] || continue
    grep -h '^### tuple ###' "$f" "\${f%user.rules}user6.rules"
    break
  done
  return 0
}
fail2ban() {
  command -v fail2ban-client >/dev/null || { echo absent; return; }
  echo present
  [ -S /run/fail2ban/fail2ban.sock ] || { echo down; return; }
  timeout 5 fail2ban-client status
}
tailscale_state() {
  command -v tailscale >/dev/null || { echo absent; return; }
  echo present
  timeout 2 tailscale status --json --peers=false || timeout 2 tailscale status --json
  echo
  printf 'ip4 '
  timeout 2 tailscale ip -4 | head -n 1
}
clock_synced() {
  command -v timedatectl >/dev/null && [ -d /run/systemd/system ] || { echo 'timedatectl is not there' >&2; return 1; }
  timeout 2 timedatectl show -p NTPSynchronized --value
}
git_version() { command -v git >/dev/null && git --version; }
setup_lock() {
  [ -d "$1" ] || return 0
  echo held
  for part in who when why; do
    printf '%s ' "$part"
    [ ! -f "$1/$part" ] || head -c 300 "$1/$part" | b64
    echo
  done
}
small_file() {
  [ -e "$1" ] || { echo absent; return; }
  [ ! -L "$1" ] || { echo 'it is a link' >&2; return 1; }
  printf 'present '
  head -c 65536 "$1" | b64
}
user() {
  uh=$(home_of "$2") || { echo "$1 absent"; return; }
  echo "$1 present"
  [ ! -e "/var/lib/systemd/linger/$2" ] || echo "$1 linger"
  [ -L "$uh/.ssh" ] || [ -L "$uh/.ssh/authorized_keys" ] || [ ! -f "$uh/.ssh/authorized_keys" ] || { printf '%s keys ' "$1"; head -c 65536 "$uh/.ssh/authorized_keys" | b64; echo; }
  for f in "$uh"/.ssh/*.pub; do
    [ -f "$f" ] && ! [ -L "$f" ] && ! [ -L "$uh/.ssh" ] || continue
    printf '%s pub ' "$1"
    printf %s "$f" | b64
    printf ' '
    head -c 8192 "$f" | b64
    echo
  done
}
node_version() {
  [ ! -x "$2/node" ] || { printf '%s ' "$1"; timeout 2 "$2/node" --version; }
}
# The settings are ours, one field a line; anything else in them is not taken for an address.
probe_watched() {
  [ -f "$1" ] || return 0
  field() { sed -n '/"primary": *{/,/}/s/^ *"'"$2"'": *"\{0,1\}\([0-9a-fA-F.:]*\)"\{0,1\},\{0,1\} *$/\1/p' "$1" | head -n 1; }
  address=$(field "$1" address)
  port=$(field "$1" port)
  [ -z "$address" ] || [ -z "$port" ] || probe "$address" "$port"
}
probe() {
  echo "TARGET $1 $2"
  case $1 in *:*) url="http://[$1]:$2/healthz" ;; *) url="http://$1:$2/healthz" ;; esac
  if command -v curl >/dev/null; then
    timeout 3 curl -sS --noproxy '*' --connect-timeout 1 -m 2 -w '\nHTTP %{http_code} %{time_total}\n' "$url" | tail -c 4200
  elif [ -n "$NODE" ]; then
    timeout 4 "$NODE" -e '
      const start = process.hrtime.bigint();
      const request = require("http").get(process.argv[1], {timeout: 2000, agent: false}, (answer) => {
        let body = "";
        answer.on("data", (part) => { if (body.length < 4096) body += part; });
        answer.on("end", () => console.log(body + "\nHTTP " + answer.statusCode + " " + Number(process.hrtime.bigint() - start) / 1e9));
      });
      request.on("timeout", () => request.destroy(new Error("no answer within 2 s")));
      request.on("error", (error) => { console.error(error.message); process.exitCode = 1; });
    ' "$url"
  else
    echo 'neither curl nor Node is installed' >&2
    return 1
  fi
}
`;
