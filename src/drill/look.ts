import {sshConnection} from '../facts/shell/machine.js';
import type {GatewayFact} from '../facts/types.js';
import {mustRun, mustScript} from '../plan/must.js';
import {revertTimer as setupTimer} from '../plan/proofs/revert.js';
import type {Host} from '../ssh/host.js';
import {quoteWord as q} from '../ssh/quote.js';
import {clean} from '../screens/clip.js';
import {leftOf, timerScript} from './dead-man.js';
import {nftTable, rulePriority} from './faults.js';
import {firedFile, markFile} from './mark-files.js';
import {parseMark, type DrillMark} from './record.js';

/** What a drill has to know of the primary, and nobody else reads. */
export interface PrimaryLook {
  /** Its gateway comes up with the host; null: not known. */
  atBoot: boolean | null;
  /** It is restarted after a crash; null: not known. */
  restarts: boolean | null;
  /** It runs. */
  active: boolean;
  /** Transient timers can be made. */
  timers: boolean;
  /** A firewall rule or a route can be made: what a partition needs. */
  canCut: boolean;
  /** The address that this SSH connection comes from; null: not known. */
  client: string | null;
  /** s until the timer of a drill undoes it; null: none is armed. */
  revertS: number | null;
  /** The timer of setup's own test is armed. */
  setupTest: boolean;
  /** Whose drill is, or was, under way here. */
  mark: DrillMark | null;
  /** When its timer undid it, ISO; null: it did not. */
  firedAt: string | null;
  /** The rule of a partition is in force. */
  cut: boolean;
}

/** How the gateway is restarted after a crash, and whether it comes up with its host: a line for each. */
function unitScript({form, unit = '', user = '', container}: GatewayFact): string {
  switch (form) {
    case 'user-unit':
      return `user=${q(user)}
ctl() { runuser -u "$user" -- sh -c 'XDG_RUNTIME_DIR=/run/user/$(id -u) exec systemctl --user "$@"' sh "$@"; }
enabled=$(ctl is-enabled ${q(unit)} 2>/dev/null)
[ -e "/var/lib/systemd/linger/$user" ] || enabled=no-linger
echo "boot $enabled"
echo "restart $(ctl show -p Restart --value ${q(unit)} 2>/dev/null)"
echo "active $(ctl is-active ${q(unit)} 2>/dev/null)"`;
    case 'system-unit':
      return `echo "boot $(systemctl is-enabled ${q(unit)} 2>/dev/null)"
echo "restart $(systemctl show -p Restart --value ${q(unit)} 2>/dev/null)"
echo "active $(systemctl is-active ${q(unit)} 2>/dev/null)"`;
    default: {
      const {engine = 'docker', name = '', user: owner} = container ?? {};
      const as = owner === undefined || owner === 'root' ? '' : `runuser -u ${q(owner)} -- `;
      return `policy=$(cd / && ${as}${engine} inspect -f '{{.HostConfig.RestartPolicy.Name}}' ${q(name)} 2>/dev/null)
echo "boot $policy"
echo "restart $policy"
echo "active $(cd / && ${as}${engine} inspect -f '{{.State.Status}}' ${q(name)} 2>/dev/null)"`;
    }
  }
}

/** Where this connection comes from. */
export const clientScript = `${sshConnection}
ssh_connection 2>/dev/null
echo "client \${c%% *}"`;

/** Prints one `word value` a line. */
export function lookScript(gateway: GatewayFact): string {
  return `${unitScript(gateway)}
if command -v systemd-run >/dev/null 2>&1 && [ -d /run/systemd/system ]; then echo 'timers yes'; fi
if nft list tables >/dev/null 2>&1 || ip rule list >/dev/null 2>&1; then echo 'cut-way yes'; fi
${clientScript}
echo "setup-test $(systemctl is-active ${setupTimer} 2>/dev/null)"
if nft list table inet ${nftTable} >/dev/null 2>&1; then echo 'is-cut yes'; fi
if ip rule list 2>/dev/null | grep -q '^${rulePriority}:'; then echo 'is-cut yes'; fi
if ip -6 rule list 2>/dev/null | grep -q '^${rulePriority}:'; then echo 'is-cut yes'; fi
echo "mark $(head -c 2000 ${markFile} 2>/dev/null)"
echo "fired $(head -c 40 ${firedFile} 2>/dev/null)"
${timerScript}
`;
}

const comesUp = new Set([
  'enabled',
  'enabled-runtime',
  'static',
  'generated',
  'alias',
  'always',
  'unless-stopped',
]);
const doesNot = new Set(['disabled', 'masked', 'no-linger', 'no', 'on-failure']);
const restarting = new Set(['always', 'on-failure', 'on-abnormal', 'on-abort', 'unless-stopped']);

/** The address that `clientScript` prints; null: none, or what no address is made of. Pure. */
export const clientOf = (text: string): string | null => /^client ([\w.:%-]{2,60})$/m.exec(text)?.[1] ?? null;

/** Reads what the script prints; text of the host is cleaned. Pure. */
export function parseLook(text: string): PrimaryLook {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, word, value] = /^([a-z-]+) (.*)$/.exec(line) ?? [];
    if (word !== undefined) values.set(word, clean(value ?? '').trim());
  }
  const of = (word: string) => values.get(word) ?? '';
  const boot = of('boot');
  const restart = of('restart');
  const fired = of('fired');
  return {
    atBoot: comesUp.has(boot) ? true : doesNot.has(boot) ? false : null,
    restarts: restart === '' ? null : restarting.has(restart),
    active: ['active', 'running'].includes(of('active')),
    timers: of('timers') === 'yes',
    canCut: of('cut-way') === 'yes',
    client: clientOf(text),
    revertS: leftOf(text),
    setupTest: of('setup-test') === 'active',
    mark: parseMark(of('mark')) ?? null,
    firedAt: Number.isNaN(Date.parse(fired)) ? null : fired,
    cut: of('is-cut') === 'yes',
  };
}

/** @throws Abort when the primary cannot be looked at */
export async function lookAtPrimary(primary: Host, gateway: GatewayFact): Promise<PrimaryLook> {
  const script = {label: 'look at the primary before a drill', text: lookScript(gateway)};
  const {stdout} = await mustScript(primary, script, {doing: 'look at the primary', timeoutMs: 30_000});
  return parseLook(stdout);
}

/** A word that is the same until the host, or the container that it is, is started anew. */
export async function bootOf(host: Host): Promise<string> {
  const {stdout} = await mustRun(
    host,
    ['sh', '-c', 'cat /proc/sys/kernel/random/boot_id; cut -d" " -f22 /proc/1/stat'],
    {doing: 'see since when it is up', timeoutMs: 10_000},
  );
  return clean(stdout.replaceAll('\n', ' ')).trim();
}

/** What a drill has to know of the standby beyond the live view. */
export interface StandbyLook {
  /** What OpenClaw says against its config; null: it is valid. */
  configProblem: string | null;
  /** The address that this SSH connection comes from; null: not known. */
  client: string | null;
}
