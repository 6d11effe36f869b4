// What must follow a fault, as steps of a row.

import {setTimeout as sleep} from 'node:timers/promises';
import type {EventName, MonitorEvent} from '../../../src/monitor/events.js';
import {units} from '../../../src/templates/layout.js';
import {sh} from '../host-state.js';
import {monotonicMs} from '../inside.js';
import type {Fault} from './fault.js';
import type {Play} from './play.js';
import {gatewayStart} from './bounds.js';
import {inSeconds, type Step} from './row.js';
import {noteVerdict} from './verdicts.js';

const whole = (ms: number) => `${ms / 1000} s`;

/**
 * The standby decides to take over, not earlier and not later than that, and its bot is there `connected` later
 * (null: only the decision matters).
 */
export function expectPromotion({
  within,
  notBefore = 0,
  connected = gatewayStart,
  kind,
}: {
  within: number;
  notBefore?: number;
  connected?: number | null;
  /** Of evidence, as in bounds.ts. */
  kind?: string;
}): Step {
  const from = notBefore > 0 ? `not before ${whole(notBefore)} and ` : '';
  return {
    text: `takes over ${from}within ${whole(within)}`,
    async do(play) {
      const decided = await play.event('promoting', {within});
      const tookMs = play.since(decided);
      if (tookMs < notBefore) throw new Error(`it came after ${inSeconds(tookMs)} already`);
      play.measure('fault → verdict', tookMs);
      if (kind !== undefined) noteVerdict(kind, tookMs);
      if (connected !== null) await followTakeover(play, decided, connected);
    },
  };
}

/** The bot is there so many ms after the verdict. */
async function followTakeover(play: Play, decided: MonitorEvent, within: number): Promise<void> {
  const after = decided.ms;
  const there = await play.event('promoted', {within, after});
  for (const [name, what] of [
    ['gateway-started', 'started'],
    ['gateway-ready', 'ready'],
  ] as const) {
    const seen = await play.find(name, {after});
    if (seen) play.measure(`verdict → gateway ${what}`, seen.ms - after);
  }
  play.measure('verdict → connected', there.ms - after);
}

/** No takeover until so long after the fault. */
export const expectNoPromotion = ({watch}: {watch: number}): Step => ({
  text: `does not take over within ${whole(watch)}`,
  async do(play) {
    while (monotonicMs() < play.faultMs + watch) {
      const wrong = await play.find('promoting');
      if (wrong) throw new Error(`it took over after ${inSeconds(play.since(wrong))}: ${wrong.say}`);
      await sleep(250);
    }
  },
});

/** The monitor says something; `like`: its sentence. */
export const expectEvent = (
  name: EventName,
  {within, like = /./, text}: {within: number; like?: RegExp; text: string},
): Step => ({
  text: `${text}, within ${whole(within)}`,
  async do(play) {
    const found = await play.event(name, {within, like: ({say}) => like.test(say)});
    play.measure(name, play.since(found));
  },
});

/** The monitor sees that the primary is well, so long after the primary's gateway has come back by itself. */
export const expectSeenWell = ({within}: {within: number}): Step => ({
  text: `seen well within ${whole(within)} of the primary's gateway being there again`,
  async do(play) {
    await play.until("the primary's gateway is there again", gatewayStart, () => play.stage.primaryIsUp());
    const upMs = monotonicMs();
    play.measure('primary back', upMs - play.faultMs);
    const cleared = await play.event('cleared', {within: upMs - play.faultMs + within});
    play.measure('cleared', play.since(cleared));
  },
});

/** An event that must not be there. */
export const expectNone = (name: EventName, text: string): Step => ({
  text,
  async do(play) {
    const found = await play.find(name);
    if (found) throw new Error(`"${name}" after ${inSeconds(play.since(found))}: ${found.say}`);
  },
});

/** The standby is asleep again so long after this step began, with its gateway stopped. */
export const expectReturn = ({within}: {within: number}): Step => ({
  text: `sleeps again ${whole(within)} later`,
  async do(play) {
    const beganMs = monotonicMs();
    await play.until('the standby sleeps again', within, async () => {
      const now = await play.stage.told();
      return now?.state === 'watching' && now.probe?.class === 'ok';
    });
    const running = await play.stage.standby.inside.processes(units.gateway);
    if (running.length > 0) throw new Error('its gateway still runs');
    play.measure('healed → asleep', monotonicMs() - beganMs);
  },
});

/** It stays active that long from now on. */
export const expectStaysActive = (ms: number): Step => ({
  text: `stays active for ${whole(ms)}`,
  async do(play) {
    const end = monotonicMs() + ms;
    while (monotonicMs() < end) {
      const now = await play.stage.told();
      if (now && now.state !== 'active' && now.state !== 'recovering')
        throw new Error(`the state is ${now.state}`);
      await sleep(250);
    }
  },
});

/** One more fault on top of the first; what follows is timed from it. */
export const also = (fault: Fault): Step => ({
  text: `then ${fault.text}`,
  async do(play) {
    play.faultMs = monotonicMs();
    await play.stage.inject(fault);
  },
});

/** The fault goes away: the row's own, or the one that is named. */
export const heal = (fault?: Fault): Step => ({
  text: fault ? `it ends that ${fault.text}` : 'the fault is healed',
  do: (play) => play.stage.heal(fault ?? play.row.fault),
});

export const wait = (ms: number): Step => ({
  text: `${whole(ms)} later`,
  do: () => sleep(ms),
});

/** Anything else, told in words. */
export const check = (text: string, run: (play: Play) => Promise<void>): Step => ({text, do: run});

/** systemd started the standby's gateway so often since the row's first fault. */
export const gatewayStarts = (count: number): Step =>
  check(
    `the standby's gateway was started ${count === 1 ? 'once' : `${count} times`}`,
    async ({stage, beganAtMs}) => {
      const since = `@${Math.floor(beganAtMs / 1000)}`;
      const log = await sh(
        stage.standby.host,
        `journalctl -q --no-pager -o cat -u ${units.gateway} --since=${since} | grep -c '^Started' || true`,
      );
      if (Number(log) !== count) throw new Error(`it was started ${Number(log)} times`);
    },
  );
