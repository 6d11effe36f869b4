import {existsSync, statSync, watch, type FSWatcher} from 'node:fs';
import {dirname} from 'node:path';
import {Unit, type JobResult} from './unit.js';

/** ms between two looks, where the system tells nothing. */
const lookEveryMs = 250;
const kinds = ['PathExists', 'PathChanged', 'PathModified'] as const;

/** Starts another unit when a file appears or changes. */
export class PathUnit extends Unit {
  #watchers: FSWatcher[] = [];
  #seen = new Map<string, string>();
  #cancel = () => {};
  #unwatch = () => {};
  /** Something changed while the other unit was at work on what was there before. */
  #again = false;

  get triggers(): string {
    return this.source.text.last('Path', 'Unit') ?? this.id.replace(/\.path$/, '.service');
  }

  get #paths(): {kind: (typeof kinds)[number]; path: string}[] {
    return kinds.flatMap((kind) =>
      this.source.text.all('Path', kind).map((path) => ({kind, path: `${this.manager.machine.root}${path}`})),
    );
  }

  begin(): Promise<JobResult> {
    if (this.isUp) return Promise.resolve('done');
    if (this.manager.unit(this.triggers).source.load !== 'loaded') {
      this.manager.says(this, `${this.id}: Refusing to start, unit ${this.triggers} to trigger not loaded.`);
      return Promise.resolve('failed');
    }
    this.result = 'success';
    this.#again = false;
    this.#seen = new Map(this.#paths.map(({path}) => [path, stampOf(path)]));
    this.to('active', 'waiting');
    this.manager.says(this, `Started ${this.title}.`);
    this.#unwatch = this.manager.whenChanges(this.triggers, () => this.#triggerChanged());
    this.#watch();
    this.#look();
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
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  override properties(): Record<string, string> {
    return {Unit: this.triggers, Result: this.result};
  }

  /** The folder of each path, or the nearest above it that is there. */
  #watch(): void {
    for (const watcher of this.#watchers) watcher.close();
    const folders = new Set(this.#paths.map(({path}) => nearest(dirname(path))));
    this.#watchers = [...folders].flatMap((folder) => {
      try {
        const watcher = watch(folder, () => this.#look());
        watcher.on('error', () => watcher.close());
        return [watcher];
      } catch {
        // Too many are watched on this machine: the looks are enough.
        return [];
      }
    });
  }

  #look(): void {
    this.#cancel();
    if (!this.isUp || this.manager.isCut) return;
    let wanted = false;
    let moved = false;
    for (const {kind, path} of this.#paths) {
      const now = stampOf(path);
      const before = this.#seen.get(path) ?? '';
      if (now !== before) moved ||= folderOf(now) !== folderOf(before);
      wanted ||= kind === 'PathExists' ? now !== '' && this.sub !== 'running' : now !== before;
      this.#seen.set(path, now);
    }
    // The folder itself may be another one now.
    if (moved) this.#watch();
    if (wanted) this.#fire();
    this.#cancel = this.manager.clocks.after(lookEveryMs, () => this.#look());
  }

  #fire(): void {
    const trigger = this.manager.unit(this.triggers);
    if (!trigger.isDown && trigger.sub !== 'auto-restart') {
      this.#again = true;
      return;
    }
    this.#again = false;
    this.to('active', 'running');
    void this.manager.start(this.triggers).catch(() => {});
  }

  #triggerChanged(): void {
    if (!this.isUp || this.manager.isCut || !this.manager.unit(this.triggers).isDown) return;
    // Whatever wants it started for ever would do nothing else.
    if (this.manager.unit(this.triggers).result === 'start-limit-hit') {
      this.cut();
      this.result = 'unit-start-limit-hit';
      this.manager.says(this, `${this.id}: Failed with result 'unit-start-limit-hit'.`);
      this.to('failed', 'failed');
      return;
    }
    if (this.sub !== 'waiting') this.to('active', 'waiting');
    if (this.#again) this.#fire();
    else this.#look();
  }
}

/** What tells one state of a file from another; '': it is not there. */
function stampOf(path: string): string {
  try {
    const {ino, mtimeNs, size} = statSync(path, {bigint: true});
    return `${statSync(dirname(path)).ino}/${ino}.${mtimeNs}.${size}`;
  } catch {
    return '';
  }
}

const folderOf = (stamp: string) => stamp.split('/')[0];

function nearest(folder: string): string {
  let at = folder;
  while (!existsSync(at) && at !== '/') at = dirname(at);
  return at;
}
