import {Abort} from '../../errors.js';
import {folders, pairFiles} from '../../pair/paths.js';
import type {Pair} from '../../pair/schema.js';
import type {HostName} from '../../ssh/host.js';
import {connectPrompts} from '../connect-prompts.js';
import type {Prompter} from '../prompter.js';
import {tryHosts, type Attempt} from '../session.js';
import {tell} from '../terminal.js';

/** ms for each server on the way to a host that need not be there. */
const otherDialMs = 10_000;

/**
 * Connects to the hosts. With `only` the other one is looked for as well: while it lives, it has a say in whether the
 * channel may be enabled, and whether the bot falls silent.
 * @throws Abort (exit 4) for a host that is needed
 */
export async function reachFor(
  pair: Pair,
  only: HostName | undefined,
  {ask, prompter}: {ask: boolean; prompter: Prompter},
): Promise<Attempt> {
  const files = pairFiles(pair.name, folders());
  const prompts = ask ? connectPrompts(prompter) : {};
  if (only === undefined) {
    const attempt = await tryHosts(pair, files, prompts);
    const missing = (['primary', 'standby'] as const).filter((name) => !attempt.hosts[name]);
    if (missing.length === 0) return attempt;
    await attempt.close();
    throw withWayOut(attempt, missing);
  }
  const other = only === 'primary' ? 'standby' : 'primary';
  const [attempt, beside] = await Promise.all([
    tryHosts(pair, files, prompts, [only]),
    tryHosts(pair, files, {}, [other], {quiet: true, connectTimeoutMs: otherDialMs}),
  ]);
  const close = async () => void (await Promise.all([attempt.close(), beside.close()]));
  if (!attempt.hosts[only]) {
    await close();
    throw attempt.errors[only];
  }
  if (!beside.hosts[other]) tell(`The ${other} was not reached; it is left out.`, 'dim');
  return {...attempt, hosts: {...attempt.hosts, ...beside.hosts}, close};
}

/** A host that is gone must not keep the other one from being cleaned. */
function withWayOut({errors}: Attempt, missing: readonly HostName[]): unknown {
  const [first] = missing;
  const error = errors[first!];
  if (!(error instanceof Abort)) return error;
  const both = missing.length === 2 ? errors.standby : undefined;
  const there = first === 'primary' ? 'standby' : 'primary';
  return new Abort(error.message, {
    detail: [error.detail, both instanceof Abort ? `And: ${both.message}` : undefined]
      .filter(Boolean)
      .join('\n'),
    next: [
      ...error.next,
      ...(missing.length === 1
        ? [`If it is gone for good, only the ${there} is left to do: failover-wizard remove --only ${there}`]
        : []),
    ],
    exit: error.exit,
    cause: error,
  });
}
