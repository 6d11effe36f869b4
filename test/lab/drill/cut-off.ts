// The wizard is gone in the middle of a drill; nobody, the next start, or the timer on the primary ends it.

import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {layout, units} from '../../../src/templates/layout.js';
import {sh, unitState, until} from '../host-state.js';
import {errorOf, said, type Ended, type Run} from '../operator.js';
import {pairName} from '../pair.js';
import type {Act} from '../faults/lanes.js';
import {reportOf, stage, timer, told, type Bench} from './bench.js';
import {mustPass} from './faults.js';
import {asItWas, pairNow} from './left.js';

export type Moment = 'arming' | 'fault' | 'verdict' | 'connected' | 'undone' | 'demoting';
type Way = '--revert' | '--finish';

const stageLimitMs = 300_000;
const endLimitMs = 600_000;

const words: Readonly<Record<Moment, string>> = {
  arming: 'while the timer is armed',
  fault: 'after the fault',
  verdict: 'while the standby takes over',
  connected: 'with the bot connected',
  undone: 'while all is mended',
  demoting: 'while the standby gives back',
};

const records = ({operator}: Bench) =>
  join(operator.env['XDG_STATE_HOME']!, 'failover-wizard', pairName, 'drill.json');

/** Kills it at that moment. The timer is armed afterwards, or nothing is broken. */
async function killedAt(bench: Bench, moment: Moment, ...args: string[]): Promise<void> {
  const run = bench.drill('--fault', 'stop', ...args);
  if (moment === 'arming')
    await until('it is remembered', stageLimitMs, async () => {
      // Oftener than `until` looks.
      for (let count = 0; count < 20 && !existsSync(records(bench)); count++) await sleep(10);
      return existsSync(records(bench));
    });
  else await run.line(stage(moment), stageLimitMs);
  run.kill();
  const {code} = await run.ended;
  if (code !== 137) throw new Error(`it had ended with ${code}`);
  const [armed, runs] = await Promise.all([bench.timerIsArmed(), bench.primaryRuns()]);
  if (!armed && !runs) throw new Error('the primary is down, and no timer is armed');
  if (moment === 'demoting' && armed) throw new Error('the timer is still armed');
  if (moment !== 'arming' && moment !== 'demoting' && !armed) throw new Error('no timer is armed');
}

/** A start that only looks says what was found, and changes nothing. */
async function isTold(bench: Bench): Promise<void> {
  const ended = await bench.ended(bench.drill('--dry-run'), endLimitMs);
  const found = ended.lines.find(({type}) => type === 'half-done');
  if (found?.['fault'] !== 'stop') throw new Error(`the drill that was cut off is not told: ${said(ended)}`);
}

const endIt = (bench: Bench, way: Way): Promise<Ended> => bench.ended(bench.drill(way), endLimitMs);

/** Killed at that moment, and then finished or taken back. */
export const killed = (moment: Moment, way: Way, settle?: (bench: Bench) => Promise<void>): Act<Bench> => ({
  name: `killed ${words[moment]}, then ${way}`,
  async play(bench) {
    await settle?.(bench);
    const before = await pairNow(bench);
    await killedAt(bench, moment);
    await isTold(bench);
    const ended = await endIt(bench, way);
    const report = reportOf(ended);
    if (way === '--finish') mustPass(report, ended.code);
    else if (report.verdict.result !== 'stopped' || ended.code !== 0) throw new Error(told(report));
    if (existsSync(records(bench))) throw new Error('it is still remembered as half-done');
    await asItWas(bench, before);
  },
});

/** Killed, and nobody comes: the timer on the primary undoes it. */
export const undoesItself = (moment: Moment, revertAfterS: number): Act<Bench> => ({
  name: `killed ${words[moment]}, and the timer on the primary undoes it`,
  async play(bench) {
    const before = await pairNow(bench);
    const startedMs = performance.now();
    await killedAt(bench, moment, '--revert-after', `${revertAfterS}s`);
    await until('the timer has fired', (revertAfterS + 30) * 1000, async () => {
      const {active} = await unitState(bench.pair.primary, timer);
      return active !== 'active';
    });
    const tookS = (performance.now() - startedMs) / 1000;
    console.log(`measured: the timer of ${revertAfterS} s had fired ${tookS.toFixed(1)} s after the start`);
    const fired = await sh(bench.pair.primary, `cat ${layout.drillRun}/fired`);
    if (Number.isNaN(Date.parse(fired.trim()))) throw new Error(`the timer left "${fired}"`);
    await bench.pair.primary.gatewayReady(90);
    // The standby gives back by its own rules, with nobody there.
    await bench.rest();
    await until('the standby sleeps', 60_000, async () => {
      const {active} = await unitState(bench.pair.standby, units.gateway);
      return active === 'inactive';
    });
    await isTold(bench);
    const report = reportOf(await endIt(bench, '--revert'));
    if (report.verdict.result !== 'stopped') throw new Error(told(report));
    await asItWas(bench, before);
  },
});

/** Ctrl+C takes the fault back before it leaves; meanwhile nobody else may begin one. */
export const interrupted: Act<Bench> = {
  name: 'a second drill is refused by the name of the first, and Ctrl+C takes the first back',
  async play(bench) {
    const before = await pairNow(bench);
    const first = bench.drill('--fault', 'stop');
    await first.line(stage('fault'), stageLimitMs);
    await refused(bench, bench.drill('--fault', 'kill'), /process \d+/, String(first.pid));
    const elsewhere = bench.elsewhere();
    try {
      await refused(bench, elsewhere.drill('--fault', 'kill'), /drill|stop/i, 'stop');
    } finally {
      await elsewhere.operator.leave();
    }
    first.interrupt();
    const ended = await bench.ended(first, endLimitMs);
    const report = reportOf(ended);
    if (ended.code !== 130 || report.verdict.result !== 'stopped') throw new Error(told(report));
    if (report.left.primary !== 'well' || report.left.deadMan !== 'disarmed') throw new Error(told(report));
    await asItWas(bench, before);
  },
};

async function refused(bench: Bench, run: Run, sentence: RegExp, named: string): Promise<void> {
  const ended = await bench.ended(run, endLimitMs);
  const checks = ended.lines.flatMap(({type, checks}) => (type === 'checks' ? checks : []));
  const red = checks.filter(({sign}) => sign === 'stop').map(({say}) => say);
  const all = [errorOf(ended).sentence, errorOf(ended).detail ?? '', ...red].join('\n');
  if (ended.code !== 1 || !sentence.test(all) || !all.includes(named))
    throw new Error(`the second drill ended with ${ended.code}, and said:\n${all}\n${said(ended)}`);
  if (ended.lines.some(stage('fault'))) throw new Error('the second drill broke something');
}
