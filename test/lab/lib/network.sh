# shellcheck shell=bash
# Two bridges: fwlab0 is the Internet as the hosts see it, fwlab1 their private network.

network_up() { with_lock network network_make; }

network_make() {
  bridge_up fwlab0 "$MACHINE_IP"
  bridge_up fwlab1 100.64.0.1
  ip address replace "$MACHINE_IP/24" dev fwlab0
  # On no network of the hosts: for them it lies beyond their router.
  ip address replace 10.78.0.1/32 dev fwlab0
  mkdir -p "$RUN"
  kernel_set net/ipv4/ip_forward 1
  # All hosts count as one user here; with four of them the default of 128 is used up, and path units do not start.
  kernel_set fs/inotify/max_user_instances 4096
  nft list table inet fwlab >/dev/null 2>&1 || nft -f - <<'NFT'
table inet fwlab {
  set cut { type ipv4_addr; }
  chain from_hosts {
    type filter hook input priority -10;
    ip saddr @cut tcp sport 22 drop
  }
  chain to_hosts {
    type filter hook output priority -10;
    ip daddr @cut tcp dport 22 drop
  }
  chain way_out {
    type nat hook postrouting priority srcnat;
    ip saddr 10.77.0.0/24 ip daddr != 10.77.0.0/24 masquerade
  }
}
NFT
}

# An address of its own: otherwise the bridge takes the lowest of its ports', which changes when a host goes away, and
# every other host loses this machine for seconds.
bridge_up() {
  ip link show "$1" >/dev/null 2>&1 || ip link add "$1" address "$(hardware_address "$2")" type bridge
  ip link set "$1" mtu "$(outer_mtu)" up
}

# The hosts' links never promise more than this machine's own way out.
outer_mtu() {
  local dev
  dev=$(ip route show default | awk '{ for (i = 1; i < NF; i++) if ($i == "dev") { print $(i + 1); exit } }')
  if [[ -n $dev ]]; then cat "/sys/class/net/$dev/mtu"; else echo 1500; fi
}

network_down() {
  nft delete table inet fwlab 2>/dev/null || true
  ip link delete fwlab0 2>/dev/null || true
  ip link delete fwlab1 2>/dev/null || true
  kernel_restore net/ipv4/ip_forward
  kernel_restore fs/inotify/max_user_instances
}

# Settings of this machine's kernel, as long as the lab is up.
kernel_set() {
  local before=$RUN/${1##*/}.before
  [[ -f $before ]] || cat "/proc/sys/$1" >"$before"
  echo "$2" >"/proc/sys/$1"
}
kernel_restore() {
  local before=$RUN/${1##*/}.before
  [[ ! -f $before ]] || cat "$before" >"/proc/sys/$1"
  rm -f "$before"
}

# Interface names are limited to 15 characters, so the machine's ends are named after the address.
veth_name() { echo "fwl${2:0:2}-${1##*.}"; }

# Called before every boot, reboots too: the host finds its links and addresses as a VPS does, and no
# firewall rule of its last life.
netns_up() {
  local name=$1 ip=$2 private=$3
  ip netns list | grep -qw -- "$name" || ip netns add "$name"
  ip -n "$name" link set lo up
  ip netns exec "$name" nft flush ruleset
  netns_link "$name" "$(veth_name "$ip" public)" fwlab0 eth0 "$ip/24"
  ip -n "$name" route replace default via "$MACHINE_IP"
  [[ -z $private ]] || netns_link "$name" "$(veth_name "$private" private)" fwlab1 tailscale0 "$private/24"
}

netns_link() {
  local name=$1 outer=$2 bridge=$3 inner=$4 address=$5
  if ! ip -n "$name" link show "$inner" >/dev/null 2>&1; then
    ip link delete "$outer" 2>/dev/null || true
    # The same hardware address at every boot, or the neighbours' ARP caches hide the host for half a minute.
    ip link add "$outer" mtu "$(outer_mtu)" type veth peer name "$inner" mtu "$(outer_mtu)" \
      address "$(hardware_address "$address")" netns "$name"
  fi
  ip link set "$outer" master "$bridge" up
  ip -n "$name" link set "$inner" up
  ip -n "$name" address replace "$address" dev "$inner"
}

# shellcheck disable=SC2046 # four numbers
hardware_address() { printf '02:fc:%02x:%02x:%02x:%02x' $(tr . ' ' <<<"${1%/*}"); }

netns_down() { ip netns delete "$1" 2>/dev/null || true; }

cmd_cut() { nft add element inet fwlab cut "{ $(host_fact "$1" ip) }"; }
cmd_heal() { nft delete element inet fwlab cut "{ $(host_fact "$1" ip) }" 2>/dev/null || true; }

cmd_link() {
  local name=$1 which=$2 state=$3 address
  [[ $which == public ]] && address=$(host_fact "$name" ip) || address=$(host_fact "$name" private)
  ip link set "$(veth_name "$address" "$which")" "$state"
}

cmd_netns() {
  local name=$1
  shift
  [[ ${1:-} != -- ]] || shift
  ip netns exec "$name" "$@"
}
