#!/usr/bin/env node
// What the live view costs, and how soon it shows what happens: the real program in a terminal, two real hosts.
// Needs root and the lab of test/lab.
//
//   npm run bench:watch -- [--runs 5] [--seconds 60] [--json FILE]
//
// Prints a table; --json writes the figures as well. Exit 1 when something never appeared.
import {writeFileSync} from 'node:fs';
import {availableParallelism, loadavg} from 'node:os';
import {parseArgs} from 'node:util';
import {finishedPair, removePair} from '../test/lab/pair.js';
import {firstFrames} from './watch/first-frame.js';
import {latencies} from './watch/latency.js';
import {costs} from './watch/costs.js';
import {pageOf, type WatchReport} from './watch/page.js';

const {values} = parseArgs({
  options: {
    runs: {type: 'string', default: '5'},
    seconds: {type: 'string', default: '60'},
    json: {type: 'string'},
  },
});
const runs = Number(values.runs);
const seconds = Number(values.seconds);
if (!(runs >= 1 && seconds >= 10))
  throw new Error('usage: npm run bench:watch -- [--runs 5] [--seconds 60] [--json FILE]');

const {pair, operator} = await finishedPair();
try {
  const report: WatchReport = {
    date: new Date().toISOString(),
    cores: availableParallelism(),
    load: loadavg()[0]!,
    firstFrame: await firstFrames(operator, runs),
    costs: await costs(operator, pair, seconds),
    latency: await latencies(operator, pair, runs),
  };
  process.stdout.write(`${pageOf(report)}\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
} finally {
  await operator.leave();
  await removePair();
}
