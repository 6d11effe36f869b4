import {mkdirSync, statSync, writeFileSync} from 'node:fs';
import {nextOf} from './calendar.js';
import {spanText, spanUs, stampText} from './span.js';
import {Unit, type JobResult} from './unit.js';
import {isYes} from './unit-text.js';

const bases = ['OnActiveSec', 'OnBootSec', 'OnStartupSec', 'OnUnitActiveSec', 'OnUnitInactiveSec'] as const;

/** Starts another unit when it is time. */
export class TimerUnit extends Unit {
  /** µs as /proc/uptime counts; Infinity: none. */
  nextUs = Infinity;
  /** Epoch ms; Infinity: none. */
  nextMs = Infinity;
  /** Epoch ms of the newest elapse; 0: none. */
  lastMs = 0;
  #lastUs = 0;
  #cancel = () => {};
  #unwatch = () => {};

  get triggers(): string {
    return this.source.text.last('Timer', 'Unit') ?? this.id.replace(/\.timer$/, '.service');
  }

  begin(): Promise<JobResult> {
    if (this.isUp) return Promise.resolve('done');
    if (this.manager.unit(this.triggers).source.load !== 'loaded') {
      this.manager.says(this, `${this.id}: Refusing to start, unit ${this.triggers} to trigger not loaded.`);
      this.result = 'resources';
      return Promise.resolve('failed');
    }
    this.result = 'success';
    this.#readStamp();
    this.to('active', 'waiting');
    this.manager.says(this, `Started ${this.title}.`);
    this.#unwatch = this.manager.whenChanges(this.triggers, () => this.#triggerChanged());
    this.#wait(true);
    return Promise.resolve('done');
  }

  end(): Promise<void> {
    this.cut();
    if (this.isDown) return Promise.resolve();
    this.to('inactive', 'dead');
    this.manager.says(this, `Stopped ${this.title}.`);
    return Promise.resolve();
  }

  override cut(): void {
    this.#cancel();
    this.#unwatch();
    this.nextUs = Infinity;
    this.nextMs = Infinity;
  }

  override properties(): Record<string, string> {
    return {
      Unit: this.triggers,
      Persistent: isYes(this.source.text.last('Timer', 'Persistent')) ? 'yes' : 'no',
      NextElapseUSecRealtime: this.nextMs === Infinity ? '' : stampText(this.nextMs),
      NextElapseUSecMonotonic: spanText(this.nextUs),
      LastTriggerUSec: this.lastMs === 0 ? '' : stampText(this.lastMs),
      LastTriggerUSecMonotonic: spanText(this.#lastUs),
      Result: this.result,
    };
  }

  #triggerChanged(): void {
    if (!this.isUp || this.manager.isCut) return;
    const trigger = this.manager.unit(this.triggers);
    if (this.sub !== 'running') this.#wait(false);
    else if (trigger.isDown) this.#wait(false);
  }

  /** @param initial what is over already elapses at once */
  #wait(initial: boolean): void {
    this.#cancel();
    const {text} = this.source;
    const now = this.manager.now();
    const delayUs = Math.random() * (spanUs(text.last('Timer', 'RandomizedDelaySec') ?? '0') ?? 0);
    const dues = bases.flatMap((key) =>
      text.all('Timer', key).flatMap((value) => {
        const us = spanUs(value);
        const base = this.#base(key);
        if (us === undefined || base === undefined) return [];
        // What happens once does not happen again.
        const isOnce = !key.startsWith('OnUnit');
        return isOnce && !initial && base + us < now.us ? [] : [base + us];
      }),
    );
    this.nextUs = dues.length === 0 ? Infinity : Math.min(...dues) + delayUs;
    const since = this.lastMs || this.left.ms || now.ms;
    const from = isYes(text.last('Timer', 'Persistent')) && initial ? since : now.ms;
    const times = text.all('Timer', 'OnCalendar').flatMap((value) => nextOf(value, from) ?? []);
    this.nextMs = times.length === 0 ? Infinity : Math.min(...times) + delayUs / 1000;
    const inMs = Math.min((this.nextUs - now.us) / 1000, this.nextMs - now.ms);
    if (inMs === Infinity) {
      this.to('active', 'elapsed');
      if (
        text.last('Timer', 'RemainAfterElapse') !== undefined &&
        !isYes(text.last('Timer', 'RemainAfterElapse'))
      ) {
        void this.end();
      }
      return;
    }
    if (this.sub !== 'waiting') this.to('active', 'waiting');
    this.#cancel = this.manager.clocks.after(Math.max(0, inMs), () => this.#elapse());
  }

  #elapse(): void {
    const now = this.manager.now();
    this.#lastUs = now.us;
    this.lastMs = now.ms;
    this.nextUs = Infinity;
    this.nextMs = Infinity;
    this.#writeStamp();
    this.to('active', 'running');
    void this.manager.start(this.triggers).then(
      () => this.#triggerChanged(),
      () => this.#triggerChanged(),
    );
  }

  /** µs; undefined: it did not happen yet. */
  #base(key: (typeof bases)[number]): number | undefined {
    const trigger = this.manager.unit(this.triggers);
    switch (key) {
      case 'OnActiveSec':
        return this.left.us;
      case 'OnBootSec':
        return this.manager.bootUs;
      case 'OnStartupSec':
        return this.manager.beganUs;
      case 'OnUnitActiveSec':
        return Math.max(trigger.left.us, this.#lastUs) || undefined;
      case 'OnUnitInactiveSec':
        return Math.max(trigger.ended.us, this.#lastUs) || undefined;
    }
  }

  get #stamp(): string | undefined {
    if (!isYes(this.source.text.last('Timer', 'Persistent')) || this.manager.isOfUser) return undefined;
    return `${this.manager.machine.root}/var/lib/systemd/timers/stamp-${this.id}`;
  }

  #readStamp(): void {
    const stamp = this.#stamp;
    if (stamp === undefined) return;
    try {
      this.lastMs = statSync(stamp).mtimeMs;
    } catch {
      // Its first time.
      this.#writeStamp();
    }
  }

  #writeStamp(): void {
    const stamp = this.#stamp;
    if (stamp === undefined) return;
    try {
      mkdirSync(`${this.manager.machine.root}/var/lib/systemd/timers`, {recursive: true});
      writeFileSync(stamp, '');
    } catch (error) {
      this.manager.says(this, `${this.id}: Failed to touch stamp file: ${(error as Error).message}`);
    }
  }
}
