import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout} from '../layout.js';
import {scriptFile} from './script-file.js';

/** What a gateway reads once, at its start, and where the guard of a sleeping one notes it. */
export const startInputs = {
  config: layout.config,
  env_file: layout.envFile,
  gateway_env: layout.gatewayEnv,
  started_with: `${layout.workRun}/asleep-with`,
};

/**
 * Compares which files there are, and not which is newer: a clock that was wrong for a while would have it restarted
 * again and again. Needs `startInputs`.
 */
export const startedWith = String.raw`
start_inputs() { stat -L -c '%n %i %s %y' -- "$env_file" "$gateway_env" "$config" 2>/dev/null || true; }
is_outdated() { [ "$(cat "$started_with" 2>/dev/null || true)" != "$(start_inputs)" ]; }
`;

export const outdatedScriptName = 'outdated';
/** There when the answer is yes: systemd forgets the exit code of a job that has ended well. */
export const outdatedMark = `${layout.workRun}/outdated`;

/** As the gateway's user: root's script sees no home. */
export const outdatedScript = (origin: Origin): RemoteFile =>
  scriptFile(
    origin,
    outdatedScriptName,
    'Says whether the secrets or the config are others than the sleeping gateway was started with.',
    {...startInputs, mark: outdatedMark},
    startedWith,
    String.raw`
if is_outdated; then
  echo "The secrets or the config are others than the sleeping gateway was started with."
  : >"$mark"
else
  rm -f "$mark"
fi
`,
  );
