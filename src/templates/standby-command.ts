import type {RemoteFile} from '../ssh/host.js';
import {header, type Origin} from './header.js';
import {layout, units} from './layout.js';

/**
 * `openclaw-failover` on the standby, for whoever has only SSH. Looking is for everybody, asking for root; the
 * words that belong to the services are theirs.
 */
export const standbyCommand = (origin: Origin): RemoteFile => ({
  path: layout.standbyCommand,
  owner: 'root',
  group: 'root',
  mode: 0o755,
  content: `#!/bin/sh
${header(origin)}# What the failover does here, and the operator's hand on it: openclaw-failover help
set -eu
case \${1-status} in
  run | verify | warm | deliver | await-awake | request)
    echo "That is what the services do: systemctl status ${units.monitor}" >&2
    exit 2
    ;;
esac
exec ${layout.node} ${layout.monitorProgram} "$@"
`,
});
