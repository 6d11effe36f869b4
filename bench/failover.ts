#!/usr/bin/env node
// How long it takes from a fault of the primary until the standby's bot answers, beside the plain rule on the same
// hosts in the same run, with the gateway's own start as the floor. Needs root and the lab of test/lab.
//
//   npm run bench:failover -- [--runs 5] [--faults failed,lost,hung] [--standby cold|warm] [--json FILE]
//
// Prints tables; --json writes every run as well. Exit 1 when a run could not be made.
import {writeFileSync} from 'node:fs';
import {availableParallelism, loadavg} from 'node:os';
import {parseArgs} from 'node:util';
import {takes} from '../test/lab/faults/asleep.js';
import {Stage} from '../test/lab/faults/stage.js';
import {said} from '../test/lab/operator.js';
import {answersFor, finishedPair, removePair} from '../test/lab/pair.js';
import {floor, install, ours, plain, rest, type Try} from './failover/contenders.js';
import {faults} from './failover/faults.js';
import {faultNames, type FaultName, type Report, type Times} from './failover/figures.js';
import {pageOf} from './failover/page.js';

/** The longest that anybody is waited for, ms. */
const capMs = 150_000;

const {values} = parseArgs({
  options: {
    runs: {type: 'string', default: '5'},
    faults: {type: 'string', default: faultNames.join(',')},
    standby: {type: 'string', default: 'cold'},
    json: {type: 'string'},
  },
});
const runs = Number(values.runs);
const wanted = values.faults.split(',') as FaultName[];
const standby = values.standby as Report['standby'];
if (!(runs >= 1) || !wanted.every((name) => faultNames.includes(name)) || !['cold', 'warm'].includes(standby))
  throw new Error(
    `usage: npm run bench:failover -- [--runs 5] [--faults ${faultNames.join(',')}] [--standby cold|warm] [--json FILE]`,
  );

const load = () => loadavg()[0]!;
const report: Report = {
  date: new Date().toISOString(),
  cores: availableParallelism(),
  load: [load(), load()],
  capMs,
  standby,
  floor: [],
  ours: {},
  plain: {},
};

/** Whoever never took over within the cap is not waited for again. */
const neverCame = (list: readonly Times[] = []) => list.some(({online}) => online === undefined);

async function round(stage: Stage, index: number): Promise<void> {
  // Faults are spread evenly over the time between two probes, at random within their part of it.
  const next = (): Try => ({stage, standby, capMs, phase: (index + Math.random()) / runs});
  note('floor', report.floor, await floor(next()));
  for (const name of wanted)
    note(`${name}, failover-wizard`, (report.ours[name] ??= []), await ours(faults[name], next()));
  for (const name of wanted.filter((name) => !neverCame(report.plain[name])))
    note(`${name}, plain rule`, (report.plain[name] ??= []), await plain(faults[name], next()));
}

/** The pair is set up cold; warm is a change of its answers, as an operator makes it. */
async function makeWarm(): Promise<void> {
  const answers = await answersFor(pair);
  operator.answer({...answers, monitor: {...answers.monitor, standby: 'warm'}});
  const ended = await operator.setup();
  if (ended.code !== 0) throw new Error(`the standby did not become warm: ${said(ended)}`);
}

function note(what: string, list: Times[], times: Times): void {
  list.push(times);
  const told = Object.entries(times).map(([moment, ms]) => `${moment} ${(ms / 1000).toFixed(2)}`);
  process.stderr.write(
    `${what} ${list.length}: ${told.join(', ') || 'nothing'}   (load ${load().toFixed(1)})\n`,
  );
}

const {pair, operator} = await finishedPair();
try {
  if (standby === 'warm') await makeWarm();
  const stage = await Stage.of(pair);
  await install(stage);
  if (standby === 'warm') {
    await rest({stage, standby});
    report.takes = await takes(stage);
  }
  report.load[0] = load();
  for (let index = 0; index < runs; index += 1) await round(stage, index);
} catch (error) {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
} finally {
  report.load[1] = load();
  if (report.floor.length > 0) process.stdout.write(`${pageOf(report)}\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  await operator.leave();
  await removePair();
}
