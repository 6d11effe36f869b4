import {quoteWord} from '../../ssh/quote.js';
import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout, units} from '../layout.js';
import {fastForwardScriptName} from './fast-forward.js';
import {outdatedMark, startedWith, startInputs} from './outdated.js';
import {takeIntoUse} from './half-done.js';
import {scriptFile} from './script-file.js';

/** Whether the standby's gateway is stopped while asleep, or runs with its channel account off. */
export interface StandbyMode {
  mode: 'cold' | 'warm';
  channel: {type: string; account: string};
}

/**
 * The part of the config that turns the account off. Off with its name the channel's plugin stays loaded, and waking
 * is a second faster; the account `default` has no name of its own in a config, so that its whole channel is off.
 */
const turnedOff = ({type, account}: StandbyMode['channel']) => ({
  channels: {[type]: account === 'default' ? {enabled: false} : {accounts: {[account]: {enabled: false}}}},
});

/**
 * Functions of a warm standby around its two configs. Both are one line that includes the config that setup wrote;
 * asleep it turns the account off. Replaced in one step, it is what makes a running gateway sleep or wake. The one
 * that wakes lies ready while it sleeps: a takeover writes nothing, so that a full disk does not stop it. Needs
 * `startInputs`.
 */
export const liveConfig = (channel: StandbyMode['channel']) => String.raw`
live=${quoteWord(layout.liveConfig)}
live_text() {
  off=${quoteWord(`,${JSON.stringify(turnedOff(channel)).slice(1, -1)}`)}
  if [ "$1" = active ]; then off=; fi
  printf '{"%s":"./openclaw.json"%s}\n' "\$include" "$off"
}
may_start() { [ "$1" = active ] || [ "$1" = standby ]; }
says() { [ "$(cat "$1" 2>/dev/null || true)" = "$(live_text "$2")" ]; }
lay_out() {
  if says "$1" "$2"; then return 0; fi
  live_text "$2" >"$live.new" || return 1
  chmod 600 "$live.new"
  mv -f "$live.new" "$1"
}
use_config() {
  if [ "$1" = active ]; then
    if ! says "$live" active && says "$live.active" active; then
      # It has lain there for long; whoever watches the file looks at its time.
      touch "$live.active" || true
      mv -f "$live.active" "$live"
    fi
    lay_out "$live" active
    return
  fi
  lay_out "$live" standby
  lay_out "$live.active" active || echo "The config that wakes it could not be written yet." >&2
  start_inputs >"$started_with"
}
# Asleep no account may be enabled, whatever is approved.
check_split() {
  if [ "$1" = active ]; then
    timeout -k 1 15 "$node" "$accounts" guard --config "$live"
  else
    timeout -k 1 15 "$node" "$accounts" guard --config "$live" --asleep
  fi
}
`;

export const wakeScriptName = 'wake';

/**
 * A takeover of a warm standby, as the gateway's user: the checks of a start, then the config that turns the channel
 * on. Whatever is wrong ends it, and root starts the gateway anew instead.
 */
export const wakeScript = (origin: Origin, channel: StandbyMode['channel']): RemoteFile =>
  scriptFile(
    origin,
    wakeScriptName,
    'Turns the channel of the sleeping gateway on, when the health monitor wishes it and the split allows it.',
    {
      role_file: layout.role,
      node: layout.node,
      accounts: layout.accountsProgram,
      monitor: layout.monitorProgram,
      fast_forward: `${layout.lib}/${fastForwardScriptName}`,
      workspace: layout.workspace,
      mark: layout.inUse,
      ...startInputs,
    },
    startedWith,
    liveConfig(channel),
    String.raw`
wish=nothing
if [ -f "$role_file" ]; then read -r wish _ <"$role_file" || true; fi
if [ "$wish" != active ]; then
  echo "The health monitor does not wish it; it wishes: $wish." >&2
  exit 1
fi
# A gateway reads its environment once, at its start.
if is_outdated; then
  echo "Its secrets or its config are others than the sleeping gateway was started with." >&2
  exit 1
fi
timeout -k 1 5 "$fast_forward" &
merging=$!
code=0
# What the config will be once it is awake.
timeout -k 1 15 "$node" "$accounts" guard --config "$config" || code=$?
wait "$merging" || true
if [ "$code" -ne 0 ]; then exit 1; fi
`,
    takeIntoUse,
    String.raw`
use_config active
exec "$node" "$monitor" await-awake
`,
  );

/** kB of memory that must be available before a sleeping gateway is started: what it takes, and more than `pressureKb`. */
const startNeedsKb = 1_400_000;
/** kB; below this the host needs the memory more than a sleeping gateway does. */
const pressureKb = 250_000;

/** Root's part of a warm standby. Needs `$gateway`, `because`, `end_gateway`. */
export const warmRole = String.raw`
runs_file=${layout.runsAs}
report_file=${layout.warmReport}
wake=${units.wake}
outdated=${units.outdated}
outdated_mark=${outdatedMark}

put() {
  printf '%s\n' "$2" >"$1.new"
  chmod 644 "$1.new"
  mv -f "$1.new" "$1"
}
note_runs() { put "$runs_file" "$1"; }
sleeps() {
  as=
  if [ -f "$runs_file" ]; then read -r as <"$runs_file" || true; fi
  [ "$as" = asleep ] && [ "$(systemctl show --property=ActiveState --value "$gateway")" = active ]
}
report() {
  put "$report_file" "{\"at\":\"$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)\",\"result\":\"$1\",\"detail\":\"$2\"}"
}
available_kb() { sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo; }

# True: the channel is on, and nothing has to be started.
wake_up() {
  sleeps || return 1
  note_runs active
  if timeout 45 systemctl start "$wake"; then return 0; fi
  because "the sleeping gateway could not be woken; it was started anew"
  # Nobody has spoken to it yet, so nothing is lost with it.
  timeout 10 systemctl stop "$gateway" || { timeout 10 systemctl kill --signal=KILL "$gateway"; timeout 20 systemctl stop "$gateway"; } || true
  return 1
}

is_outdated() {
  timeout 20 systemctl start "$outdated" && [ -e "$outdated_mark" ]
}

# Sleeping already: is there memory for it, and would it wake with the secrets of today?
stays_asleep() {
  sleeps || return 1
  if [ "$(available_kb)" -ge ${pressureKb} ]; then
    if is_outdated; then
      echo "The secrets or the config of the sleeping gateway are others now; it is started anew."
      end_gateway || true
      note_runs ''
    fi
    return 0
  fi
  end_gateway || true
  note_runs ''
  report too-little-memory "stopped, $(($(available_kb) / 1024)) MB are available now"
}

fall_asleep() {
  if [ "$(available_kb)" -lt ${startNeedsKb} ]; then
    report too-little-memory "$(($(available_kb) / 1024)) MB available, ${Math.round(startNeedsKb / 1024)} MB needed"
    return 0
  fi
  note_runs asleep
  # What it is started for is long: its checks, and then seconds until it is ready.
  if timeout 75 systemctl start "$gateway"; then
    report asleep "$(($(available_kb) / 1024)) MB available"
  else
    report failed "see systemctl status $gateway"
  fi
}
`;

/** The same of a cold standby: nothing runs while it is asleep. */
export const coldRole = String.raw`
note_runs() { :; }
wake_up() { return 1; }
stays_asleep() { return 1; }
sleeps() { return 1; }
fall_asleep() { :; }
`;
