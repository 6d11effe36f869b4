import {quoteWord as q} from '../../ssh/quote.js';
import type {Host} from '../../ssh/host.js';
import {layout} from '../../templates/layout.js';
import {mustScript} from '../must.js';

/** min the monitor keeps still while the primary is changed; longer than the undo of an edit waits. */
const pauseMin = 5;

/**
 * Keeps the standby from taking over while the primary is changed on purpose; the pause ends by itself. The folder
 * is the monitor's own, so the text is written where only root can, and renamed into it: a rename follows no link.
 * @param paths folders to use instead, for tests
 */
export async function pauseMonitor(
  standby: Host,
  {run = layout.run, rootOnly = '/run'}: {run?: string; rootOnly?: string} = {},
): Promise<void> {
  const pause = `${run}/${layout.pause.split('/').at(-1)}`;
  const text = `set -eu
if [ -L ${q(run)} ] || [ ! -d ${q(run)} ]; then exit 0; fi
new=$(mktemp -- ${q(rootOnly)}/failover-pause-XXXXXXXX)
trap 'rm -f -- "$new"' EXIT
printf '%s failover-wizard changes the gateway of the primary\\n' "$(( $(date +%s) + ${pauseMin * 60} ))" > "$new"
chmod 644 "$new"
mv -fT -- "$new" ${q(pause)}
`;
  await mustScript(
    standby,
    {label: `pause the monitor for ${pauseMin} min`, text},
    {doing: 'pause the monitor'},
  );
}

/** Ends our own pause early; one that the operator set stays. */
export async function resumeMonitor(standby: Host): Promise<void> {
  const text = `[ -f ${q(layout.pause)} ] && grep -q failover-wizard ${q(layout.pause)} && rm -f ${q(layout.pause)} || :\n`;
  await standby.script({label: 'resume the monitor', text}, {timeoutMs: 20_000});
}
