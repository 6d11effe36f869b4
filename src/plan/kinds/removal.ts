import {Abort} from '../../errors.js';
import {quote, quoteWord as q} from '../../ssh/quote.js';
import {mayRemove} from '../../templates/ours.js';
import type {Apply, OneHost} from '../kind.js';
import {mustRun, mustScript, tail} from '../must.js';
import {besideSwapped} from './swap.js';

/** ms; a gateway finishes what it answers first, and its unit gives it up to 330 s for that. */
const stopLimitMs = 420_000;

/**
 * Stops and disables, then looks: what was started meanwhile by one of the others is stopped once more.
 * @throws Abort naming what still runs
 */
export const unitsOff: Apply<'units-off', OneHost> = async ({units}, {host, say}) => {
  const list = units.map((unit) => q(unit)).join(' ');
  const text = `set -u
units="${list}"
off() {
  for unit in $units; do
    systemctl disable -q "$unit" 2>/dev/null
    systemctl stop "$unit" 2>/dev/null
    systemctl reset-failed "$unit" 2>/dev/null
  done
}
running() {
  for unit in $units; do
    case $(systemctl show -p ActiveState --value "$unit") in inactive | failed) ;; *) echo "$unit" ;; esac
  done
}
off
[ -z "$(running)" ] || off
left=$(running)
[ -z "$left" ] || { echo "still running: $left" >&2; exit 1; }
`;
  await mustScript(
    host,
    {label: `systemctl disable, stop ${units.join(' ')}`, text},
    {doing: 'stop the units', timeoutMs: stopLimitMs, onLine: say},
  );
};

/**
 * Nothing is removed that this program cannot have written, whatever a plan says; with a path goes what an upgrade that was
 * cut off left beside it. A link goes, and what it leads to
 * stays; so does another file system that is mounted in a folder of ours.
 * @throws TypeError for any other path
 */
export const removePaths: Apply<'remove-paths', OneHost> = async ({paths, reload}, {host}) => {
  for (const path of paths) {
    if (!mayRemove(host.name, path))
      throw new TypeError(`${path} on the ${host.name} is not ours to remove.`);
  }
  const text = `set -eu
${paths.map((path) => `rm -rf --one-file-system -- ${[path, ...besideSwapped.map((end) => path + end)].map((one) => q(one)).join(' ')}\n`).join('')}${reload ? 'systemctl daemon-reload\n' : ''}`;
  await mustScript(
    host,
    {label: `rm -rf ${quote(paths)}`, text},
    {doing: `remove ${paths[0]}`, timeoutMs: 300_000},
  );
};

/**
 * The user's processes end first: then nobody can put a link into the home that root removes. Home and id are looked
 * at once more on the host, so that a user of the same name that is somebody's stays.
 */
export const removeUser: Apply<'remove-user', OneHost> = async ({user, uid, home, removeHome}, {host}) => {
  const text = `set -eu
user=${q(user)} home=${q(home)}
entry=$(getent passwd "$user") || entry=
if [ -n "$entry" ]; then
  if [ "$(printf %s "$entry" | cut -d: -f3,6)" != ${q(`${uid}:${home}`)} ]; then
    echo "the user $user is another one than before" >&2
    exit 3
  fi
  loginctl terminate-user "$user" 2>/dev/null || :
  tries=0
  while :; do
    left=
    for p in /proc/[0-9]*; do
      if [ "$(stat -c %u "$p" 2>/dev/null)" = ${uid} ]; then left=1; kill -KILL "\${p#/proc/}" 2>/dev/null || :; fi
    done
    [ -n "$left" ] || break
    tries=$((tries + 1))
    if [ "$tries" -gt 50 ]; then echo "processes of $user do not end" >&2; exit 1; fi
    sleep 0.2
  done
  ! command -v crontab >/dev/null || crontab -r -u "$user" 2>/dev/null || :
  userdel "$user"
fi
rm -f -- "/var/mail/$user"
${removeHome ? `[ -L "$home" ] || rm -rf --one-file-system -- "$home"\n` : ''}`;
  await mustScript(
    host,
    {label: `userdel ${user}`, text},
    {doing: `remove the user ${user}`, timeoutMs: 300_000},
  );
};

/** Our rules, by the words that made them; one that is gone already is right. */
export const firewallOff: Apply<'firewall-off', OneHost> = async ({rules, disable}, {host, say}) => {
  if (disable)
    await mustRun(host, ['ufw', '--force', 'disable'], {doing: 'switch the firewall off', onLine: say});
  for (const rule of rules) {
    // ufw counts its rules anew with each that goes, so they go one after the other.
    // oxlint-disable-next-line no-await-in-loop
    const ran = await host.run(['ufw', '--force', 'delete', ...rule], {timeoutMs: 60_000});
    if (ran.code === 0 || /Could not delete non-existent rule/.test(`${ran.stdout}${ran.stderr}`)) continue;
    throw new Abort(`Could not remove the firewall rule "${rule.join(' ')}" on the ${host.name}.`, {
      detail: tail(ran.stderr || ran.stdout),
      next: ['Look at it there: ufw status numbered. Then run the same command again.'],
    });
  }
};
