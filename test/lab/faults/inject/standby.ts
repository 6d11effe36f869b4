// Faults that a takeover meets on the standby: its gateway, its port, its workspace.

import {layout} from '../../../../src/templates/layout.js';
import {asOpenclaw, sh} from '../../host-state.js';
import {lab} from '../../lab.js';
import type {Fault} from '../fault.js';
import type {Stage} from '../stage.js';
import {gatewayAnswers} from '../stage.js';

/** The config that the real gateway refuses (exit code 78). */
export const badConfig: Fault = {
  text: "the config of the standby's gateway is broken",
  async inject({standby}) {
    const text = (await standby.inside.read(layout.config)) ?? '';
    await standby.inside.write(`${layout.config}.lab-good`, text);
    await standby.inside.write(layout.config, text.replace('"channels"', '"chanels"'));
  },
  async heal({standby}) {
    const text = await standby.inside.read(`${layout.config}.lab-good`);
    if (text === undefined) return;
    await standby.inside.write(layout.config, text);
    await standby.inside.remove(`${layout.config}.lab-good`);
  },
};

export const portBusy: Fault = {
  text: "somebody else has the port of the standby's gateway",
  async inject({standby}) {
    await standby.inside.write('/run/lab/other.json', JSON.stringify({answer: 'page'}));
    const program = `${layout.node} /opt/lab/gateway-stub.mjs /run/lab/other.json ${layout.gatewayPort}`;
    await sh(standby.host, `systemd-run -q --unit=lab-other --collect ${program} 127.0.0.1`);
  },
  heal: async ({standby}) => void (await standby.host.exec(['systemctl', 'stop', 'lab-other'])),
};

export const channelGone: Fault = {
  text: 'the chat server is gone for the standby',
  inject: ({standby}) => standby.inside.write(gatewayAnswers, JSON.stringify({connected: false})),
  heal: ({standby}) => standby.inside.remove(gatewayAnswers),
};

/** The stub stands for a gateway that is told to stop and goes on; its unit kills it after 5 s instead of 330 s. */
export const gatewayIgnoresTerm: Fault = {
  text: "the standby's gateway ignores SIGTERM",
  async inject({standby}) {
    await standby.inside.write(gatewayAnswers, JSON.stringify({stubborn: true}));
    const dropIn = '/run/systemd/system/openclaw.service.d/fault.conf';
    await standby.inside.write(dropIn, '[Service]\nTimeoutStopSec=5\n');
    await sh(standby.host, 'systemctl daemon-reload');
  },
  heal: ({standby}) => standby.inside.remove(gatewayAnswers),
};

/** A script in the standby's workspace, as the gateway's user. */
export async function inWorkspace({standby}: Stage, script: string): Promise<string> {
  const ran = await asOpenclaw(standby.host, `set -eu; cd ${layout.workspace}; ${script}`);
  if (ran.code !== 0) throw new Error(`in the standby's workspace: ${script}: ${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

const workspace = (text: string, script: string): Fault => ({
  text,
  inject: async (stage) => void (await inWorkspace(stage, script)),
  // The workspace is like the remote's again before each row.
  heal: async () => {},
});

export const dirtyTree = workspace(
  "the standby's workspace has uncommitted changes",
  'echo changed >>MEMORY.md; echo new >notes/untracked.md',
);
export const staleLock = workspace('a lock of a dead git is left in the workspace', ': >.git/index.lock');

/** The remote brings a file that lies here untracked already. */
export const collision: Fault = {
  text: 'the remote has a new file that lies here untracked, with other content',
  async inject(stage) {
    await pushed(stage, 'collision.md', 'from the remote');
    await inWorkspace(stage, 'echo from the standby >collision.md');
  },
  heal: async () => {},
};

/** Main on the hub gets another history: its newest commit is replaced. */
export const forcePushed: Fault = {
  text: "the remote's branch was rewritten (force push)",
  inject: async (stage) => void (await inRepository(stage, rewrite)),
  heal: async () => {},
};

const commitAs = 'GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@x';
const rewrite = `tree=$(git rev-parse main^{tree})
git update-ref refs/heads/main "$(${commitAs} git commit-tree "$tree" -m rewritten)"`;

/** One more commit on main of the hub, with one more file. */
export const pushed = (stage: Stage, file: string, text: string) =>
  inRepository(
    stage,
    `blob=$(echo '${text}' | git hash-object -w --stdin)
export GIT_INDEX_FILE=$(mktemp -u)
git read-tree main
git update-index --add --cacheinfo 100644,"$blob",${file}
tree=$(git write-tree)
rm -f "$GIT_INDEX_FILE"
git update-ref refs/heads/main "$(${commitAs} git commit-tree "$tree" -p main -m '${text}')"`,
  );

/** A script in the pair's bare repository on the hub, as its user. */
export async function inRepository({places}: Stage, script: string): Promise<string> {
  const argv = ['runuser', '-u', 'git', '--', 'sh', '-euc', `cd "$0"; ${script}`];
  const ran = await lab.hub.exec([...argv, `/home/git/${places.repository}.git`]);
  if (ran.code !== 0) throw new Error(`on the hub: ${script}: ${ran.stderr}`);
  return ran.stdout;
}

/** The Git server has another host key than the one the standby knows. */
export const gitKeyChanged: Fault = {
  text: 'the Git server shows another host key',
  async inject({standby}) {
    await sh(
      standby.host,
      `cp -p ${knownHosts} ${knownHosts}.lab-good
rm -f /run/lab/key; ssh-keygen -q -t ed25519 -N '' -f /run/lab/key
echo "10.77.0.2 $(cut -d' ' -f1,2 /run/lab/key.pub)" >${knownHosts}`,
    );
  },
  heal: async ({standby}) => void (await sh(standby.host, `mv -f ${knownHosts}.lab-good ${knownHosts}`)),
};
const knownHosts = '/home/openclaw/.ssh/known_hosts';
