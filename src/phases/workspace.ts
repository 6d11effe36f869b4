import type {CheckoutFact, HostFacts} from '../facts/types.js';
import {isSshRemote, sameRemote} from '../gateway/remote.js';
import type {Change} from '../plan/change.js';
import {quoteWord as q} from '../ssh/quote.js';
import {layout, units} from '../templates/layout.js';
import type {Finding, PlanInput} from './phase.js';

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

/** The remote that the standby's workspace has to be cloned from; undefined: it is right as it is. */
function cloneFrom(input: PlanInput): string | undefined {
  const remote = workspaceRemote(input);
  const now = input.standby.checkouts[layout.workspace];
  const right = now?.isGit && sameRemote(now.remote, remote) && now.branch === input.pair.workspace.branch;
  return right ? undefined : remote;
}

/** Work that is nowhere else would be moved away with the old checkout, and no timer would look there again. */
export function workOnlyThere(input: PlanInput): Finding[] {
  const remote = cloneFrom(input);
  const now = input.standby.checkouts[layout.workspace];
  if (remote === undefined || !now?.isGit) return [];
  const place = `A clone of ${remote} is to take the place of the standby's workspace`;
  const finding = {id: 'not-handed-back', host: 'standby', level: 'blocks'} as const;
  if (now.inUse) {
    return [
      {
        ...finding,
        sentence: `${place}, and what the standby changed there during a takeover is not handed back.`,
        fix: `On the standby: sudo -H -u ${layout.user} git -C ${layout.workspace} status shows what is in progress. End it (a rebase: --continue, or --quit to leave things as they are), then as root: systemctl start ${units.sync}, which hands back and pushes. Then run the same command again.`,
      },
    ];
  }
  const unpushed = now.unpushed ?? [];
  if (unpushed.length === 0) return [];
  return [
    {
      ...finding,
      sentence: `${place}, and its remote does not have what is on ${unpushed.join(', ')}.`,
      fix: `On the standby as root: systemctl start ${units.handbackPush}. Where that remote is gone, move the folder away yourself (mv ${layout.workspace} ${layout.workspace}.kept). Then run the same command again.`,
    },
  ];
}

export function* workspace(input: PlanInput): Generator<Change> {
  const {pair} = input;
  const remote = cloneFrom(input);
  if (remote === undefined) return;
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
