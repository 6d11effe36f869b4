import {Abort} from '../../errors.js';
import {controlOf, type GatewayControl} from '../../gateway/control.js';
import {monitorView} from '../../phases/monitor-view.js';
import {monitorSettingsOf} from '../../phases/template-input.js';
import type {Host} from '../../ssh/host.js';
import {quote} from '../../ssh/quote.js';
import {layout, units} from '../../templates/layout.js';
import {healthOf} from '../health.js';
import type {Prove} from '../kinds/proof.js';
import type {ApplyContext} from '../kind.js';
import {mustRun, mustScript} from '../must.js';
import {until} from '../until.js';
import {revertTimer, revertUnit} from './revert.js';
import {expectations} from './expectations.js';
import {followEvents, type EventTail} from './follow-events.js';

/** s after which the primary starts its gateway by itself, whatever became of this machine. */
const revertAfterS = 300;
/** ms for a promotion beyond what is expected, and for the way back. */
const slackMs = 150_000;
const stepBackLimitMs = 420_000;

/**
 * Phase 6: the primary's gateway is stopped for real, the standby must take over with its channel connected,
 * and step back when the primary has returned. Every stage is measured from the moment it stopped answering.
 */
export const failover: Prove = async (_change, context) => {
  const {hosts, input, say, emit} = context;
  const control = controlOf(input.primary);
  const settings = monitorSettingsOf(input);
  if (!control || !settings) throw new Abort("The primary's gateway cannot be stopped and started by setup.");
  await readyToFail(context, control);
  const expected = expectations(settings);
  const ending = new AbortController();
  const stopFollowing = AbortSignal.any([ending.signal, context.signal]);
  const events = await followEvents(hosts.standby, stopFollowing);
  let fellAt = 0;
  const measure = (stage: string, at: number, expectedMs?: number) =>
    emit({
      type: 'measure',
      measure: {
        stage,
        ms: Math.max(0, Math.round(at - fellAt)),
        ...(expectedMs !== undefined && {expectedMs}),
      },
    });
  // The standby's clock, as the events carry it, in this machine's time.
  const here = (iso: string) => Date.parse(iso) - input.standby.clockOffsetMs;
  await armRevert(hosts.primary, control);
  try {
    say(`stopping ${control.name}; ${revertAfterS} s from now the primary starts it again by itself`);
    await mustRun(hosts.primary, control.stop, {doing: 'stop the gateway', timeoutMs: 340_000});
    fellAt = Date.now();
    measure('primary stopped', fellAt);
    const stages: [string, string, number][] = [
      ['suspected', 'noticed', expected.noticedMs],
      ['promoting', 'decided', expected.decidedMs],
      ['gateway-ready', 'gateway ready', expected.readyMs],
      ['promoted', 'channel connected', expected.connectedMs],
    ];
    let promotedAt = 0;
    for (const [name, stage, limit] of stages) {
      const seen = await waitFor(events, name, limit + slackMs, context);
      promotedAt = here(seen.time);
      measure(stage, promotedAt, limit);
      say(seen.say);
      if (name === 'promoted' && seen.level !== 'info' && seen.connected === false) {
        throw new Abort(`The standby took over, but its channel is not connected: ${seen.say}`);
      }
    }
    await startPrimary(hosts.primary, control, context);
    const backAt = Date.now();
    measure('primary started again', backAt);
    if (settings.failback === 'manual') await hosts.standby.run(['touch', layout.failback]);
    for (const [name, stage, limit] of [
      ['demoting', 'standby steps back', expected.stepBackMs(promotedAt - fellAt, backAt - fellAt)],
      [
        'demoted',
        'standby at rest',
        expected.stepBackMs(promotedAt - fellAt, backAt - fellAt) + expected.stopMs,
      ],
    ] as const) {
      const seen = await waitFor(events, name, stepBackLimitMs, context);
      measure(stage, here(seen.time), limit);
      say(seen.say);
    }
  } finally {
    ending.abort();
    await ensurePrimary(hosts.primary, control, context);
  }
};

async function readyToFail({hosts, input}: ApplyContext, control: GatewayControl): Promise<void> {
  if ((await healthOf(hosts.primary, input.primary)) !== 'ready') {
    throw new Abort("The primary's gateway is not ready, so a failover cannot be tried now.", {
      next: [`Look at ${control.name} on the primary.`],
    });
  }
  const bytes = await hosts.standby.read(layout.stateJson);
  const seen = bytes && monitorView(parse(new TextDecoder().decode(bytes)));
  if (!seen || seen.state !== 'watching' || seen.probe !== 'ok') {
    throw new Abort(
      `The monitor is not at rest (${seen?.state ?? 'no state'}, last probe ${seen?.probe ?? 'none'}).`,
      {
        next: [`On the standby: journalctl -u ${units.monitor} -n 50`],
      },
    );
  }
}

/** A transient timer on the primary starts its gateway again, even if this machine dies in between. */
async function armRevert(primary: Host, control: GatewayControl): Promise<void> {
  await disarm(primary);
  await mustRun(
    primary,
    [
      'systemd-run',
      '--quiet',
      `--unit=${revertUnit}`,
      `--on-active=${revertAfterS}`,
      '--timer-property=AccuracySec=1s',
      '--collect',
      '--description=failover-wizard: start the gateway again after a failover test',
      '/bin/sh',
      '-c',
      quote(control.start),
    ],
    {doing: 'arm the dead-man timer'},
  );
}

async function disarm(primary: Host): Promise<void> {
  await primary.run(['systemctl', 'stop', revertTimer], {timeoutMs: 20_000});
}

async function startPrimary(
  primary: Host,
  control: GatewayControl,
  {input, signal, say}: ApplyContext,
): Promise<void> {
  say(`starting ${control.name}`);
  await mustRun(primary, control.start, {doing: 'start the gateway', timeoutMs: 120_000});
  const ready = await until(async () => (await healthOf(primary, input.primary)) === 'ready', {
    everyMs: 1_000,
    limitMs: 120_000,
    signal,
  });
  if (!ready)
    throw new Abort("The primary's gateway does not become ready again.", {
      next: [`Look at ${control.name} on the primary.`],
    });
}

/** Whatever happened, the primary runs before this ends; its own timer stays armed until that was seen. */
async function ensurePrimary(primary: Host, control: GatewayControl, {input}: ApplyContext): Promise<void> {
  try {
    if ((await healthOf(primary, input.primary)) === 'down')
      await primary.run(control.start, {timeoutMs: 120_000});
    const up = await until(async () => (await healthOf(primary, input.primary)) !== 'down', {
      everyMs: 1_000,
      limitMs: 60_000,
    });
    if (up) await disarm(primary);
  } catch {
    // The connection is gone: the timer on the primary does it.
  }
}

async function waitFor(
  events: EventTail,
  name: string,
  limitMs: number,
  {hosts, signal}: ApplyContext,
): Promise<Awaited<ReturnType<EventTail['next']>>> {
  try {
    return await events.next(name, limitMs, signal);
  } catch (error) {
    const log = await mustScript(
      hosts.standby,
      {
        label: `journalctl -u ${units.monitor} -u ${units.gateway}`,
        text: `journalctl -u ${units.monitor} -u ${units.gateway} -u ${units.role} -n 15 --no-pager -o cat\n`,
      },
      {doing: 'read the journal', timeoutMs: 20_000},
    );
    throw error instanceof Abort
      ? new Abort(error.message, {detail: log.stdout.trimEnd(), next: error.next, exit: error.exit})
      : error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
