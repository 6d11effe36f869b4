# shellcheck shell=bash
# The primary: a real OpenClaw gateway, installed as its users install it.

# Node, OpenClaw, the user, the IRC plugin, the workspace and the config; nothing runs it yet.
tree_make_primary() {
  local work=$1 root=$1/root
  overlay_mount <(tail -n +2 "$work/chain") "$work/layer" "$work/work" "$root"
  tar -xJf "$(node_mirror_path)/v$NODE_VERSION/node-v$NODE_VERSION-linux-x64.tar.xz" -C "$root/usr/local" --strip-components=1
  in_root "$root" sh -ec '
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends git
    rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
    npm install --global --no-fund --no-audit "openclaw@$1"
    rm -rf /root/.npm
    useradd --create-home --shell /bin/bash openclaw' sh "$OPENCLAW_VERSION"
  mkdir "$root/opt/seed"
  install -m 600 "$DEPLOY_KEY" "$root/opt/seed/deploy_key"
  install -m 644 "$DEPLOY_KEY.pub" "$root/opt/seed/deploy_key.pub"
  printf '%s %s\n' "$HUB_IP" "$(cut -d' ' -f1,2 "$HUB_KEY.pub")" >"$root/opt/seed/known_hosts"
  cp -r "$(tree_path hub)/layer/home/git/workspace.git" "$root/opt/seed/workspace.git"
  sed "s/OPENCLAW_VERSION/$OPENCLAW_VERSION/" "$LAB_DIR/files/openclaw.json" | install -m 600 /dev/stdin "$root/opt/seed/openclaw.json"
  in_root "$root" sh -ec '
    chown -R openclaw: /opt/seed
    su -w NODE_EXTRA_CA_CERTS - openclaw -c "sh -exc \"
      mkdir -m 700 .ssh .openclaw
      mv /opt/seed/deploy_key .ssh/id_ed25519
      mv /opt/seed/deploy_key.pub .ssh/id_ed25519.pub
      mv /opt/seed/known_hosts .ssh/known_hosts
      git config --global user.name claw
      git config --global user.email claw@lab
      git clone -q /opt/seed/workspace.git .openclaw/workspace
      git -C .openclaw/workspace remote set-url origin git@$1:workspace.git
      openclaw plugins install @openclaw/irc
      mv /opt/seed/openclaw.json .openclaw/openclaw.json
      rm -f .openclaw/openclaw.json.bak*
      openclaw config validate
      rm -rf .npm
    \""
    rm -r /opt/seed' sh "$HUB_IP"
  umount "$root"
}

tree_make_primary_user() { bake "$1" user 250; }
tree_make_primary_system() { bake "$1" system 251; }

# Boots the primary once, off the public network, lets its gateway start as a service and keeps the disk.
bake() {
  local work=$1 kind=$2 name=bake-$2 dir
  dir=$(host_dir "$name")
  cmd_remove "$name"
  cmd_host "$name" --tree primary --ip "10.77.0.$3" --private "100.64.0.$3"
  cmd_link "$name" public down
  "gateway_install_$kind" "$name"
  cmd_gateway_ready "$name" 120
  "gateway_stop_$kind" "$name"
  cmd_stop "$name"
  rm -rf "$work/layer" "$dir"/upper/etc/ssh/ssh_host_* "$dir/upper/etc/machine-id" "$dir"/upper/var/log/journal/*
  mv "$dir/upper" "$work/layer"
  cmd_remove "$name"
}

as_openclaw() {
  local name=$1
  shift
  host_exec "$name" -- su - openclaw -c "export XDG_RUNTIME_DIR=/run/user/\$(id -u); $*"
}

gateway_install_user() {
  host_exec "$1" -- loginctl enable-linger openclaw
  until_true 20 host_exec "$1" -- su - openclaw -c 'test -S /run/user/$(id -u)/systemd/private'
  as_openclaw "$1" openclaw gateway install
}
gateway_stop_user() { as_openclaw "$1" systemctl --user stop openclaw-gateway; }

gateway_install_system() {
  host_exec "$1" -- sh -ec 'cat >/etc/systemd/system/openclaw-gateway.service && systemctl daemon-reload && systemctl enable --now openclaw-gateway' <"$LAB_DIR/files/openclaw-gateway.service"
}
gateway_stop_system() { host_exec "$1" -- systemctl stop openclaw-gateway; }

# Waits until the gateway calls itself ready.
cmd_gateway_ready() {
  local name=$1 started=$EPOCHREALTIME
  until_true "${2:-60}" gateway_ready "$name" "$(host_fact "$name" private)" || die "the gateway on $name is not ready"
  log "the gateway on $name is ready after $(since "$started") s"
}
gateway_ready() { ip netns exec "$1" curl -fsS --noproxy '*' --max-time 2 "http://$2:18789/readyz"; }
