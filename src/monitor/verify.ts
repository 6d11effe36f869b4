import type {ChannelView, GatewayView, Role} from './evidence.js';
import type {AccountSeen} from './channel-status.js';

/** What was seen, and whether asking cost ms or seconds of CPU. */
export type AccountAsked = AccountSeen & {cheap: boolean};

/** What the verify job touches. Each call is bounded in time. */
export interface VerifyPorts {
  gateway(): Promise<GatewayView>;
  /** Whether the account is connected. */
  status(): Promise<AccountAsked>;
  role(): Promise<Role | undefined>;
  write(report: ChannelView & {at: string}): Promise<void>;
  sleep(ms: number): Promise<void>;
  /** Monotonic. */
  nowMs(): number;
  wallMs(): number;
}

/** While nobody answers on the port, and from its first answer on. */
const waitForReadyMs = {silent: 250, live: 100};
/** Between two looks at the wish, while a warm gateway sleeps. */
const asleepMs = 250;
/** While the account is not connected, by how often it was asked in vain: 5 s, 1 min, then. */
const cheapAgain: [times: number, ms: number][] = [
  [50, 100],
  [110, 1000],
  [Infinity, 5000],
];
/** The same where the `openclaw` program has to be asked: a starting gateway needs that CPU itself. */
const dearAgainMs = [1000, 2000, 4000, 8000, 15_000, 30_000];
/** While it is connected. */
const calmMs = {cheap: 30_000, dear: 300_000};
/** Between two looks at the gateway meanwhile, and how long it may be unready without having lost its account. */
const lookMs = 5000;
const unreadyMs = 10_000;

/**
 * Runs beside the standby's gateway for as long as that runs, and writes whether the channel account is connected:
 * readyz alone proves no channel. What did not change is not written again.
 */
export async function verify(ports: VerifyPorts, stopped: () => boolean): Promise<void> {
  let failures = 0;
  let written: ChannelView | undefined;
  let readyMs = ports.nowMs();
  let askAgainMs = -Infinity;
  const write = async (view: ChannelView) => {
    if (JSON.stringify(view) === JSON.stringify(written)) return;
    await ports.write({at: new Date(ports.wallMs()).toISOString(), ...view});
    written = view;
  };
  const role = async () => (await ports.role()) ?? {want: 'none', seq: 0};
  while (!stopped()) {
    const {want, seq} = await role();
    // A warm gateway that sleeps has no channel.
    if (want === 'standby') {
      askAgainMs = -Infinity;
      await ports.sleep(asleepMs);
      continue;
    }
    const {live, ready} = await ports.gateway();
    if (!ready) {
      if (ports.nowMs() - readyMs >= unreadyMs)
        await write({
          seq,
          connected: false,
          detail: `the gateway ${live ? 'is not ready' : 'does not answer'}`,
        });
      askAgainMs = -Infinity;
      await ports.sleep(live ? waitForReadyMs.live : waitForReadyMs.silent);
      continue;
    }
    readyMs = ports.nowMs();
    if (readyMs >= askAgainMs || written?.seq !== seq) {
      const {cheap, connected, detail, connectedAtMs} = await ports.status();
      const seen = {connected, detail, ...(connectedAtMs !== undefined && {connectedAtMs})};
      await write({seq: (await role()).seq, ...seen});
      failures = connected ? 0 : failures + 1;
      askAgainMs = ports.nowMs() + pauseMs({cheap, connected}, failures);
    }
    await ports.sleep(Math.min(lookMs, Math.max(0, askAgainMs - ports.nowMs())));
  }
}

function pauseMs({cheap, connected}: {cheap: boolean; connected: boolean}, failures: number): number {
  if (connected) return cheap ? calmMs.cheap : calmMs.dear;
  if (!cheap) return dearAgainMs[Math.min(failures, dearAgainMs.length) - 1]!;
  return cheapAgain.find(([times]) => failures <= times)![1];
}
