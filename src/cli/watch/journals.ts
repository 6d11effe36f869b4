import type {HostFacts} from '../../facts/types.js';
import {Abort} from '../../errors.js';
import {controlOf, journalOf} from '../../gateway/control.js';
import type {HostName} from '../../ssh/host.js';
import {runMark} from '../../ssh/launch.js';
import {units} from '../../templates/layout.js';

/** A log that the live view can follow. */
export interface Journal {
  id: string;
  host: HostName;
  title: string;
  /** argv for root; undefined where the facts do not say how its gateway is spoken to. */
  argv: (facts: HostFacts | undefined) => string[] | undefined;
}

const unit = (id: string, host: HostName, title: string, name: string): Journal => ({
  id,
  host,
  title,
  argv: () => journalOf(name),
});

/** The logs of a pair, most looked for first. */
export const journals: readonly Journal[] = [
  {
    id: 'primary-gateway',
    host: 'primary',
    title: 'gateway of the primary',
    argv: (facts) => facts && controlOf(facts)?.log,
  },
  unit('standby-gateway', 'standby', 'gateway of the standby', units.gateway),
  unit('monitor', 'standby', 'health monitor', units.monitor),
  unit('push', 'primary', 'push of the workspace', units.push),
  unit('sync', 'standby', 'fetch of the workspace', units.sync),
];

/**
 * The command that follows a log. It carries no mark of a run: whatever it leaves on a host when this machine
 * vanishes only reads, and no setup has to wait for it.
 * @throws Abort for a gateway that no service manager knows
 */
export function followArgv({argv, title}: Journal, facts: HostFacts | undefined): string[] {
  const follow = argv(facts);
  if (follow) return ['env', '-u', runMark, ...follow];
  throw new Abort(`Where the ${title} logs is not known.`, {
    next: [
      facts
        ? 'It was started by hand: its log is on the terminal it was started in, or in /tmp/openclaw.'
        : 'The primary has not been read yet; try again in a moment.',
    ],
  });
}
