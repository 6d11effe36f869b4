import semver from 'semver';
import type {HostFacts} from '../facts/types.js';
import {isSafeRemote, sameRemote} from '../gateway/remote.js';
import type {Change} from '../plan/change.js';
import {layout, units} from '../templates/layout.js';
import {openclawCommand} from '../templates/openclaw-command.js';
import {primaryFiles} from '../templates/primary-files.js';
import {openclawAs, standbyCli} from '../gateway/cli.js';
import {quote} from '../ssh/quote.js';
import {header} from '../templates/header.js';
import type {Finding, Phase, PlanInput} from './phase.js';
import {primaryCheckout, primaryWorkspace, workOnlyThere, workspace, workspaceRemote} from './workspace.js';
import {appliedHash, touches, wantDirectory, wantFile, wantUnit} from './wants.js';
import {primaryFilesInput, primaryManifest} from './template-input.js';

/** Channels that are part of OpenClaw itself; every other one is a plugin (openclaw.md, "Config"). */
const builtIn: ReadonlySet<string> = new Set(['telegram']);

export const install: Phase = {
  id: 'install',
  number: 2,
  title: 'Install OpenClaw',
  findings: (input) => [...remoteFindings(input), ...workOnlyThere(input)],
  *plan(input) {
    const {pair, primary, standby, version} = input;
    const openclaw = primary.openclaw.known ? primary.openclaw.value : null;
    if (!openclaw) return;
    yield* node(standby, openclaw.engines, pair.mirrors.node, openclaw.nodeVersion);
    yield* program(standby, openclaw.version);
    yield* wantFile(standby, openclawCommand(header({pairName: pair.name, version})), {
      title: 'command openclaw, for you on the standby',
    });
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
    kind: 'node',
    id: 'standby:node',
    host: 'standby',
    range: engines,
    mirror,
    prefer,
    dir: layout.nodeDir,
    title: `Node that OpenClaw asks for (${engines}), in ${layout.nodeDir}`,
  };
}

function* program(standby: HostFacts, version: string): Generator<Change> {
  const have = standby.openclaw.known ? standby.openclaw.value : null;
  if (have?.packageDir === layout.openclawPackage && have.version === version) return;
  yield {
    kind: 'npm-package',
    id: 'standby:npm-package:openclaw',
    host: 'standby',
    package: 'openclaw',
    version,
    prefix: layout.openclawPrefix,
    complete: 'openclaw.mjs',
    ...(have?.packageDir === layout.openclawPackage && {rehearse: true}),
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
  const argv = openclawAs(standbyCli, [
    'plugins',
    'install',
    ...(have === undefined ? [] : ['--force']),
    spec,
  ]);
  yield {
    kind: 'script',
    id: `standby:plugin:${channel}`,
    host: 'standby',
    title: `channel plugin ${spec}`,
    doing: `install the channel plugin ${spec}`,
    user: layout.user,
    timeoutMs: 300_000,
    script: {
      label: `openclaw plugins install ${spec}`,
      // While it is replaced, a gateway that starts may find none.
      text:
        have === undefined
          ? `umask 077\ncd\nexec ${quote(argv)} </dev/null\n`
          : `umask 077\ncd\nclock() { ${layout.node} -p 'Math.round(Number(process.hrtime.bigint()) / 1e6)'; }\nlost=$(clock)\n${quote(argv)} </dev/null || exit\necho "unprotected $lost $(clock)"\n`,
    },
  };
}

/** The primary commits and pushes by itself, so that the age of the standby's copy is known. */
function* pushTimer(input: PlanInput): Generator<Change> {
  const {primary} = input;
  const files = primaryFilesInput(input);
  if (!files) return;
  const changes: Change[] = [
    ...wantDirectory(primary, layout.lib, 'root', 0o755),
    ...wantDirectory(primary, layout.etc, 'root', 0o755),
  ];
  const wanted = primaryFiles(files);
  const timer = wanted.filter(({path}) => path === `/etc/systemd/system/${units.pushTimer}`);
  for (const file of wanted) {
    changes.push(...wantFile(primary, file, timer.includes(file) ? {unit: units.pushTimer} : {}));
  }
  changes.push(...wantFile(primary, primaryManifest(input), {title: 'manifest of what is installed'}));
  yield* changes;
  const changed = timer.some(({path}) => touches(changes, `primary:file:${path}`));
  yield* wantUnit(
    primary,
    units.pushTimer,
    {enabled: true, active: true, applied: appliedHash(timer), ...(changed && {restart: true})},
    'workspace push timer on the primary',
  );
  yield* wantUnit(primary, units.push, {}, 'systemd knows the push service as it is now');
  if (primary.checkouts[files.workspace]?.lastSyncMs !== undefined) return;
  yield {
    kind: 'script',
    id: 'primary:push',
    host: 'primary',
    title: 'the workspace is pushed once, as the timer will do it',
    doing: "push the primary's workspace as its timer does",
    timeoutMs: 260_000,
    script: {
      label: `systemctl start ${units.push}`,
      text: `systemctl start ${units.push} || { journalctl -u ${units.push} -n 5 --no-pager -o cat >&2; exit 1; }\n`,
    },
  };
}

function remoteFindings(input: PlanInput): Finding[] {
  const {pair, primary} = input;
  const now = primaryCheckout(primary);
  const remote = workspaceRemote(input);
  if (remote !== undefined && !isSafeRemote(remote)) {
    return [
      {
        id: 'remote',
        host: 'primary',
        level: 'blocks',
        sentence: `The workspace's remote is not a plain Git URL: ${remote}.`,
        fix: 'Give an SSH or HTTPS remote (workspace.remote).',
      },
    ];
  }
  if (remote === undefined) {
    return [
      {
        id: 'workspace',
        host: 'primary',
        level: 'warning',
        sentence: now?.isGit
          ? "The primary's workspace has no Git remote."
          : "The primary's workspace is not a Git checkout.",
        fix: 'The standby would start with an empty workspace. Give workspace.remote (an empty private repository is enough) and phase 2 sets it up.',
      },
    ];
  }
  if (now?.isGit && now.branch !== undefined && now.branch !== pair.workspace.branch) {
    return [
      {
        id: 'branch',
        host: 'primary',
        level: 'blocks',
        sentence: `The primary's workspace is on the branch ${now.branch}, the answers say ${pair.workspace.branch}.`,
        fix: `Set workspace.branch to "${now.branch}", or check out ${pair.workspace.branch} on the primary.`,
      },
    ];
  }
  if (
    now?.isGit &&
    pair.workspace.remote !== undefined &&
    now.remote !== undefined &&
    !sameRemote(now.remote, pair.workspace.remote)
  ) {
    return [
      {
        id: 'remotes',
        host: 'primary',
        level: 'blocks',
        sentence: `The primary's workspace pushes to ${now.remote}, the answers say ${pair.workspace.remote}.`,
        fix: 'Make them the same: leave workspace.remote out, or change the remote on the primary.',
      },
    ];
  }
  return [];
}
