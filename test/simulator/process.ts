import {Monitor} from '../../src/monitor/loop.js';
import type {MonitorSettings} from '../../src/monitor/settings.js';
import {portsOf} from './ports.js';
import type {World} from './world.js';

/** ms after which systemd ends a monitor that does not say that it lives (WatchdogSec). */
export const watchdogMs = 30_000;

/** Kills the process at its n-th call of a port from now: before or after the call did anything. */
export interface Kill {
  inCalls: number;
  after: boolean;
}

/** One life of the monitor on the standby. Its end can come between any two of its steps. */
export class MonitorProcess {
  monitor: Monitor | undefined;
  alive = true;
  /** SIGSTOP, counted. */
  stopped = 0;
  #waiting: (() => void)[] = [];
  #resumedMs = -Infinity;
  /** What it died of by itself: a fault of the monitor, never of the world. */
  thrown: unknown;

  constructor(
    private readonly world: World,
    settings: MonitorSettings,
  ) {
    void this.#live(settings).catch((error: unknown) => {
      if (!this.alive) return;
      this.thrown = error;
      world.monitorEnded(this);
    });
  }

  async #live(settings: MonitorSettings): Promise<void> {
    const {world} = this;
    // The world knows of it before its first call, at which it may be killed.
    await undefined;
    const monitor = world.core.monitor(portsOf(world, this), settings);
    await monitor.start();
    this.monitor = monitor;
    world.monitorStarted(this);
    while (this.alive) {
      const ms = await monitor.tick();
      await this.takes(ms, () => undefined);
    }
  }

  /** Something this process waits for, for so many ms. Never comes when it dies meanwhile. */
  takes<T>(ms: number, answer: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const arrive = () => {
        if (!this.alive) return;
        if (this.stopped > 0) return void this.#waiting.push(arrive);
        this.world.clock.woke();
        try {
          resolve(answer());
        } catch (error) {
          reject(error as Error);
        }
      };
      this.world.standby.after(ms, arrive);
    });
  }

  /** Somebody stopped it within the watchdog's time. */
  get excused(): boolean {
    return this.stopped > 0 || this.world.clock.nowMs - this.#resumedMs < watchdogMs;
  }

  resume(): void {
    this.stopped -= 1;
    this.#resumedMs = this.world.clock.nowMs;
    if (this.stopped === 0) for (const arrive of this.#waiting.splice(0)) arrive();
  }
}
