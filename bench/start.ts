// How long the program needs before it says its first word, beside what Node itself needs, in one run.
//
//   npm run bench:start [-- --runs 30] [--json FILE] [--launcher PATH]
//
// Every round starts each contender once, in turn, so that a busy moment falls on all of them. Prints medians in ms and
// what each takes over a bare Node; the goal is at most 80 ms over it.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

const {values} = parseArgs({
  options: {
    runs: {type: 'string', default: '30'},
    json: {type: 'string'},
    launcher: {
      type: 'string',
      default: fileURLToPath(new URL('../bin/failover-wizard.js', import.meta.url)),
    },
  },
});
const runs = Number(values.runs);
if (!Number.isSafeInteger(runs) || runs < 1) throw new Error('--runs must be a number from 1');
const {launcher} = values;
const cache = mkdtempSync(join(tmpdir(), 'compile-cache-'));

interface Contender {
  name: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  ms: number[];
}
const warm = {NODE_COMPILE_CACHE: cache};
const cold = {NODE_DISABLE_COMPILE_CACHE: '1'};
const contender = (name: string, args: readonly string[], env?: NodeJS.ProcessEnv): Contender => ({
  name,
  args,
  ...(env && {env}),
  ms: [],
});
const contenders = [
  contender('node -e 0', ['-e', '0']),
  contender('--version', [launcher, '--version'], warm),
  contender('--help', [launcher, '--help'], warm),
  contender('--help, no compile cache', [launcher, '--help'], cold),
  contender('setup --help', [launcher, 'setup', '--help'], warm),
  contender('completion bash', [launcher, 'completion', 'bash'], warm),
  contender('states', [launcher, 'states'], warm),
];

function start({args, env, name}: Contender): number {
  const begun = performance.now();
  const {status, stderr} = spawnSync(process.execPath, args, {
    env: {...process.env, ...env},
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ms = performance.now() - begun;
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr.toString()}`);
  return ms;
}

const median = (numbers: readonly number[]) => {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

try {
  // The first start fills the compile cache.
  for (const one of contenders) start(one);
  for (let round = 0; round < runs; round++) for (const one of contenders) one.ms.push(start(one));
} finally {
  rmSync(cache, {recursive: true, force: true});
}

const bare = median(contenders[0]!.ms);
const rows = contenders.map(({name, ms}) => ({
  name,
  medianMs: Math.round(median(ms) * 10) / 10,
  leastMs: Math.round(Math.min(...ms) * 10) / 10,
  mostMs: Math.round(Math.max(...ms) * 10) / 10,
  overMs: Math.round((median(ms) - bare) * 10) / 10,
}));
for (const {name, medianMs, leastMs, mostMs, overMs} of rows)
  process.stdout.write(
    `${name.padEnd(26)} ${medianMs.toFixed(1).padStart(7)} ms  (${leastMs}–${mostMs})  ${overMs >= 0 ? '+' : ''}${overMs} ms\n`,
  );
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({node: process.version, runs, rows}, null, 2)}\n`);
