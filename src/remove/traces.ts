import type {HostFacts} from '../facts/types.js';
import {controlOf} from '../gateway/control.js';
import {gatewayPort} from '../plan/health.js';
import {primaryWorkspacePath} from '../phases/workspace.js';
import type {Host} from '../ssh/host.js';
import {quoteWord as q} from '../ssh/quote.js';
import type {Pair} from '../pair/schema.js';

/** What is of ours among the primary's own things: beside its config, in its workspace's .git, in tailscaled. */
export interface Traces {
  /** Copies of the config, made before each edit; paths as the gateway's files have them. */
  backups: string[];
  /** Notes and locks of the push, in the workspace's .git. */
  notes: string[];
  /** The port that `tailscale serve` forwards, where setup made it. */
  serve: number | undefined;
}

const backupName = /\/[^/\p{Cc}]+\.failover-backup-\d{8}T\d{6}Z$/u;
const noteName = /\/\.git\/failover(?:-[a-z-]+)?(?:\.lock)?$/;

/** Looks for them as the owner of the files, in the gateway's container where it has one. */
export async function readTraces(primary: Host, facts: HostFacts, pair: Pair): Promise<Traces> {
  const config = facts.config.known ? facts.config.value?.path : undefined;
  const control = controlOf(facts);
  const inside = control?.inside(['sh', '-s']);
  const user = facts.gateway.known ? facts.gateway.value.user : undefined;
  const workspace = primaryWorkspacePath(facts);
  const [backups, notes, serve] = await Promise.all([
    config !== undefined && inside
      ? listed(
          primary,
          `for f in ${q(config)}.failover-backup-*; do [ -e "$f" ] && echo "$f"; done\n:\n`,
          inside,
        )
      : [],
    workspace !== undefined && user !== undefined
      ? listed(primary, `for f in ${q(workspace)}/.git/failover*; do [ -e "$f" ] && echo "$f"; done\n:\n`, {
          argv: ['sh', '-s'],
          user,
        })
      : [],
    pair.primary.expose === 'serve' ? servedPort(primary, gatewayPort(facts)) : undefined,
  ]);
  return {
    backups: backups.filter(
      (path) => config !== undefined && path.startsWith(`${config}.`) && backupName.test(path),
    ),
    notes: notes.filter(
      (path) => workspace !== undefined && path.startsWith(`${workspace}/.git/`) && noteName.test(path),
    ),
    serve,
  };
}

async function listed(
  host: Host,
  text: string,
  {argv, user}: {argv: string[]; user: string | undefined},
): Promise<string[]> {
  const ran = await host.run(argv, {
    stdin: text,
    label: 'look for files of ours',
    timeoutMs: 30_000,
    ...(user !== undefined && {user}),
  });
  return ran.stdout.split('\n').filter(Boolean);
}

/** The forward that setup makes, and no other: this port, to the gateway on loopback. */
async function servedPort(primary: Host, port: number): Promise<number | undefined> {
  const ran = await primary.run(['tailscale', 'serve', 'status', '--json'], {timeoutMs: 20_000});
  try {
    const {TCP} = JSON.parse(ran.stdout) as {TCP?: Record<string, {TCPForward?: unknown}>};
    return TCP?.[String(port)]?.TCPForward === `127.0.0.1:${port}` ? port : undefined;
  } catch {
    return undefined;
  }
}
