// Faults of the primary's gateway. The unit is changed by drop-ins in its user's runtime folder, gone when healed.

import {setTimeout as sleep} from 'node:timers/promises';
import {layout} from '../../../../src/templates/layout.js';
import {asOpenclaw, sh} from '../../host-state.js';
import type {Fault} from '../fault.js';
import {gatewayAnswers, primaryUnit, userSystemctl, type Stage} from '../stage.js';

const noHeal = async () => {};

export const signal = (name: 'STOP' | 'KILL'): Fault => ({
  text: name === 'STOP' ? "the gateway's process is stopped (SIGSTOP)" : "the gateway's process is killed",
  inject: (stage) => userSystemctl(stage, `kill -s ${name} ${primaryUnit}`),
  heal: name === 'STOP' ? (stage) => userSystemctl(stage, `kill -s CONT ${primaryUnit}`) : noHeal,
});

/** As an operator does it. */
export const stopped: Fault = {
  text: 'the gateway is stopped with systemctl',
  inject: (stage) => userSystemctl(stage, `stop ${primaryUnit}`),
  heal: (stage) => userSystemctl(stage, `start ${primaryUnit}`),
};

const folder = async (stage: Stage) => {
  const uid = (await asOpenclaw(stage.primary.host, 'id -u')).stdout.trim();
  return `/run/user/${uid}/systemd/user/${primaryUnit}.d`;
};

/** The unit runs something else; the process that runs is killed, so that it is started at once. */
const replaced = (text: string, lines: readonly string[]): Fault => ({
  text,
  async inject(stage) {
    await stage.primary.inside.write(`${await folder(stage)}/zz-fault.conf`, `${lines.join('\n')}\n`);
    await userSystemctl(stage, 'daemon-reload');
    await userSystemctl(stage, `kill -s KILL ${primaryUnit}`);
  },
  async heal(stage) {
    await stage.primary.inside.remove(await folder(stage));
    await userSystemctl(stage, 'daemon-reload');
    await userSystemctl(stage, `reset-failed ${primaryUnit}`);
    await userSystemctl(stage, `restart ${primaryUnit}`);
  },
});

/** systemd gives up on it at the first restart. */
export const unitFails = replaced('the gateway dies and its unit fails (start limit)', [
  '[Unit]',
  'StartLimitBurst=1',
  'StartLimitIntervalSec=300',
  '[Service]',
  'ExecStart=',
  'ExecStart=/bin/false',
  'RestartSec=100ms',
]);

export const badConfig = replaced('the gateway ends with exit code 78 (bad config)', [
  '[Service]',
  'ExecStart=',
  `ExecStart=/bin/sh -c 'exit 78'`,
  'RestartSec=100ms',
]);

export const crashLoop = replaced('the gateway crashes every 20 s', [
  '[Unit]',
  'StartLimitIntervalSec=0',
  '[Service]',
  'ExecStart=',
  `ExecStart=/bin/sh -c 'sleep 15; exit 1'`,
  'RestartSec=5',
]);

type Answer =
  | 'starting'
  | 'draining'
  | 'unready'
  | 'error'
  | 'page'
  | 'redirect'
  | 'unauthorized'
  | 'drip'
  | 'flood'
  | 'hang'
  | 'banner';

/** The stub in the gateway's place answers like this. */
export const answers = (answer: Answer, text: string): Fault => ({
  text,
  inject: ({primary}) => primary.inside.write(gatewayAnswers, JSON.stringify({answer})),
  heal: ({primary}) => primary.inside.write(gatewayAnswers, '{}'),
});

export const listensOnLoopback: Fault = {
  text: 'the gateway listens on loopback only',
  inject: ({primary}) => primary.inside.write(gatewayAnswers, JSON.stringify({listen: 'loopback'})),
  heal: ({primary}) => primary.inside.write(gatewayAnswers, '{}'),
};

/** `ANSWER PATH` of everything that the stub on the primary was ever asked for, since it was started. */
export const asked = async ({primary}: Stage, file = gatewayAnswers) =>
  ((await primary.inside.read(`${file}.seen`)) ?? '').split('\n').filter(Boolean);

/** The gateway is stopped and somebody else takes its port. */
export const portTaken = (answer: 'banner' | 'page', text: string): Fault => ({
  text,
  async inject(stage) {
    await userSystemctl(stage, `stop ${primaryUnit}`);
    const {host, inside, address} = stage.primary;
    await inside.write('/run/lab/other.json', JSON.stringify({answer}));
    const program = `/usr/local/bin/node /opt/lab/gateway-stub.mjs /run/lab/other.json ${layout.gatewayPort}`;
    await sh(host, `systemd-run -q --unit=lab-other --collect ${program} 127.0.0.1 ${address}`);
  },
  async heal(stage) {
    await sh(stage.primary.host, 'systemctl stop lab-other');
    await userSystemctl(stage, `start ${primaryUnit}`);
  },
});

/** Something on the port of a gateway that is gone says for a moment that all is well. */
export const answersBriefly = (ms: number): Fault => ({
  text: `the port of the gateway answers well for ${ms / 1000} s`,
  async inject({primary}) {
    await primary.inside.write('/run/lab/other.json', JSON.stringify({answer: 'ok'}));
    const program = `/usr/local/bin/node /opt/lab/gateway-stub.mjs /run/lab/other.json ${layout.gatewayPort}`;
    await sh(
      primary.host,
      `systemd-run -q --unit=lab-other --collect ${program} 127.0.0.1 ${primary.address}`,
    );
    await sleep(ms);
    await sh(primary.host, 'systemctl kill -s KILL lab-other');
  },
  heal: noHeal,
});
