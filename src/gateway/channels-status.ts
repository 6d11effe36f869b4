import {z} from 'zod';

const account = z.object({
  accountId: z.string(),
  enabled: z.boolean().optional(),
  running: z.boolean().optional(),
  connected: z.boolean().optional(),
  lifecycle: z.string().optional(),
  lastError: z.string().nullish(),
});
const status = z.object({channelAccounts: z.record(z.string(), z.array(account))});

/** How one channel account stands in a running gateway. */
export interface LiveAccount {
  /** `off`: not logged in, and nothing tries to; `unsteady`: it runs and is not connected now. */
  state: 'connected' | 'unsteady' | 'off' | 'absent' | 'unknown';
  /** The gateway's last error for it, one line. */
  why?: string;
}

/**
 * Reads `openclaw channels status --json`. `connected` alone is not enough: a gateway was seen to say it for a
 * dead server while `lifecycle` was `recovering`; and channels without a connection of their own say only `running`.
 */
export function liveAccount(json: string, channel: string, name: string): LiveAccount {
  const start = json.indexOf('{');
  let parsed: unknown;
  try {
    parsed = JSON.parse(json.slice(Math.max(0, start)));
  } catch {
    return {state: 'unknown', why: 'the gateway gave no JSON'};
  }
  const checked = status.safeParse(parsed);
  if (!checked.success) return unexpected;
  const found = checked.data.channelAccounts[channel]?.find(({accountId}) => accountId === name);
  return found ? judged(found) : {state: 'absent'};
}

/** One entry of `channelAccounts`, judged by the same rules. */
export function accountState(entry: unknown): LiveAccount {
  const checked = account.safeParse(entry);
  return checked.success ? judged(checked.data) : unexpected;
}

const unexpected: LiveAccount = {state: 'unknown', why: 'the gateway gave an unexpected answer'};

function judged({enabled, running, connected, lifecycle, lastError}: z.infer<typeof account>): LiveAccount {
  const why = lastError?.split('\n')[0]?.slice(0, 200);
  const healthy = lifecycle === undefined || ['running', 'ready', 'connected', 'healthy'].includes(lifecycle);
  const live = running === true && connected !== false && healthy;
  const off = enabled === false || running !== true;
  return {state: live ? 'connected' : off ? 'off' : 'unsteady', ...(why && !live && {why})};
}
