import {randomBytes} from 'node:crypto';
import {Abort} from '../../errors.js';
import {generatedToken} from '../../phases/reachable.js';
import {Secret} from '../../secret.js';
import {liveAccount} from '../../gateway/channels-status.js';
import {controlOf, type GatewayControl} from '../../gateway/control.js';
import type {Host} from '../../ssh/host.js';
import {quoteWord as q} from '../../ssh/quote.js';
import {layout} from '../../templates/layout.js';
import type {Apply, ApplyContext} from '../kind.js';
import {mustRun, mustScript, tail} from '../must.js';
import {until} from '../until.js';
import {healthOf} from '../health.js';

/** ms a gateway may take to be ready again: its start is 10 to 20 s on two cores, twice that on one. */
const readyLimitMs = 120_000;
/** ms until the running gateway must have let go of a disabled account. */
const goneLimitMs = 60_000;
/** min the monitor keeps still while the primary's gateway restarts on purpose. */
const pauseMin = 5;

/**
 * An edit of the primary's own config through `openclaw config patch` (validates, atomic, keeps references).
 * A copy is kept first; when the gateway is not healthy afterwards, the copy goes back.
 */
export const configPatch: Apply<'config-patch'> = async (change, context) => {
  const {host, hosts, input, say, signal} = context;
  const control = controlOf(input[change.host]);
  const config = input[change.host].config;
  if (!control || !config.known || !config.value)
    throw new Abort(`The ${host.name}'s gateway cannot be edited by its own program.`);
  const path = config.value.path;
  const backup = await keepCopy(host, path);
  say(`backup: ${backup}`);
  if (change.takesEffect === 'restart') await pauseMonitor(hosts.standby);
  const call = control.openclaw(['config', 'patch', '--stdin']);
  const patched = await host.run(call.argv, {
    stdin: new Secret(withToken(change.patch)),
    timeoutMs: 90_000,
    label: 'openclaw config patch --stdin',
    onLine: say,
    ...(call.user !== undefined && {user: call.user}),
  });
  if (patched.code !== 0) {
    throw new Abort(`OpenClaw refused the edit of the ${host.name}'s config; nothing was changed.`, {
      detail: tail(patched.stderr || patched.stdout, 10),
      next: [`Look at ${path}; the copy from before is ${backup}.`],
    });
  }
  const wasActive = (await host.run(control.isActive, {timeoutMs: 20_000})).stdout.trim() === 'active';
  if (!wasActive) {
    say('The gateway is not running now; the edit is in force at its next start.');
    return;
  }
  if (change.takesEffect === 'restart') {
    say('restarting the gateway');
    await mustRun(host, control.restart, {doing: 'restart the gateway', timeoutMs: 120_000});
  }
  const healthy = await until(async () => (await healthOf(host, context.input[change.host])) === 'ready', {
    everyMs: 1_000,
    limitMs: readyLimitMs,
    signal: context.signal,
  });
  if (healthy && (!change.gone || (await isGone(host, control, change.gone, signal)))) {
    if (change.takesEffect === 'restart') await resumeMonitor(hosts.standby);
    return;
  }
  await rollBack(host, control, path, backup, context);
};

/** The running gateway no longer has the account connected; hot reload takes about 1 s. */
async function isGone(
  host: Host,
  control: GatewayControl,
  {channel, account}: {channel: string; account: string},
  signal: AbortSignal,
): Promise<boolean> {
  const call = control.openclaw(['channels', 'status', '--json']);
  return until(
    async () => {
      const ran = await host.run(call.argv, {
        timeoutMs: 30_000,
        label: 'openclaw channels status --json',
        ...(call.user !== undefined && {user: call.user}),
      });
      const {state} = liveAccount(ran.stdout, channel, account);
      return ran.code === 0 && (state === 'off' || state === 'absent');
    },
    {everyMs: 2_000, limitMs: goneLimitMs, signal},
  );
}

async function keepCopy(host: Host, path: string): Promise<string> {
  const backup = `${path}.failover-backup-${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`;
  await mustScript(
    host,
    {label: `cp ${path} ${backup}`, text: `set -eu\ncp -p -- ${q(path)} ${q(backup)}\nsync ${q(backup)}\n`},
    {doing: `keep a copy of ${path}`},
  );
  return backup;
}

async function rollBack(
  host: Host,
  control: GatewayControl,
  path: string,
  backup: string,
  {input, signal, say}: ApplyContext,
): Promise<never> {
  say('not healthy: putting the copy back');
  await mustScript(
    host,
    {
      label: `restore ${path}`,
      text: `set -eu\ncp -p -- ${q(backup)} ${q(path)}.failover-new\nmv -f ${q(path)}.failover-new ${q(path)}\n`,
    },
    {doing: `put ${backup} back`},
  );
  await host.run(control.restart, {timeoutMs: 120_000});
  const back = await until(async () => (await healthOf(host, input[host.name])) === 'ready', {
    everyMs: 1_000,
    limitMs: readyLimitMs,
    signal,
  });
  throw new Abort(
    back
      ? `The ${host.name}'s gateway was not ready after the edit; the config from before is back and it is healthy again.`
      : `The ${host.name}'s gateway is not ready, not even with the config from before (${backup}).`,
    {
      next: [
        `On the ${host.name}: look at the gateway's log (${control.name}), then run the same command again.`,
      ],
    },
  );
}

/** Keeps the standby from taking over while the primary restarts on purpose; the pause ends by itself. */
export async function pauseMonitor(standby: Host): Promise<void> {
  const text = `set -eu
[ -d ${q(layout.run)} ] || exit 0
printf '%s failover-wizard restarts the gateway of the primary\\n' "$(( $(date +%s) + ${pauseMin * 60} ))" > ${q(layout.pause)}.new
chmod 644 ${q(layout.pause)}.new
mv -f ${q(layout.pause)}.new ${q(layout.pause)}
`;
  await mustScript(
    standby,
    {label: `pause the monitor for ${pauseMin} min`, text},
    {doing: 'pause the monitor'},
  );
}

/** Ends our own pause early; one that the operator set stays. */
async function resumeMonitor(standby: Host): Promise<void> {
  const text = `[ -f ${q(layout.pause)} ] && grep -q failover-wizard ${q(layout.pause)} && rm -f ${q(layout.pause)} || :\n`;
  await standby.script({label: 'resume the monitor', text}, {timeoutMs: 20_000});
}

/** A token for a gateway that had none: made when it is needed, so that no plan ever holds it. */
function withToken(patch: Record<string, unknown>): string {
  return JSON.stringify(patch).replaceAll(JSON.stringify(generatedToken), () =>
    JSON.stringify(randomBytes(32).toString('hex')),
  );
}
