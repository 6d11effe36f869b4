import {Ask} from './ask.js';
import {bringDown} from './bring-down.js';
import {bringUp} from './bring-up.js';
import {takeFolders} from './environment.js';
import {exitText, isClean, type Exit} from './exit-status.js';
import {sessionOf, signalTo, type Group} from './group.js';
import type {Process} from './process.js';
import {restartsAfter} from './restart-rule.js';
import {Run} from './run.js';
import {serviceProperties} from './service-properties.js';
import {serviceText, type ServiceText} from './service-text.js';
import {StartLimit} from './start-limit.js';
import {step} from './step.js';
import {Unit, type JobResult} from './unit.js';
import type {Command} from './words.js';

/** A service: its processes, from the first to the last. */
export class Service extends Unit {
  text: ServiceText = this.#read();
  run: Run | undefined;
  restarts = 0;
  /** Of the newest main process. */
  main: {pid: number; exit: Exit | undefined} = {pid: 0, exit: undefined};
  /** What it says of itself: `STATUS=`. */
  status = '';
  /** Takes its lines in place of the journal. */
  listener: ((text: string) => void) | undefined;
  #life: Promise<void> = Promise.resolve();
  readonly #limit = new StartLimit();
  /** What runs before were told to leave (`KillMode=process`). */
  #left: Group[] = [];
  #noRestart = () => {};
  #noWatchdog = () => {};

  get mainPid(): number {
    const main = this.run?.main;
    return main && !main.isOver ? main.pid : 0;
  }

  override reloaded(): void {
    this.text = this.#read();
  }

  #read(): ServiceText {
    return serviceText(this.source.text, this.manager.specifiers(this.source.id), this.manager.bases);
  }

  override properties(): Record<string, string> {
    return serviceProperties(this);
  }

  /** A start that somebody asked for, or (`again`) its own restart. */
  async begin(again = false): Promise<JobResult> {
    this.#noRestart();
    if (this.run && this.isUp && !this.run.over.isSaid) return 'done';
    if (this.run) await this.#life;
    if (!this.#limit.allows(this.text.limit)) {
      this.manager.says(this, `${this.id}: Start request repeated too quickly.`);
      this.#lose('start-limit-hit');
      return 'failed';
    }
    if (!again) this.restarts = 0;
    const run = new Run();
    const started = new Ask<JobResult>();
    this.run = run;
    this.#life = this.#live(run, (result) => started.tell(result)).catch((error: Error) => {
      this.manager.says(this, `${this.id}: ${error.message}`);
      this.run = undefined;
      this.#lose('resources');
      started.tell('failed');
    });
    return started.said;
  }

  async end(): Promise<void> {
    this.#noRestart();
    if (this.run) {
      this.run.over.tell('asked');
      await this.#life;
    }
    this.#noRestart();
    if (this.sub === 'auto-restart') this.to('inactive', 'dead');
  }

  override cut(): void {
    this.#noRestart();
    this.#noWatchdog();
    const groups = [...this.#left, ...(this.run ? [this.run.group] : [])];
    // Whoever forks meanwhile is found the next time.
    for (let round = 0; round < 20; round += 1) {
      const left = groups.flatMap((group) => group.members());
      if (left.length === 0) break;
      signalTo(left, 'SIGKILL');
    }
    const main = this.run?.main;
    if (main && !main.isOver) this.manager.machine.gone(this.id, main.pid, this.manager.user);
  }

  override forgive(): void {
    this.#limit.forgive();
    super.forgive();
  }

  /** `systemctl kill`. */
  kill(signal: NodeJS.Signals, whom: 'all' | 'main' | 'control'): void {
    if (!this.run) return;
    const {control, group} = this.run;
    if (whom === 'all') signalTo(group.members(), signal);
    else signalTo([whom === 'main' ? this.mainPid : (control?.pid ?? 0)].filter(Boolean), signal);
  }

  async reload(): Promise<JobResult> {
    if (!this.run) return 'failed';
    this.to('reloading', 'reload');
    let well = true;
    for (const command of this.text.exec.ExecReload) {
      // oxlint-disable-next-line no-await-in-loop
      well &&= await step(this, this.run, command, this.text.startMs);
    }
    if (this.active === 'reloading') this.to('active', 'running');
    this.manager.says(this, well ? `Reloaded ${this.title}.` : `Reload failed for ${this.title}.`);
    return well ? 'done' : 'failed';
  }

  /** What one of its processes says by systemd-notify. */
  notified(lines: ReadonlyMap<string, string>, pid: number): void {
    if (!this.run || this.text.notifyAccess === 'none') return;
    if (this.text.notifyAccess === 'main' && sessionOf(pid) !== this.mainPid) return;
    this.status = lines.get('STATUS') ?? this.status;
    if (lines.get('READY') === '1') this.run.ready.tell('ready');
    if (lines.get('WATCHDOG') === '1' && this.isUp) this.#watch(this.run);
  }

  async #live(run: Run, started: (result: JobResult) => void): Promise<void> {
    this.result = 'success';
    this.status = '';
    this.main = {pid: 0, exit: undefined};
    this.invocation = run.invocation;
    if (this.text.type !== 'simple' || this.text.exec.ExecStartPre.length > 0)
      this.manager.says(this, `Starting ${this.title}...`);
    try {
      if (await bringUp(this, run)) {
        run.wasUp = true;
        started('done');
        this.manager.says(this, `${this.text.type === 'oneshot' ? 'Finished' : 'Started'} ${this.title}.`);
        await this.#stayUp(run);
      }
    } catch (error) {
      this.manager.says(this, `${this.id}: ${(error as Error).message}`);
      run.fail('resources');
    }
    this.#noWatchdog();
    if (!this.manager.isCut) await bringDown(this, run);
    this.run = undefined;
    this.#left = [...this.#left, run.group].filter((group) => group.members().length > 0);
    if (this.manager.isCut) return started('canceled');
    takeFolders(this.manager.machine.root, this.text.folders);
    this.#finish(run, started);
  }

  #finish(run: Run, started: (result: JobResult) => void): void {
    const {result} = run;
    const well = result === 'success';
    if (well) this.manager.says(this, `${this.id}: Deactivated successfully.`);
    else this.manager.says(this, `${this.id}: Failed with result '${result}'.`);
    const exit = this.main.exit;
    const again = !run.isAsked && restartsAfter(this.text, run.result, exit);
    const worked = well && !run.wasUp && this.text.type === 'oneshot' && !run.isAsked;
    if (run.wasUp && run.isAsked) this.manager.says(this, `Stopped ${this.title}.`);
    else if (worked) this.manager.says(this, `Finished ${this.title}.`);
    else if (!run.wasUp)
      this.manager.says(this, run.isAsked ? `Stopped ${this.title}.` : `Failed to start ${this.title}.`);
    if (well) this.to('inactive', 'dead');
    else this.#lose(result);
    started(worked ? 'done' : run.isAsked ? 'canceled' : result === 'timeout' ? 'timeout' : 'failed');
    if (again) this.#restartLater();
  }

  #lose(result: string): void {
    this.result = result;
    this.to('failed', 'failed');
  }

  #restartLater(): void {
    this.to('activating', 'auto-restart');
    this.#noRestart = this.manager.clocks.after(this.text.restartMs, () => {
      this.restarts += 1;
      this.manager.says(this, `${this.id}: Scheduled restart job, restart counter is at ${this.restarts}.`);
      void this.manager.restartOwn(this);
    });
  }

  /** Until it is over, of itself or by somebody's wish. */
  async #stayUp(run: Run): Promise<void> {
    this.#watch(run);
    const tooLong = this.manager.clocks.after(this.text.runtimeMs, () => run.over.tell('runtime'));
    const ends: Promise<unknown>[] = [run.over.said, this.manager.cutOff.said];
    if (run.main && this.text.type !== 'oneshot') ends.push(run.main.exited);
    await Promise.race(ends);
    tooLong();
    if (run.over.is === 'runtime' && !run.main?.isOver) {
      this.manager.says(this, `${this.id}: Service reached runtime time limit. Stopping.`);
      run.fail('timeout');
    }
  }

  #watch(run: Run): void {
    const {watchdogMs} = this.text;
    this.#noWatchdog();
    if (watchdogMs === 0 || watchdogMs === Infinity) return;
    this.#noWatchdog = this.manager.clocks.after(watchdogMs, () => {
      this.manager.says(this, `${this.id}: Watchdog timeout (limit ${watchdogMs / 1000}s)!`);
      run.fail('watchdog');
      run.over.tell('watchdog');
    });
  }

  /** It is what the unit is there for, from now on. */
  takeMain(run: Run, main: Process, {mayFail}: Command): void {
    run.main = main;
    this.main = {pid: main.pid, exit: undefined};
    if (main.pid > 0) this.manager.machine.began(this.id, main.pid, this.manager.user);
    void main.exited.then((exit) => this.#mainEnded(run, main, exit, mayFail));
  }

  #mainEnded(run: Run, {pid}: Process, exit: Exit, mayFail: boolean): void {
    if (this.manager.isCut) return;
    if (pid > 0) this.manager.machine.gone(this.id, pid, this.manager.user);
    this.main = {pid, exit};
    run.group.ended(pid);
    if (isClean(exit, this.text.successStatus, this.text.type === 'oneshot')) return;
    this.manager.says(this, `${this.id}: Main process exited, ${exitText(exit)}`);
    if (!mayFail) run.fail('code' in exit ? 'exit-code' : 'signal');
  }
}
