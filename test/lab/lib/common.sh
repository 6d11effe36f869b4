# shellcheck shell=bash
# Paths, versions, small helpers. Sourced by lab.sh.

CACHE=${FAILOVER_LAB_CACHE:-/var/cache/failover-wizard-lab}
RUN=${FAILOVER_LAB_RUN:-/var/lib/failover-wizard-lab}

OPENCLAW_VERSION=${FAILOVER_LAB_OPENCLAW:-2026.9.6}
NODE_VERSION=${FAILOVER_LAB_NODE:-24.21.0}
NPM_VERSION=${FAILOVER_LAB_NPM:-11.19.1}

MACHINE_IP=10.77.0.1
HUB_IP=10.77.0.2
OPERATOR_KEY=$CACHE/operator_ed25519
DEPLOY_KEY=$CACHE/primary_deploy_ed25519
HUB_KEY=$CACHE/hub_host_ed25519
CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt

log() { printf '%s\n' "$*" >&2; }
die() {
  log "lab: $*"
  exit 1
}

# Seconds with one decimal since a moment taken from $EPOCHREALTIME.
since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'; }

# until_true SECONDS CMD...: poll ten times a second; false when the time is over.
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  while ! "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

# A recorded process is "pid starttime", so that a reused pid is never taken for ours.
proc_start_time() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" { print $20 }'; }
proc_record() { printf '%s %s\n' "$2" "$(proc_start_time "$2")" >"$1"; }
proc_pid() {
  local pid start
  [[ -f $1 ]] && read -r pid start <"$1" || return 1
  [[ -n $start && $(proc_start_time "$pid") == "$start" ]] && echo "$pid"
}
proc_end() {
  local pid
  pid=$(proc_pid "$1") || { rm -f "$1" && return 0; }
  kill "${2:--TERM}" "$pid" 2>/dev/null || true
  until_true 5 proc_gone "$1" || kill -KILL "$pid" 2>/dev/null || true
  rm -f "$1"
}
proc_gone() { ! proc_pid "$1"; }

# One lock per matter; background processes must close fd 9 so that they do not hold it.
with_lock() {
  local name=$1
  shift
  mkdir -p "$RUN/locks"
  (
    exec 9>"$RUN/locks/$name"
    flock -w 900 9 || die "another lab.sh holds the lock '$name'"
    "$@"
  )
}

keys_ensure() {
  if [[ -f $OPERATOR_KEY && -f $DEPLOY_KEY && -f $HUB_KEY ]]; then return; fi
  with_lock keys keys_make
}

keys_make() {
  mkdir -p "$CACHE"
  local key
  for key in "$OPERATOR_KEY" "$DEPLOY_KEY" "$HUB_KEY"; do
    [[ -f $key ]] || ssh-keygen -q -t ed25519 -N '' -C "$(basename "$key" _ed25519)@failover-lab" -f "$key"
  done
}

LAB_PACKAGES=(debootstrap systemd-container iproute2 nftables git openssh-client xz-utils curl ca-certificates)

install_packages() {
  local missing=() package
  for package in "${LAB_PACKAGES[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [[ ${#missing[@]} -gt 0 ]] || { log "nothing to install" && return 0; }
  log "installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
