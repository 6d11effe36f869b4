import type {MonitorEvent} from '../../../src/monitor/events.js';
import {seconds} from '../dice.js';
import {plantedSecret} from '../wire.js';
import {lasting, s, type MakeAuditor} from './auditor.js';

/** I7: what was committed here while active is in the workspace, on a branch, or pushed; and that is told. */
export const noWorkIsLost: MakeAuditor = ({world}) => {
  const untold = lasting();
  let toldPushes = 0;
  return {
    look: () => {
      const {workspace, diskSlow, frozen} = world.standby;
      const there = workspace.here + workspace.kept + workspace.pushed;
      if (there !== workspace.made) return `${workspace.made} commits were made here, and ${there} are left`;
      // Each failed push that follows none is told, and each that went well.
      const last = workspace.pushes.at(-1);
      if (!last) return undefined;
      if (world.told.length !== toldPushes) {
        toldPushes = world.told.length;
      }
      const works = world.process?.monitor !== undefined && world.process.stopped === 0;
      const newest = world.told.findLast(({event}) => event.event === 'handback-push');
      const known =
        newest !== undefined &&
        /pushed\b.*\.$/.test(newest.event.say) &&
        !newest.event.say.includes('could not');
      const silentMs = untold(
        works && frozen === 0 && diskSlow === 0 && known !== last.ok,
        world.clock.nowMs,
      );
      return silentMs > seconds(40)
        ? `a hand-back was ${last.ok ? 'pushed' : 'not pushed'}, and for ${s(silentMs)} nobody was told`
        : undefined;
    },
  };
};

const chainBreakers = new Set(['started', 'resuming']);

/** I8: every transition is in the log once, in sequence, with what was known, and was told. */
export const everythingIsTold: MakeAuditor = ({world}) => {
  let seen = 0;
  let toldSeen = 0;
  let last: MonitorEvent | undefined;
  const unlogged = lasting();
  return {
    look: () => {
      const {events, diskFull, diskSlow} = world.standby;
      for (; seen < events.length; seen++) {
        const event = events[seen]!;
        if (event.seq !== seen + 1) return `event ${seen + 1} of the log has the number ${event.seq}`;
        if (last && event.from !== last.to && !chainBreakers.has(event.event) && !lostBetween(events, seen))
          return `event ${event.seq} (${event.event}) goes from ${event.from}, and the one before went to ${last.to}`;
        const lack = lacks(event);
        if (lack) return `event ${event.seq} (${event.event}) has no ${lack}`;
        last = event;
      }
      for (; toldSeen < world.told.length; toldSeen++) {
        const {event} = world.told[toldSeen]!;
        if (event.say.trim() === '' || /undefined|NaN|null|\{\w+\}/.test(event.say))
          return `event ${event.seq} (${event.event}) says "${event.say}"`;
      }
      const waits = world.memory !== undefined && world.memory.sequence > events.length;
      const works =
        diskFull === 0 && diskSlow === 0 && world.process?.stopped === 0 && world.standby.frozen === 0;
      const lateMs = unlogged(waits && works, world.clock.nowMs);
      return lateMs > seconds(30)
        ? `an event has waited for its line in the log for ${s(lateMs)}`
        : undefined;
    },
    end: () => {
      const told = new Set(world.told.map(({event}) => `${event.boot} ${event.seq} ${event.event}`));
      const untold = world.standby.events.find(({boot, seq, event}) => !told.has(`${boot} ${seq} ${event}`));
      return untold && `event ${untold.seq} (${untold.event}) was never told`;
    },
  };
};

/** A full disk may have kept the end of a monitor's life from the log. */
const lostBetween = (events: readonly MonitorEvent[], index: number) =>
  events
    .slice(Math.max(0, index - 1), index + 1)
    .some(({event}) => event === 'disk' || event === 'state-broken');

/** What an event must say it was decided from. */
function lacks({event, evidence, durations, level, say}: MonitorEvent): string | undefined {
  if (!evidence.role || durations.inStateMs === undefined || !level) return 'role, level or duration';
  // An operator's word is evidence enough.
  if (event === 'promoting' && !say.startsWith('An operator')) {
    if (!evidence.probe) return 'probe';
    if (evidence.bad === undefined) return 'count of bad probes';
    if (!evidence.witness) return 'word of a witness';
  }
  if (event === 'promoted' && durations.sincePromotingMs === undefined) return 'time since the decision';
  if (event === 'demoting' && evidence.probe?.class !== 'ok') return 'good probe';
  return undefined;
}

/**
 * I11, as far as it can be seen here: the settings, error pages, the SSH banner and what is printed beside a report
 * hold a planted word, and neither the state, nor the events, nor the record, nor what `watch` reads, nor the journal repeats it.
 * Arguments and environments are looked through in the lab.
 */
export const noSecretIsRepeated: MakeAuditor = ({world}) => {
  let heard = 0;
  let saved: string | undefined;
  return {
    look: () => {
      for (; heard < world.told.length; heard++)
        if (JSON.stringify(world.told[heard]).includes(plantedSecret))
          return `event ${world.told[heard]!.event.seq} repeats a secret`;
      if (saved === world.standby.saved) return undefined;
      saved = world.standby.saved;
      return saved?.includes(plantedSecret) ? 'the state file repeats a secret' : undefined;
    },
    end: () => {
      if (world.standby.record.includes(plantedSecret)) return 'the record repeats a secret';
      return JSON.stringify(world.live ?? {}).includes(plantedSecret)
        ? 'the live sample repeats a secret'
        : undefined;
    },
  };
};

/** No start of the gateway here comes so soon after unclean ones that OpenClaw keeps its channels off. */
export const neverMuted: MakeAuditor = ({world}) => {
  let seen = 0;
  return {
    look: () => {
      const {starts} = world.standby.gateway;
      for (; seen < starts.length; seen++)
        if (starts[seen]!.knownMuted && starts[seen]!.seq !== undefined)
          return 'it started the gateway a third time within five minutes after it ended uncleanly';
      return undefined;
    },
  };
};

/** The monitor's own process never ends by itself, and systemd never has to end it because its loop stands still. */
export const monitorLives: MakeAuditor = ({world}) => ({
  look: () => {
    if (world.thrown !== undefined) return `the monitor ended with an error: ${String(world.thrown)}`;
    return world.hungMs === undefined
      ? undefined
      : `systemd ended the monitor, which had not said for ${s(world.hungMs)} that it lives`;
  },
});
