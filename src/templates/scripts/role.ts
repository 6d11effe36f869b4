import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout, units} from '../layout.js';
import {scriptFile} from './script-file.js';

export const roleScriptName = 'role';

/**
 * Root's answer to the monitor's wish: starts or stops one unit, with its companions, and says what came of it.
 * The wish is read again after it was done, because the path unit does not see a change while this runs.
 */
export const roleScript = (origin: Origin): RemoteFile =>
  scriptFile(
    origin,
    roleScriptName,
    'Does what the health monitor wishes: "active N" starts the gateway, "standby N" stops it. Nothing else.',
    {
      role_file: layout.role,
      handled_file: layout.handled,
      gateway: units.gateway,
      sync: units.sync,
      handback: units.handback,
      handback_push: units.handbackPush,
    },
    String.raw`
become_active() {
  case $(systemctl show --property=ActiveState --value "$gateway") in
    active | activating | reloading) return 0 ;;
  esac
  # The newest workspace if it can be had quickly; never at the price of the takeover.
  timeout 10 systemctl start "$sync" || echo "The workspace could not be brought up to date; going on with what is here." >&2
  systemctl stop "$sync" || true
  systemctl reset-failed "$gateway" 2>/dev/null || true
  systemctl start "$gateway"
}

become_standby() {
  systemctl stop "$gateway" || return
  systemctl start "$handback" || echo "The workspace could not be handed back; it stays as it is." >&2
  systemctl start --no-block "$handback_push" || true
}

read_wish() {
  wish=
  number=
  if [ -f "$role_file" ]; then read -r wish number <"$role_file" || true; fi
  case $number in
    '' | *[!0-9]*) number= ;;
  esac
}

handle() {
  code=0
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
  handle
  done_number=$number
done
`,
  );
