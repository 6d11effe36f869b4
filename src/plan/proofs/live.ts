import {Abort} from '../../errors.js';
import {openclawAs, standbyCli} from '../../gateway/cli.js';
import {liveAccount, type LiveAccount} from '../../gateway/channels-status.js';
import {layout, units} from '../../templates/layout.js';
import type {Prove} from '../kinds/proof.js';
import {mustRun, tail} from '../must.js';
import {until} from '../until.js';

const unit = 'openclaw-failover-livetest.service';
/** ms from start to a connected account: 10 to 15 s on two cores, and room for one slow core. */
const limitMs = 120_000;

/**
 * The standby's gateway is started for a moment and its channel account must be seen connected (ready alone
 * proves no channel). A transient unit that ends by itself keeps a cut connection from leaving it on.
 */
export const live: Prove = async (_change, {host, input, say, signal}) => {
  const {type, account} = input.pair.channel;
  const running = await host.run(['systemctl', 'is-active', units.gateway], {timeoutMs: 20_000});
  if (running.stdout.trim() === 'active') {
    throw new Abort('The standby is active now; its channel cannot be tried until it has stepped back.');
  }
  await stop(host);
  await mustRun(host, startArgv(), {doing: 'start the gateway for the channel test'});
  let seen: LiveAccount = {state: 'unknown'};
  try {
    const ok = await until(
      async () => {
        const ran = await host.run(openclawAs(standbyCli, ['channels', 'status', '--json']), {
          user: layout.user,
          timeoutMs: 30_000,
          label: 'openclaw channels status --json',
        });
        seen = liveAccount(ran.stdout, type, account);
        say(`${type} ${account}: ${seen.state}${seen.why ? `, ${seen.why}` : ''}`);
        return seen.state === 'connected';
      },
      {everyMs: 2_000, limitMs, signal},
    );
    if (ok) return;
    const log = await host.run(['journalctl', '-u', unit, '-n', '12', '--no-pager', '-o', 'cat'], {
      timeoutMs: 20_000,
    });
    throw new Abort(`The standby's ${type} account "${account}" does not connect.`, {
      detail: tail(`${seen.why ?? ''}\n${log.stdout}`, 12),
      next: [
        'Check the credentials and the settings of the channel in the answers, then run the same command again.',
      ],
    });
  } finally {
    await stop(host);
  }
};

function startArgv(): string[] {
  return [
    'systemd-run',
    '--quiet',
    `--unit=${unit}`,
    `--uid=${layout.user}`,
    `--gid=${layout.user}`,
    '--property=RuntimeMaxSec=180',
    '--property=KillMode=mixed',
    '--property=TimeoutStopSec=20',
    '--collect',
    '--property=EnvironmentFile=-/etc/environment',
    '--setenv=OPENCLAW_CONFIG_READONLY=1',
    ...openclawAs(standbyCli, ['gateway']),
  ];
}

async function stop(host: Parameters<Prove>[1]['host']): Promise<void> {
  await host.run(['systemctl', 'stop', unit], {timeoutMs: 60_000});
}
