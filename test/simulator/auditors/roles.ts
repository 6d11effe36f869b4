import {isActive} from '../../../src/monitor/memory.js';
import {seconds} from '../dice.js';
import type {Saved} from '../../../src/monitor/state-file.js';
import {lasting, s, type MakeAuditor} from './auditor.js';

/** ms in which a gateway that should not run is seen, told and stopped: a look every 10 s, a wish every 15 s. */
const correctedMs = seconds(45);
/** ms in which a gateway that should run, and does not, is seen. */
const missedMs = seconds(25);
/** ms in which one that hangs is seen, told and killed, on top of the time that it is given. */
const killedMs = seconds(25);

/** I1: the gateway on the standby runs when, and only when, the state says that it should. */
export const gatewayRunsByState: MakeAuditor = ({world}) => {
  const extra = lasting();
  const missing = lasting();
  const hanging = lasting();
  return {
    look: () => {
      const {standby, process, memory, clock} = world;
      const works =
        process?.stopped === 0 &&
        standby.frozen === 0 &&
        standby.gateway.rolePathBroken === 0 &&
        standby.runFull === 0 &&
        standby.systemctlSilent === 0 &&
        standby.diskSlow === 0;
      const {gateway} = standby;
      const runs = gateway.awake && !gateway.running?.stopping;
      const state = memory?.state;
      const known = works && state !== undefined && world.clock.nowMs - world.disturbedMs > 0;
      const asleep = known && !isActive(state) && state !== 'demoting';
      const inForce = known && (state === 'active' || state === 'recovering');
      // What was stopped by hand during a pause is left so.
      const awake = inForce && (memory?.pause === null || gateway.failed);
      const orphan = extra(asleep && runs, clock.nowMs);
      if (orphan > correctedMs) return `the gateway has run for ${s(orphan)} while the monitor is ${state}`;
      const absent = missing(awake && !gateway.running, clock.nowMs);
      if (absent > missedMs) return `no gateway has run for ${s(absent)} while the monitor is ${state}`;
      // Cut off itself, it may be that only the address of the gateway is gone.
      const stuck = inForce && gateway.running?.hung && memory?.probe?.class !== 'own-network-bad';
      const hung = hanging(stuck === true && !gateway.running?.stopping, clock.nowMs);
      if (hung > world.settings.holds.hungMs + killedMs)
        return `the gateway has hung for ${s(hung)} while the monitor is ${state}`;
      return undefined;
    },
  };
};

/** The gateway is started in answer to the newest wish and to nothing else: never past the split check in its unit. */
export const startedByWishOnly: MakeAuditor = ({world}) => {
  let seen = 0;
  return {
    look: () => {
      const {starts} = world.standby.gateway;
      for (; seen < starts.length; seen++) {
        const {seq, wish} = starts[seen]!;
        // A wish that was taken back while root was starting is stopped again at once.
        if (seq !== undefined && (wish === undefined || seq > wish.seq || wish.seq - seq > 2))
          return `the gateway was started for wish ${seq}, and the newest one was ${wish?.seq ?? 'none'}`;
      }
      return undefined;
    },
  };
};

/** I10: a restart of the monitor, for whatever reason, changes no role and goes on as what was known. */
export const restartChangesNothing: MakeAuditor = ({world}) => {
  let seen = 0;
  return {
    look: () => {
      const {restarts} = world;
      for (; seen < restarts.length; seen++) {
        const {before, after} = restarts[seen]!;
        if (!after) {
          if (seen === restarts.length - 1) return undefined;
          continue;
        }
        const {role} = before;
        const saved = before.saved === undefined ? undefined : (JSON.parse(before.saved) as Saved);
        const rebooted = saved !== undefined && saved.boot !== world.standby.boot;
        // Nothing is running after a reboot: the primary is asked first.
        if (rebooted || (!role && saved)) {
          if (after.want === 'active' && !role)
            return `after a reboot it wished "active" before anybody was asked`;
          continue;
        }
        if (!saved && !role) continue;
        const newer = saved && (!role || saved.memory.role.seq > role.seq) ? saved.memory.role : role;
        if (newer && newer.want !== after.want)
          return `before the restart the role was ${newer.want} (${newer.seq}), after it ${after.want}`;
        if (saved && (!role || saved.memory.role.seq >= role.seq) && saved.memory.state !== after.state)
          return `before the restart it was ${saved.memory.state}, after it ${after.state}`;
        // A giving back that was saved and not yet wished goes on as such.
        if (before.ran && newer?.want === 'active' && !isActive(after.state))
          return `its gateway ran, and after the restart it was ${after.state}`;
      }
      return undefined;
    },
  };
};
