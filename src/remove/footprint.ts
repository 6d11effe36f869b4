import type {HostName, Script} from '../ssh/host.js';
import {quoteWord as q} from '../ssh/quote.js';
import {stripControl} from '../ssh/strip.js';
import {layout} from '../templates/layout.js';
import {
  hardeningFiles,
  isOwnPath,
  ownFiles,
  ownFolders,
  ownUnits,
  ownUsers,
  unitFolder,
} from '../templates/ours.js';
import {undoTimer} from '../plan/kinds/config-undo.js';
import {revertTimer as testTimer} from '../plan/proofs/revert.js';
import {commentOf} from '../phases/interrogation.js';
import {lineComment} from '../templates/secrets-source.js';
import {revertTimer as drillTimer} from '../drill/dead-man.js';

/** What of ours is on a host right now, found by name; nothing in it is taken from a manifest unjudged. */
export interface Footprint {
  host: HostName;
  /** `ours`: a file whose first lines name this program. Folders are ours by their name. */
  paths: {path: string; kind: 'file' | 'folder' | 'link' | 'other'; ours: boolean}[];
  /** Units that systemd knows or that run. */
  units: {unit: string; load: string; active: string; enabled: string}[];
  users: {user: string; uid: number; home: string}[];
  /** Processes of the standby's own user: while there are any, its login may be in force. */
  processes: {pid: number; command: string}[];
  /** As whom this look came: root, and whoever became it (sudo hides the name from its environment). */
  logins: string[];
  /** Lines of ours in authorized_keys. */
  lines: {user: string; comment: string}[];
  firewall: {
    active: boolean;
    /** Our rules as the words after `ufw`. */
    rules: string[][];
    /** How many rules others made. */
    others: number;
  };
}

/** Timers that put the primary back by themselves: each says that something was cut off, or is under way. */
export const deadMen = {edit: undoTimer, test: testTimer, drill: drillTimer} as const;

interface Look {
  host: HostName;
  pair: string;
  /** From the judged manifest: what an earlier version wrote, and who is let in. */
  files?: readonly string[];
  units?: readonly string[];
  letIn?: readonly string[];
}

/** One plain POSIX script that looks for everything of ours, in one round trip; it changes nothing. */
export function footprintScript({host, pair, files = [], units = [], letIn = []}: Look): Script {
  const paths = [
    ...ownFolders(host),
    ...ownFiles(host),
    ...(host === 'standby' ? hardeningFiles : []),
    // Those in folders of ours go with them.
    ...files.filter((path) => !ownFolders(host).some((folder) => path.startsWith(`${folder}/`))),
  ].filter((path) => !path.startsWith(`${layout.home}/`));
  const asked = [...new Set([...ownUnits(host), ...units, ...Object.values(deadMen)])];
  const comments = [commentOf(pair), lineComment(pair)];
  const words = (list: readonly string[]) => list.map((word) => q(word)).join(' ');
  return {
    label: 'look for what is of ours on this host',
    text: `LC_ALL=C; export LC_ALL
path() {
  for p do
    if [ -L "$p" ]; then k=link
    elif [ -f "$p" ]; then k=file
    elif [ -d "$p" ]; then k=folder
    elif [ -e "$p" ]; then k=other
    else continue
    fi
    ours=no
    if [ "$k" = file ] && head -n 3 -- "$p" | head -c 2000 | grep -qaF failover-wizard; then ours=yes; fi
    printf 'path\\t%s\\t%s\\t%s\\n' "$k" "$ours" "$p"
  done
}
unit() {
  for u do
    systemctl show -p LoadState -p ActiveState -p UnitFileState "$u" 2>/dev/null | {
      load= active= enabled=
      while IFS== read -r name value; do
        case $name in LoadState) load=$value ;; ActiveState) active=$value ;; UnitFileState) enabled=$value ;; esac
      done
      [ -n "$load" ] || exit 0
      if [ "$load" != not-found ] || [ "$active" != inactive ]; then printf 'unit\\t%s\\t%s\\t%s\\t%s\\n' "$u" "$load" "$active" "$enabled"; fi
    }
  done
}
user() {
  for n do
    getent passwd "$n" | awk -F: '{printf "user\\t%s\\t%s\\t%s\\n", $1, $3, $6}'
  done
}
running() {
  uid=$(id -u "$1" 2>/dev/null) || return 0
  for p in /proc/[0-9]*; do
    [ "$(stat -c %u "$p" 2>/dev/null)" = "$uid" ] || continue
    case $(sed -n 's/^State:[[:space:]]*//p' "$p/status" 2>/dev/null) in Z* | '') continue ;; esac
    printf 'process\\t%s\\t%s\\n' "\${p#/proc/}" "$(tr '\\0\\t\\n' '   ' <"$p/cmdline" 2>/dev/null | head -c 120)"
  done
}
line() {
  keys=$2/.ssh/authorized_keys
  [ -f "$keys" ] && [ -r "$keys" ] || return 0
  for c in ${words(comments)}; do
    if grep -qa -- " $(printf %s "$c" | sed 's/[^A-Za-z0-9_ -]/./g')[[:space:]]*\\$" "$keys"; then printf 'line\\t%s\\t%s\\n' "$1" "$c"; fi
  done
}
p=$$
while [ "\${p:-0}" -gt 1 ]; do
  printf 'login\\t%s\\n' "$(stat -c %U "/proc/$p")"
  p=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$p/status" 2>/dev/null)
done
for f in ${unitFolder}/openclaw*; do path "$f"; done
path ${words(paths)}
unit ${words(asked)}
user ${words(Object.keys(ownUsers(host)))}
${host === 'standby' ? `running ${q(layout.user)}\n` : ''}{ getent passwd; ${letIn.map((name) => `getent passwd ${q(name)}; `).join('')}} | sort -u | while IFS=: read -r n _ _ _ _ h _; do line "$n" "$h"; done
if command -v ufw >/dev/null; then
  ufw status 2>/dev/null | grep -q '^Status: active' && echo 'ufw	active'
  ufw show added 2>/dev/null | sed -n 's/^ufw /rule	/p'
fi
:
`,
  };
}

const kinds = ['file', 'folder', 'link', 'other'] as const;
const ruleWords = /^(.+) comment '[^']*\(failover-wizard\)'$/;
const safeWord = /^[\w./:-]+$/;

/** What the script printed; lines it cannot have printed are left out. Pure. */
export function parseFootprint(text: string, host: HostName): Footprint {
  const found: Footprint = {
    host,
    paths: [],
    units: [],
    users: [],
    processes: [],
    logins: [],
    lines: [],
    firewall: {active: false, rules: [], others: 0},
  };
  for (const line of text.split('\n')) {
    const [word, one = '', two = '', three = '', four = ''] = stripControl(line.replaceAll('\t', '\n'))
      .split('\n')
      .map((field) => field.trim());
    if (word === 'path') {
      const kind = kinds.find((name) => name === one);
      if (kind && isOwnPath(host, three) && found.paths.every(({path}) => path !== three))
        found.paths.push({path: three, kind, ours: two === 'yes'});
    } else if (word === 'unit') found.units.push({unit: one, load: two, active: three, enabled: four});
    else if (word === 'user') {
      if (/^\d+$/.test(two)) found.users.push({user: one, uid: Number(two), home: three});
    } else if (word === 'process') found.processes.push({pid: Number(one), command: two});
    else if (word === 'login') found.logins = [...new Set([...found.logins, one])];
    else if (word === 'line') found.lines.push({user: one, comment: two});
    else if (word === 'ufw') found.firewall.active = one === 'active';
    else if (word === 'rule') {
      const words = ruleWords.exec(one)?.[1]?.split(' ');
      if (words?.every((part) => safeWord.test(part)) && words[0] === 'allow')
        found.firewall.rules.push(words);
      else found.firewall.others += 1;
    }
  }
  return found;
}

export const isRunning = ({units: there}: Footprint, name: string): boolean =>
  there.some(
    ({unit, active}) =>
      unit === name && ['active', 'activating', 'reloading', 'deactivating'].includes(active),
  );
