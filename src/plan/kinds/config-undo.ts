import {Abort} from '../../errors.js';
import type {HostFacts} from '../../facts/types.js';
import type {GatewayControl} from '../../gateway/control.js';
import type {Host, Ran} from '../../ssh/host.js';
import {quote, quoteWord as q} from '../../ssh/quote.js';
import {healthUrls} from '../health.js';
import {mustRun, tail} from '../must.js';

/** The transient unit on the primary that puts its config back, whoever is alive then. */
const undoUnit = 'openclaw-failover-config-undo';
export const undoTimer = `${undoUnit}.timer`;
/** s after which an edit that nobody saw well is undone: a gateway's start takes 10 to 40 s. */
const undoAfterS = 180;

/**
 * Runs a script where the gateway's files are (in its container, where it has one), as their owner.
 * Containers were tried with recorded listings and a stand-in for the engine only.
 */
function inside(host: Host, control: GatewayControl, label: string, text: string): Promise<Ran> {
  const {argv, user} = control.inside(['sh', '-s']);
  return host.run(argv, {stdin: text, label, timeoutMs: 60_000, ...(user !== undefined && {user})});
}

/** A copy of the config beside it; its path. @throws Abort when it cannot be made */
export async function keepCopy(host: Host, control: GatewayControl, path: string): Promise<string> {
  const backup = `${path}.failover-backup-${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`;
  const text = `set -eu\numask 077\ncp -p -- ${q(path)} ${q(backup)}\nsync ${q(backup)} || :\n`;
  must(host, await inside(host, control, `cp ${path} ${backup}`, text), `keep a copy of ${path}`);
  return backup;
}

/** Whether the config is not what the copy holds; a host without `cmp` cannot tell, and says no. */
export async function differs(
  host: Host,
  control: GatewayControl,
  path: string,
  backup: string,
): Promise<boolean> {
  const text = `command -v cmp >/dev/null || exit 0\ncmp -s -- ${q(backup)} ${q(path)}\n`;
  return (await inside(host, control, `cmp ${backup} ${path}`, text)).code === 1;
}

/** @throws Abort when the copy cannot be put back */
export async function putBack(
  host: Host,
  control: GatewayControl,
  path: string,
  backup: string,
): Promise<void> {
  const text = `set -eu\n${putBackText(path, backup)}\n`;
  must(host, await inside(host, control, `restore ${path}`, text), `put ${backup} back`);
}

const putBackText = (path: string, backup: string) =>
  `rm -f -- ${q(`${path}.failover-new`)} && cp -p -- ${q(backup)} ${q(`${path}.failover-new`)} && mv -f -- ${q(`${path}.failover-new`)} ${q(path)}`;

/** Exit 0 when a URL answers 200. No `$` in it: systemd would take it for a variable. */
const isReady = `fetch(process.argv[1], {redirect: 'manual', signal: AbortSignal.timeout(3000)}).then((r) => process.exit(r.status === 200 ? 0 : 1), () => process.exit(1))`;

/**
 * What the primary does by itself when this machine is gone: nothing when the gateway is ready with the edited
 * config, else the copy is put back and the gateway restarted.
 */
export function undoText(
  facts: HostFacts,
  control: GatewayControl,
  {path, backup, also}: {path: string; backup: string; also: readonly string[]},
): string {
  const asOwner = (argv: readonly string[]) => {
    const call = control.inside(argv);
    return quote(call.user === undefined ? call.argv : ['runuser', '-u', call.user, '--', ...call.argv]);
  };
  const node = (facts.openclaw.known && facts.openclaw.value?.node) || 'node';
  const checks = healthUrls(facts, '/readyz', also).map((url) => asOwner([node, '-e', isReady, url]));
  const restore = asOwner(['sh', '-c', putBackText(path, backup)]);
  return `if ${checks.join(' || ')}; then exit 0; fi; ${restore} && ${quote(control.restart)}`;
}

/**
 * Arms it anew, `undoAfterS` from now. Containers have none: their files are not the host's.
 * @throws Abort when systemd refuses it; nothing was edited then
 */
export async function armUndo(
  host: Host,
  facts: HostFacts,
  control: GatewayControl,
  edit: {path: string; backup: string; also: readonly string[]},
): Promise<void> {
  if (facts.gateway.known && facts.gateway.value.container) return;
  await disarmUndo(host);
  await mustRun(
    host,
    [
      'systemd-run',
      '--quiet',
      `--unit=${undoUnit}`,
      `--on-active=${undoAfterS}`,
      '--timer-property=AccuracySec=1s',
      '--collect',
      '--description=failover-wizard: put the gateway config back unless the gateway is ready',
      '/bin/sh',
      '-c',
      undoText(facts, control, edit),
    ],
    {doing: 'arm the dead-man timer', label: `systemd-run --unit=${undoUnit} --on-active=${undoAfterS}`},
  );
}

export async function disarmUndo(host: Host): Promise<void> {
  await host.run(['systemctl', 'stop', undoTimer], {timeoutMs: 20_000});
}

/** Does now what the timer would do later: nothing to a gateway that is ready, else the copy goes back. */
export async function undoNow(host: Host): Promise<void> {
  await host.run(['systemctl', 'start', `${undoUnit}.service`], {timeoutMs: 120_000});
  await disarmUndo(host);
}

function must(host: Host, ran: Ran, doing: string): void {
  if (ran.code === 0) return;
  throw new Abort(`Could not ${doing} on the ${host.name} (exit ${ran.code}).`, {
    detail: tail(ran.stderr) || tail(ran.stdout),
    next: ['Mend what the output names (disk, permissions), then run the same command again.'],
  });
}
