// Faults of the monitor and of the standby's own disk and clock.

import {layout, units} from '../../../../src/templates/layout.js';
import {sh} from '../../host-state.js';
import type {Fault} from '../fault.js';
import type {Stage} from '../stage.js';
import {told} from '../stage.js';

const onStandby = (text: string, script: string, healing = 'true'): Fault => ({
  text,
  inject: async ({standby}) => void (await sh(standby.host, script, {timeoutMs: 60_000})),
  heal: async ({standby}) => void (await sh(standby.host, healing, {timeoutMs: 60_000})),
});

export const monitorKilled = onStandby(
  'the monitor is killed',
  `systemctl kill -s KILL --kill-whom=main ${units.monitor}`,
);
export const monitorStopped = onStandby(
  'the monitor stands still (SIGSTOP)',
  `systemctl kill -s STOP --kill-whom=main ${units.monitor}`,
  `systemctl kill -s CONT --kill-whom=main ${units.monitor}`,
);

/** The monitor dies at its K-th durable step from now on; see services/monitor-preload.cjs. */
export const diesAtStep = (step: number): Fault => ({
  text: `the monitor is killed before its ${ordinal(step)} durable step`,
  inject: ({standby}) => standby.inside.write(`${told}/die`, `${step}\n`),
  heal: ({standby}) => standby.inside.remove(`${told}/die`),
});

function ordinal(count: number): string {
  return `${count}${['th', 'st', 'nd', 'rd'][count > 3 ? 0 : count]}`;
}

/** Which step it was that the monitor died at. */
export const diedAt = async ({standby}: Stage) => (await standby.inside.read(`${layout.state}/died`))?.trim();

export const wallClockStepped = (ms: number): Fault => ({
  text: `the standby's clock is set ${ms > 0 ? 'forward' : 'back'} by ${Math.abs(ms) / 3_600_000} h`,
  inject: ({standby}) => standby.inside.write(`${told}/clock`, `${ms}\n`),
  heal: ({standby}) => standby.inside.remove(`${told}/clock`),
});

/** The monitor finds this in the place of its state when it comes up. */
export const stateFileIs = (text: string, what: string, owner: string = layout.monitorUser): Fault => ({
  text: what,
  async inject({standby}) {
    await sh(standby.host, `systemctl stop ${units.monitor}`);
    await standby.inside.write(layout.stateJson, text);
    const mode = owner === layout.monitorUser ? '644' : '600';
    await sh(
      standby.host,
      `chown ${owner} ${layout.stateJson}; chmod ${mode} ${layout.stateJson}; systemctl start ${units.monitor}`,
    );
  },
  heal: async () => {},
});

/** The monitor's folder is a file system of its own, for the faults of disks; part of a row's conditions. */
export const ownDisk = onStandby(
  "the monitor's folder is a small file system of its own",
  `systemctl stop ${units.monitor}
mount -t tmpfs -o size=256k,mode=755 lab ${layout.state}
chown ${layout.monitorUser}: ${layout.state}`,
);
export const diskFull = onStandby(
  "the disk under the monitor's folder is full",
  `cat /dev/zero >${layout.state}/filler 2>/dev/null; true`,
  `rm -f ${layout.state}/filler`,
);
export const diskReadOnly = onStandby(
  "the disk under the monitor's folder is read-only",
  // A file that is open for writing at this moment forbids it.
  `for i in 1 2 3 4 5 6 7 8 9; do mount -o remount,ro ${layout.state} && exit 0; sleep 0.1; done; exit 1`,
  `mount -o remount,rw ${layout.state}`,
);

/** Somebody edits the settings, wrongly, and reloads. */
export const settingsSpoilt: Fault = {
  text: 'the settings are edited wrongly and read again',
  async inject({standby}) {
    const text = (await standby.inside.read(layout.monitorSettings)) ?? '';
    await standby.inside.write(layout.monitorSettings, text.replace('"address"', '"adress"'));
    await sh(standby.host, `systemctl reload ${units.monitor}`);
  },
  heal: async () => {},
};

export const journalDead = onStandby(
  'the journal is dead',
  'systemctl stop systemd-journald.socket systemd-journald-dev-log.socket systemd-journald.service 2>/dev/null; true',
  'systemctl start systemd-journald.socket systemd-journald-dev-log.socket systemd-journald.service',
);
