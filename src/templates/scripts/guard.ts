import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout} from '../layout.js';
import {scriptFile} from './script-file.js';

export const guardScriptName = 'role-guard';

/** Runs before the gateway, as its user: only a start that the monitor wished goes on. */
export const guardScript = (origin: Origin): RemoteFile =>
  scriptFile(
    origin,
    guardScriptName,
    'Lets the gateway start only when the health monitor wishes it, and notes that the workspace is in use from now on.',
    {role_file: layout.role, workspace: layout.workspace, mark: layout.inUse},
    String.raw`
wish=nothing
if [ -f "$role_file" ]; then read -r wish _ <"$role_file" || true; fi
if [ "$wish" != active ]; then
  echo "Only the health monitor starts this gateway, when the primary is gone; it wishes: $wish. To see why: systemctl status openclaw-health-monitor.service" >&2
  exit 1
fi
if [ -d "$workspace/.git" ]; then : >"$workspace/.git/$mark"; fi
`,
  );
