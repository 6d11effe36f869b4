import type {WorkReport} from '../../src/monitor/evidence.js';
import type {Clock} from './clock.js';
import {minutes, seconds} from './dice.js';

/**
 * The standby's copy of the workspace and the jobs that work on it: the sync timer while the gateway sleeps, the
 * hand-back after it stopped. The jobs themselves are shell scripts with tests of their own; here they are what
 * they promise, so that what the monitor makes of their reports can be seen.
 */
export class Workspace {
  /** Commits the gateway here made, in the working copy; on a branch of their own; on the remote. */
  here = 0;
  kept = 0;
  pushed = 0;
  /** All that were ever made. */
  made = 0;
  /** The remote was rewritten: nothing can be fast-forwarded. */
  diverged = 0;
  readonly reports = new Map<WorkReport['job'], WorkReport>();
  /** When each push of a hand-back came to its end, and how. */
  readonly pushes: {atMs: number; ok: boolean}[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly places: {
      awake: () => boolean;
      gatewayRuns: () => boolean;
      gitReachable: () => boolean;
      wallMs: () => number;
    },
  ) {
    clock.after(minutes(5), () => this.#timer());
  }

  commit(): void {
    this.here += 1;
    this.made += 1;
  }

  /** After the gateway stopped, whoever stopped it. */
  handBack(): void {
    if (this.here === 0) return this.#report('handback', 'nothing', '');
    this.kept += this.here;
    this.here = 0;
    this.#report('handback', 'kept', 'failover/claw-standby/20261125T225300Z');
    this.clock.after(seconds(2), () => this.#push());
  }

  #push(): void {
    if (this.kept === 0 || !this.places.awake()) return;
    const ok = this.places.gitReachable();
    if (ok) {
      this.pushed += this.kept;
      this.kept = 0;
    }
    this.pushes.push({atMs: this.clock.nowMs, ok});
    this.#report(
      'handback-push',
      ok ? 'pushed' : 'failed',
      ok ? 'failover/claw-standby' : 'no answer in 10 s',
    );
  }

  #timer(): void {
    this.clock.after(minutes(5), () => this.#timer());
    if (!this.places.awake()) return;
    if (this.places.gatewayRuns()) return this.#report('sync', 'in-use', '');
    this.#push();
    if (!this.places.gitReachable()) return this.#report('sync', 'unreachable', '');
    this.#report('sync', this.diverged > 0 ? 'diverged' : 'current', '');
  }

  #report(job: WorkReport['job'], result: string, detail: string): void {
    this.reports.set(job, {job, at: new Date(this.places.wallMs()).toISOString(), result, detail});
  }
}
