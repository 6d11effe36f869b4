import {randomBytes} from 'node:crypto';
import {Abort, Exit} from '../../errors.js';
import {generatedToken} from '../../phases/reachable.js';
import {Secret} from '../../secret.js';
import {controlOf, type GatewayControl} from '../../gateway/control.js';
import type {ConfigPatchChange} from '../change.js';
import type {Apply, ApplyContext} from '../kind.js';
import {tail} from '../must.js';
import {until} from '../until.js';
import {healthOf} from '../health.js';
import {isUp} from '../is-up.js';
import {isReleased} from '../released.js';
import {armUndo, differs, disarmUndo, keepCopy, putBack} from './config-undo.js';
import {pauseMonitor, resumeMonitor} from './monitor-pause.js';

/** ms a gateway may take to be ready again: its start is 10 to 20 s on two cores, twice that on one. */
const readyLimitMs = 120_000;

/** One edit under way: what it needs to be judged and undone. */
interface Edit {
  control: GatewayControl;
  path: string;
  backup: string;
  /** Addresses that the edit itself makes the gateway listen on. */
  also: string[];
}

/**
 * An edit of the primary's own config through `openclaw config patch` (validates, atomic, keeps references).
 * A copy is kept first; when the gateway is not healthy afterwards, the copy goes back. Should this machine be
 * gone before it was seen healthy, a timer on the primary does the same.
 * @throws Abort with exit 130 when the operator stops it, with the config from before in force again
 */
export const configPatch: Apply<'config-patch'> = async (change, context) => {
  const {host, hosts, input, say, signal} = context;
  const facts = input[change.host];
  const control = controlOf(facts);
  const config = facts.config;
  if (!control || !config.known || !config.value)
    throw new Abort(`The ${host.name}'s gateway cannot be edited by its own program.`);
  const {path} = config.value;
  const runs = await isUp(host, control.isActive);
  const backup = await keepCopy(host, control, path);
  say(`backup: ${backup}`);
  const edit: Edit = {control, path, backup, also: bindAddresses(change)};
  const restarts = runs && change.takesEffect === 'restart';
  const pauses = runs && mustNotTakeOver(change);
  if (pauses) await pauseMonitor(hosts.standby);
  if (runs) await armUndo(host, facts, control, edit);
  await patch(change, edit, runs, context);
  if (!runs) {
    say('The gateway is not running now; the edit is in force at its next start.');
    return;
  }
  let started = true;
  if (restarts) {
    say('restarting the gateway');
    started = (await host.run(control.restart, {timeoutMs: 120_000})).code === 0;
  }
  const healthy = started && (await becomesReady(edit, context, signal));
  if (healthy && (!change.gone || (await isReleased(host, control, change.gone, signal)))) {
    await disarmUndo(host);
    if (pauses) await resumeMonitor(hosts.standby);
    return;
  }
  if (signal.aborted) await leaveAsBefore(edit, context, healthy);
  await rollBack(edit, context, healthy);
};

/**
 * A restart must not look like an outage; and while an account is handed over, the copy that still has it may go
 * back, so that a standby which is allowed the account from an earlier run must not log it in meanwhile.
 */
function mustNotTakeOver({takesEffect, gone}: ConfigPatchChange): boolean {
  return takesEffect === 'restart' || gone !== undefined;
}

async function patch(
  change: ConfigPatchChange,
  edit: Edit,
  runs: boolean,
  context: ApplyContext,
): Promise<void> {
  const {host, hosts, say} = context;
  const {control, path, backup} = edit;
  const call = control.openclaw(['config', 'patch', '--stdin']);
  const patched = await host.run(call.argv, {
    stdin: new Secret(withToken(change.patch)),
    timeoutMs: 90_000,
    label: 'openclaw config patch --stdin',
    onLine: say,
    ...(call.user !== undefined && {user: call.user}),
  });
  if (patched.code === 0) return;
  // Ended in the middle, or an error after it was written: the file itself says whether it is another one.
  if (await differs(host, control, path, backup)) await putBack(host, control, path, backup);
  if (runs) await disarmUndo(host);
  if (runs && mustNotTakeOver(change)) await resumeMonitor(hosts.standby);
  throw new Abort(
    patched.timedOut
      ? `OpenClaw did not finish the edit of the ${host.name}'s config in time; nothing was changed.`
      : `OpenClaw refused the edit of the ${host.name}'s config; nothing was changed.`,
    {
      detail: tail(patched.stderr || patched.stdout, 10),
      next: [`Look at ${path}; the copy from before is ${backup}.`],
      ...(patched.timedOut && {exit: Exit.timeout}),
    },
  );
}

/** Where a gateway listens that this patch binds to an address. */
function bindAddresses({patch: tree}: ConfigPatchChange): string[] {
  const gateway = tree.gateway as {customBindHost?: unknown} | undefined;
  return typeof gateway?.customBindHost === 'string' ? [gateway.customBindHost] : [];
}

function becomesReady(
  {also}: Pick<Edit, 'also'>,
  {host, input}: ApplyContext,
  signal?: AbortSignal,
): Promise<boolean> {
  return until(async () => (await healthOf(host, input[host.name], also)) === 'ready', {
    everyMs: 1_000,
    limitMs: readyLimitMs,
    ...(signal && {signal}),
  });
}

/**
 * The operator stopped for good. A gateway that was seen ready keeps its edit; otherwise the copy goes back at
 * once, and the restart is not waited for. The pause of the monitor runs out by itself.
 */
async function leaveAsBefore(edit: Edit, {host, hosts, say}: ApplyContext, healthy: boolean): Promise<never> {
  const {control, path, backup} = edit;
  if (!healthy) {
    say('stopped before the gateway was ready: putting the copy back');
    await putBack(host, control, path, backup);
    await host.run(control.restart, {timeoutMs: 120_000});
  }
  await disarmUndo(host);
  if (healthy) await resumeMonitor(hosts.standby);
  throw new Abort(
    healthy
      ? `Stopped after the edit of the ${host.name}'s config; its gateway is ready with it.`
      : `Stopped during the edit of the ${host.name}'s config; the config from before is back.`,
    {next: ['Run the same command again to continue.'], exit: Exit.interrupted},
  );
}

async function rollBack(edit: Edit, context: ApplyContext, healthy: boolean): Promise<never> {
  const {host, hosts, input, say} = context;
  const {control, path, backup} = edit;
  say(
    healthy ? 'the account is still connected: putting the copy back' : 'not healthy: putting the copy back',
  );
  // A standby that cannot be reached takes over nothing, and must not keep the primary from being mended.
  await pauseMonitor(hosts.standby).catch(() => say('The monitor could not be paused.'));
  await armUndo(host, input[host.name], control, {...edit, also: []}).catch(() => undefined);
  await putBack(host, control, path, backup);
  await host.run(control.restart, {timeoutMs: 120_000});
  const back = await becomesReady({also: []}, context, context.signal);
  await disarmUndo(host);
  if (context.signal.aborted) {
    throw new Abort(`Stopped while the ${host.name}'s gateway starts with the config from before.`, {
      next: ['Run the same command again to continue.'],
      exit: Exit.interrupted,
    });
  }
  if (back) await resumeMonitor(hosts.standby).catch(() => undefined);
  const was = healthy ? 'kept the account connected' : 'was not ready';
  throw new Abort(
    back
      ? `The ${host.name}'s gateway ${was} after the edit; the config from before is back and it is healthy again.`
      : `The ${host.name}'s gateway is not ready, not even with the config from before (${backup}).`,
    {
      next: [
        `On the ${host.name}: look at the gateway's log (${control.name}), then run the same command again.`,
      ],
    },
  );
}

/** A token for a gateway that had none: made when it is needed, so that no plan ever holds it. */
function withToken(tree: Record<string, unknown>): string {
  return JSON.stringify(tree).replaceAll(JSON.stringify(generatedToken), () =>
    JSON.stringify(randomBytes(32).toString('hex')),
  );
}
