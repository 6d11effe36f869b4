#!/usr/bin/env bash
# Boots real systemd hosts on this machine, for tests. See README.md.
set -euo pipefail

LAB_SH=$(readlink -f "${BASH_SOURCE[0]}")
LAB_DIR=$(dirname "$LAB_SH")

# shellcheck source=lib/common.sh
source "$LAB_DIR/lib/common.sh"
# shellcheck source=lib/network.sh
source "$LAB_DIR/lib/network.sh"
# shellcheck source=lib/trees.sh
source "$LAB_DIR/lib/trees.sh"
# shellcheck source=lib/primary.sh
source "$LAB_DIR/lib/primary.sh"
# shellcheck source=lib/hosts.sh
source "$LAB_DIR/lib/hosts.sh"
# shellcheck source=lib/snapshots.sh
source "$LAB_DIR/lib/snapshots.sh"
# shellcheck source=lib/services.sh
source "$LAB_DIR/lib/services.sh"

usage() {
  cat <<'TEXT'
usage: lab.sh COMMAND

  install                      the Debian packages the lab needs on this machine
  build [TREE...]              make the cached trees (all of them by default)
  trees                        the trees, and whether each is in the cache
  prune                        remove cached trees that nothing uses any more

  up                           network, model stub, Node mirror, and the host "hub"
  down                         everything gone, snapshots and cache kept
  status                       what runs

  host NAME --tree TREE --ip 10.77.0.N [--private 100.64.0.N] [--sudo-users]
  host NAME --from SNAP --ip 10.77.0.N [--private 100.64.0.N]
  host NAME --primary user-unit|system-unit --ip ... --private ...
  start NAME                   boot a stopped host again, as it was left
  stop NAME                    power off
  kill NAME                    crash: links down first, then the host is gone
  remove NAME                  stop it and forget its disk
  freeze NAME, thaw NAME       every process of the host
  cpu NAME PERCENT|max         CPU time it may use
  cut NAME, heal NAME          SSH between this machine and the host
  link NAME public|private up|down
  exec NAME -- CMD...          run a command in the host, past SSH
  netns NAME -- CMD...         run a command of this machine in the host's network
  ssh NAME [CMD...]            as the operator, root on the host
  snapshot NAME SNAP           keep the host's disk as it is now
  restore NAME SNAP            the host starts again from that disk
  snapshots, snapshot-rm SNAP
  gateway-ready NAME [SECONDS] wait until the gateway on the host is ready

  where NAME                   PID of the host's init on this machine, folder of its control groups
  known-hosts NAME             the host's ed25519 key as a known_hosts line
  fingerprint NAME             SHA256 fingerprint of that key
  operator-key                 path of the operator's private key
  git-authorize KEY            let a public key into the hub's workspace.git
  git-revoke-all               forget those of this run; the primary's own key stays
TEXT
}

main() {
  local command=${1:-help}
  [[ $# -eq 0 ]] || shift
  case $command in
    help | -h | --help) usage ;;
    install) install_packages ;;
    trees) trees_list ;;
    snapshots) snapshots_list ;;
    operator-key) keys_ensure && echo "$OPERATOR_KEY" ;;
    status) lab_status ;;
    _supervise) host_supervise "$@" ;;
    _make) "tree_make_${1//-/_}" "$2" ;;
    build | prune | up | down | host | start | stop | kill | remove | freeze | thaw | cpu | cut | heal | link | \
      exec | netns | where | ssh | snapshot | restore | snapshot-rm | known-hosts | fingerprint | git-authorize | git-revoke-all | gateway-ready)
      [[ $EUID -eq 0 ]] || die "the lab needs root"
      "cmd_${command//-/_}" "$@"
      ;;
    *) usage >&2 && exit 2 ;;
  esac
}

main "$@"
