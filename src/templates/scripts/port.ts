import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout} from '../layout.js';
import {scriptFile} from './script-file.js';

/** `port_is_taken`: whether anything listens on `$port` of this host. Reads /proc only: no `ss`, no privileges. */
export const portIsTaken = String.raw`
port_is_taken() {
  wanted=$(printf ':%04X' "$port")
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | while read -r _ local _ state _; do
    case $local-$state in *"$wanted"-0A) echo taken; break ;; esac
  done | grep -q taken
}
`;

export const portScriptName = 'port-holder';

/** Names who listens on the gateway's port; root's, because only root sees the sockets of others. */
export const portScript = (origin: Origin): RemoteFile =>
  scriptFile(
    origin,
    portScriptName,
    'Writes which process listens on the port of the gateway, for the sentence about a start that failed.',
    {port: String(layout.gatewayPort), result_file: layout.portHolder},
    String.raw`
holder=$(ss -Hltnp "sport = :$port" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (pid \2)/p' | head -n 1)
printf '%s\n' "$holder" >"$result_file.new"
chmod 644 "$result_file.new"
mv -f "$result_file.new" "$result_file"
`,
  );
