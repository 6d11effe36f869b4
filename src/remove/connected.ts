import type {HostFacts} from '../facts/types.js';
import {liveAccount} from '../gateway/channels-status.js';
import {controlOf} from '../gateway/control.js';
import {channelsStatus, channelsStatusArgs} from '../plan/ask-channels.js';
import {until} from '../plan/until.js';
import type {Host} from '../ssh/host.js';

/** ms that a hot reload and a login may take. */
const limitMs = 60_000;

/**
 * Whether the running gateway has the account logged in, within a minute.
 * @returns undefined when no gateway runs that could be asked
 */
export async function isConnected(
  primary: Host,
  facts: HostFacts,
  {channel, account}: {channel: string; account: string},
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const control = controlOf(facts);
  if (!control || !facts.gateway.known || !facts.gateway.value.active) return undefined;
  const call = control.openclaw(channelsStatusArgs);
  const ask = async () => {
    const ran = await channelsStatus(primary, call);
    return liveAccount(ran.stdout, channel, account).state === 'connected';
  };
  return until(ask, {everyMs: 2_000, limitMs, signal});
}
