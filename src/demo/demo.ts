import {checkSplit, plannedConflicts} from '../channels/split.js';
import {runEngine} from '../cli/run-engine.js';
import {loadPrograms} from '../templates/programs.js';
import {tell, type Mode} from '../cli/terminal.js';
import {Abort, Exit, type ExitCode} from '../errors.js';
import {secretsWanted} from '../pair/secrets.js';
import {runSetup} from '../plan/setup.js';
import {Secret} from '../secret.js';
import type {Host, HostName} from '../ssh/host.js';
import {recording} from './recording.js';

/**
 * `failover-wizard setup --demo`: the plan of all six phases, made by the same code as ever, over facts that were
 * read from two real servers. There is no connection and nothing is changed.
 */
export async function demo(mode: Mode, version: string): Promise<ExitCode> {
  const {pair, reached, primary, standby, recordedAt, from} = await recording();
  tell(
    `Demo: this is a dry run over facts recorded from ${from} on ${recordedAt}.\n` +
      'No server is contacted and nothing is changed; the plan below is what setup would do to those two.\n',
  );
  const split = checkSplit(primary.accounts, standby.accounts);
  const secrets = Object.fromEntries(secretsWanted(pair).map(({name}) => [name, new Secret(`demo ${name}`)]));
  const planned = plannedConflicts(primary.accounts, standby.accounts, pair.channel, secrets, primary.key);
  const input = {
    pair,
    version,
    hosts: {primary: noHost('primary', pair.primary.ssh), standby: noHost('standby', pair.standby.ssh)},
    // Whatever the operator would have typed; a plan shows no secret, so what it is does not matter.
    secrets,
    programs: loadPrograms(),
    reached,
    dryRun: true,
    reading: {primary, standby, split, planned},
  };
  const {summary} = await runEngine(input, mode, (port) => runSetup(input, port));
  tell('\nWith servers of your own:  failover-wizard setup');
  return summary.split.state === 'conflict' ? Exit.split : Exit.ok;
}

/** A host that nothing may be done to: a dry run that touches it is a bug, and fails here instead of anywhere else. */
function noHost(name: HostName, target: string): Host {
  const refuse = () => {
    throw new Abort(`The demo has no ${name}.`);
  };
  return {
    name,
    target,
    run: async () => refuse(),
    script: async () => refuse(),
    read: async () => refuse(),
    write: async () => refuse(),
    follow: () => refuse(),
    close: async () => undefined,
  };
}
