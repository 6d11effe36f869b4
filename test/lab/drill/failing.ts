// Drills that must fail, or must not begin: each leaves both hosts as they were.

import {layout, units} from '../../../src/templates/layout.js';
import {asOpenclaw, sh, until} from '../host-state.js';
import {errorOf, said} from '../operator.js';
import type {Act} from '../faults/lanes.js';
import {primaryUnit, reportOf, stage, told, type Bench} from './bench.js';
import {asItWas, pairNow} from './left.js';

const limitMs = 900_000;

const dropIn = `/run/systemd/system/${units.gateway}.d/never.conf`;
const neverReady = `[Service]
ExecStart=
ExecStart=/bin/sleep 1000
`;

/** @param attemptMs of one try of the standby's gateway; undefined: as setup wrote it */
export const neverReadyStandby = (attemptMs?: number): Act<Bench> => ({
  name: 'a standby that never becomes ready: failed, with the reason, and all as it was',
  async play(bench) {
    const {standby} = bench.pair;
    const before = await pairNow(bench);
    await bench.standby.write(dropIn, neverReady);
    await sh(standby, 'systemctl daemon-reload');
    if (attemptMs !== undefined) {
      const settings = JSON.parse((await bench.standby.read(layout.monitorSettings)) ?? '');
      settings.promotion.attemptMs = attemptMs;
      await bench.standby.write(layout.monitorSettings, JSON.stringify(settings));
      await sh(standby, `systemctl restart ${units.monitor}`);
      await bench.rest();
    }
    const ended = await bench.ended(bench.drill('--fault', 'stop'), limitMs);
    await bench.standby.remove(dropIn);
    await sh(standby, `rmdir --ignore-fail-on-non-empty $(dirname ${dropIn}); systemctl daemon-reload`);
    const report = reportOf(ended);
    const {verdict, left} = report;
    console.log(`measured: drill with a standby that is never ready: ${(ended.ms / 1000).toFixed(1)} s`);
    if (ended.code !== 1 || verdict.result !== 'failed' || left.primary !== 'well')
      throw new Error(told(report));
    if (!verdict.reasons.some((reason) => reason.startsWith('The standby did not take over as it should')))
      throw new Error(`the reason is not said:\n${told(report)}`);
    await bench.restore();
    await asItWas(bench, before);
  },
});

/** The unit fails at once, and systemd gives up on it. */
const failing = `[Unit]
StartLimitBurst=1
StartLimitIntervalSec=300
[Service]
ExecStart=
ExecStart=/bin/false
RestartSec=100ms
`;

export const primaryStaysDown: Act<Bench> = {
  name: 'a primary that does not come back: failed, the standby stays in charge, the timer stays armed',
  async play(bench) {
    const {primary} = bench.pair;
    const before = await pairNow(bench);
    const run = bench.drill('--fault', 'stop');
    await run.line(stage('fault'), limitMs);
    const uid = (await asOpenclaw(primary, 'id -u')).stdout.trim();
    const folder = `/run/user/${uid}/systemd/user/${primaryUnit}.d`;
    await bench.primary.write(`${folder}/zz-fault.conf`, failing);
    await asOpenclaw(primary, 'systemctl --user daemon-reload');
    const ended = await bench.ended(run, limitMs);
    const report = reportOf(ended);
    const {verdict, left} = report;
    console.log(`measured: drill with a primary that stays down: ${(ended.ms / 1000).toFixed(1)} s`);
    if (ended.code !== 1 || verdict.result !== 'failed') throw new Error(told(report));
    const {primary: there, standby, deadMan, say} = left;
    if (there !== 'not-well' || standby !== 'active' || deadMan !== 'armed') throw new Error(told(report));
    if (!/standby is in charge/.test(say) || !/by itself at/.test(say)) throw new Error(told(report));
    if (!(await bench.timerIsArmed())) throw new Error('the timer is not armed');
    // Somebody finds out why, and mends it.
    await bench.primary.remove(folder);
    await asOpenclaw(
      primary,
      `systemctl --user daemon-reload; systemctl --user reset-failed ${primaryUnit}; systemctl --user start ${primaryUnit}`,
    );
    const again = await bench.ended(bench.drill('--revert'), limitMs);
    if (reportOf(again).left.deadMan !== 'disarmed') throw new Error(said(again));
    await asItWas(bench, before);
  },
};

/** Nobody would take over: nothing is broken. */
export const paused: Act<Bench> = {
  name: 'a paused monitor: a red checklist, and nothing is broken',
  async play(bench) {
    const before = await pairNow(bench);
    const hand = (...args: string[]) => bench.operator.run([...args, '--json', '--yes'], 60_000);
    const pausing = await hand('pause', '--for', '10m');
    if (pausing.code !== 0) throw new Error(said(pausing));
    const ended = await bench.ended(bench.drill('--fault', 'stop'), 120_000);
    const resumed = await hand('resume');
    if (resumed.code !== 0) throw new Error(said(resumed));
    const checks = ended.lines.find(({type}) => type === 'checks')?.['checks'] ?? [];
    const red = checks.find(({id, sign}: {id: string; sign: string}) => id === 'monitor' && sign === 'stop');
    if (ended.code !== 1 || !/paused/.test(red?.say ?? '')) throw new Error(said(ended));
    if (!/nothing was broken/.test(errorOf(ended).sentence)) throw new Error(said(ended));
    if (ended.lines.some(stage('fault')) || !(await bench.primaryRuns())) throw new Error(said(ended));
    await until('the pause is over', 20_000, async () => (await bench.live())?.state === 'watching');
    await asItWas(bench, before);
  },
};
