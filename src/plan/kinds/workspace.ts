import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {simpleGit} from 'simple-git';
import {Abort, Exit} from '../../errors.js';
import {gitHostOf, isSshRemote} from '../../gateway/remote.js';
import type {Host} from '../../ssh/host.js';
import {quoteWord as q} from '../../ssh/quote.js';
import type {ChangeOf} from '../change.js';
import type {Apply, ApplyContext} from '../kind.js';
import {mustScript, tail} from '../must.js';
import {until} from '../until.js';

/** ms a shown deploy key is waited for. */
const deployKeyLimitMs = 600_000;
const deployKeyPollMs = 5_000;
/** ms git may take to answer for a remote. */
const lsRemoteMs = 20_000;

/** How git reaches the remote from a host: our key only, no questions, the pinned host key only. */
export function gitSshCommand(identityFile: string): string {
  return `ssh -i ${q(identityFile)} -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=10`;
}

/**
 * A key pair of the host's own for the workspace's remote. The public half is shown, and `git ls-remote` from
 * the host is what proves that it was added.
 */
export const deployKey: Apply<'deploy-key'> = async (change, context) => {
  const {host, emit, say, signal} = context;
  await checkFromHere(change.remote, say);
  await pinGitHost(change.remote, change.user, context);
  const made = await mustScript(
    host,
    {
      label: `ssh-keygen ${change.path}`,
      text: `set -eu
umask 077
mkdir -p "$(dirname ${q(change.path)})"
[ -s ${q(change.path)} ] || { rm -f ${q(change.path)} ${q(change.path)}.pub; ssh-keygen -q -t ed25519 -N '' -C ${q(change.comment)} -f ${q(change.path)}; }
[ -s ${q(change.path)}.pub ] || ssh-keygen -y -f ${q(change.path)} > ${q(change.path)}.pub
cat ${q(change.path)}.pub
`,
    },
    {doing: 'make a deploy key', user: change.user},
  );
  const publicKey = made.stdout.trim().split('\n').at(-1) ?? '';
  const reachable = () => isAccepted(host, change);
  let last = await reachable();
  if (last.ok) return;
  const id = change.id;
  emit({
    type: 'waiting',
    id,
    sentence: `Add this deploy key to ${change.remote}, with write access. It is tried every ${deployKeyPollMs / 1000} s.`,
    show: publicKey,
    sinceMs: Date.now(),
    limitMs: deployKeyLimitMs,
  });
  const ok = await until(async () => (last = await reachable()).ok, {
    everyMs: deployKeyPollMs,
    limitMs: deployKeyLimitMs,
    signal,
  });
  emit({type: 'waited', id});
  if (ok) return;
  throw new Abort(
    `The ${host.name} can still not ${change.write ? 'read and push to' : 'read'} ${change.remote} after ${deployKeyLimitMs / 60_000} min.`,
    {
      detail: `${last.why}\n${publicKey}`,
      next: [
        'Add the key above as a deploy key (with write access) of the repository, then run the same command again.',
      ],
      exit: Exit.timeout,
    },
  );
};

async function isAccepted(
  host: Host,
  {remote, user, path, write}: ChangeOf<'deploy-key'>,
): Promise<{ok: boolean; why: string}> {
  const ran = await host.script(
    {
      label: `git ls-remote ${remote}`,
      text: `GIT_SSH_COMMAND=${q(gitSshCommand(path))}\nexport GIT_SSH_COMMAND\n${acceptedText(remote, write)}`,
    },
    {user, timeoutMs: lsRemoteMs},
  );
  return {ok: ran.code === 0, why: tail(ran.stderr, 3)};
}

/**
 * Exit 0 when the remote can be read, and pushed to where that is needed. Git hosts refuse a read-only key as soon
 * as a push begins, so a dry run of one proves it without leaving anything there; an empty repository will do.
 */
export function acceptedText(remote: string, write: boolean): string {
  const read = `export GIT_TERMINAL_PROMPT=0\ngit ls-remote --heads -- ${q(remote)} >/dev/null || exit 1\n`;
  if (!write) return read;
  return `${read}d=$(mktemp -d) || exit 1
trap 'rm -rf "$d"' EXIT
cd "$d" && git init -q . || exit 1
git -c user.name=probe -c user.email=probe@localhost -c commit.gpgsign=false commit -q --no-verify --allow-empty -m probe || exit 1
git push -q --dry-run --no-verify -- ${q(remote)} HEAD:refs/heads/failover/probe || { echo 'The key may read, but not push.' >&2; exit 1; }
`;
}

/**
 * The operator's own machine is asked first: a typing mistake shows here, before a key is waited for in vain.
 * simple-git sets no variable of git's and no SSH command unless told to allow them, and refuses to run at all
 * beside an editor or pager in the environment, none of which this needs.
 */
export async function checkFromHere(remote: string, say: (line: string) => void): Promise<void> {
  try {
    const git = simpleGit({
      timeout: {block: 15_000},
      unsafe: {allowUnsafeSshCommand: true},
      allowEnvironment: ['GIT_TERMINAL_PROMPT', 'GIT_SSH_COMMAND'],
    });
    const heads = await git
      .env({
        ...plainEnvironment(process.env),
        GIT_TERMINAL_PROMPT: '0',
        GIT_SSH_COMMAND: `${process.env.GIT_SSH_COMMAND ?? 'ssh'} -o BatchMode=yes -o ConnectTimeout=10`,
      })
      .listRemote(['--heads', '--', remote]);
    const count = heads.trim().split('\n').filter(Boolean).length;
    say(`This machine reads ${remote}: ${count} ${count === 1 ? 'branch' : 'branches'}.`);
  } catch {
    say(`This machine cannot read ${remote} with its own keys; the host's key decides.`);
  }
}

const leftOut = /^(?:GIT_.*|EDITOR|VISUAL|PAGER|PREFIX|SSH_ASKPASS)$/i;

function plainEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !leftOut.test(name)));
}

/**
 * Puts the git server's host key, as the operator's machine or the primary already trusts it, into the user's
 * known_hosts. A key that nobody has seen is never accepted.
 */
async function pinGitHost(remote: string, user: string, {host, hosts, input}: ApplyContext): Promise<void> {
  const server = gitHostOf(remote);
  if (!server) return;
  const lines =
    (await knownHere(server)) || (await knownOnPrimary(server, hosts.primary, input.primary.gateway));
  if (!lines) {
    throw new Abort(`Neither this machine nor the primary knows the host key of ${server}.`, {
      next: [
        `Connect once from this machine and compare the fingerprint: ssh -T git@${server}`,
        'Then run the same command again.',
      ],
    });
  }
  await mustScript(
    host,
    {
      label: `pin the host key of ${server}`,
      text: `set -eu
umask 077
mkdir -p "$HOME/.ssh"
touch "$HOME/.ssh/known_hosts"
while IFS= read -r line; do
  grep -qxF -- "$line" "$HOME/.ssh/known_hosts" || printf '%s\\n' "$line" >> "$HOME/.ssh/known_hosts"
done <<'FAILOVER_WIZARD_KEYS'
${lines}
FAILOVER_WIZARD_KEYS
`,
    },
    {doing: `pin the host key of ${server}`, user},
  );
}

const keyLine = /^\S+ (?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+) [A-Za-z0-9+/=]+$/;
const onlyKeys = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => keyLine.test(line))
    .join('\n');

async function knownHere(server: string): Promise<string> {
  try {
    return onlyKeys((await promisify(execFile)('ssh-keygen', ['-F', server], {timeout: 5_000})).stdout);
  } catch {
    return '';
  }
}

async function knownOnPrimary(
  server: string,
  primary: Host,
  gateway: ApplyContext['input']['primary']['gateway'],
): Promise<string> {
  const user = gateway.known ? gateway.value.user : undefined;
  const ran = await primary.run(['ssh-keygen', '-F', server], {
    timeoutMs: 10_000,
    ...(user !== undefined && {user}),
  });
  return ran.code === 0 ? onlyKeys(ran.stdout) : '';
}

/** A clone into a temporary folder, renamed when whole; its own settings carry the deploy key for later fetches. */
export const checkout: Apply<'checkout'> = async (change, {host, say}) => {
  const ssh = change.identityFile && isSshRemote(change.remote) ? gitSshCommand(change.identityFile) : '';
  const text = `set -eu
export GIT_TERMINAL_PROMPT=0 LC_ALL=C
path=${q(change.path)}
new=$path.failover-new
${ssh ? `GIT_SSH_COMMAND=${q(ssh)}; export GIT_SSH_COMMAND` : ''}
trap 'rm -rf "$new"' EXIT
rm -rf "$new"
mkdir -p "$(dirname "$path")"
git clone -q --branch ${q(change.branch)} -- ${q(change.remote)} "$new"
${ssh ? `git -C "$new" config core.sshCommand "$GIT_SSH_COMMAND"` : ''}
git -C "$new" config user.name "openclaw on $(hostname)"
git -C "$new" config user.email "openclaw@$(hostname)"
if [ -e "$path" ]; then
  if [ -d "$path" ] && [ -z "$(ls -A "$path")" ]; then rmdir "$path"; else mv "$path" "$path.before-failover-$(date +%Y%m%d%H%M%S)"; fi
fi
mv "$new" "$path"
git -C "$path" log -1 --format='%h %s'
`;
  await mustScript(
    host,
    {label: `git clone ${change.remote}`, text},
    {
      doing: `clone ${change.remote} (branch ${change.branch})`,
      user: change.user,
      timeoutMs: 300_000,
      onLine: say,
    },
  );
};
