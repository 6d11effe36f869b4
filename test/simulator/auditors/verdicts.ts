import type {MonitorEvent} from '../../../src/monitor/events.js';
import {minutes, seconds} from '../dice.js';
import {lasting, s, type MakeAuditor} from './auditor.js';
import type {History} from '../history.js';

/** What the monitor told since the last look. */
function news({world}: History): () => readonly MonitorEvent[] {
  let seen = 0;
  return () => {
    if (seen === world.told.length) return [];
    const fresh = world.told.slice(seen);
    seen = world.told.length;
    return fresh.map(({event}) => event);
  };
}

/**
 * I4: nobody takes over from a primary that is well, or that has not been unwell for as long as its kind asks; nor
 * during a pause, nor from a standby that knows nothing.
 */
export const onlyFromTheDead: MakeAuditor = (history) => {
  const fresh = news(history);
  return {
    look: () => {
      const takesOver = fresh().some(
        ({event, from}) =>
          (event === 'promoting' && from === 'suspect') || (event === 'retrying' && from === 'blocked'),
      );
      if (!takesOver) return undefined;
      if (history.byHand) return undefined;
      const {world, nowMs} = history;
      if (nowMs < world.pausedUntilMs - seconds(6)) return 'it takes over during a pause';
      // A takeover that a reboot of this host cut off goes on as soon as nothing says that the primary lives.
      if (history.resumed && !history.livesForSure()) return undefined;
      const upMs = nowMs - world.standby.bootedMs;
      if (
        !history.resumed &&
        world.standby.bootedMs > 0 &&
        upMs < world.settings.bootGraceMs &&
        !history.wellSinceBoot
      )
        return `it takes over ${s(upMs)} after the boot of its host`;
      if (history.founded()) return undefined;
      const {is, fromMs} = history.now;
      const before = history.stretches.at(-2);
      return `it takes over, and the primary has been ${is} for ${s(nowMs - fromMs)}${before ? `, before that ${before.is} for ${s(fromMs - before.fromMs)}` : ''}`;
    },
  };
};

/** ms from the decision to the bot: the gateway's own start, and the looks of the loop. */
const startMs = seconds(16);

/** I5: the primary is dead, the standby able: it is active within the time of the primary's kind of death. */
export const overFromTheDead: MakeAuditor = (history) => ({
  look: () => {
    const {world, nowMs} = history;
    const dueMs = history.overdueMs();
    if (dueMs === undefined || nowMs <= dueMs) return undefined;
    const state = world.memory?.state;
    if (state === 'active' || state === 'recovering') return undefined;
    if (state === 'promoting' && nowMs - dueMs < startMs) return undefined;
    // What kept it from starting has used up a try.
    if (state === 'promoting' && history.notPromotingMs <= history.ableMs) return undefined;
    // It was giving back when the primary died again.
    if (state === 'demoting' && nowMs - history.ableMs < seconds(30)) return undefined;
    return `the primary has been ${history.now.is} for ${s(nowMs - history.now.fromMs)}, and the standby is ${state}`;
  },
});

/** I6: the primary is back, and has been for its time: the standby gives back (failback auto). */
export const givesBack: MakeAuditor = (history) => {
  const {world} = history;
  return {
    look: () => {
      const state = world.memory?.state;
      if (world.settings.failback !== 'auto' || history.byHand) return undefined;
      const {now, nowMs, ableMs, clearMs} = history;
      if (now.is !== 'well') return undefined;
      if (state === 'watching' && !world.standby.gateway.awake) return undefined;
      const {riseMs, minActiveMs} = world.settings.thresholds;
      const wellMs = Math.max(now.fromMs, ableMs, clearMs);
      const {windowMs, max} = world.settings.promotion;
      const latched = history.promotions.at(-max);
      const latchMs =
        latched === undefined
          ? 0
          : Math.max(latched, history.bootSeenMs) + windowMs + world.standby.suspendedMs;
      // A gap, or a state file that was lost, lets it count from there.
      const lastMs =
        Math.max(history.promotions.at(-1) ?? 0, history.activeMs, world.disturbedMs) + minActiveMs;
      const startedMs = world.standby.gateway.starts.at(-1)?.atMs ?? 0;
      const dueMs = Math.max(wellMs + riseMs, lastMs, latchMs, startedMs) + seconds(35);
      if (nowMs <= dueMs) return undefined;
      return `the primary has been well for ${s(nowMs - now.fromMs)}, and the standby is ${state}${world.standby.gateway.awake ? ', its gateway runs' : ''}`;
    },
  };
};

/** I6, the other side: it does not give back too early, not during a pause, and not where an operator decides that. */
export const givesBackWithPatience: MakeAuditor = (history) => {
  const {world} = history;
  const fresh = news(history);
  return {
    look: () => {
      // From `suspect`: it was active before its host rebooted, and nothing has been started since.
      if (!fresh().some(({event, from}) => event === 'demoting' && from === 'recovering')) return undefined;
      const {now, nowMs} = history;
      const {riseMs, minActiveMs} = world.settings.thresholds;
      if (now.is !== 'well' && nowMs - now.fromMs > seconds(6))
        return `it gives back to a primary that is ${now.is}`;
      const wellMs = history.wellForMs();
      if (wellMs < riseMs - seconds(1))
        return `it gives back, and the primary has been well for ${s(wellMs)} only`;
      if (nowMs < world.pausedUntilMs - seconds(6)) return 'it gives back during a pause';
      if (nowMs - history.failbackMs < minutes(30)) return undefined;
      if (world.settings.failback === 'manual') return 'it gives back by itself';
      if (nowMs - history.activeMs < minActiveMs - seconds(2))
        return `it gives back after ${s(nowMs - history.activeMs)}`;
      return undefined;
    },
  };
};

/** "Active" means that the bot is there. */
export const activeMeansConnected: MakeAuditor = (history) => {
  const fresh = news(history);
  return {
    look: () => {
      const arrived = fresh().some(
        ({event, level, say}) => event === 'promoted' && level === 'alert' && say.startsWith('Taken over'),
      );
      if (!arrived || history.world.standby.gateway.connected) return undefined;
      // The look is a moment older than the word.
      return history.nowMs - history.world.standby.gateway.lostMs < seconds(10)
        ? undefined
        : 'it says that the bot is there, and it is not';
    },
  };
};

/** I9: at most two takeovers in fifteen minutes, and the last of them stays in force. */
export const notTooOften: MakeAuditor = (history) => {
  const {world} = history;
  const fresh = news(history);
  return {
    look: () => {
      const {max, windowMs} = world.settings.promotion;
      const {promotions, nowMs} = history;
      const last = promotions.at(-1);
      const first = promotions.at(-1 - max);
      if (last !== undefined && first !== undefined && last - first < windowMs - seconds(1))
        return `${max + 1} takeovers within ${s(last - first)}`;
      const oldest = promotions.at(-max);
      const gaveBack = fresh().some(({event, from}) => event === 'demoting' && from === 'recovering');
      const asked = nowMs - history.failbackMs < minutes(30);
      if (
        gaveBack &&
        !asked &&
        !history.byHandLately &&
        oldest !== undefined &&
        nowMs - oldest < windowMs - seconds(2)
      )
        return `it gives back the last takeover that it may make, ${s(nowMs - oldest)} after the one before`;
      return undefined;
    },
  };
};

/** I3: nothing takes for ever. */
export const stepsAreBounded: MakeAuditor = (history) => {
  const {world} = history;
  const promoting = lasting();
  const demoting = lasting();
  const doubting = lasting();
  return {
    look: () => {
      const {memory, standby, process, clock} = world;
      const moves = process?.stopped === 0 && standby.frozen === 0 && clock.nowMs > world.disturbedMs;
      const {nowMs} = clock;
      const is = (state: string) => moves && memory?.state === state;
      const taken = promoting(is('promoting'), nowMs);
      // Slow disks and a silent systemd may stretch the last look.
      if (taken > seconds(180) + seconds(15)) return `it has been promoting for ${s(taken)}`;
      const given = demoting(is('demoting'), nowMs);
      if (given > world.settings.demotion.timeoutMs + seconds(15))
        return `it has been demoting for ${s(given)}`;
      const clear = history.clearMs < history.now.fromMs && history.now.is === 'well';
      const doubted = doubting(is('suspect') && clear, nowMs);
      if (doubted > seconds(25)) return `it has suspected a primary that is well for ${s(doubted)}`;
      return undefined;
    },
  };
};
