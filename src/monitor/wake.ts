import type {AccountAsked} from './verify.js';

export interface WakePorts {
  /** Bounded in time. */
  status(): Promise<AccountAsked>;
  sleep(ms: number): Promise<void>;
  /** Monotonic ms. */
  nowMs(): number;
}

const againMs = 250;
/** A hot reload takes 1.4 to 2 s, and one that falls into the gateway's start waits for its end. */
const turnedOnMs = 15_000;

/**
 * The config that turns the account on is in place: waits until the gateway has taken it over. Whether the bot is
 * there then is the verify job's to find out; a chat that is away is no reason to start anew. False: it has not.
 */
export async function awaitAwake({status, sleep, nowMs}: WakePorts): Promise<boolean> {
  const startedMs = nowMs();
  for (;;) {
    const {connected, enabled} = await status();
    if (connected || enabled) return true;
    if (nowMs() - startedMs >= turnedOnMs) return false;
    await sleep(againMs);
  }
}
