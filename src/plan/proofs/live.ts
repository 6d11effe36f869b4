import {Abort} from '../../errors.js';
import {openclawAs, standbyCli} from '../../gateway/cli.js';
import {liveAccount, type LiveAccount} from '../../gateway/channels-status.js';
import {layout, units} from '../../templates/layout.js';
import type {Host} from '../../ssh/host.js';
import {channelsStatus, channelsStatusArgs} from '../ask-channels.js';
import {standbyStatus} from '../health.js';
import {isUp} from '../is-up.js';
import type {ApplyContext} from '../kind.js';
import type {Prove} from '../kinds/proof.js';
import {mustRun, tail} from '../must.js';
import {mustBeReleased} from '../released.js';
import {until} from '../until.js';

const unit = 'openclaw-failover-livetest.service';
/** ms from start to a connected account: 10 to 15 s on two cores, and room for one slow core. */
const limitMs = 120_000;

/** A gateway may end in its start for a reason that is gone the next time; the monitor tries twice as well. */
const starts = 2;

/**
 * The standby's gateway is started for a moment and its channel account must be seen connected (ready alone
 * proves no channel). A transient unit that ends by itself keeps a cut connection from leaving it on.
 */
export const live: Prove = async (_change, context) => {
  const {host, say} = context;
  const running = await host.run(['systemctl', 'is-active', units.gateway], {timeoutMs: 20_000});
  const asleep = running.stdout.trim() === 'active' && (await sleeps(host));
  if (running.stdout.trim() === 'active' && !asleep) {
    throw new Abort('The standby is active now; its channel cannot be tried until it has stepped back.', {
      next: [
        'Wait until it sleeps (failover-wizard status), or give back: failover-wizard demote',
        'Then run the same command again.',
      ],
    });
  }
  await mustBeReleased(context);
  // Two gateways on one port and state would end each other.
  if (asleep) await host.run(['systemctl', 'stop', units.warmTimer, units.gateway], {timeoutMs: 60_000});
  await stop(host);
  try {
    for (let start = 1; ; start += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await mustRun(host, startArgv(), {doing: 'start the gateway for the channel test'});
      // oxlint-disable-next-line no-await-in-loop
      const seen = await watchAccount(context);
      if (seen.state === 'connected') return;
      if (seen.state !== 'ended' || start >= starts) {
        // oxlint-disable-next-line no-await-in-loop
        throw await failureOf(host, context.input.pair.channel, seen);
      }
      say('The gateway ended in its start; it is started once more.');
    }
  } finally {
    await stop(host);
    if (asleep) await host.run(['systemctl', 'start', '--no-block', units.warmTimer, units.role]);
  }
};

/** A warm standby's gateway, with its channel off. */
async function sleeps(host: Host): Promise<boolean> {
  const said = await host.run(['cat', layout.runsAs], {timeoutMs: 20_000});
  return said.stdout.trim() === 'asleep';
}

type Seen = Pick<LiveAccount, 'why'> & {state: LiveAccount['state'] | 'ended' | 'starting'};

/**
 * Until the account is connected, the gateway has ended, or the time is over. OpenClaw's own program is not called
 * before the gateway answers: beside a gateway that starts it was seen to make that start fail.
 */
async function watchAccount({host, input, say, signal}: ApplyContext): Promise<Seen> {
  const {type, account} = input.pair.channel;
  let seen: Seen = {state: 'starting'};
  await until(
    async () => {
      if (seen.state === 'starting') {
        if (!(await isAlive(host))) seen = {state: 'ended'};
        else if ((await standbyStatus(host, '/readyz')) !== 200) return false;
      }
      if (seen.state === 'ended') return true;
      const ran = await channelsStatus(host, {
        argv: openclawAs(standbyCli, channelsStatusArgs),
        user: layout.user,
      });
      seen = liveAccount(ran.stdout, type, account);
      say(`${type} ${account}: ${seen.state}${seen.why ? `, ${seen.why}` : ''}`);
      if (seen.state !== 'connected' && !(await isAlive(host))) seen = {state: 'ended'};
      return seen.state === 'connected' || seen.state === 'ended';
    },
    {everyMs: 1_000, limitMs, signal},
  );
  return seen;
}

/** systemd collects a transient unit that ended, and then knows nothing of it. */
const isAlive = (host: Host) => isUp(host, ['systemctl', 'is-active', unit]);

async function failureOf(
  host: Host,
  {type, account}: ApplyContext['input']['pair']['channel'],
  {state, why}: Seen,
): Promise<Abort> {
  const log = await host.run(['journalctl', '-u', unit, '-n', '12', '--no-pager', '-o', 'cat'], {
    timeoutMs: 20_000,
  });
  const detail = tail(`${why ?? ''}\n${log.stdout}`, 12);
  if (state === 'ended' || state === 'starting') {
    const how = state === 'ended' ? 'ends in its start' : `is not ready after ${limitMs / 1000} s`;
    return new Abort(`The standby's gateway ${how}, so its channel could not be tried.`, {
      detail,
      next: ['The lines above are its own; run the same command again when their cause is gone.'],
    });
  }
  return new Abort(`The standby's ${type} account "${account}" does not connect.`, {
    detail,
    next: [
      'Check the credentials and the settings of the channel in the answers, then run the same command again.',
    ],
  });
}

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
    // The first takeover finds OpenClaw compiled: that is half of its start.
    `--property=CacheDirectory=${layout.compileCache.split('/').at(-1)}`,
    '--property=CacheDirectoryMode=0700',
    `--setenv=NODE_COMPILE_CACHE=${layout.compileCache}`,
    '--setenv=OPENCLAW_CONFIG_READONLY=1',
    ...openclawAs(standbyCli, ['gateway']),
  ];
}

async function stop(host: Host): Promise<void> {
  await host.run(['systemctl', 'stop', unit], {timeoutMs: 60_000});
}
