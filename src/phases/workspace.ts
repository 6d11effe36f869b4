import type {CheckoutFact, HostFacts} from '../facts/types.js';
import {isSshRemote, sameRemote} from '../gateway/remote.js';
import type {Change} from '../plan/change.js';
import {quoteWord as q} from '../ssh/quote.js';
import {layout} from '../templates/layout.js';
import type {PlanInput} from './phase.js';

/** Where the primary keeps its workspace: its config's word, else the default under its state folder. */
export function primaryWorkspacePath(primary: HostFacts): string | undefined {
  const tree = primary.config.known ? primary.config.value?.tree : undefined;
  const agents = tree?.agents as {defaults?: {workspace?: unknown}} | undefined;
  const gateway = primary.gateway.known ? primary.gateway.value : undefined;
  const home =
    gateway?.user === undefined ? undefined : (primary.users[gateway.user]?.home ?? `/home/${gateway.user}`);
  const given = agents?.defaults?.workspace;
  if (typeof given === 'string') return home !== undefined ? given.replace(/^~(?=\/)/, home) : given;
  return gateway?.stateDir === undefined ? undefined : `${gateway.stateDir}/workspace`;
}

export function primaryCheckout(primary: HostFacts): CheckoutFact | undefined {
  const path = primaryWorkspacePath(primary);
  return path === undefined ? undefined : primary.checkouts[path];
}

/** The remote that both nodes use: the operator's word, else the one the primary has. */
export function workspaceRemote({pair, primary}: PlanInput): string | undefined {
  return pair.workspace.remote ?? primaryCheckout(primary)?.remote;
}

/** The primary's workspace becomes a checkout that can be pushed, where it is none. */
export function* primaryWorkspace(input: PlanInput): Generator<Change> {
  const {pair, primary} = input;
  const now = primaryCheckout(primary);
  const user = primary.gateway.known ? primary.gateway.value.user : undefined;
  const remote = pair.workspace.remote;
  if (!now?.exists || user === undefined) return;
  if (now.isGit && now.remote !== undefined) {
    yield* firstPush(input, now, user);
    return;
  }
  if (remote === undefined) return;
  const home = primary.users[user]?.home ?? `/home/${user}`;
  const key = `${home}/.ssh/failover_workspace_ed25519`;
  if (isSshRemote(remote)) {
    yield {
      kind: 'deploy-key',
      id: 'primary:deploy-key',
      host: 'primary',
      path: key,
      user,
      remote,
      write: true,
      comment: `failover-wizard ${pair.name} primary`,
      title: 'deploy key of the primary (may push)',
    };
  }
  yield {
    kind: 'script',
    id: 'primary:workspace',
    host: 'primary',
    title: `the workspace is committed and pushed to ${remote}`,
    doing: `push the workspace to ${remote}`,
    user,
    timeoutMs: 120_000,
    why: 'It is not pushed anywhere, so the standby would start without it.',
    script: {
      label: `git init, push ${remote}`,
      text: `set -eu
cd ${q(now.path)}
export GIT_TERMINAL_PROMPT=0
[ -d .git ] || git init -q -b ${q(pair.workspace.branch)}
git config user.name >/dev/null || git config user.name "openclaw on $(hostname)"
git config user.email >/dev/null || git config user.email "openclaw@$(hostname)"
${isSshRemote(remote) ? `git config core.sshCommand ${q(`ssh -i ${key} -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=yes`)}` : ''}
git add -A
git diff --cached --quiet || git commit -q -m 'Workspace as failover-wizard found it'
# The remote gets its name when it has the branch: a push that is refused is then tried again by the next run.
git push -q -- ${q(remote)} HEAD:refs/heads/${q(pair.workspace.branch)}
git remote get-url origin >/dev/null 2>&1 || git remote add origin ${q(remote)}
git push -q -u origin HEAD:refs/heads/${q(pair.workspace.branch)}
`,
    },
  };
}

/** A remote that was named and never pushed to: the standby would clone nothing. Its timers push later on. */
function* firstPush({pair, standby}: PlanInput, now: CheckoutFact, user: string): Generator<Change> {
  if (now.ahead !== undefined || standby.checkouts[layout.workspace]?.isGit) return;
  const branch = q(`HEAD:refs/heads/${pair.workspace.branch}`);
  yield {
    kind: 'script',
    id: 'primary:workspace-push',
    host: 'primary',
    title: `the workspace is pushed to ${now.remote}`,
    doing: `push the workspace to ${now.remote}`,
    user,
    timeoutMs: 120_000,
    why: 'Its branch has no counterpart there, so the standby would start without it.',
    script: {
      label: `git push ${now.remote}`,
      text: `set -eu
cd ${q(now.path)}
export GIT_TERMINAL_PROMPT=0
remote=$(git config --get "branch.$(git symbolic-ref -q --short HEAD).remote" || echo origin)
git push -q -u "$remote" ${branch}
`,
    },
  };
}

export function* workspace(input: PlanInput): Generator<Change> {
  const {pair, standby} = input;
  const remote = workspaceRemote(input);
  const now = standby.checkouts[layout.workspace];
  const right = now?.isGit && sameRemote(now.remote, remote) && now.branch === pair.workspace.branch;
  if (remote === undefined || right) return;
  const ssh = isSshRemote(remote);
  if (ssh) {
    yield {
      kind: 'deploy-key',
      id: 'standby:deploy-key',
      host: 'standby',
      path: layout.deployKey,
      user: layout.user,
      remote,
      write: true,
      comment: `failover-wizard ${pair.name} standby`,
      title: 'deploy key of the standby, accepted by the remote',
    };
  }
  yield {
    kind: 'checkout',
    id: 'standby:checkout',
    host: 'standby',
    path: layout.workspace,
    user: layout.user,
    remote,
    branch: pair.workspace.branch,
    title: `workspace cloned from ${remote}`,
    ...(ssh && {identityFile: layout.deployKey}),
  };
}
