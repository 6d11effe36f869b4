import {signalOf} from './exit-status.js';
import {Refusal} from './machine.js';
import {Service} from './service.js';
import type {Asked} from './systemctl.js';
import type {JobResult, Unit} from './unit.js';

/** What systemctl does with units that run, or shall. */
type Act = (unit: Unit, asked: Asked) => Promise<JobResult> | JobResult;

const start: Act = (unit, {manager}) => manager.start(unit.id);
const restart: Act = (unit, {manager}) => manager.jobs.restart(unit);

const acts: Readonly<Record<string, {doing: string; act: Act; loaded?: boolean}>> = {
  start: {doing: 'start', act: start},
  stop: {doing: 'stop', act: (unit, {manager}) => manager.jobs.stop(unit), loaded: true},
  restart: {doing: 'restart', act: restart},
  'try-restart': {doing: 'try-restart', act: (unit, asked) => (unit.isDown ? 'done' : restart(unit, asked))},
  condrestart: {doing: 'try-restart', act: (unit, asked) => (unit.isDown ? 'done' : restart(unit, asked))},
  reload: {doing: 'reload', act: reload},
  'reload-or-restart': {
    doing: 'reload-or-restart',
    act: (unit, asked) => (canReload(unit) && unit.isUp ? reload(unit) : restart(unit, asked)),
  },
};

const others = ['kill', 'reset-failed', 'daemon-reload', 'daemon-reexec', 'reboot', 'poweroff', 'halt'];
export const changeVerbs: ReadonlySet<string> = new Set([...Object.keys(acts), ...others]);

const canReload = (unit: Unit): unit is Service =>
  unit instanceof Service && unit.text.exec.ExecReload.length > 0;

function reload(unit: Unit): Promise<JobResult> | JobResult {
  if (!canReload(unit))
    throw new Refusal(`Failed to reload ${unit.id}: Job type reload is not applicable for unit ${unit.id}.`);
  if (!unit.isUp) throw new Refusal(`${unit.id} is not active, cannot reload.`);
  return unit.reload();
}

export async function changeUnits(verb: string, words: readonly string[], asked: Asked): Promise<number> {
  const {manager, options} = asked;
  const wanted = acts[verb];
  if (!asked.mayChange) {
    const whom = wanted && words[0] !== undefined ? `${wanted.doing} ${manager.unit(words[0]).id}` : verb;
    throw new Refusal(`Failed to ${whom}: Interactive authentication required.`, wanted ? 4 : 1);
  }
  if (!wanted) return other(verb, words, asked);
  if (words.length === 0) throw new Refusal('Too few arguments.');
  let code = 0;
  // Every one gets its job before the first is awaited.
  const jobs = words.map((word): {unit: Unit; result: Promise<JobResult>} | undefined => {
    try {
      const unit = manager.unit(word);
      mustBeLoaded(unit, wanted);
      return {unit, result: Promise.resolve(wanted.act(unit, asked))};
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      asked.out.stderr(`${error.message}\n`);
      code = error.code;
      return undefined;
    }
  });
  if (options.has('no-block')) return code;
  for (const job of jobs) {
    if (!job) continue;
    // oxlint-disable-next-line no-await-in-loop
    const result = await job.result;
    if (result === 'done') continue;
    if (!options.has('quiet')) asked.out.stderr(failure(asked, job.unit, result));
    code = 1;
  }
  return code;
}

function mustBeLoaded({id, source, isDown}: Unit, {doing, loaded}: {doing: string; loaded?: boolean}): void {
  if (source.load === 'masked' && !loaded)
    throw new Refusal(`Failed to ${doing} ${id}: Unit ${id} is masked.`, 1);
  if (source.load !== 'not-found' || (loaded && !isDown)) return;
  throw new Refusal(`Failed to ${doing} ${id}: Unit ${id} not ${loaded ? 'loaded' : 'found'}.`, 5);
}

const whys: Readonly<Record<string, string>> = {
  'exit-code': 'the control process exited with error code',
  timeout: 'a timeout was exceeded',
  signal: 'a fatal signal was delivered to the control process',
  watchdog: 'the service failed to send watchdog ping',
  resources: 'of unavailable resources or another system error',
  protocol: 'the service did not take the steps required by its unit configuration',
};

function failure({manager}: Asked, {id, result}: Unit, job: JobResult): string {
  const own = manager.isOfUser ? '--user ' : '';
  if (job === 'canceled') return `Job for ${id} canceled.\n`;
  if (job === 'dependency')
    return `A dependency job for ${id} failed. See 'journalctl ${own}-xe' for details.\n`;
  const why = whys[result];
  const because = why === undefined ? '.' : ` because ${why}.`;
  return `Job for ${id} failed${because}\nSee "systemctl ${own}status ${id}" and "journalctl ${own}-xeu ${id}" for details.\n`;
}

function other(verb: string, words: readonly string[], {manager, machine, options}: Asked): number {
  switch (verb) {
    case 'daemon-reload':
    case 'daemon-reexec':
      manager.reload();
      return 0;
    case 'reset-failed':
      if (words.length === 0) for (const unit of manager.all()) unit.forgive();
      for (const word of words) {
        const unit = manager.unit(word);
        if (unit.source.load === 'not-found' && unit.isDown && unit.active !== 'failed') {
          throw new Refusal(`Failed to reset failed state of unit ${unit.id}: Unit ${unit.id} not loaded.`);
        }
        unit.forgive();
      }
      return 0;
    case 'kill': {
      const text = options.last('signal') ?? 'SIGTERM';
      const signal = signalOf(text);
      if (!signal) throw new Refusal(`Failed to parse signal string ${text}.`);
      const whom = options.last('kill-whom') ?? options.last('kill-who') ?? 'all';
      for (const word of words) {
        const unit = manager.unit(word);
        if (unit.source.load === 'not-found' && unit.isDown)
          throw new Refusal(`Failed to kill unit ${unit.id}: Unit ${unit.id} not loaded.`);
        if (unit instanceof Service) unit.kill(signal, whom === 'main' || whom === 'control' ? whom : 'all');
      }
      return 0;
    }
    default: {
      const act = verb === 'reboot' ? machine.reboot : machine.poweroff;
      if (!act) throw new Refusal(`Failed to ${verb} system via logind: Operation not supported`);
      // Whoever asked has its answer before.
      setTimeout(() => act.call(machine), 50);
      return 0;
    }
  }
}
