# shellcheck shell=bash
# A snapshot is a layer like a tree's: the host's disk is moved aside and the host goes on above it.

snapshot_dir() { echo "$RUN/snapshots/$1"; }

cmd_snapshot() {
  local name=$1 snap=$2 dir target running=no
  [[ $snap =~ ^[a-z0-9][a-z0-9-]*$ ]] || die "a snapshot's name is lower case: $snap"
  dir=$(host_dir "$name")
  target=$(snapshot_dir "$snap")
  [[ -d $dir ]] || die "no such host: $name"
  [[ ! -d $target ]] || die "there is a snapshot $snap already"
  ! host_running "$name" || running=yes
  cmd_stop "$name"
  mkdir -p "$target"
  mv "$dir/upper" "$target/layer"
  { echo "$target/layer" && cat "$dir/chain"; } >"$target/chain"
  cp "$target/chain" "$dir/chain"
  rm -rf "$dir/work"
  [[ $running == no ]] || host_boot "$name"
}

cmd_restore() {
  local name=$1 dir target
  dir=$(host_dir "$name")
  target=$(snapshot_dir "$2")
  [[ -d $dir ]] || die "no such host: $name"
  [[ -d $target ]] || die "no such snapshot: $2"
  host_is_off "$name" || cmd_kill "$name"
  rm -rf "$dir/upper" "$dir/work"
  cp "$target/chain" "$dir/chain"
  host_boot "$name"
}

snapshots_list() {
  local path
  for path in "$RUN"/snapshots/*/; do
    [[ ! -d $path ]] || printf '%-30s %s\n' "$(basename "$path")" "$(du -sh "$path" | cut -f1)"
  done
}

cmd_snapshot_rm() {
  local target
  target=$(snapshot_dir "$1")
  if grep -qsxF "$target/layer" "$RUN"/hosts/*/chain; then die "a host stands on $1"; fi
  if cat "$RUN"/snapshots/*/chain 2>/dev/null | grep -xF "$target/layer" | sed 1d | grep -q .; then die "another snapshot stands on $1"; fi
  rm -rf "$target"
}
