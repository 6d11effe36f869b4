import {Abort, Exit} from '../../errors.js';
import type {Host} from '../../ssh/host.js';
import {quoteWord as q} from '../../ssh/quote.js';
import {appliedStamp, layout, units} from '../../templates/layout.js';
import type {ChangeOf, SwapChange, UnitChange} from '../change.js';
import type {Apply} from '../kind.js';
import {judged, tail} from '../must.js';
import {standbyAtRest} from './exchange.js';
import {refuseBusy, windowLines} from './window-lines.js';

/** s that a started monitor may take until it has looked twice. */
const readyLimitS = 30;

/** What stands beside a file while it is swapped, and stays there when its host dies in the middle. */
const next = '.failover-next';
const before = '.failover-before';
export const besideSwapped: readonly string[] = [next, before];

/** The new ones did not work, and the old ones are back in force. */
const undoneCode = 76;
/** The same, and the old ones do not work either. */
const lostCode = 77;

/**
 * Everything is written beside its place first, with the pair as it was. Then one script, which goes on when whoever
 * started it is gone, puts all of it in place by renames, restarts what runs with it, and waits until the new monitor
 * has looked around twice. If it does not, all old files are put back and started.
 */
export const swap: Apply<'swap'> = async (change, context) => {
  const {host} = context;
  try {
    for (const {file} of change.files) {
      // oxlint-disable-next-line no-await-in-loop
      await host.write({...file, path: `${file.path}${next}`});
    }
  } catch (error) {
    await host
      .run(['rm', '-f', '--', ...change.files.map(({file}) => `${file.path}${next}`)])
      .catch(() => undefined);
    throw error;
  }
  const ran = await host.script(
    {
      label: `swap ${change.files.length} files, restart ${restarted(change).join(', ')}`,
      text: swapScript(change),
    },
    {timeoutMs: 180_000, onLine: windowLines(change, context)},
  );
  refuseBusy(ran);
  if (ran.code === undoneCode || ran.code === lostCode)
    throw await undone(host, ran.code === lostCode, ran.stderr);
  judged(host, ran, {doing: 'put the new monitor and its units in place'});
};

async function undone(host: Host, lost: boolean, said: string): Promise<Abort> {
  const log = await host.run(['journalctl', '-u', units.monitor, '-n', '12', '--no-pager', '-o', 'cat'], {
    timeoutMs: 20_000,
  });
  const detail = tail(`${said}\n${log.stdout}`, 14);
  if (lost)
    return new Abort(
      'The new monitor does not come up, and neither does the old one: nobody watches the primary.',
      {
        detail,
        next: [`On the standby: journalctl -u ${units.monitor} -n 50`, 'Then: failover-wizard setup'],
      },
    );
  return new Abort('The new monitor does not come up; the old one and its units are back, and it watches.', {
    detail,
    next: ['The pair is as protected as before. The lines above say why the new one did not start.'],
    exit: Exit.failed,
  });
}

const restarts = ({restart, active}: UnitChange) => restart === true || active === true;
const restarted = ({units: all}: SwapChange) => all.filter(restarts).map(({unit}) => unit);

/** Pure. All of it is read before any of it runs: a connection that is cut ends nothing half-way. */
function swapScript({files, units: all}: ChangeOf<'swap'>): string {
  const paths = files.map(({file}) => file.path);
  const stamps = all.filter(({applied}) => applied !== undefined);
  const monitorRestarts = all.some((one) => one.unit === units.monitor && restarts(one));
  return `set -u
main() {
trap '' HUP PIPE
umask 022
list=${q(paths.join('\n'))}
stamps=${q(stamps.map(({unit}) => appliedStamp(unit)).join('\n'))}
${standbyAtRest}
each() { printf '%s\\n' "$1" | while read -r path; do if [ -n "$path" ]; then "$2" "$path" || return 1; fi; done; }
# The old one keeps its name beside the new one: a second name of the same file, so that nothing is copied.
keep() { rm -f -- "$1${before}"; if [ -e "$1" ]; then ln -- "$1" "$1${before}"; fi; }
put() { mv -fT -- "$1${next}" "$1"; }
back() { if [ -e "$1${before}" ]; then mv -fT -- "$1${before}" "$1"; else rm -f -- "$1"; fi; }
drop() { rm -f -- "$1${next}" "$1${before}"; }
forget() { rm -f -- "$1"; }
shown() { systemctl show --property="$2" --value "$1"; }
window() { # UNIT: from the moment its stop began until it was there again
  left=$(shown "$1" ActiveExitTimestampMonotonic)
  came=$(shown "$1" ActiveEnterTimestampMonotonic)
  if [ "\${left:-0}" -gt 0 ] && [ "\${came:-0}" -gt "$left" ]; then
    echo "unprotected $((left / 1000)) $((came / 1000))"
  fi
}
# ms of the newest sample that the monitor has written
sample() { grep -o '"ms":[0-9]*' ${layout.live} 2>/dev/null | head -n 1 | cut -d : -f 2; }
# Up, the same process from the start on, and two looks around since then.
watches() {
  pid=$(shown ${units.monitor} MainPID)
  came=$(($(shown ${units.monitor} ActiveEnterTimestampMonotonic) / 1000))
  first=
  end=$(($(date +%s) + ${readyLimitS}))
  while [ "$(date +%s)" -lt "$end" ]; do
    if [ "$(shown ${units.monitor} ActiveState)" != active ] || [ "$(shown ${units.monitor} MainPID)" != "$pid" ]; then return 1; fi
    seen=$(sample)
    if [ -n "$seen" ] && [ "$seen" -gt "$came" ]; then
      if [ -z "$first" ]; then first=$seen; elif [ "$seen" -gt "$first" ]; then return 0; fi
    fi
    sleep 0.3
  done
  return 1
}
bring_up() {
  systemctl daemon-reload || return 1
${all
  .map(({unit, enabled, ...one}) => {
    const name = q(unit);
    const steps = [
      ...(enabled === true ? [`systemctl enable -q ${name} || return 1`] : []),
      ...(restarts({unit, ...one} as UnitChange)
        ? [
            `systemctl reset-failed ${name} 2>/dev/null || :`,
            `systemctl ${one.restart ? 'restart' : 'start'} ${name} || return 1`,
            ...(one.restart && (unit === units.monitor || unit === units.rolePath) ? [`window ${name}`] : []),
          ]
        : []),
    ];
    // One that came with the new files is gone when they are.
    return steps.length === 0
      ? ''
      : `  if systemctl cat ${name} >/dev/null 2>&1; then\n${steps.map((step) => `    ${step}`).join('\n')}\n  fi`;
  })
  .filter(Boolean)
  .join('\n')}
  # A wish that came while nobody listened for it.
  if takes_over; then systemctl start --no-block ${units.role} || :; fi
}
stop_when_busy
each "$list
$stamps" keep || { echo "the old files could not be kept" >&2; exit 1; }
each "$stamps" forget
if each "$list" put && bring_up${monitorRestarts ? ' && watches' : ''}; then
  mkdir -p -- ${layout.applied}
${stamps
  .map(
    ({unit, applied}) =>
      `  printf '%s\\n' ${q(applied ?? '')} > ${q(`${appliedStamp(unit)}.new`)} && mv -fT -- ${q(`${appliedStamp(unit)}.new`)} ${q(appliedStamp(unit))}`,
  )
  .join('\n')}
  each "$list
$stamps" drop
  exit 0
fi
echo "the new ones do not work; the old ones are put back"
each "$list
$stamps" back
each "$list" drop
if bring_up${monitorRestarts ? ' && watches' : ''}; then exit ${undoneCode}; fi
exit ${lostCode}
}
main
`;
}
