import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import {parseArgs} from 'node:util';
import {layout} from '../../templates/layout.js';
import {accountsOf} from './accounts.js';
import {approvalOf, parseApproval, refusal} from './approved.js';
import {ConfigProblem} from './config.js';
import {hostFiles} from './files.js';
import {gatewayOf, parseInput, type InputLines} from './input.js';
import {lookAround, readAll} from './read.js';

/**
 * Runs on a host, with the host's own Node:
 *   read     (by the facts script, input in front of the program on stdin): config and accounts as fingerprints
 *   approve  prints the approved split of the config that is there
 *   guard    exit 0 when the gateway may start, else 1 and one sentence
 */
function main(): number {
  const {values, positionals} = parseArgs({
    allowPositionals: true,
    options: {
      config: {type: 'string', default: layout.config},
      state: {type: 'string'},
      home: {type: 'string', default: homedir()},
      approved: {type: 'string', default: layout.approvedSplit},
      key: {type: 'string', default: layout.splitKey},
    },
  });
  const mode = positionals.find((word) => word !== '-');
  switch (mode) {
    case 'read':
      return read();
    case 'approve':
      process.stdout.write(`${JSON.stringify(approvalOf(localAccounts(values)), null, 2)}\n`);
      return 0;
    case 'guard':
      return guard(values);
    default:
      process.stderr.write(
        'usage: accounts.mjs approve|guard [--config FILE] [--state DIR] [--home DIR] [--approved FILE] [--key FILE]\n',
      );
      return 2;
  }
}

interface Places {
  config: string;
  state?: string | undefined;
  home: string;
  approved: string;
  key: string;
}

function read(): number {
  const input = parseInput((globalThis as {failoverInput?: InputLines}).failoverInput ?? []);
  const runtime = {node: input.node ?? process.execPath, nodeVersion: process.versions.node};
  const output = readAll(gatewayOf(input, hostFiles), {
    key: input.key,
    files: hostFiles,
    packages: input.packages,
    runtime,
    ...(input.approved && input.splitKey && {approval: {key: input.splitKey.trim(), split: input.approved}}),
  });
  process.stdout.write(`${JSON.stringify(output)}\n`);
  return 0;
}

function guard(places: Places): number {
  let sentence: string | undefined;
  try {
    const approved = parseApproval(readOr(places.approved, 'the approved split'));
    sentence = refusal(localAccounts(places), approved);
  } catch (error) {
    sentence = `The approved split cannot be checked: ${(error as Error).message}`;
  }
  if (sentence === undefined) return 0;
  process.stderr.write(`${sentence} The gateway is not started; on the laptop: failover-wizard setup\n`);
  return 1;
}

function localAccounts(places: Places) {
  const key = readOr(places.key, 'the key of the split').trim();
  if (key === '') throw new Error(`the key of the split ${places.key} is empty`);
  const stateDir = places.state ?? process.env.OPENCLAW_STATE_DIR ?? dirname(places.config);
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  try {
    const around = lookAround(
      {configPath: places.config, stateDir, home: places.home, cwd: process.cwd(), process: env},
      hostFiles,
    );
    return accountsOf(around, key).accounts;
  } catch (error) {
    if (error instanceof ConfigProblem)
      throw new Error(`the config ${places.config} ${error.message}`, {cause: error});
    throw error;
  }
}

function readOr(path: string, what: string): string {
  try {
    return readFileSync(join(path), 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Error(`${what} ${path} cannot be read (${code})`, {cause: error});
  }
}

try {
  process.exitCode = main();
} catch (error) {
  // The message only: a stack would name the same places at length, and never a value.
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
