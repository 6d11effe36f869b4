import semver from 'semver';
import type {CheckoutFact, HostFacts} from '../facts/types.js';
import {isSafeRemote, isSshRemote, sameRemote} from '../gateway/remote.js';
import type {Change} from '../plan/change.js';
import {layout, units} from '../templates/layout.js';
import {openclawCommand} from '../templates/openclaw-command.js';
import {manifest} from '../templates/manifest.js';
import {primaryFiles} from '../templates/primary-files.js';
import {openclawAs, standbyCli} from '../gateway/cli.js';
import {quote} from '../ssh/quote.js';
import {header} from '../templates/header.js';
import type {Finding, Phase, PlanInput} from './phase.js';
import {touches, wantDirectory, wantFile, wantUnit} from './wants.js';
import {primaryFilesInput} from './template-input.js';

/** Channels that are part of OpenClaw itself; every other one is a plugin (openclaw.md, "Config"). */
const builtIn: ReadonlySet<string> = new Set(['telegram']);

export const install: Phase = {
  id: 'install',
  number: 2,
  title: 'Install OpenClaw',
  findings,
  *plan(input) {
    const {pair, primary, standby, version} = input;
    const openclaw = primary.openclaw.known ? primary.openclaw.value : null;
    if (!openclaw) return;
    yield* node(standby, openclaw.engines, pair.mirrors.node, openclaw.nodeVersion);
    yield* program(standby, openclaw.version);
    yield* wantFile(standby, openclawCommand(header({pairName: pair.name, version})), {title: 'command openclaw, for you on the standby'});
    yield* wantDirectory(standby, layout.stateDir, layout.user, 0o700);
    yield* plugin(input);
    yield* primaryWorkspace(input);
    yield* workspace(input);
    yield* pushTimer(input);
  },
};

function* node(standby: HostFacts, engines: string, mirror: string, prefer: string): Generator<Change> {
  const have = standby.nodes[layout.node];
  if (have !== undefined && semver.satisfies(have, engines)) return;
  yield {
    kind: 'node', id: 'standby:node', host: 'standby', range: engines, mirror, prefer, dir: layout.nodeDir,
    title: `Node that OpenClaw asks for (${engines}), in ${layout.nodeDir}`,
  };
}

function* program(standby: HostFacts, version: string): Generator<Change> {
  const have = standby.openclaw.known ? standby.openclaw.value : null;
  if (have?.packageDir === layout.openclawPackage && have.version === version) return;
  yield {
    kind: 'npm-package', id: 'standby:npm-package:openclaw', host: 'standby', package: 'openclaw', version, prefix: layout.openclawPrefix, complete: 'openclaw.mjs',
    title: `OpenClaw ${version}, the primary's version`,
  };
}

/**
 * Installed now, never at a promotion: at start OpenClaw may pick a version that does not exist and go on without.
 * The primary's own plugin version is taken, which need not be OpenClaw's; a channel that the primary does not have
 * gets the version that OpenClaw chooses for itself.
 */
function* plugin({pair, primary, standby}: PlanInput): Generator<Change> {
  const channel = pair.channel.type;
  if (builtIn.has(channel)) return;
  const wanted = primary.plugins[channel];
  const have = standby.plugins[channel];
  if (have !== undefined && (wanted === undefined || have === wanted)) return;
  const spec = `@openclaw/${channel}${wanted === undefined ? '' : `@${wanted}`}`;
  const argv = openclawAs(standbyCli, ['plugins', 'install', ...(have === undefined ? [] : ['--force']), spec]);
  yield {
    kind: 'script', id: `standby:plugin:${channel}`, host: 'standby', title: `channel plugin ${spec}`, doing: `install the channel plugin ${spec}`, user: layout.user, timeoutMs: 300_000,
    script: {label: `openclaw plugins install ${spec}`, text: `umask 077\ncd\nexec ${quote(argv)} </dev/null\n`},
  };
}

/** Where the primary keeps its workspace: its config's word, else the default under its state folder. */
export function primaryWorkspacePath(primary: HostFacts): string | undefined {
  const tree = primary.config.known ? primary.config.value?.tree : undefined;
  const agents = tree?.agents as {defaults?: {workspace?: unknown}} | undefined;
  const gateway = primary.gateway.known ? primary.gateway.value : undefined;
  const home = gateway?.user === undefined ? undefined : (primary.users[gateway.user]?.home ?? `/home/${gateway.user}`);
  const given = agents?.defaults?.workspace;
  if (typeof given === 'string') return home !== undefined ? given.replace(/^~(?=\/)/, home) : given;
  return gateway?.stateDir === undefined ? undefined : `${gateway.stateDir}/workspace`;
}

function primaryCheckout(primary: HostFacts): CheckoutFact | undefined {
  const path = primaryWorkspacePath(primary);
  return path === undefined ? undefined : primary.checkouts[path];
}

/** The remote that both nodes use: the operator's word, else the one the primary has. */
export function workspaceRemote({pair, primary}: PlanInput): string | undefined {
  return pair.workspace.remote ?? primaryCheckout(primary)?.remote;
}

/** The primary's workspace becomes a checkout that can be pushed, where it is none. */
function* primaryWorkspace(input: PlanInput): Generator<Change> {
  const {pair, primary} = input;
  const now = primaryCheckout(primary);
  const user = primary.gateway.known ? primary.gateway.value.user : undefined;
  const remote = pair.workspace.remote;
  if (!now?.exists || user === undefined || remote === undefined || (now.isGit && now.remote !== undefined)) return;
  const home = primary.users[user]?.home ?? `/home/${user}`;
  const key = `${home}/.ssh/failover_workspace_ed25519`;
  if (isSshRemote(remote)) {
    yield {
      kind: 'deploy-key', id: 'primary:deploy-key', host: 'primary', path: key, user, remote, write: true,
      comment: `failover-wizard ${pair.name} primary`, title: 'deploy key of the primary (may push)',
    };
  }
  const q = (text: string) => quote(['x', text]).slice(2);
  yield {
    kind: 'script', id: 'primary:workspace', host: 'primary', title: `the workspace is committed and pushed to ${remote}`, doing: `push the workspace to ${remote}`, user, timeoutMs: 120_000,
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
git remote get-url origin >/dev/null 2>&1 || git remote add origin ${q(remote)}
git add -A
git diff --cached --quiet || git commit -q -m 'Workspace as failover-wizard found it'
git push -q -u origin HEAD:${q(pair.workspace.branch)}
`,
    },
  };
}

function* workspace(input: PlanInput): Generator<Change> {
  const {pair, standby} = input;
  const remote = workspaceRemote(input);
  const now = standby.checkouts[layout.workspace];
  if (remote === undefined || (now?.isGit && sameRemote(now.remote, remote))) return;
  const ssh = isSshRemote(remote);
  if (ssh) {
    yield {
      kind: 'deploy-key', id: 'standby:deploy-key', host: 'standby', path: layout.deployKey, user: layout.user, remote, write: true,
      comment: `failover-wizard ${pair.name} standby`, title: 'deploy key of the standby, accepted by the remote',
    };
  }
  yield {
    kind: 'checkout', id: 'standby:checkout', host: 'standby', path: layout.workspace, user: layout.user, remote, branch: pair.workspace.branch,
    title: `workspace cloned from ${remote}`,
    ...(ssh && {identityFile: layout.deployKey}),
  };
}

/** The primary commits and pushes by itself, so that the age of the standby's copy is known. */
function* pushTimer(input: PlanInput): Generator<Change> {
  const {primary} = input;
  const files = primaryFilesInput(input);
  if (!files) return;
  const changes: Change[] = [...wantDirectory(primary, layout.lib, 'root', 0o755), ...wantDirectory(primary, layout.etc, 'root', 0o755)];
  const wanted = primaryFiles(files);
  for (const file of wanted) changes.push(...wantFile(primary, file));
  changes.push(...wantFile(primary, manifest(files, 'primary', wanted), {title: 'manifest of what is installed'}));
  yield* changes;
  yield* wantUnit(
    primary,
    units.pushTimer,
    {enabled: true, active: true, ...(touches(changes, 'primary:file:/etc/systemd') && {restart: true})},
    'workspace push timer on the primary',
  );
}

function findings(input: PlanInput): Finding[] {
  const {pair, primary} = input;
  const now = primaryCheckout(primary);
  const remote = workspaceRemote(input);
  if (remote !== undefined && !isSafeRemote(remote)) {
    return [{id: 'remote', host: 'primary', level: 'blocks', sentence: `The workspace's remote is not a plain Git URL: ${remote}.`, fix: 'Give an SSH or HTTPS remote (workspace.remote).'}];
  }
  if (remote === undefined) {
    return [
      {
        id: 'workspace', host: 'primary', level: 'warning',
        sentence: now?.isGit ? "The primary's workspace has no Git remote." : "The primary's workspace is not a Git checkout.",
        fix: 'The standby would start with an empty workspace. Give workspace.remote (an empty private repository is enough) and phase 2 sets it up.',
      },
    ];
  }
  if (now?.isGit && pair.workspace.remote !== undefined && now.remote !== undefined && !sameRemote(now.remote, pair.workspace.remote)) {
    return [
      {
        id: 'remotes', host: 'primary', level: 'blocks',
        sentence: `The primary's workspace pushes to ${now.remote}, the answers say ${pair.workspace.remote}.`,
        fix: 'Make them the same: leave workspace.remote out, or change the remote on the primary.',
      },
    ];
  }
  return [];
}
