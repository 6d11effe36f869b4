import {Abort, Exit} from '../errors.js';
import type {HostFacts} from '../facts/types.js';
import {liveAccount} from '../gateway/channels-status.js';
import {controlOf, type GatewayControl} from '../gateway/control.js';
import type {Host} from '../ssh/host.js';
import {channelsStatus, channelsStatusArgs} from './ask-channels.js';
import type {ApplyContext} from './kind.js';
import {until} from './until.js';

/** ms until the running gateway must have let go of a disabled account; hot reload takes about 1 s. */
const goneLimitMs = 60_000;

interface Account {
  channel: string;
  account: string;
}

/** The running gateway has the account no longer logged in, and does not try to; false after a minute. */
export function isReleased(
  host: Host,
  control: GatewayControl,
  {channel, account}: Account,
  signal: AbortSignal,
  limitMs = goneLimitMs,
): Promise<boolean> {
  const call = control.openclaw(channelsStatusArgs);
  return until(
    async () => {
      const ran = await channelsStatus(host, call);
      const {state} = liveAccount(ran.stdout, channel, account);
      return ran.code === 0 && (state === 'off' || state === 'absent');
    },
    {everyMs: 2_000, limitMs, signal},
  );
}

/** Readings of a primary that was asked already: nothing of ours changes it before it is read again. */
const asked = new WeakSet<HostFacts>();

/**
 * The config says who owns an account; a gateway that did not read it again still has it. Asked of the primary
 * before the standby logs in what the primary once had.
 * @param limitMs how long it may take to let go, ms
 * @throws Abort (5) naming the account that is still logged in there
 */
export async function mustBeReleased(
  {hosts, input, signal}: ApplyContext,
  limitMs = goneLimitMs,
): Promise<void> {
  const {primary, pair} = input;
  const {type: channel, account} = pair.channel;
  const had =
    primary.accounts.known &&
    primary.accounts.accounts.some((one) => one.channel === channel && one.account === account);
  const runs = primary.gateway.known && primary.gateway.value.active;
  const control = controlOf(primary);
  if (!had || !runs || !control || asked.has(primary)) return;
  if (await isReleased(hosts.primary, control, {channel, account}, signal, limitMs)) {
    asked.add(primary);
    return;
  }
  if (signal.aborted) throw new Abort('Stopped before the channel was tried.', {exit: Exit.interrupted});
  throw new Abort(
    `The primary's gateway still has its ${channel} account "${account}" logged in, although its config says that it is disabled.`,
    {
      next: [`Restart ${control.name} on the primary, then run the same command again.`],
      exit: Exit.split,
    },
  );
}
