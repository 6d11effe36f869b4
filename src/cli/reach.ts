import {Abort} from '../errors.js';
import {folders, pairFiles} from '../pair/paths.js';
import type {Pair} from '../pair/schema.js';
import type {HostName} from '../ssh/host.js';
import {keptSource, type Dialled, type HostSource} from '../ssh/source.js';
import type {SshHost} from '../ssh/ssh-host.js';
import {connectPrompts} from './connect-prompts.js';
import {terminalPrompter} from './prompter.js';
import {tryHosts} from './session.js';
import type {Mode} from './terminal.js';

export interface Reach {
  sources: Record<HostName, HostSource<SshHost>>;
  close(): Promise<void>;
}

/**
 * Connects to a pair for looking at it: one host may be down, which is what one wants to see then. A missing one is
 * tried again whenever it is to be read, without questions.
 * @param patient neither may be there: both are tried again
 * @throws Abort (exit 4) when neither host can be reached, unless `patient`
 */
export async function reachPair(pair: Pair, mode: Mode, {patient = false} = {}): Promise<Reach> {
  const files = pairFiles(pair.name, folders());
  const attempt = await tryHosts(pair, files, mode.ask ? connectPrompts(terminalPrompter()) : {});
  const {hosts, errors} = attempt;
  if (!patient && !hosts.primary && !hosts.standby) {
    await attempt.close();
    throw errors.primary;
  }
  for (const error of Object.values(errors)) if (!(error instanceof Abort)) throw error;
  const source = (name: HostName) => {
    const host = hosts[name];
    const first = host ? {dialled: standing(host)} : {error: errors[name]};
    return keptSource(dialling(pair, name), first);
  };
  return reachOf(source('primary'), source('standby'), attempt.close);
}

/** The same over hosts that are connected already. Closing it closes them. */
export function reachHosts(pair: Pair, hosts: Readonly<Record<HostName, SshHost>>): Reach {
  const source = (name: HostName) => keptSource(dialling(pair, name), {dialled: standing(hosts[name])});
  return reachOf(source('primary'), source('standby'), async () => undefined);
}

type Kept = ReturnType<typeof keptSource<SshHost>>;

function reachOf(primary: Kept, standby: Kept, close: () => Promise<void>): Reach {
  return {
    sources: {primary, standby},
    close: async () => {
      await Promise.all([primary.close(), standby.close(), close()]);
    },
  };
}

const standing = (host: SshHost): Dialled<SshHost> => ({host, close: () => host.close()});

/** ms. That a network is back is noticed by a new attempt sooner than by an old one, which asks ever more seldom. */
const dialAgainMs = 10_000;

/** One more connection to a host, without a word and without questions: a screen is drawn meanwhile. */
const dialling = (pair: Pair, name: HostName) => async (): Promise<Dialled<SshHost>> => {
  const files = pairFiles(pair.name, folders());
  const again = await tryHosts(pair, files, {}, [name], {quiet: true, connectTimeoutMs: dialAgainMs});
  const host = again.hosts[name];
  if (host) return {host, close: again.close};
  await again.close();
  throw again.errors[name];
};
