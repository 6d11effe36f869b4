import type {GatewayFact, HostFacts, OpenClawFact} from '../facts/types.js';
import {quote, quoteWord as q} from '../ssh/quote.js';
import {openclawAs, type OpenClawCli} from './cli.js';

/** How one running gateway is stopped, started and spoken to; argv for root on its host. */
export interface GatewayControl {
  /** For people: `user unit openclaw-gateway.service of openclaw`. */
  name: string;
  stop: string[];
  start: string[];
  restart: string[];
  /** Forgets that it failed too often to be started, and sees to it that whoever runs it is there. */
  clear: string[];
  /** Ends all of its processes with SIGKILL, as a crash does: whatever restarts it after one does so. */
  kill: string[];
  /** Halts all of its processes where they are; its port then accepts and never answers. */
  halt: string[];
  /** Lets them go on. */
  go: string[];
  /** Prints `active` when it runs, whatever else when not. */
  isActive: string[];
  /** Prints the newest lines that it wrote, and those that come, until it is ended. */
  log: (lines: number) => string[];
  /** argv of `openclaw …`, and the user to run it as (undefined: root). */
  openclaw(args: readonly string[]): {argv: string[]; user: string | undefined};
  /**
   * Any command where the gateway's paths are its paths, as the owner of its files: on the host for a unit, in the
   * container otherwise. stdin goes through.
   */
  inside(argv: readonly string[]): {argv: string[]; user: string | undefined};
}

/**
 * The control of a found gateway.
 * @returns undefined for forms that cannot be controlled (none, started by hand)
 */
export function controlOf(facts: HostFacts): GatewayControl | undefined {
  const {gateway, openclaw} = facts;
  if (!gateway.known) return undefined;
  const found = gateway.value;
  switch (found.form) {
    case 'user-unit':
      return userUnit(found, facts, openclaw.known ? openclaw.value : null);
    case 'system-unit':
      return systemUnit(found, facts, openclaw.known ? openclaw.value : null);
    case 'compose':
    case 'podman':
      return container(found);
    case 'foreground':
    case 'none':
      return undefined;
  }
}

/** The unit's own user, home and profile for calls of its `openclaw` program. */
export function cliOf(found: GatewayFact, openclaw: OpenClawFact, home: string): OpenClawCli {
  const env: Record<string, string> = {};
  if (found.stateDir && found.stateDir !== `${home}/.openclaw`) env.OPENCLAW_STATE_DIR = found.stateDir;
  if (found.configPath && found.configPath !== `${found.stateDir ?? `${home}/.openclaw`}/openclaw.json`) {
    env.OPENCLAW_CONFIG_PATH = found.configPath;
  }
  return {node: openclaw.node, entry: openclaw.entry, home, env};
}

function homeOf(found: GatewayFact, facts: HostFacts): string {
  const user = found.user ?? 'root';
  return facts.users[user]?.home ?? (user === 'root' ? '/root' : `/home/${user}`);
}

function speak(
  found: GatewayFact,
  facts: HostFacts,
  openclaw: OpenClawFact | null,
): GatewayControl['openclaw'] {
  return (args) => {
    if (!openclaw) return {argv: ['openclaw', ...args], user: found.user};
    const cli = cliOf(found, openclaw, homeOf(found, facts));
    return {argv: openclawAs(cli, args), user: found.user};
  };
}

function journal(lines: number, ...matches: string[]): string[] {
  return ['journalctl', '--no-hostname', '--output=short', `--lines=${lines}`, '--follow', ...matches];
}

/** argv that prints the newest lines of a system unit's journal, and those that come. */
export function journalOf(unit: string, lines: number): string[] {
  return journal(lines, `--unit=${unit}`);
}

function userUnit(
  found: GatewayFact,
  facts: HostFacts,
  openclaw: OpenClawFact | null,
): GatewayControl | undefined {
  const {unit, user} = found;
  if (!unit || !user) return undefined;
  // `systemctl --user -M user@` needs a machine bus that small images lack; the runtime directory always works.
  const ctl = (verb: string) => [
    'runuser',
    '-u',
    user,
    '--',
    'sh',
    '-c',
    `XDG_RUNTIME_DIR=/run/user/$(id -u) exec systemctl --user ${verb} ${q(unit)}`,
  ];
  // What the unit says, and what its user's systemd says of it.
  const uid = facts.users[user]?.uid;
  const owner = uid === undefined ? [] : [`_UID=${uid}`];
  return {
    name: `user unit ${unit} of ${user}`,
    stop: ctl('stop'),
    start: ctl('start'),
    restart: ctl('restart'),
    clear: [
      'sh',
      '-c',
      `systemctl start "user@$(id -u ${q(user)}).service"; exec ${quote(ctl('reset-failed'))}`,
    ],
    kill: ctl('kill --signal=SIGKILL'),
    halt: ctl('kill --signal=SIGSTOP'),
    go: ctl('kill --signal=SIGCONT'),
    isActive: ctl('is-active'),
    log: (lines) =>
      journal(lines, `_SYSTEMD_USER_UNIT=${unit}`, ...owner, '+', `USER_UNIT=${unit}`, ...owner),
    openclaw: speak(found, facts, openclaw),
    inside: (argv) => ({argv: [...argv], user: found.user}),
  };
}

function systemUnit(
  found: GatewayFact,
  facts: HostFacts,
  openclaw: OpenClawFact | null,
): GatewayControl | undefined {
  const {unit} = found;
  if (!unit) return undefined;
  const ctl = (...verb: string[]) => ['systemctl', ...verb, unit];
  return {
    name: `system unit ${unit}`,
    stop: ctl('stop'),
    start: ctl('start'),
    restart: ctl('restart'),
    clear: ctl('reset-failed'),
    kill: ctl('kill', '--signal=SIGKILL'),
    halt: ctl('kill', '--signal=SIGSTOP'),
    go: ctl('kill', '--signal=SIGCONT'),
    isActive: ctl('is-active'),
    log: (lines) => journalOf(unit, lines),
    openclaw: speak(found, facts, openclaw),
    inside: (argv) => ({argv: [...argv], user: found.user}),
  };
}

/**
 * Containers of Docker, and of podman with or without root: those of a user are only seen and stopped by that user.
 * Tried with recorded listings and a stand-in for the engine, on no host with a real one.
 */
function container({container: found}: GatewayFact): GatewayControl | undefined {
  if (!found) return undefined;
  const {engine, name} = found;
  const owner = found.user === 'root' ? undefined : found.user;
  // For root; podman finds its containers through HOME and the runtime directory of their user.
  const asOwner = (argv: string[]) =>
    owner === undefined
      ? argv
      : [
          'runuser',
          '-u',
          owner,
          '--',
          'sh',
          '-c',
          'HOME=$(getent passwd "$(id -un)" | cut -d: -f6); XDG_RUNTIME_DIR=/run/user/$(id -u); export HOME XDG_RUNTIME_DIR; cd "$HOME" || cd /; exec "$@"',
          'sh',
          ...argv,
        ];
  const inside = (argv: readonly string[]) => ({argv: [engine, 'exec', '-i', name, ...argv], user: owner});
  return {
    name: `${engine} container ${name}`,
    // `stop` keeps a restart policy of `unless-stopped` from bringing it back; `start` is its inverse.
    stop: asOwner([engine, 'stop', '--time', '30', name]),
    start: asOwner([engine, 'start', name]),
    restart: asOwner([engine, 'restart', '--time', '30', name]),
    clear: ['true'],
    // `kill` of the engine counts as a stop by hand, after which no restart policy brings it back.
    kill: [
      'sh',
      '-c',
      `pid=$(${quote(asOwner([engine, 'inspect', '-f', '{{.State.Pid}}', name]))}) && [ "$pid" -gt 1 ] && kill -KILL "$pid"`,
    ],
    halt: asOwner([engine, 'pause', name]),
    go: asOwner([engine, 'unpause', name]),
    isActive: asOwner([
      'sh',
      '-c',
      `[ "$(${engine} inspect -f '{{.State.Status}}' ${q(name)})" = running ] && echo active || echo inactive`,
    ]),
    // What it says on stderr is as much of the log.
    log: (lines) => asOwner(['sh', '-c', `exec ${engine} logs --tail ${lines} --follow ${q(name)} 2>&1`]),
    openclaw: (args) => inside(['node', 'dist/index.js', ...args]),
    inside,
  };
}
