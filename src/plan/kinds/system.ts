import {Abort} from '../../errors.js';
import {quoteWord as q} from '../../ssh/quote.js';
import {appliedStamp, layout} from '../../templates/layout.js';
import {keyPlace} from '../change.js';
import type {Apply, ApplyContext, OneHost} from '../kind.js';
import type {Host} from '../../ssh/host.js';
import {mustRun, mustScript, tail} from '../must.js';
import {until} from '../until.js';
import {windowLines} from './window-lines.js';

/** s that another program may hold apt's lock before we give up (fault 73). */
const aptLockWaitS = 120;

/** Retries a command of apt while its lock is held by another program; first mends an interrupted dpkg. */
export function aptScript(commands: readonly string[]): string {
  return `set -u
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l NEEDRESTART_SUSPEND=1 LC_ALL=C
err=$(mktemp) || exit 1
trap 'rm -f "$err"' EXIT
deadline=$(( $(date +%s) + ${aptLockWaitS} ))
attempt() {
  while :; do
    "$@" 2>"$err" </dev/null
    code=$?
    if [ "$code" -eq 0 ]; then return 0; fi
    if grep -qE 'Could not get lock|Unable to acquire|Unable to lock|locked by another process|is another process using it' "$err" && [ "$(date +%s)" -lt "$deadline" ]; then
      echo "waiting for apt's lock: $(grep -m1 -E 'ock' "$err")"
      sleep 3
    else
      cat "$err" >&2
      return "$code"
    fi
  done
}
attempt dpkg --configure -a || exit $?
${commands.map((command) => `attempt ${command} || exit $?`).join('\n')}
`;
}

export const packages: Apply<'packages'> = async (change, {host, say}) => {
  const names = change.packages.map((name) => q(name)).join(' ');
  const text = aptScript([
    'apt-get update -q',
    `apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-confdef ${names}`,
  ]);
  await mustScript(
    host,
    {label: `apt-get install ${change.packages.join(' ')}`, text},
    {doing: `install ${change.packages.join(', ')}`, timeoutMs: 900_000, onLine: say},
  );
};

/** Adds a package source whose signing key is pinned by its fingerprint: another key is refused before apt sees it. */
export const aptSource: Apply<'apt-source'> = async (change, {host, say}) => {
  const text = `set -eu
umask 022
new=$(mktemp)
home=$(mktemp -d)
trap 'rm -rf "$new" "$home"' EXIT
curl -fsSL --proto '=https' --max-time 60 -o "$new" -- ${q(change.key.url)}
seen=$(gpg --homedir "$home" --batch --show-keys --with-colons "$new" 2>/dev/null | awk -F: '/^pub/ {wanted = 1} wanted && /^fpr/ {print $10; wanted = 0}' | tr '\\n' ' ')
if [ "$seen" != ${q(`${change.key.fingerprint} `)} ]; then
  echo "the keyring at ${change.key.url} holds: $seen; pinned is ${change.key.fingerprint}" >&2
  exit 3
fi
mkdir -p "$(dirname ${q(change.keyPath)})"
install -m 0644 "$new" ${q(change.keyPath)}
`;
  const ran = await host.script({label: `fetch ${change.key.url}`, text}, {timeoutMs: 90_000, onLine: say});
  if (ran.code === 3) {
    throw new Abort('The signing key of the package source is not the pinned one; nothing was installed.', {
      detail: tail(ran.stderr),
      next: ['Somebody may be in between, or the vendor renewed the key: compare with their documentation.'],
    });
  }
  if (ran.code !== 0) {
    throw new Abort(`Could not fetch ${change.key.url} on the ${host.name}.`, {
      detail: tail(ran.stderr),
      next: ["Check the host's way out to the Internet, then run the same command again."],
    });
  }
  await host.write({path: change.path, content: change.content, owner: 'root', group: 'root', mode: 0o644});
};

export const user: Apply<'user'> = async (change, {host}) => {
  // `*` is no password that anybody could type, and unlike `!` no lock: sshd may let the user in by key.
  const kind = change.system ? "--system --no-create-home --password '*'" : '--create-home';
  const text = `set -eu
if ! id ${q(change.user)} >/dev/null 2>&1; then
  useradd ${kind} --user-group --home-dir ${q(change.home)} --shell ${q(change.shell)} ${q(change.user)}
fi
${change.system ? '' : `chmod 750 ${q(change.home)}`}
`;
  await mustScript(host, {label: `useradd ${change.user}`, text}, {doing: `create the user ${change.user}`});
};

/**
 * Done by the user itself: root follows no link in a folder that somebody else can write to. Only a file in a folder
 * of root's is root's to write. What is replaced goes in the same rename that brings the new line.
 */
export const authorizedKey: Apply<'authorized-key'> = async (change, {host, hosts}) => {
  const {user: name, keyOf, comment, rootsFile} = change;
  const key = keyOf && (await publicKey(hosts[keyOf.host], keyOf.path));
  const line = key === undefined ? change.line : change.line.replace(keyPlace, () => key);
  const ours = comment && q(` ${comment.replaceAll(/[^\w -]/g, '.')}$`);
  const others = ours === undefined ? `grep ''` : `grep -vE -- ${ours}`;
  const text = `set -eu
umask ${rootsFile === undefined ? '077' : '022'}
keys=${rootsFile === undefined ? '$HOME/.ssh/authorized_keys' : q(rootsFile)}
folder=$(dirname -- "$keys")
mkdir -p -- "$folder"
[ -e "$keys" ] || : > "$keys"
older=${ours === undefined ? '' : `$(grep -E -- ${ours} "$keys" | grep -vxF -- ${q(line)} || :)`}
if [ -n "$older" ] || ! grep -qxF -- ${q(line)} "$keys"; then
  rm -f -- "$keys.failover-new"
  cp -p -- "$keys" "$keys.failover-new"
  { ${others} "$keys" || :; printf '%s\\n' ${q(line)}; } > "$keys.failover-new"
  mv -f -- "$keys.failover-new" "$keys"
fi
chmod ${rootsFile === undefined ? '700' : '755'} "$folder"
chmod ${rootsFile === undefined ? '600' : '644'} "$keys"
`;
  await mustScript(
    host,
    {label: `authorize a key for ${name}`, text},
    {doing: `authorize a key for ${name}`, ...(rootsFile === undefined && {user: name})},
  );
};

/** The type and the key of a public key file, without its comment: it goes into a file that decides who gets in. */
async function publicKey(host: Host, path: string): Promise<string> {
  const text = Buffer.from((await host.read(path, {maxBytes: 4_096})) ?? '').toString('utf8');
  const [, key] = /^(ssh-ed25519 [A-Za-z0-9+/]{68}={0,2})(?: [^\n]*)?\n?$/.exec(text) ?? [];
  if (key !== undefined) return key;
  throw new Abort(`${path} on the ${host.name} holds no public key.`, {
    next: [`Remove it together with the key beside it, then run the same command again.`],
  });
}

/** ms that a started service may take until it works. */
const serviceReadyMs = 30_000;

/** The note of what it was started with is written last: without it, the next plan restarts the unit. */
export const unit: Apply<'unit'> = async (change, {host, signal}) => {
  const name = q(change.unit);
  const steps = ['systemctl daemon-reload'];
  if (change.enabled === true) steps.push(`systemctl enable -q ${name}`);
  if (change.enabled === false) steps.push(`systemctl disable -q ${name}`);
  if (change.restart)
    steps.push(`systemctl reset-failed ${name} 2>/dev/null || :`, `systemctl restart ${name}`);
  else if (change.active === true)
    steps.push(`systemctl reset-failed ${name} 2>/dev/null || :`, `systemctl start ${name}`);
  if (change.active === false) steps.push(`systemctl stop ${name}`);
  if (change.applied !== undefined) {
    const stamp = q(appliedStamp(change.unit));
    steps.push(
      'umask 022',
      `mkdir -p -- ${q(layout.applied)}`,
      `printf '%s\\n' ${q(change.applied)} > ${stamp}.new`,
      `mv -fT -- ${stamp}.new ${stamp}`,
    );
  }
  const ran = await host.script(
    {label: `systemctl … ${change.unit}`, text: `set -eu\n${steps.join('\n')}\n`},
    {timeoutMs: 120_000},
  );
  const {ready} = change;
  const works = async () => ready === undefined || (await host.run(ready, {timeoutMs: 10_000})).code === 0;
  if (ran.code === 0 && (await until(works, {everyMs: 500, limitMs: serviceReadyMs, signal}))) return;
  const log = await host.run(['journalctl', '-u', change.unit, '-n', '8', '--no-pager', '-o', 'cat'], {
    timeoutMs: 15_000,
  });
  throw new Abort(`${change.unit} does not start on the ${host.name}.`, {
    detail: tail(`${ran.stderr}\n${log.stdout}`, 10),
    next: [`On the ${host.name}: journalctl -u ${change.unit} -n 50`],
  });
};

/** The rule that keeps SSH open is the first of the list and is in force before the firewall is switched on. */
export const firewall: Apply<'firewall'> = async (change, {host, say}) => {
  for (const rule of change.rules) {
    await mustRun(host, ['ufw', ...rule], {doing: `add the firewall rule "${rule.join(' ')}"`, onLine: say});
  }
  if (change.enable)
    await mustRun(host, ['ufw', '--force', 'enable'], {doing: 'enable the firewall', onLine: say});
};

export const script: Apply<'script', OneHost & Pick<ApplyContext, 'emit'>> = async (change, context) => {
  await mustScript(context.host, change.script, {
    doing: change.doing,
    timeoutMs: change.timeoutMs,
    onLine: windowLines(change, context),
    ...(change.user !== undefined && {user: change.user}),
  });
};
