import {randomUUID} from 'node:crypto';
import type {Manager} from './manager.js';
import type {UnitText} from './unit-text.js';

export type ActiveState = 'active' | 'reloading' | 'inactive' | 'failed' | 'activating' | 'deactivating';
/** How a job ended. */
export type JobResult = 'done' | 'failed' | 'canceled' | 'dependency' | 'timeout';

/** A moment on both clocks: epoch ms, and µs as /proc/uptime counts. 0: never. */
export interface Moment {
  ms: number;
  us: number;
}
const never: Moment = {ms: 0, us: 0};

/** Where a unit comes from. */
export interface Source {
  /** Its own name, also when it was asked for by an alias. */
  id: string;
  names: readonly string[];
  /** Absolute, of the host; '' when there is no file. */
  path: string;
  text: UnitText;
  load: 'loaded' | 'not-found' | 'masked';
  /** By a command, until the next boot. */
  transient: boolean;
  /** mtime of the file when it was read, ms. */
  readMs: number;
}

/** A unit that somebody asked for, with its state. Its text may become another one by `daemon-reload`. */
export abstract class Unit {
  active: ActiveState = 'inactive';
  sub = 'dead';
  /** systemd's Result. */
  result = 'success';
  invocation = '';
  left = never;
  entered = never;
  exited = never;
  ended = never;
  changed = never;

  constructor(
    readonly manager: Manager,
    public source: Source,
  ) {}

  get id(): string {
    return this.source.id;
  }

  get description(): string {
    return this.source.text.last('Unit', 'Description') ?? this.id;
  }

  /** As systemd's own messages call it. */
  get title(): string {
    return this.description === this.id ? this.id : `${this.id} - ${this.description}`;
  }

  get isUp(): boolean {
    return this.active === 'active' || this.active === 'reloading';
  }

  get isDown(): boolean {
    return this.active === 'inactive' || this.active === 'failed';
  }

  /** Whether it is forgotten once it has ended and nobody needs it. */
  get isCollected(): boolean {
    if (!this.isDown) return false;
    return (
      this.active === 'inactive' || this.source.text.last('Unit', 'CollectMode') === 'inactive-or-failed'
    );
  }

  abstract begin(): Promise<JobResult>;
  abstract end(): Promise<void>;

  /** Forgets that it failed. */
  forgive(): void {
    this.result = 'success';
    if (this.active === 'failed') this.to('inactive', 'dead');
  }

  /** Ends everything of it at once; nothing of it runs or is told afterwards. */
  cut(): void {}

  /** What `systemctl show` has beyond what every unit has. */
  properties(): Record<string, string> {
    return {};
  }

  /** Its text was read anew. */
  reloaded(): void {}

  to(active: ActiveState, sub: string): void {
    const before = this.active;
    const now = this.manager.now();
    const wasDown = this.isDown;
    const wasUp = this.isUp;
    this.active = active;
    this.sub = sub;
    if (before !== active) {
      // Of a service, that is its run.
      if (wasDown && !this.isDown && this.invocation === '')
        this.invocation = randomUUID().replaceAll('-', '');
      if (wasDown && !this.isDown) this.left = now;
      if (!wasUp && this.isUp) this.entered = now;
      if (wasUp && !this.isUp) this.exited = now;
      if (!wasDown && this.isDown) this.ended = now;
      this.changed = now;
    }
    this.manager.noticed(this, before);
  }
}
