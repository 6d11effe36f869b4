# shellcheck shell=bash
# Cached base trees. A tree is one overlay layer and the chain of layers below it:
#   $CACHE/trees/NAME-HASH/layer   the files
#   $CACHE/trees/NAME-HASH/chain   layers, uppermost first
# HASH covers everything the tree is made from, so a change of inputs makes a new tree.

TREES=(bookworm trixie hub primary primary-user primary-system)
VPS_PACKAGES=systemd,systemd-sysv,dbus,libpam-systemd,openssh-server,sudo,curl,ca-certificates,iproute2,procps,python3

tree_parent() {
  case $1 in
    bookworm | trixie) ;;
    hub | primary) echo bookworm ;;
    primary-user | primary-system) echo primary ;;
    *) die "no such tree: $1 (there are ${TREES[*]})" ;;
  esac
}

tree_hash() {
  local parent
  parent=$(tree_parent "$1")
  {
    declare -f "tree_make_${1//-/_}"
    case $1 in
      bookworm | trixie) echo "$VPS_PACKAGES" "$(debian_mirror)" "$(apt_settings)" && declare -f tree_make_debian trust_machine_ca && cat "$CA_BUNDLE" ;;
      hub) cat "$DEPLOY_KEY.pub" "$HUB_KEY.pub" "$LAB_DIR/files/ngircd.conf" ;;
      primary) tree_hash hub && node_mirror_hash && echo "$OPENCLAW_VERSION" && cat "$LAB_DIR/files/openclaw.json" ;;
      primary-*) declare -f bake "gateway_install_${1#primary-}" && cat "$LAB_DIR/files/openclaw-gateway.service" ;;
    esac
    [[ -z $parent ]] || tree_hash "$parent"
  } | sha256sum | cut -c1-12
}

tree_path() { echo "$CACHE/trees/$1-$(tree_hash "$1")"; }

trees_list() {
  keys_ensure
  local tree path
  for tree in "${TREES[@]}"; do
    path=$(tree_path "$tree")
    printf '%-15s %-6s %s\n' "$tree" "$([[ -d $path ]] && echo ready || echo -)" "$path"
  done
}

cmd_build() {
  keys_ensure
  local tree wanted=("$@")
  [[ $# -gt 0 ]] || wanted=("${TREES[@]}")
  # The two debootstraps wait for the network most of the time.
  if [[ $# -eq 0 ]]; then
    tree_ensure trixie &
    local trixie=$!
  fi
  for tree in "${wanted[@]}"; do
    [[ $# -eq 0 && $tree == trixie ]] || tree_ensure "$tree"
  done
  [[ -z ${trixie:-} ]] || wait "$trixie"
}

tree_ensure() {
  local parent
  parent=$(tree_parent "$1")
  [[ -z $parent ]] || tree_ensure "$parent"
  if [[ $1 == primary ]]; then
    tree_ensure hub
    node_mirror_ensure
  fi
  [[ -d $(tree_path "$1") ]] || with_lock "tree-$1" tree_build "$1"
}

tree_build() {
  local tree=$1 path work started=$EPOCHREALTIME parent
  path=$(tree_path "$tree")
  [[ ! -d $path ]] || return 0
  parent=$(tree_parent "$tree")
  work=$CACHE/trees/.building-$tree
  log "building $tree"
  if mountpoint -q "$work/root"; then umount -R "$work/root"; fi
  rm -rf "$work"
  mkdir -p "$work/layer" "$work/root" "$work/work"
  echo "$path/layer" >"$work/chain"
  [[ -z $parent ]] || cat "$(tree_path "$parent")/chain" >>"$work/chain"
  # In a process of its own, where "set -e" is in force.
  "$LAB_SH" _make "$tree" "$work" >"$work/log" 2>&1 || { tail -20 "$work/log" >&2 && die "building $tree failed, see $work/log"; }
  rm -rf "$work/work" "$work/root"
  mv "$work" "$path"
  log "built $tree in $(since "$started") s, $(du -sh "$path/layer" | cut -f1)"
}

overlay_mount() { # CHAIN-FILE UPPER WORK TARGET
  local lower
  lower=$(paste -sd: "$1")
  mkdir -p "$2" "$3" "$4"
  mount -t overlay overlay -o "lowerdir=$lower,upperdir=$2,workdir=$3,index=off,metacopy=off" "$4"
}

# in_root ROOT CMD...: a command in a tree that is not booted, on this machine's network.
in_root() {
  local root=$1
  shift
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  systemd-nspawn -q -D "$root" --register=no --keep-unit --resolv-conf=off --timezone=off --pipe \
    --setenv=DEBIAN_FRONTEND=noninteractive --setenv=NODE_EXTRA_CA_CERTS=$CA_BUNDLE "$@" </dev/null
}

# The mirror this machine uses itself, and what it says about the age of a mirror's signatures.
debian_mirror() {
  local found
  found=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | grep -v '^ *#' | grep -oE 'https?://[^ ]+/debian/?( |$)' || true)
  [[ -n $found ]] || die "no Debian mirror in /etc/apt/sources.list*: the lab takes the one this machine uses"
  found=$(head -1 <<<"$found")
  echo "${found%%/ *}" | sed 's,[/ ]*$,,'
}
apt_settings() { apt-config dump | grep -E '^Acquire::Check-(Valid-Until|Date) ' || true; }

trust_machine_ca() {
  local root=$1 home
  mkdir -p "$root/usr/local/share/ca-certificates"
  cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
  cp "$CA_BUNDLE" "$root$CA_BUNDLE"
  echo "NODE_EXTRA_CA_CERTS=$CA_BUNDLE" >>"$root/etc/environment"
  for home in /root /etc/skel; do echo "cafile=$CA_BUNDLE" >"$root$home/.npmrc"; done
}

# A bare VPS: what a provider's image has, and nothing the wizard is meant to bring.
tree_make_debian() {
  local root=$1 suite=$2 mirror
  mirror=$(debian_mirror)
  debootstrap --variant=minbase --include="$VPS_PACKAGES" "$suite" "$root" "$mirror"
  cat >"$root/etc/apt/sources.list" <<SOURCES
deb $mirror $suite main
deb $mirror $suite-updates main
deb $mirror-security $suite-security main
SOURCES
  apt_settings >"$root/etc/apt/apt.conf.d/90lab"
  trust_machine_ca "$root"
  # A host that came up for the first time has an identity of its own: made at boot, not here.
  rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/machine-id" "$root/var/lib/dbus/machine-id"
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
}
tree_make_bookworm() { tree_make_debian "$1/layer" bookworm; }
tree_make_trixie() { tree_make_debian "$1/layer" trixie; }

# The Internet of the tests: an IRC server and a git server. Its host keys are part of the tree.
tree_make_hub() {
  local work=$1 root=$1/root
  overlay_mount <(tail -n +2 "$work/chain") "$work/layer" "$work/work" "$root"
  in_root "$root" sh -ec '
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends git ngircd
    useradd --create-home --shell /usr/bin/git-shell git
    rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb'
  install -m 600 "$HUB_KEY" "$root/etc/ssh/ssh_host_ed25519_key"
  install -m 644 "$HUB_KEY.pub" "$root/etc/ssh/ssh_host_ed25519_key.pub"
  cp "$LAB_DIR/files/ngircd.conf" "$root/etc/ngircd/ngircd.conf"
  install -d -m 700 "$root/home/git/.ssh"
  cp "$DEPLOY_KEY.pub" "$root/home/git/.ssh/authorized_keys"
  in_root "$root" sh -ec '
    git init -q --bare --initial-branch=main /home/git/workspace.git
    git init -q --initial-branch=main /tmp/seed
    cd /tmp/seed
    printf "# Agents\n\nAnswer what alice asks.\n" >AGENTS.md
    printf "# Soul\n\nCalm.\n" >SOUL.md
    printf "# Identity\n\nClaw.\n" >IDENTITY.md
    printf "# User\n\nAlice.\n" >USER.md
    printf "# Memory\n\nThe lab began here.\n" >MEMORY.md
    mkdir memory notes
    printf "first note\n" >notes/first.md
    printf "# 2026-01-01\n\nNothing yet.\n" >memory/2026-01-01.md
    git add .
    git -c user.name=claw -c user.email=claw@lab commit -q -m "Workspace"
    git push -q /home/git/workspace.git main
    rm -rf /tmp/seed
    chown -R git:git /home/git'
  umount "$root"
}

cmd_prune() {
  keys_ensure
  local path tree keep=()
  for tree in "${TREES[@]}"; do keep+=("$(tree_path "$tree")"); done
  for path in "$CACHE"/trees/*; do
    [[ -d $path ]] || continue
    [[ " ${keep[*]} " != *" $path "* ]] || continue
    if cat "$RUN"/{hosts,snapshots}/*/chain "${keep[@]/%//chain}" 2>/dev/null | grep -qxF "$path/layer"; then continue; fi
    log "removing $path"
    rm -rf "$path"
  done
}
