import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout} from '../layout.js';
import {fastForwardScriptName} from './fast-forward.js';
import {startedWith, startInputs} from './outdated.js';
import {takeIntoUse} from './half-done.js';
import {portIsTaken} from './port.js';
import {scriptFile} from './script-file.js';
import {liveConfig, type StandbyMode} from './warm.js';

export const guardScriptName = 'role-guard';

/** A cold standby's gateway runs in a takeover only, with its config as it is. */
const coldOnly = String.raw`
may_start() { [ "$1" = active ]; }
use_config() { :; }
check_split() { timeout -k 1 15 "$node" "$accounts" guard; }
`;

/**
 * Runs before the gateway, as its user and in its sandbox: only a start that the monitor wished goes on, with the
 * port free and the accounts of the config inside the approved split. What was fetched of the workspace is taken over
 * meanwhile. One program for all of it: each one more costs a sandbox of its own.
 */
export const guardScript = (origin: Origin, standby: StandbyMode): RemoteFile =>
  scriptFile(
    origin,
    guardScriptName,
    'Lets the gateway start only when the health monitor wishes it, its port is free and the split allows it.',
    {
      role_file: layout.role,
      node: layout.node,
      accounts: layout.accountsProgram,
      fast_forward: `${layout.lib}/${fastForwardScriptName}`,
      workspace: layout.workspace,
      mark: layout.inUse,
      port: String(layout.gatewayPort),
      ...(standby.mode === 'warm' && startInputs),
    },
    ...(standby.mode === 'warm' ? [startedWith, liveConfig(standby.channel)] : [coldOnly]),
    portIsTaken,
    String.raw`
wish=nothing
if [ -f "$role_file" ]; then read -r wish _ <"$role_file" || true; fi
may_start "$wish" || {
  echo "Only the health monitor starts this gateway, when the primary is gone; it wishes: $wish. To see why: systemctl status openclaw-health-monitor.service" >&2
  exit 1
}
if port_is_taken; then
  echo "Port $port is taken on this host." >&2
  exit 75
fi

use_config "$wish"
merging=
if [ "$wish" = active ]; then
  # What it found is told by the monitor; in the journal the last word here is that of a refusal.
  timeout -k 1 5 "$fast_forward" >/dev/null &
  merging=$!
fi
code=0
check_split "$wish" || code=$?
if [ -n "$merging" ]; then wait "$merging" || true; fi
if [ "$code" -eq 124 ]; then echo "The check of the split did not end within 15 s." >&2; fi
if [ "$code" -ne 0 ]; then exit 1; fi
if [ "$wish" != active ]; then exit 0; fi
# Also when the fast-forward did not get that far: from now on the workspace is in use.
`,
    takeIntoUse,
  );
