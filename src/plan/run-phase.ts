import {Abort, Exit} from '../errors.js';
import type {Phase, PlanInput} from '../phases/phase.js';
import type {Change} from './change.js';
import type {PhaseSummary, SetupPort} from './events.js';
import {toFailure} from './failure.js';
import {applyKind} from './kinds/index.js';
import {loudHost} from './loud-host.js';
import {awaitLeftovers} from './leftovers.js';
import {countingWaits} from './patience.js';
import {readPair, type Reading} from './read.js';
import {planInput, summaryOf, type SetupInput} from './setup.js';
import {viewChange} from './view.js';

export interface PhaseEnd {
  summary: PhaseSummary;
  reading: Reading;
}

/**
 * One phase: plan, show, apply, read again, and the plan must be empty (or new, and is applied as well). A failure
 * is shown and may be retried, which plans anew from what the hosts say then.
 * @param blocked an earlier phase was skipped, so this one has nothing to stand on
 */
export async function runPhase(
  phase: Phase,
  setup: SetupInput,
  before: Reading,
  blocked: boolean,
  outer: SetupPort,
): Promise<PhaseEnd> {
  const started = performance.now();
  const {port, waitedMs} = countingWaits(outer);
  let reading = before;
  let applied = 0;
  const end = (status: PhaseSummary['status']): PhaseEnd => ({
    summary: summaryOf(phase, status, applied, performance.now() - started - waitedMs()),
    reading,
  });
  const reread = async () => {
    reading = await (setup.read ?? readPair)(
      setup.hosts,
      setup.pair,
      setup.secrets,
      setup.programs.accounts,
      reading,
    );
  };
  for (let attempt = 1; ; attempt += 1) {
    const changes = [...phase.plan(planInput(setup, reading))];
    if (changes.length === 0) return end(applied === 0 ? 'unchanged' : 'done');
    const views = changes.map(viewChange);
    port.emit({type: 'phase', phase: phase.id, status: 'planning', changes: views});
    if (blocked) return end('blocked');
    if (attempt === 1) {
      const answer = await port.decide({type: 'review', phase: phase.id, changes: views});
      if (answer === 'skip') return end('skipped');
      if (answer === 'quit') throw stopped(`before phase ${phase.number}`);
    }
    port.emit({type: 'phase', phase: phase.id, status: 'running', changes: views});
    let failing: Change | undefined;
    try {
      for (const change of changes) {
        if (port.stop.aborted) throw stopped(`before: ${change.title}`);
        failing = change;
        await applyOne(phase, change, setup, reading, port);
        applied += 1;
        // What follows an edit of the primary's config (approving the split) must see it.
        if (change.kind === 'config-patch') await reread();
      }
      failing = undefined;
      port.emit({type: 'phase', phase: phase.id, status: 'verifying'});
      await reread();
      if (isVerified(phase, planInput(setup, reading), changes)) return end('done');
    } catch (error) {
      if (error instanceof Abort && error.exit === Exit.interrupted) throw error;
      const view = failing && views.find(({id}) => id === failing?.id);
      const answer = await port.decide({
        type: 'failed',
        phase: phase.id,
        error: toFailure(error),
        ...(view && {change: view}),
      });
      if (answer === 'skip') return end('skipped');
      if (answer !== 'retry') throw error;
      await awaitLeftovers(setup.hosts, (event) => port.emit(event));
      await reread();
    }
  }
}

async function applyOne(
  phase: Phase,
  change: Change,
  setup: SetupInput,
  reading: Reading,
  port: SetupPort,
): Promise<void> {
  const started = performance.now();
  const emit = (event: Parameters<SetupPort['emit']>[0]) => port.emit(event);
  const hosts = {primary: loudHost(setup.hosts.primary, emit), standby: loudHost(setup.hosts.standby, emit)};
  emit({type: 'change', phase: phase.id, id: change.id, status: 'running'});
  try {
    await (setup.apply ?? applyKind)(change, {
      host: hosts[change.host],
      hosts,
      input: planInput(setup, reading),
      emit,
      say: (line) => emit({type: 'output', host: change.host, line}),
      signal: port.force,
    });
  } catch (error) {
    const failure = toFailure(error);
    emit({
      type: 'change',
      phase: phase.id,
      id: change.id,
      status: 'failed',
      tookMs: performance.now() - started,
      error: failure,
    });
    throw port.force.aborted ? forced(change.title) : error;
  }
  emit({type: 'change', phase: phase.id, id: change.id, status: 'done', tookMs: performance.now() - started});
}

/**
 * Applied and still different means that something puts it back, or that our idea of the host is wrong.
 * @returns false when what is left could only be planned now (a conflict that this phase ended allows the live test)
 * @throws Abort naming what does not stick
 */
function isVerified(phase: Phase, current: PlanInput, applied: readonly Change[]): boolean {
  const left = [...phase.plan(current)];
  if (left.length === 0) return true;
  if (!left.some(({id}) => applied.some((change) => change.id === id))) return false;
  throw new Abort(
    `Phase ${phase.number} was applied, but ${left.length === 1 ? 'this differs' : 'these differ'} still: ${left[0]!.title}.`,
    {
      detail: left.map(({host, title}) => `${host}: ${title}`).join('\n'),
      next: ['Run the same command again; if it stays, something on the host puts it back.'],
    },
  );
}

function forced(title: string): Abort {
  return new Abort(`Stopped in the middle of: ${title}.`, {
    next: ['Run the same command again: it looks at the hosts and continues from what they say.'],
    exit: Exit.interrupted,
  });
}

function stopped(where: string): Abort {
  return new Abort(`Stopped ${where}.`, {
    next: ['Nothing is half-done; run the same command again to continue.'],
    exit: Exit.interrupted,
  });
}
