# shellcheck shell=bash
# Hosts: a directory each under $RUN/hosts, with what was asked for and what runs.
#   ip, private   addresses         chain   overlay layers below the host's own disk
#   upper, work   its own disk      root    where the overlay is mounted while it runs
#   supervisor, nspawn              the recorded processes

# The second level of cgroups: v2 where it is (alone, or beside v1), for the freezer.
CGROUP2=/sys/fs/cgroup
[[ -f $CGROUP2/cgroup.procs ]] || CGROUP2=/sys/fs/cgroup/unified

host_dir() { echo "$RUN/hosts/$1"; }
host_fact() {
  local dir
  dir=$(host_dir "$1")
  [[ -d $dir ]] || die "no such host: $1"
  cat "$dir/$2"
}
host_running() { proc_pid "$(host_dir "$1")/supervisor" >/dev/null; }

# The host's PID 1, as this machine sees it.
host_leader() {
  local nspawn
  nspawn=$(proc_pid "$(host_dir "$1")/nspawn") || return 1
  pgrep -o -P "$nspawn"
}

cmd_host() {
  [[ $# -gt 0 ]] || die "host NAME --tree TREE --ip ADDRESS"
  local name=$1 tree='' from='' ip='' private='' sudo_users=no dir started=$EPOCHREALTIME
  shift
  while [[ $# -gt 0 ]]; do
    case $1 in
      --tree) tree=$2 && shift ;;
      --from) from=$2 && shift ;;
      --primary) tree=primary-${2%-unit} && shift ;;
      --ip) ip=$2 && shift ;;
      --private) private=$2 && shift ;;
      --sudo-users) sudo_users=yes ;;
      *) die "unknown option $1" ;;
    esac
    shift
  done
  [[ $name =~ ^[a-z][a-z0-9-]*$ ]] || die "a host's name is lower case: $name"
  [[ $ip =~ ^10\.77\.0\.[0-9]+$ ]] || die "--ip 10.77.0.N is needed"
  [[ -z $private || $private =~ ^100\.64\.0\.[0-9]+$ ]] || die "--private is 100.64.0.N"
  dir=$(host_dir "$name")
  [[ ! -d $dir ]] || die "there is a host $name already (remove it first)"
  if grep -qsxF "$ip" "$RUN"/hosts/*/ip; then die "another host has $ip"; fi
  if [[ -n $private ]] && grep -qsxF "$private" "$RUN"/hosts/*/private; then die "another host has $private"; fi
  keys_ensure
  network_up
  local chain
  if [[ -n $from ]]; then
    chain=$(snapshot_dir "$from")/chain
    [[ -f $chain ]] || die "no such snapshot: $from"
  else
    [[ -n $tree ]] || die "--tree or --from is needed"
    tree_ensure "$tree"
    chain=$(tree_path "$tree")/chain
  fi
  mkdir -p "$dir"
  cp "$chain" "$dir/chain"
  echo "$ip" >"$dir/ip"
  echo "$private" >"$dir/private"
  echo "$sudo_users" >"$dir/sudo-users"
  host_boot "$name"
  log "$name answers SSH at $ip after $(since "$started") s"
}

cmd_start() {
  host_running "$1" && die "$1 runs already"
  host_boot "$1"
}

host_boot() {
  local name=$1 dir
  dir=$(host_dir "$name")
  overlay_mount "$dir/chain" "$dir/upper" "$dir/work" "$dir/root"
  host_dress "$name" "$dir/root"
  rm -f "$dir/supervisor" "$dir/nspawn"
  setsid "$LAB_SH" _supervise "$name" </dev/null >>"$dir/console.log" 2>&1 9>&- &
  proc_record "$dir/supervisor" $!
  until_true 30 host_answers_ssh "$name" || die "$name does not answer SSH, see $dir/console.log"
}

# What a provider writes into a new server: name, resolver, identity, the operator's key.
host_dress() {
  local name=$1 root=$2 user
  echo "$name" >"$root/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$name" >"$root/etc/hosts"
  rm -f "$root/etc/resolv.conf"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  [[ -s $root/etc/machine-id ]] || tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
  [[ -f $root/etc/ssh/ssh_host_ed25519_key ]] || ssh-keygen -q -A -f "$root" >/dev/null
  operator_allow "$root" root
  [[ $(host_fact "$name" sudo-users) == yes ]] || return 0
  for user in ops nopass; do
    chroot "$root" id "$user" >/dev/null 2>&1 || chroot "$root" useradd --create-home --shell /bin/bash "$user"
    operator_allow "$root" "$user"
  done
  echo 'ops:ops-Passw0rd' | chroot "$root" chpasswd
  printf 'ops ALL=(ALL:ALL) ALL\nnopass ALL=(ALL:ALL) NOPASSWD: ALL\n' >"$root/etc/sudoers.d/lab"
  chmod 440 "$root/etc/sudoers.d/lab"
}

operator_allow() {
  local root=$1 user=$2 home
  home=$(awk -F: -v user="$user" '$1 == user { print $6 }' "$root/etc/passwd")
  mkdir -p "$root$home/.ssh"
  grep -qsxF "$(cat "$OPERATOR_KEY.pub")" "$root$home/.ssh/authorized_keys" || cat "$OPERATOR_KEY.pub" >>"$root$home/.ssh/authorized_keys"
  chmod 700 "$root$home/.ssh"
  chroot "$root" chown -R "$user:" "$home/.ssh"
}

# Lives as long as the host does, through its reboots (nspawn ends with 133 for those).
host_supervise() {
  local name=$1 dir status=133
  dir=$(host_dir "$name")
  while [[ $status -eq 133 ]]; do
    netns_up "$name" "$(cat "$dir/ip")" "$(cat "$dir/private")"
    host_nspawn "$name" "$dir" &
    proc_record "$dir/nspawn" $!
    status=0
    wait $! || status=$?
  done
  umount -R "$dir/root" || umount -Rl "$dir/root"
  netns_down "$name"
}

host_nspawn() {
  local group
  for group in $(host_cgroups "$1"); do
    mkdir -p "$group"
    echo "$BASHPID" >"$group/cgroup.procs"
  done
  exec systemd-nspawn -q -D "$2/root" --machine="$1" --boot --network-namespace-path="/run/netns/$1" \
    --capability=CAP_NET_ADMIN --resolv-conf=off --timezone=off --register=no --keep-unit
}

host_cgroups() {
  local root
  for root in "$CGROUP2" /sys/fs/cgroup/systemd /sys/fs/cgroup/cpu; do
    [[ ! -f $root/cgroup.procs ]] || echo "$root/fwlab/$1"
  done
}

host_answers_ssh() {
  local ip
  ip=$(host_fact "$1" ip)
  timeout 1 bash -c 'exec 3<>"/dev/tcp/$0/22" && read -r -n 4 banner <&3 && [[ $banner == SSH- ]]' "$ip"
}

cmd_stop() {
  local name=$1 leader
  host_running "$name" || return 0
  cmd_thaw "$name"
  leader=$(host_leader "$name") && kill -s RTMIN+4 "$leader"
  until_true "${2:-40}" host_is_off "$name" || { log "$name does not power off; killing it" && cmd_kill "$name"; }
}

host_is_off() { ! host_running "$1"; }

cmd_kill() {
  local name=$1 leader which
  host_running "$name" || return 0
  # Nothing of a crashed machine says goodbye: no FIN, no RST.
  for which in public private; do cmd_link "$name" "$which" down 2>/dev/null || true; done
  leader=$(host_leader "$name") && kill -KILL "$leader"
  cmd_thaw "$name"
  until_true 20 host_is_off "$name" || die "$name cannot be killed"
}

cmd_remove() {
  local dir
  dir=$(host_dir "$1")
  [[ -d $dir ]] || return 0
  host_is_off "$1" || cmd_kill "$1"
  ! mountpoint -q "$dir/root" || umount -Rl "$dir/root"
  netns_down "$1"
  cmd_heal "$1"
  rm -rf "$dir"
}

cmd_freeze() { echo 1 >"$CGROUP2/fwlab/$1/cgroup.freeze"; }
cmd_thaw() { [[ ! -e $CGROUP2/fwlab/$1/cgroup.freeze ]] || echo 0 >"$CGROUP2/fwlab/$1/cgroup.freeze"; }

cmd_cpu() {
  local quota=-1 group=/sys/fs/cgroup/cpu/fwlab/$1
  [[ -d $group ]] || die "the cpu controller is not mounted as v1 here"
  [[ $2 == max ]] || quota=$(($2 * 1000))
  echo "$quota" >"$group/cpu.cfs_quota_us"
}

cmd_exec() {
  local name=$1 leader
  shift
  [[ ${1:-} != -- ]] || shift
  leader=$(host_leader "$name") || die "$name does not run"
  exec nsenter -t "$leader" -m -u -i -n -p -- /usr/bin/env -i HOME=/root USER=root LOGNAME=root SHELL=/bin/bash \
    TERM="${TERM:-dumb}" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

cmd_where() {
  local leader
  leader=$(host_leader "$1") || die "$1 does not run"
  echo "$leader $CGROUP2/fwlab/$1/payload"
}

host_exec() { (cmd_exec "$@"); }

cmd_known_hosts() { printf '%s %s\n' "$(host_fact "$1" ip)" "$(host_public_key "$1" | cut -d' ' -f1,2)"; }
cmd_fingerprint() { host_public_key "$1" | ssh-keygen -lf - | cut -d' ' -f2; }

host_public_key() {
  local dir file layer
  dir=$(host_dir "$1")
  [[ -d $dir ]] || die "no such host: $1"
  while read -r layer; do
    file=$layer/etc/ssh/ssh_host_ed25519_key.pub
    [[ ! -f $file ]] || { cat "$file" && return; }
  done < <(echo "$dir/upper" && cat "$dir/chain")
}

cmd_ssh() {
  local name=$1 known
  shift
  known=$(host_dir "$name")/known_hosts
  cmd_known_hosts "$name" >"$known"
  exec ssh -i "$OPERATOR_KEY" -o IdentitiesOnly=yes -o UserKnownHostsFile="$known" -o StrictHostKeyChecking=yes \
    -o LogLevel=ERROR -o ConnectTimeout=10 "root@$(host_fact "$name" ip)" "$@"
}
