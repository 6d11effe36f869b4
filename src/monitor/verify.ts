import type {GatewayView, Role} from './evidence.js';
import type {AccountSeen} from './channel-status.js';

/** What the verify job touches. Each call is bounded in time. */
export interface VerifyPorts {
  gateway(): Promise<GatewayView>;
  /** Whether the account is connected; 2 s of CPU. */
  status(): Promise<AccountSeen>;
  role(): Promise<Role | undefined>;
  write(report: {at: string; seq: number; connected: boolean; detail: string}): Promise<void>;
  sleep(ms: number): Promise<void>;
  wallMs(): number;
}

const waitForReadyMs = 500;
/** While the account is not connected; the last one again and again. */
const againMs = [1000, 2000, 4000, 8000, 15_000, 30_000];
/** While it is. */
const calmMs = 300_000;

/**
 * Runs beside the standby's gateway for as long as that runs, and writes whether the channel account is connected.
 * The command costs seconds of CPU which a starting gateway needs itself, so it waits for readyz and backs off.
 */
export async function verify(ports: VerifyPorts, stopped: () => boolean): Promise<void> {
  let failures = 0;
  while (!stopped()) {
    if (!(await ports.gateway()).ready) {
      await ports.sleep(waitForReadyMs);
      continue;
    }
    const seen = await ports.status();
    const role = await ports.role();
    await ports.write({at: new Date(ports.wallMs()).toISOString(), seq: role?.seq ?? 0, ...seen});
    failures = seen.connected ? 0 : failures + 1;
    await ports.sleep(seen.connected ? calmMs : againMs[Math.min(failures, againMs.length) - 1]!);
  }
}
