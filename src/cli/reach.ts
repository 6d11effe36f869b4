import {Abort} from '../errors.js';
import {folders, pairFiles} from '../pair/paths.js';
import type {Pair} from '../pair/schema.js';
import type {HostName} from '../ssh/host.js';
import {connectPrompts} from './connect-prompts.js';
import type {HostSource} from './live.js';
import {terminalPrompter} from './prompter.js';
import {tryHosts} from './session.js';
import type {Mode} from './terminal.js';

export interface Reach {
  sources: Record<HostName, HostSource>;
  close(): Promise<void>;
}

/**
 * Connects to a pair for looking at it: one host may be down, which is what one wants to see then. A missing one is
 * tried again whenever it is to be read, without questions.
 * @throws Abort (exit 4) when neither host can be reached
 */
export async function reachPair(pair: Pair, mode: Mode): Promise<Reach> {
  const files = pairFiles(pair.name, folders());
  const attempt = await tryHosts(pair, files, mode.ask ? connectPrompts(terminalPrompter()) : {});
  const {hosts, errors} = attempt;
  if (!hosts.primary && !hosts.standby) {
    await attempt.close();
    throw errors.primary;
  }
  for (const error of Object.values(errors)) if (!(error instanceof Abort)) throw error;
  const opened = [attempt.close];
  const source = (name: HostName): HostSource => {
    let first = errors[name];
    return async () => {
      const host = hosts[name];
      if (host) return host;
      if (first !== undefined) {
        const reason = first;
        first = undefined;
        throw reason;
      }
      const again = await tryHosts(pair, files, {}, [name], {quiet: true});
      opened.push(again.close);
      const found = again.hosts[name];
      if (!found) throw again.errors[name];
      hosts[name] = found;
      return found;
    };
  };
  return {
    sources: {primary: source('primary'), standby: source('standby')},
    close: async () => {
      await Promise.all(opened.map((close) => close()));
    },
  };
}
