import {Ask} from './ask.js';
import {beginProcess} from './begin-process.js';
import {bringDown} from './bring-down.js';
import {makeFolders, takeFolders} from './environment.js';
import {exitText, isClean, type Exit} from './exit-status.js';
import {sessionOf, signalTo, type Group} from './group.js';
import type {Process} from './process.js';
import {restartsAfter} from './restart-rule.js';
import {Run, type Why} from './run.js';
import {serviceProperties} from './service-properties.js';
import {serviceText, type ServiceText} from './service-text.js';
import {Unit, type JobResult} from './unit.js';
import type {Command} from './words.js';

type Ended = Exit | 'over' | 'late';

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
  #starts: number[] = [];
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
    if (!this.#mayStart()) {
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
    this.#starts = [];
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
      well &&= await this.step(this.run, command, this.text.startMs);
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
      if (await this.#bringUp(run)) {
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
    const again = !run.isAsked && !this.manager.isClosing && restartsAfter(this.text, run.result, exit);
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

  #mayStart(): boolean {
    const {ms, burst} = this.text.limit;
    if (ms === 0 || burst === 0) return true;
    const now = performance.now();
    this.#starts = this.#starts.filter((at) => now - at < ms);
    if (this.#starts.length >= burst) return false;
    this.#starts.push(now);
    return true;
  }

  /** @returns true: it is active; false: it is not, or not any more */
  async #bringUp(run: Run): Promise<boolean> {
    const {exec, type, remain, startMs} = this.text;
    this.to('activating', exec.ExecStartPre.length > 0 ? 'start-pre' : 'start');
    makeFolders(this.manager.machine.root, this.text.folders);
    for (const command of exec.ExecStartPre) {
      // oxlint-disable-next-line no-await-in-loop
      if (!(await this.step(run, command, startMs))) return false;
    }
    this.to('activating', 'start');
    if (type === 'oneshot') {
      for (const command of exec.ExecStart) {
        // oxlint-disable-next-line no-await-in-loop
        if (!(await this.#task(run, command, startMs))) return false;
      }
    } else if (!(await this.#launch(run, exec.ExecStart[0]!))) return false;
    if (exec.ExecStartPost.length > 0) this.to('activating', 'start-post');
    for (const command of exec.ExecStartPost) {
      // oxlint-disable-next-line no-await-in-loop
      if (!(await this.step(run, command, startMs))) return false;
    }
    if (type === 'oneshot' && !remain) return false;
    this.to('active', type === 'oneshot' ? 'exited' : 'running');
    return true;
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

  /** A oneshot's own work. */
  async #task(run: Run, command: Command, limitMs: number): Promise<boolean> {
    const main = beginProcess(this, run, command);
    this.#isMain(run, main, command);
    const ended = await this.#until(run, main, limitMs);
    return this.#isGood(run, ended, command, 'Main');
  }

  /** The main process of everything that goes on. */
  async #launch(run: Run, command: Command): Promise<boolean> {
    const main = beginProcess(this, run, command);
    this.#isMain(run, main, command);
    // What cannot be begun is told by its end.
    if (this.text.type !== 'notify') return Promise.race([main.begun.said, run.over.said.then(() => false)]);
    const ended = await this.manager.clocks.within<Exit | Why | 'ready' | 'cut'>(
      this.text.startMs,
      run.ready.said,
      main.exited,
      run.over.said,
      this.manager.cutOff.said,
    );
    if (ended === 'ready') return true;
    if (ended === undefined) {
      this.manager.says(this, `${this.id}: start operation timed out. Terminating.`);
      run.fail('timeout');
    } else if (typeof ended === 'object') run.fail('protocol');
    return false;
  }

  #isMain(run: Run, main: Process, {mayFail}: Command): void {
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

  /** A command beside the main process. @returns whether it went well */
  async step(run: Run, command: Command, limitMs: number, whatever = false): Promise<boolean> {
    const control = beginProcess(this, run, command);
    run.control = control;
    const ended = await this.#until(run, control, limitMs, whatever);
    run.control = undefined;
    if (typeof ended === 'object') run.group.ended(control.pid);
    return this.#isGood(run, ended, command, 'Control');
  }

  /** @param whatever also when it shall be over */
  async #until(run: Run, {exited}: Process, limitMs: number, whatever = false): Promise<Ended> {
    const over = [run.over.said, this.manager.cutOff.said].map((one) => one.then(() => 'over' as const));
    const ended = await this.manager.clocks.within<Exit | 'over'>(
      limitMs,
      exited,
      ...(whatever ? over.slice(1) : over),
    );
    return ended ?? 'late';
  }

  #isGood(run: Run, ended: Ended, command: Command, which: 'Main' | 'Control'): boolean {
    if (ended === 'over') return false;
    if (ended === 'late') {
      this.manager.says(this, `${this.id}: start operation timed out. Terminating.`);
      run.fail('timeout');
      return false;
    }
    if (isClean(ended, this.text.successStatus, true) || command.mayFail) return true;
    if (which === 'Control')
      this.manager.says(this, `${this.id}: Control process exited, ${exitText(ended)}`);
    run.fail('code' in ended ? 'exit-code' : 'signal');
    return false;
  }
}
