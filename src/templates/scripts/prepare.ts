import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout, units} from '../layout.js';
import {reportResult} from './git-parts.js';
import {fetchBranch} from './fetch.js';
import {portIsTaken} from './port.js';
import {scriptFile} from './script-file.js';

export const prepareScriptName = 'prepare';

/**
 * At suspicion, once a day and after a boot: would a takeover work now? The workspace is fetched (its files stay as
 * they are), the port, the split and the config are checked, and what a start reads is read into the page cache.
 * Nothing of it has an effect outside this host, and nothing waits for it.
 */
export const prepareScript = (origin: Origin, branch: string): RemoteFile =>
  scriptFile(
    origin,
    prepareScriptName,
    'Finds out whether the standby could take over now, fetches the workspace, and warms the page cache.',
    {
      workspace: layout.workspace,
      branch,
      deploy_key: layout.deployKey,
      result_file: `${layout.workRun}/prepare.json`,
      stamp: layout.syncStamp,
      role_file: layout.role,
      gateway: units.gateway,
      node: layout.node,
      accounts: layout.accountsProgram,
      monitor: layout.monitorProgram,
      openclaw: layout.openclawPackage,
      config: layout.config,
      env_file: layout.envFile,
      validated: `${layout.compileCache}/validated`,
      port: String(layout.gatewayPort),
    },
    reportResult,
    portIsTaken,
    fetchBranch,
    String.raw`
wish=
if [ -f "$role_file" ]; then read -r wish _ <"$role_file" || true; fi
# A takeover needs the processor itself.
if [ "$wish" = active ]; then exit 0; fi

not_ready() {
  report not-ready "$1"
  wait
  exit 0
}

timeout -k 1 60 "$node" --max-old-space-size=64 "$monitor" warm &
(
  cd "$workspace" 2>/dev/null || exit 1
  git_dir=$(git rev-parse --absolute-git-dir) || exit 1
  fetch_branch 10
) &
fetching=$!

case $(systemctl show --property=ActiveState --value "$gateway" 2>/dev/null || true) in
  inactive | failed) if port_is_taken; then not_ready "port $port is taken by something else"; fi ;;
esac

code=0
said=$(timeout -k 1 10 "$node" "$accounts" guard 2>&1) || code=$?
if [ "$code" -eq 124 ]; then said="no answer in 10 s"; fi
if [ "$code" -ne 0 ]; then not_ready "the split guard: $(printf '%s' "$said" | sed 's/ The gateway is not started;.*//')"; fi

# OpenClaw's own check costs 2 s of a processor: once for each config, environment and version.
inputs=$(cat "$config" "$env_file" "$openclaw/package.json" 2>/dev/null | sha256sum | cut -c1-64)
if [ "$(cat "$validated" 2>/dev/null || true)" != "$inputs" ]; then
  code=0
  said=$(timeout -k 1 40 "$node" "$openclaw/openclaw.mjs" config validate --json </dev/null 2>/dev/null) || code=$?
  if [ "$code" -ge 124 ]; then fail "the check of the config did not end in 40 s"; fi
  if [ "$code" -ne 0 ]; then not_ready "OpenClaw does not accept the config"; fi
  printf '%s\n' "$inputs" >"$validated.new"
  mv -f "$validated.new" "$validated"
fi

if wait "$fetching"; then
  report ready "config and split are good, workspace fetched"
else
  why=$(cat "$workspace/.git/failover-fetch.why" 2>/dev/null || true)
  report stale "config and split are good, but the workspace could not be fetched: $why"
fi
wait
`,
  );
