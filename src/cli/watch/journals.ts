import type {HostFacts} from '../../facts/types.js';
import {Abort} from '../../errors.js';
import {controlOf, journalOf} from '../../gateway/control.js';
import type {Journal} from '../../screens/watch/view/log.js';
import type {HostName} from '../../ssh/host.js';
import {runMark} from '../../ssh/launch.js';
import {units} from '../../templates/layout.js';

/** Where each log is; how the primary's gateway is spoken to is only known from its facts. */
const logs: Readonly<
  Record<
    Journal,
    {host: HostName; argv: (primary: HostFacts | undefined, lines: number) => string[] | undefined}
  >
> = {
  'primary-gateway': {host: 'primary', argv: (primary, lines) => primary && controlOf(primary)?.log(lines)},
  'standby-gateway': {host: 'standby', argv: (_, lines) => journalOf(units.gateway, lines)},
  monitor: {host: 'standby', argv: (_, lines) => journalOf(units.monitor, lines)},
  'workspace-push': {host: 'primary', argv: (_, lines) => journalOf(units.push, lines)},
  sync: {host: 'standby', argv: (_, lines) => journalOf(units.sync, lines)},
};

/**
 * The command that follows a log, for root on `host`. It carries no mark of a run: whatever it leaves on a host when
 * this machine vanishes only reads, and no setup has to wait for it.
 * @throws Abort for a gateway that no service manager knows
 */
export function followLog(
  what: Journal,
  primary: HostFacts | undefined,
  lines = 200,
): {host: HostName; argv: readonly string[]} {
  const {host, argv} = logs[what];
  const follow = argv(primary, lines);
  if (follow) return {host, argv: ['env', '-u', runMark, ...follow]};
  throw new Abort(
    primary === undefined
      ? 'Where its gateway logs is not known: the primary has not been read yet.'
      : 'Where its gateway logs is not known: no service manager runs it. Look at the terminal it was started in, or in /tmp/openclaw.',
  );
}
