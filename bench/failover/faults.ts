// The faults, each to the moment: whatever takes time is done before, so that the clock starts when it strikes.

import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {asOpenclaw, until} from '../../test/lab/host-state.js';
import {primaryUnit, userSystemctl, type Stage} from '../../test/lab/faults/stage.js';
import type {FaultName} from './figures.js';

export interface Fault {
  /** As it is told in README.md. */
  text: string;
  /** Changes nothing yet. */
  arm: (stage: Stage) => Promise<() => Promise<void>>;
  heal: (stage: Stage) => Promise<void>;
}

export const faults: Record<FaultName, Fault> = {
  failed: {
    text: "the gateway's process is killed, its unit does not start it again and is failed",
    async arm(stage) {
      await stage.primary.inside.write(`${await dropIns(stage)}/bench.conf`, '[Service]\nRestart=no\n');
      await userSystemctl(stage, 'daemon-reload');
      const pid = await gatewayPid(stage);
      return async () => void process.kill(pid, 'SIGKILL');
    },
    async heal(stage) {
      await stage.primary.inside.remove(await dropIns(stage));
      await userSystemctl(stage, 'daemon-reload');
      await userSystemctl(stage, `reset-failed ${primaryUnit}`);
      await restart(stage);
    },
  },
  lost: {
    text: 'both links of the primary go down',
    arm: async ({primary: {host}}) => {
      return async () =>
        void (await Promise.all([host.link('private', 'down'), host.link('public', 'down')]));
    },
    async heal(stage) {
      const {host} = stage.primary;
      await Promise.all([host.link('private', 'up'), host.link('public', 'up')]);
      await restart(stage);
    },
  },
  hung: {
    text: "the gateway's main process is stopped (SIGSTOP)",
    async arm(stage) {
      const pid = await gatewayPid(stage);
      return async () => void process.kill(pid, 'SIGSTOP');
    },
    async heal(stage) {
      await userSystemctl(stage, `kill -s CONT ${primaryUnit}`);
      await restart(stage);
    },
  },
};

/** What the unit of a gateway has to stop in, ms: one that has just been woken may drain first. */
const longestStopMs = 360_000;

/** A bot that was away for long tries again less and less often. In order: OpenClaw mutes what was killed too often. */
async function restart(stage: Stage): Promise<void> {
  const ran = await asOpenclaw(stage.primary.host, `systemctl --user restart ${primaryUnit}`, {
    timeoutMs: longestStopMs,
  });
  if (ran.code !== 0) throw new Error(`the primary's gateway was not started again: ${ran.stderr}`);
  await until("the primary's gateway answers", 120_000, () => stage.primaryIsUp());
}

async function uidOf(stage: Stage): Promise<string> {
  return (await asOpenclaw(stage.primary.host, 'id -u')).stdout.trim();
}

const dropIns = async (stage: Stage) => `/run/user/${await uidOf(stage)}/systemd/user/${primaryUnit}.d`;

/** Main process of the primary's gateway as this machine numbers it, so that a signal needs nobody inside. */
async function gatewayPid(stage: Stage): Promise<number> {
  const {host} = stage.primary;
  const uid = await uidOf(stage);
  const shown = await asOpenclaw(host, `systemctl --user show -p MainPID --value ${primaryUnit}`);
  const {cgroup} = await host.where();
  const unit = `user.slice/user-${uid}.slice/user@${uid}.service/app.slice/${primaryUnit}`;
  const pids = await readFile(path.join(cgroup, unit, 'cgroup.procs'), 'utf8');
  for (const pid of pids.split('\n').filter(Boolean)) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (/^NSpid:.*\s(\d+)$/m.exec(status)?.[1] === shown.stdout.trim()) return Number(pid);
  }
  throw new Error(`the gateway of ${host.name} has no process`);
}
