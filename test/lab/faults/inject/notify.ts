// Whoever is to be told.

import {layout} from '../../../../src/templates/layout.js';
import {sh} from '../../host-state.js';
import type {Fault} from '../fault.js';

const answersFile = '/run/lab/hook.json';
const port = 18790;
export const hookPath = '/hook';
export const hookAnswers = answersFile;

/** A webhook on the primary's host that takes requests and never answers, and one whose host swallows packets. */
export const notifierHangs: Fault = {
  text: 'one webhook never answers, another cannot be reached',
  async inject({primary, standby}) {
    await primary.inside.write(answersFile, JSON.stringify({answer: 'hang'}));
    const program = `/usr/local/bin/node /opt/lab/gateway-stub.mjs ${answersFile} ${port}`;
    await sh(primary.host, `systemd-run -q --unit=lab-hook --collect ${program} ${primary.publicAddress}`);
    for (const file of [layout.notifySettings, layout.notifySecrets])
      await standby.inside.write(`${file}.lab-good`, (await standby.inside.read(file)) ?? '');
    const targets = ['slow', 'gone'].map((name) => ({
      name,
      kind: 'webhook',
      level: 'info',
      url: `FAILOVER_NOTIFY_${name.toUpperCase()}_URL`,
    }));
    await standby.inside.write(layout.notifySettings, JSON.stringify({version: 1, targets}));
    await standby.inside.write(
      layout.notifySecrets,
      `FAILOVER_NOTIFY_SLOW_URL=http://${primary.publicAddress}:${port}${hookPath}
FAILOVER_NOTIFY_GONE_URL=http://192.0.2.1/${hookPath}
`,
    );
    await sh(
      standby.host,
      `chgrp ${layout.monitorUser} ${layout.notifySecrets}; chmod 640 ${layout.notifySecrets}`,
    );
  },
  async heal({primary, standby}) {
    await sh(primary.host, 'systemctl stop lab-hook');
    for (const file of [layout.notifySettings, layout.notifySecrets]) {
      await standby.inside.write(file, (await standby.inside.read(`${file}.lab-good`)) ?? '');
      await standby.inside.remove(`${file}.lab-good`);
    }
  },
};
