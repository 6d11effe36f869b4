import {Abort} from '../../errors.js';
import {controlOf, type GatewayControl} from '../../gateway/control.js';
import type {Heard} from '../../monitor/hand/outcome.js';
import type {MonitorSettings} from '../../monitor/settings.js';
import {monitorSettingsOf} from '../../phases/template-input.js';
import {units} from '../../templates/layout.js';
import {healthOf} from '../health.js';
import type {Stage} from '../events.js';
import {disarmUndo} from '../kinds/config-undo.js';
import {isOwnPause, resumeMonitor} from '../kinds/monitor-pause.js';
import type {Prove} from '../kinds/proof.js';
import type {ApplyContext} from '../kind.js';
import {askMonitor} from '../ask-monitor.js';
import {monitorState} from '../monitor-state.js';
import {mustRun} from '../must.js';
import {until} from '../until.js';
import {expectations, promises, stageNames, type Expectations, type StageName} from './expectations.js';
import {followEvents, type AwaitedEvents} from './follow-events.js';
import {armRevert, disarmRevert} from './revert.js';

/** ms a gateway with a turn in flight may take to stop (openclaw.md: drains up to 315 s). */
const stopLimitMs = 340_000;
/** ms for the promotion beyond what is expected. */
const slackMs = 120_000;
/** ms for the way back: minimum active time, rise window, hand-back. */
const stepBackLimitMs = 420_000;
/** s after which the primary starts its gateway by itself: first the stop and all that follows, then what is left. */
const revertWhileStoppingS = 600;
const revertWhileDownS = 300;

/**
 * Phase 6: the primary's gateway is stopped for real, the standby must take over with its channel connected,
 * and step back when the primary has returned. Every stage is measured from the moment it had stopped.
 */
export const failover: Prove = async (_change, context) => {
  const {hosts, input, say} = context;
  const control = controlOf(input.primary);
  const settings = monitorSettingsOf(input);
  if (!control || !settings) {
    throw new Abort("The primary's gateway cannot be stopped and started by setup.", {
      next: ['Run it as a systemd unit or with Compose, then run the same command again.'],
    });
  }
  await readyToFail(context, control);
  const ending = new AbortController();
  const events = await followEvents(hosts.standby, AbortSignal.any([ending.signal, context.signal]));
  let active = false;
  // A gateway that is down on purpose must not look like one that an edit broke.
  await disarmUndo(hosts.primary);
  await armRevert(hosts.primary, control, revertWhileStoppingS);
  try {
    say(`stopping ${control.name}; if this machine dies, the primary starts it again by itself`);
    await mustRun(hosts.primary, control.stop, {doing: 'stop the gateway', timeoutMs: stopLimitMs});
    const stopwatch = measuring(context, expectations(settings));
    await armRevert(hosts.primary, control, revertWhileDownS);
    await takeover(events, stopwatch, context);
    active = true;
    await startPrimary(control, context);
    stopwatch.mark('primary started again');
    await stepBack(events, stopwatch, settings, context);
    active = false;
  } finally {
    ending.abort();
    await leaveInOrder(control, settings, active, context);
  }
};

interface Stopwatch {
  expected: Expectations;
  /** Shows how long after the primary had stopped a stage was reached: at an event, or now. */
  mark(stage: StageName, event?: Heard): void;
}

function measuring({emit, input}: ApplyContext, expected: Expectations): Stopwatch {
  const fellAt = Date.now();
  const promised = promises(expected);
  const stageOf = (stage: StageName): Stage => {
    const expectedMs = promised[stage];
    return {stage, ...(expectedMs !== undefined && {expectedMs})};
  };
  const mark: Stopwatch['mark'] = (stage, event) => {
    // The standby's clock, as its events carry it, in this machine's time.
    const at = event ? Date.parse(event.time) - input.standby.clockOffsetMs : Date.now();
    emit({type: 'measure', measure: {...stageOf(stage), ms: Math.max(0, Math.round(at - fellAt))}});
  };
  emit({type: 'stages', stages: stageNames.map(stageOf)});
  mark('primary stopped');
  return {expected, mark};
}

/** Until the bot is there: systemd having started something proves nothing. */
async function takeover(
  events: AwaitedEvents,
  {expected, mark}: Stopwatch,
  {hosts, say, signal}: ApplyContext,
): Promise<void> {
  const stages: Readonly<Record<string, StageName>> = {
    suspected: 'noticed',
    promoting: 'decided',
    'gateway-ready': 'gateway ready',
    promoted: 'channel connected',
  };
  const deadline = performance.now() + expected.connectedMs + slackMs;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const seen = await events.next('promoted', deadline, signal);
    say(seen.say);
    if (seen.event === 'blocked' || (seen.event === 'promoted' && seen.connected !== true)) {
      throw new Abort(`The standby did not take over with its channel: ${seen.say}`, {
        next: [`On the standby: journalctl -u ${units.gateway} -u ${units.monitor} -n 50`],
      });
    }
    const stage = stages[seen.event];
    if (stage) mark(stage, seen);
    // A real outage in the next minutes must be answered and given back as if this one had not been.
    if (seen.event === 'promoting') await askMonitor(hosts.standby, {name: 'tested'});
    if (seen.event === 'promoted') return;
  }
}

async function stepBack(
  events: AwaitedEvents,
  {mark}: Stopwatch,
  {failback}: MonitorSettings,
  {hosts, say, signal}: ApplyContext,
): Promise<void> {
  if (failback === 'manual') await askMonitor(hosts.standby, {name: 'demote'});
  const deadline = performance.now() + stepBackLimitMs;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const seen = await events.next('demoted', deadline, signal);
    say(seen.say);
    // A test after an interrupted one looks like flapping to the monitor, which would stay active for minutes.
    if (seen.event === 'latched') await askMonitor(hosts.standby, {name: 'demote'});
    if (seen.event === 'demoting') mark('standby steps back', seen);
    if (seen.event !== 'demoted') continue;
    mark('standby at rest', seen);
    return;
  }
}

async function readyToFail({hosts, input, signal}: ApplyContext, control: GatewayControl): Promise<void> {
  if ((await healthOf(hosts.primary, input.primary)) !== 'ready') {
    throw new Abort("The primary's gateway is not ready, so a failover cannot be tried now.", {
      next: [`Look at ${control.name} on the primary.`],
    });
  }
  let seen = await monitorState(hosts.standby);
  if (seen?.paused !== undefined && isOwnPause(seen.paused)) {
    // Of a run that was cut off while it changed the primary; the lock of the pair is in our hands.
    await resumeMonitor(hosts.standby);
    await until(async () => (seen = await monitorState(hosts.standby))?.paused === undefined, {
      everyMs: 500,
      limitMs: 15_000,
      signal,
    });
  }
  if (seen?.paused !== undefined) {
    throw new Abort(`The failover is paused (${seen.paused}), so it cannot be tried now.`, {
      next: [
        `To end the pause: failover-wizard resume --pair ${input.pair.name}`,
        'Then run the same command again.',
      ],
    });
  }
  const nowMs = Date.now() + input.standby.clockOffsetMs;
  if (seen?.noTakeoverUntil !== undefined && Date.parse(seen.noTakeoverUntil) > nowMs) {
    throw new Abort(
      `The standby has taken over too often in the last minutes and would not do it again before ${seen.noTakeoverUntil} (its clock).`,
      {next: ['Look at why the primary comes and goes; after that time, run the same command again.']},
    );
  }
  if (!seen || seen.state !== 'watching' || seen.probe !== 'ok') {
    throw new Abort(
      `The monitor is not at rest (${seen?.state ?? 'no state'}, last probe ${seen?.probe ?? 'none'}).`,
      {next: [`On the standby: journalctl -u ${units.monitor} -n 50`]},
    );
  }
}

async function startPrimary(
  control: GatewayControl,
  {hosts, input, signal, say}: ApplyContext,
): Promise<void> {
  say(`starting ${control.name}`);
  await mustRun(hosts.primary, control.start, {doing: 'start the gateway', timeoutMs: 120_000});
  const ready = await until(async () => (await healthOf(hosts.primary, input.primary)) === 'ready', {
    everyMs: 1_000,
    limitMs: 120_000,
    signal,
  });
  if (ready) return;
  throw new Abort("The primary's gateway does not become ready again.", {
    next: [`Look at ${control.name} on the primary.`],
  });
}

/**
 * Whatever happened: the primary runs, and only when it was seen ready does its own timer go (a draining gateway
 * still answers, and would be down a moment later). A standby in force is asked to give back.
 */
async function leaveInOrder(
  control: GatewayControl,
  {failback}: MonitorSettings,
  active: boolean,
  {hosts, input}: ApplyContext,
): Promise<void> {
  try {
    await hosts.primary.run(control.start, {timeoutMs: 120_000});
    const ready = await until(async () => (await healthOf(hosts.primary, input.primary)) === 'ready', {
      everyMs: 1_000,
      limitMs: 120_000,
    });
    if (active && failback === 'manual') await askMonitor(hosts.standby, {name: 'demote'});
    if (ready) await disarmRevert(hosts.primary);
  } catch {
    // The connection is gone: the timer on the primary does it.
  }
}
