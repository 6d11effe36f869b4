import {quoteWord as q} from '../../ssh/quote.js';
import type {Host} from '../../ssh/host.js';
import {layout} from '../../templates/layout.js';
import {requestText} from '../monitor-request.js';
import {mustScript} from '../must.js';

/** How the reason of our own pauses begins. */
const mark = 'failover-wizard';

/** min the monitor keeps still while the primary is changed; longer than the undo of an edit waits. */
const pauseMin = 5;

/**
 * Keeps the standby from taking over while the primary is changed on purpose; the pause ends by itself. A pause of
 * the operator stays theirs: it is made longer where it would end too early, and never ended by us.
 * @param paths folders to use instead, for tests
 */
export async function pauseMonitor(standby: Host, paths?: {run?: string; rootOnly?: string}): Promise<void> {
  const content = `now=$(date +%s)
until=$((now + ${pauseMin * 60}))
theirs=
why=
if [ -f "$file" ] && [ ! -L "$file" ]; then read -r theirs why < "$file" || :; fi
case $theirs in '' | *[!0-9]* | ????????????*) theirs=0 ;; esac
case $why in ${mark}*) theirs=0 ;; esac
if [ "$theirs" -gt "$until" ]; then exit 0; fi
if [ "$theirs" -le "$now" ]; then why='${mark} changes the gateway of the primary'; fi
printf '%s %s\\n' "$until" "$why"`;
  await mustScript(
    standby,
    {label: `pause the monitor for ${pauseMin} min`, text: requestText(layout.pause, content, paths)},
    {doing: 'pause the monitor'},
  );
}

/** Whether the reason of a pause, as the monitor tells it, is one of setup's own. */
export const isOwnPause = (why: string): boolean => why.startsWith(mark);

/** Ends our own pause early; one that the operator set stays. */
export async function resumeMonitor(standby: Host): Promise<void> {
  const text = `[ -f ${q(layout.pause)} ] && grep -qE '^[0-9]+ ${mark} ' ${q(layout.pause)} && rm -f ${q(layout.pause)} || :\n`;
  await standby.script({label: 'resume the monitor', text}, {timeoutMs: 20_000});
}
