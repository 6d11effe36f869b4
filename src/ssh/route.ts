import {homedir} from 'node:os';
import {Abort, Exit} from '../errors.js';
import {expandPath} from './operator-config.js';
import type {OperatorConfig, ReadConfig} from './operator-config.js';
import {describeEndpoint, knownHostsName, parseTarget} from './target.js';

/** One SSH server on the way; the last one is the host itself. */
export interface Hop {
  /** As the operator named it. */
  target: string;
  jump: boolean;
  host: string;
  port: number;
  user: string;
  /** Its name in known_hosts and among the pair's pins. */
  keyName: string;
  /** Fingerprint from the answers. */
  pin: string | undefined;
  knownHostsFiles: string[];
  identities: {chosen?: string; files: string[]; agent: string | undefined; identitiesOnly: boolean};
}

export interface RouteOptions {
  ssh: string;
  jump?: string;
  identityFile?: string;
  hostKey?: string;
}

const tooManyHops = 8;

/**
 * The servers between here and the host, nearest first. An explicit `jump` (comma separated for several)
 * wins over ProxyJump of the OpenSSH configuration; a jump host's own ProxyJump is followed too.
 * @throws Abort (usage) for a name that cannot be one, a ProxyCommand, or jump hosts that go in a circle.
 */
export async function findRoute(options: RouteOptions, readConfig: ReadConfig): Promise<Hop[]> {
  const chosen = options.identityFile === undefined ? undefined : expandPath(options.identityFile);
  const explicit = options.jump?.split(',').filter((hop) => hop !== '');

  const way = async (text: string, jumps: readonly string[] | undefined, depth: number): Promise<Hop[]> => {
    if (depth > tooManyHops) {
      throw new Abort(`The jump hosts to ${options.ssh} go in a circle.`, {
        detail: `more than ${tooManyHops} hops, the last one ${text}`,
        next: ['Correct ProxyJump in your OpenSSH configuration, or name the way with "jump".'],
        exit: Exit.usage,
      });
    }
    const target = parseTarget(text);
    const config = await readConfig(target);
    const before = jumps ?? config.proxyJump;
    if (before.length === 0 && config.proxyCommand !== undefined)
      throw proxyCommand(text, config.proxyCommand);
    const last = before.at(-1);
    // Given a chain a,b: b is reached by way of a, as `ssh -J a,b` does; a by whatever its own settings say.
    const earlier = before.slice(0, -1);
    const hops =
      last === undefined
        ? []
        : await way(last, earlier.length > 0 ? earlier : undefined, depth + before.length);
    return [...hops, hopOf(text, config, depth > 0)];
  };

  const hopOf = (text: string, config: OperatorConfig, jump: boolean): Hop => ({
    target: text,
    jump,
    host: config.host,
    port: config.port,
    user: config.user,
    keyName: knownHostsName(
      config.hostKeyAlias ?? config.host,
      config.hostKeyAlias === undefined ? config.port : 22,
    ),
    pin: jump ? undefined : options.hostKey,
    knownHostsFiles: config.knownHostsFiles,
    identities: {
      ...(chosen === undefined ? {} : {chosen}),
      files: config.identityFiles,
      agent: config.agent,
      identitiesOnly: config.identitiesOnly,
    },
  });

  return way(options.ssh, explicit?.length ? explicit : undefined, 0);
}

/** `root@203.0.113.10`, with what it stands for where the operator used an alias. */
export function describeHop(hop: Hop): string {
  const real = describeEndpoint(hop);
  return parseTarget(hop.target).host === hop.host ? real : `${hop.target}, ${real}`;
}

function proxyCommand(target: string, command: string): Abort {
  return new Abort(`${target} is reached by a ProxyCommand, which this program cannot use.`, {
    detail: `ProxyCommand ${command.replace(homedir(), '~')}`,
    next: ['Use ProxyJump in your OpenSSH configuration, or name the server in between with "jump".'],
    exit: Exit.usage,
  });
}
