import type {RemoteFile} from '../ssh/host.js';
import {layout} from './layout.js';

/** `openclaw` for the operator on the standby: the failover pair's own installation, as its own user. */
export function openclawCommand(header: string): RemoteFile {
  return {
    path: '/usr/local/bin/openclaw',
    owner: 'root',
    group: 'root',
    mode: 0o755,
    content: `#!/bin/sh
${header}set -eu
node=${layout.node}
entry=${layout.openclawPackage}/openclaw.mjs
if [ "$(id -un)" = ${layout.user} ]; then exec "$node" "$entry" "$@"; fi
if [ "$(id -u)" -eq 0 ]; then cd ${layout.home} && exec runuser -u ${layout.user} -- env HOME=${layout.home} "$node" "$entry" "$@"; fi
echo "openclaw runs as ${layout.user} here: sudo openclaw …" >&2
exit 1
`,
  };
}
