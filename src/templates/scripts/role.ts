import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout, units} from '../layout.js';
import {guardScriptName} from './guard.js';
import {scriptFile} from './script-file.js';
import {coldRole, warmRole, type StandbyMode} from './warm.js';

export const roleScriptName = 'role';

/**
 * Root's answer to the monitor's wish: starts or stops one unit, with its companions, and says what came of it.
 * The wish is read again after it was done, because the path unit does not see a change while this runs. Every step
 * is bounded here as well as in its unit.
 */
export const roleScript = (origin: Origin, {mode}: StandbyMode): RemoteFile =>
  scriptFile(
    origin,
    roleScriptName,
    mode === 'warm'
      ? 'Does what the health monitor wishes: "active N" wakes or starts the gateway, "standby N" lets it sleep; with "kill" what hangs is killed first. Nothing else.'
      : 'Does what the health monitor wishes: "active N" starts the gateway, "standby N" stops it; with "kill" what hangs is killed first. Nothing else.',
    {
      role_file: layout.role,
      handled_file: layout.handled,
      why_file: layout.handledWhy,
      holder_file: layout.portHolder,
      gateway: units.gateway,
      guard: guardScriptName,
      prepare: units.prepare,
      port: units.port,
      handback: units.handback,
      handback_push: units.handbackPush,
    },
    mode === 'warm' ? warmRole : coldRole,
    String.raw`
# What was fetched is taken over by the guard of the gateway's unit, which runs beside its other checks.
become_active() {
  if wake_up; then return 0; fi
  # OpenClaw's own program beside a gateway that starts was seen to make that start fail.
  # Kindly at first (a git that is killed at once leaves a lock behind), and after 1 s by its unit.
  timeout 5 systemctl stop --no-block "$prepare" 2>/dev/null &
  note_runs active
  begun=$(date +%s)
  timeout 75 systemctl start "$gateway" || { code=$?; explain_start || true; return "$code"; }
}

explain_start() {
  rm -f "$holder_file"
  timeout 10 systemctl start "$port" || true
  read -r holder <"$holder_file" || holder=
  if [ -n "$holder" ]; then
    because "port held by $holder"
    return
  fi
  # The journal is a little behind the unit.
  for _ in 1 2 3 4; do
    refusal=$(timeout 5 journalctl -q -u "$gateway" -t "$guard" -n 1 -o cat --since="@$begun" --no-pager 2>/dev/null || true)
    if [ -n "$refusal" ]; then break; fi
    sleep 0.3
  done
  because "$refusal"
}

# A gateway that works drains for up to 315 s, and its unit kills it after 330 s; this is for a systemd that does not.
end_gateway() {
  timeout 345 systemctl stop "$gateway" || kill_gateway
}

kill_gateway() {
  timeout 10 systemctl kill --signal=KILL "$gateway" || true
  timeout 20 systemctl stop "$gateway"
}

become_standby() {
  if stays_asleep; then return 0; fi
  end_gateway || return
  case $(systemctl show --property=Result --value "$gateway") in
    timeout | signal | watchdog | core-dump) because "it had to be killed" ;;
  esac
  timeout 70 systemctl start "$handback" || echo "The workspace could not be handed back; it stays as it is." >&2
  systemctl start --no-block "$handback_push" || true
}

# Looked after every 5 min on a warm standby; a takeover is done once, and what becomes of it is the monitor's to see.
handled_already() {
  [ "$wish" = active ] && answered
}

answered() {
  [ "$(cut -d ' ' -f 1,2 "$handled_file" 2>/dev/null || true)" = "$wish $number" ]
}

because() {
  if [ -z "$1" ]; then return 0; fi
  printf '%s %s\n' "$number" "$(printf '%s' "$1" | tr -c '[:print:]' ' ' | cut -c1-200)" >"$why_file.new"
  chmod 644 "$why_file.new"
  mv -f "$why_file.new" "$why_file"
}

read_wish() {
  wish=
  number=
  how=
  if [ -f "$role_file" ]; then read -r wish number how <"$role_file" || true; fi
  case $number in
    '' | *[!0-9]*) number= ;;
  esac
  case $how in
    '' | kill) ;;
    *) number= ;;
  esac
}

handle() {
  code=0
  # Once: what sleeps after that is well.
  if [ "$how" = kill ] && ! answered; then kill_gateway || true; fi
  case $wish in
    active) become_active || code=$? ;;
    standby) become_standby || code=$? ;;
  esac
  printf '%s %s %s\n' "$wish" "$number" "$code" >"$handled_file.new"
  chmod 644 "$handled_file.new"
  mv -f "$handled_file.new" "$handled_file"
  echo "$wish $number: done, exit code $code"
}

done_number=
while :; do
  read_wish
  case $wish in
    active | standby) ;;
    *) number= ;;
  esac
  if [ -z "$number" ] || [ "$number" = "$done_number" ]; then exit 0; fi
  if handled_already; then exit 0; fi
  handle
  done_number=$number
  # Not before the answer: the monitor waits for it, and nobody for this.
  if [ "$wish" = standby ] && [ "$code" -eq 0 ] && ! sleeps; then fall_asleep; fi
done
`,
  );
