import {Abort, Exit} from '../errors.js';
import {isDisabledOnPrimary} from '../phases/5-disable.js';
import type {SetupEvent} from '../plan/events.js';
import {toFailure} from '../plan/failure.js';
import {undoNow} from '../plan/kinds/config-undo.js';
import {applyRemoval, type RemovalChange} from '../plan/kinds/index.js';
import {awaitLeftovers} from '../plan/leftovers.js';
import {lock, type Lock} from '../plan/lock.js';
import {loudHost} from '../plan/loud-host.js';
import type {HostName} from '../ssh/host.js';
import {units} from '../templates/layout.js';
import {isConnected} from './connected.js';
import type {RemovePort} from './events.js';
import {deadMen, isRunning} from './footprint.js';
import {nobody} from './nobody.js';
import {planRemoval} from './plan.js';
import {readRemoval, type RemovalReading} from './read.js';
import {refusal, refuseWork, verdictOf} from './refuse.js';
import {removalInput, type Reachable, type Removal} from './removal.js';

/**
 * Takes the pair apart under the lock of both hosts: reads them again, does step by step what is planned, and reads them
 * once more: nothing of ours may be left then. What was cut off goes on from what the hosts say.
 * @returns how many changes were made
 * @throws Abort naming what stands against it, failed, or is still there
 */
export async function runRemoval(removal: Removal, port: RemovePort): Promise<number> {
  const {hosts, pair, only} = removal;
  const ours = (name: HostName) => (only === undefined || only === name ? hosts[name] : undefined);
  const locks: Lock[] = [];
  try {
    for (const host of [ours('standby'), ours('primary')]) {
      if (!host) continue;
      // In the order that setup takes them in, so that two runs cannot hold one lock each.
      // oxlint-disable-next-line no-await-in-loop
      locks.push(await lock(host, `removal of the pair ${pair.name}`, {breakIt: removal.breakLock}));
    }
    return await locked(removal, port);
  } finally {
    await Promise.allSettled(locks.map((held) => held.release()));
  }
}

async function locked(removal: Removal, port: RemovePort): Promise<number> {
  const {hosts} = removal;
  await awaitLeftovers(hosts, (event) => tellOutput(event, port));
  let reading = await readAgain(removal);
  if (reading.primary && hosts.primary && isRunning(reading.primary.footprint, deadMen.edit)) {
    port.emit({
      type: 'output',
      host: 'primary',
      line: "An edit of the gateway's config was interrupted: kept if the gateway is ready, undone if not.",
    });
    await undoNow(hosts.primary);
    reading = await readAgain(removal);
  }
  const verdict = verdictOf(removal, reading);
  if (!verdict.may) throw refusal(verdict);
  refuseWork(removal, reading);
  let done = 0;
  const steps = planRemoval(removalInput(removal, reading));
  for (let step = steps.shift(); step; step = steps.shift()) {
    const {id, title, changes} = step;
    port.emit({type: 'step', id, title});
    // oxlint-disable-next-line no-await-in-loop
    if (id === 'channel') await mustBeSilent(removal);
    for (const change of changes) {
      if (port.stop.aborted) throw stopped(change.title);
      // One builds on the other.
      // oxlint-disable-next-line no-await-in-loop
      await applyOne(change, removal, reading, port);
      done += 1;
    }
    if (id === 'silence' && hosts.standby) {
      // Until now its gateway could write there.
      // oxlint-disable-next-line no-await-in-loop
      refuseWork(removal, await readAgain(removal, {standby: hosts.standby}));
    }
    if (id === 'channel') {
      // oxlint-disable-next-line no-await-in-loop
      reading = await channelIsBack(removal, port);
      const rest = planRemoval(removalInput(removal, reading));
      // The edit has left one more copy of the config.
      steps.splice(0, steps.length, ...rest.filter((one) => one.id === 'standby' || one.id === 'primary'));
    }
  }
  await mustBeEmpty(removal);
  return done;
}

function readAgain(
  {hosts, pair, accountsProgram, read = readRemoval}: Removal,
  which: Reachable = hosts,
): Promise<RemovalReading> {
  return read(which, pair, accountsProgram);
}

/**
 * The config says that the account is enabled; whether it is logged in is told, and no reason to stop: a chat server that
 * is away lets nobody in.
 * @throws Abort when the config does not say it
 */
async function channelIsBack(removal: Removal, port: RemovePort): Promise<RemovalReading> {
  const {hosts, pair} = removal;
  const reading = await readAgain(removal);
  const {type, account} = pair.channel;
  if (!reading.primary || !hosts.primary) return reading;
  if (isDisabledOnPrimary(reading.primary.facts, pair)) {
    throw new Abort(`The primary's config still has its ${type} account "${account}" disabled.`, {
      next: [
        `The channel as a whole may be off: openclaw config get channels.${type}. Then run the same command again.`,
        'To leave it as it is: --no-restore-channel',
      ],
    });
  }
  const back = await isConnected(hosts.primary, reading.primary.facts, {channel: type, account}, port.force);
  const line =
    back === undefined
      ? 'The gateway does not run now; the account is enabled at its next start.'
      : back
        ? `${type} account "${account}" is connected on the primary`
        : `${type} account "${account}" is enabled and not connected yet: openclaw channels status`;
  port.emit({type: 'output', host: 'primary', line});
  return reading;
}

async function applyOne(
  change: RemovalChange,
  {hosts, apply = applyRemoval}: Removal,
  {primary}: RemovalReading,
  port: RemovePort,
): Promise<void> {
  const started = performance.now();
  const loud = (name: HostName) => loudHost(hosts[name] ?? nobody(name), (event) => tellOutput(event, port));
  const both = {primary: loud('primary'), standby: loud('standby')};
  const {id, host, title} = change;
  port.emit({type: 'change', id, host, title, status: 'running'});
  try {
    await apply(change, {
      host: both[host],
      hosts: both,
      input: primary ? {primary: primary.facts} : {},
      emit: (event) => tellOutput(event, port),
      say: (line) => port.emit({type: 'output', host, line}),
      signal: port.force,
    });
  } catch (error) {
    const tookMs = performance.now() - started;
    port.emit({type: 'change', id, host, title, status: 'failed', tookMs, error: toFailure(error)});
    throw error;
  }
  port.emit({type: 'change', id, host, title, status: 'done', tookMs: performance.now() - started});
}

function tellOutput(event: SetupEvent, port: RemovePort): void {
  if (event.type === 'output') port.emit(event);
}

/**
 * The account is the primary's again only when the standby cannot log it in any more: no unit, no process of its user.
 * A standby that was not reached is taken for gone only by the operator's own word, which came with the choice.
 * @throws Abort (5) naming what still runs
 */
async function mustBeSilent(removal: Removal): Promise<void> {
  const {standby: host} = removal.hosts;
  if (!host) return;
  const {standby} = await readAgain(removal, {standby: host});
  if (!standby) return;
  const {footprint} = standby;
  const running = footprint.units.filter(({unit}) => isRunning(footprint, unit)).map(({unit}) => unit);
  const known = footprint.units.some(({unit, load}) => unit === units.gateway && load === 'loaded');
  const [process] = footprint.processes.filter(({command}) => /openclaw|node/.test(command));
  if (!known && running.length === 0 && !process) return;
  const what = process ? `process ${process.pid} (${process.command})` : (running[0] ?? units.gateway);
  throw new Abort(
    `The primary's channel was not enabled: on the standby there is still ${what}, which may log it in.`,
    {
      next: [
        'Remove the standby first: the same command without --only; or end that process there.',
        'Or leave the account disabled: --no-restore-channel',
      ],
      exit: Exit.split,
    },
  );
}

async function mustBeEmpty(removal: Removal): Promise<void> {
  const reading = await readAgain(removal);
  const left = planRemoval(removalInput(removal, reading)).flatMap(({changes}) => changes);
  if (left.length === 0) return;
  throw new Abort(
    `All of it was applied, but ${left.length === 1 ? 'this is' : 'these are'} still there: ${left[0]!.title}.`,
    {
      detail: left
        .map(({host, title, why}) => `${host}: ${title}${why === undefined ? '' : ` (${why})`}`)
        .join('\n'),
      next: ['Run the same command again; if it stays, something on the host puts it back.'],
    },
  );
}

function stopped(before: string): Abort {
  return new Abort(`Stopped before: ${before}.`, {
    next: ['Nothing is half-done; run the same command again to continue.'],
    exit: Exit.interrupted,
  });
}
