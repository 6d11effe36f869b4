import {Unit, type JobResult} from './unit.js';

/** A unit that is there or not, without anything that runs: a target, or a service that the machine itself is. */
export class Plain extends Unit {
  #on = 'active';
  told: {started?: () => void; stopped?: () => void} = {};

  /** @param sub what it is when it is up: `running`, `active`, `exited` */
  as(sub: string): this {
    this.#on = sub;
    return this;
  }

  begin(): Promise<JobResult> {
    if (!this.isUp) {
      this.result = 'success';
      this.to('active', this.#on);
      this.told.started?.();
      this.manager.says(this, `${this.#on === 'active' ? 'Reached target' : 'Started'} ${this.title}.`);
    }
    return Promise.resolve('done');
  }

  end(): Promise<void> {
    if (this.isUp) {
      this.to('inactive', 'dead');
      this.told.stopped?.();
      this.manager.says(this, `Stopped ${this.#on === 'active' ? 'target ' : ''}${this.title}.`);
    }
    return Promise.resolve();
  }

  override properties(): Record<string, string> {
    if (!this.id.endsWith('.service')) return {};
    return {
      Type: 'simple',
      Restart: 'no',
      MainPID: '0',
      Result: this.result,
      NRestarts: '0',
      ExecMainStatus: '0',
    };
  }
}
