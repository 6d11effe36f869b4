import {randomBytes} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import {parseArgs} from 'node:util';
import {layout} from '../../templates/layout.js';
import {accountsOf} from './accounts.js';
import {approvalOf, awake, parseApproval, refusal} from './approved.js';
import {ConfigProblem} from './config.js';
import type {Environment} from './environment.js';
import {hostFiles} from './files.js';
import {gatewayOf, parseInput, type InputLines} from './input.js';
import {judgePulled} from './pulled.js';
import {lookAround, readAll} from './read.js';
import type {Around} from './resolve.js';

/**
 * Runs on a host, with the host's own Node:
 *   read     (by the facts script, input in front of the program on stdin): config and accounts as fingerprints
 *   approve  prints the approved split of the config that is there
 *   guard    exit 0 when the gateway may start, else 1 and one sentence; with --asleep: no account may be enabled
 *   pulled FOLDER FILE…  judges a pulled set of secrets: prints it as one env file, or exit 3 and one sentence
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
      asleep: {type: 'boolean', default: false},
    },
  });
  const [mode, ...rest] = positionals.filter((word) => word !== '-');
  switch (mode) {
    case 'read':
      return read();
    case 'approve':
      process.stdout.write(`${JSON.stringify(approvalOf(localAccounts(values)), null, 2)}\n`);
      return 0;
    case 'guard':
      return guard(values);
    case 'pulled':
      return pulled(values, rest);
    default:
      process.stderr.write(
        'usage: accounts.mjs approve|guard [--asleep]|pulled FOLDER FILE… [--config FILE] [--state DIR] [--home DIR] [--approved FILE] [--key FILE]\n',
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
  asleep: boolean;
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
    const accounts = localAccounts(places);
    sentence = places.asleep
      ? awake(accounts)
      : refusal(accounts, parseApproval(readOr(places.approved, 'the approved split')));
  } catch (error) {
    sentence = `The approved split cannot be checked: ${(error as Error).message}`;
  }
  if (sentence === undefined) return 0;
  process.stderr.write(`${sentence} The gateway is not started; on the laptop: failover-wizard setup\n`);
  return 1;
}

/** The values leave this process on stdout only, which its caller keeps in a file of its own user. */
function pulled(places: Places, [folder = '', ...names]: readonly string[]): number {
  const files = names.map((name) => ({name, text: readOr(join(folder, name), 'the pulled file')}));
  const key = randomBytes(32).toString('hex');
  const judged = judgePulled(files, (gatewayFile) => accountsOf(around(places, gatewayFile), key));
  if ('refused' in judged) {
    process.stderr.write(`${judged.refused}\n`);
    return 3;
  }
  process.stdout.write(judged.text);
  return 0;
}

function localAccounts(places: Places) {
  const key = readOr(places.key, 'the key of the split').trim();
  if (key === '') throw new Error(`the key of the split ${places.key} is empty`);
  return accountsOf(around(places), key).accounts;
}

/** The gateway of this host; `gatewayFile` in place of the pulled secrets that are in force. */
function around(places: Places, gatewayFile?: Environment): Around {
  const stateDir = places.state ?? process.env.OPENCLAW_STATE_DIR ?? dirname(places.config);
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  try {
    return lookAround(
      {
        configPath: places.config,
        stateDir,
        home: places.home,
        cwd: process.cwd(),
        process: env,
        ...(gatewayFile && {gatewayFile}),
      },
      hostFiles,
    );
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
