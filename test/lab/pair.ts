// A primary with its gateway and a standby, on the addresses that all lab tests share.

import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Answers} from '../../src/pair/schema.js';
import {lab, LabHost, type HostOptions} from './lab.js';
import {Operator, said} from './operator.js';

export const pairName = 'lab';
const places = {
  primary: {name: 'claw-main', ip: '10.77.0.11', private: '100.64.0.11'},
  standby: {name: 'claw-backup', ip: '10.77.0.12', private: '100.64.0.12'},
};

/** A host's disk to start from: a tree of the lab, or a snapshot. */
type Start = Pick<HostOptions, 'tree' | 'from' | 'sudoUsers'>;

export interface LabPair {
  primary: LabHost;
  standby: LabHost;
}

/** Both hosts, booted, with the primary's gateway ready and the hub's repository as the primary knows it. */
export async function bootPair(primary: Start, standby: Start): Promise<LabPair> {
  await lab.up();
  await removePair();
  await lab.gitRevokeAll();
  const host = await lab.host({...places.primary, ...primary});
  await resetHub(host);
  // A standby that was set up already must not find the primary still starting.
  await host.gatewayReady(90);
  return {primary: host, standby: await lab.host({...places.standby, ...standby})};
}

/** Both hosts are gone afterwards, whatever state they are in. */
export async function removePair(): Promise<void> {
  for (const {name} of Object.values(places)) await new LabHost(name).remove();
}

/** Branches of earlier tests go, and main is what this primary has. */
async function resetHub(primary: LabHost): Promise<void> {
  const workspace = '/home/openclaw/.openclaw/workspace';
  const head = await primary.exec([
    'runuser',
    '-u',
    'openclaw',
    '--',
    'git',
    '-C',
    workspace,
    'rev-parse',
    'HEAD',
  ]);
  const script = `set -eu
cd /home/git/workspace.git
git for-each-ref --format='delete %(refname)' refs/heads/failover | git update-ref --stdin
git cat-file -e "$1" && git update-ref refs/heads/main "$1"`;
  const ran = await lab.hub.exec([
    'runuser',
    '-u',
    'git',
    '--',
    'sh',
    '-c',
    script,
    'sh',
    head.stdout.trim(),
  ]);
  if (ran.code !== 0) throw new Error(`the hub's repository could not be reset: ${ran.stderr}${head.stderr}`);
}

/** Values that occur nowhere else, so that a leak is found by searching; the same in every run, for snapshots. */
export const secrets = {
  LAB_STUB_KEY: 'stubkey-4b7f0e9d2c6a8153',
  LAB_NICKSERV: 'nickserv-91c3d7a5e0f2468b',
};

const stub = {
  baseUrl: 'http://10.77.0.1:9100/v1',
  apiKey: '${STUB_API_KEY}',
  api: 'openai-completions',
  models: [
    {
      id: 'stub',
      name: 'Stub',
      reasoning: false,
      input: ['text'],
      cost: {input: 0, output: 0, cacheRead: 0, cacheWrite: 0},
      contextWindow: 120_000,
      maxTokens: 8192,
    },
  ],
};

/** Answers for this pair: a standby that takes over the nick `clawbak`, with pinned host keys. */
export async function answersFor({primary, standby}: LabPair, login = 'root'): Promise<Answers> {
  const identityFile = await lab.operatorKey();
  return {
    name: pairName,
    primary: {ssh: `root@${places.primary.ip}`, identityFile, hostKey: await primary.fingerprint()},
    standby: {ssh: `${login}@${places.standby.ip}`, identityFile, hostKey: await standby.fingerprint()},
    network: {kind: 'existing'},
    channel: {
      type: 'irc',
      account: 'backup',
      settings: {
        host: '10.77.0.2',
        port: 6667,
        tls: false,
        nick: 'clawbak',
        dmPolicy: 'allowlist',
        allowFrom: ['alice!~alice@10.77.0.1'],
      },
      secrets: {'nickserv.password': {env: 'LAB_NICKSERV'}},
    },
    model: {primary: 'stub/stub', providers: {stub}, secrets: {STUB_API_KEY: {env: 'LAB_STUB_KEY'}}},
    monitor: {profile: 'classic'},
    mirrors: {node: 'http://10.77.0.1:9200'},
  };
}

/** An operator with the answers for this pair. */
export async function operatorOf(pair: LabPair, login?: string): Promise<Operator> {
  const operator = new Operator(secrets);
  operator.answer(await answersFor(pair, login));
  return operator;
}

/** Names of the snapshots of a finished pair; they belong to one build of the program. */
export function finishedSnapshots(): {primary: string; standby: string} {
  const dist = fileURLToPath(new URL('../../dist', import.meta.url));
  const hash = createHash('sha256');
  const files = readdirSync(dist, {recursive: true, withFileTypes: true}).filter((entry) => entry.isFile());
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).toSorted())
    hash.update(readFileSync(path));
  const build = hash.digest('hex').slice(0, 10);
  return {primary: `finished-primary-${build}`, standby: `finished-standby-${build}`};
}

/** Keeps both disks as they are now, for tests that begin with a finished pair; older ones go. */
export async function keepFinished({primary, standby}: LabPair): Promise<void> {
  const names = finishedSnapshots();
  for (const old of await lab.snapshots()) if (old.startsWith('finished-')) await lab.snapshotRemove(old);
  // The standby is off while the primary restarts, or it would take over.
  await standby.stop();
  await primary.snapshot(names.primary);
  await primary.gatewayReady(90);
  await standby.snapshot(names.standby);
  await standby.start();
}

/** A finished pair, from the snapshots where this build has some, else by a whole setup. */
export async function finishedPair(): Promise<{pair: LabPair; operator: Operator}> {
  const names = finishedSnapshots();
  const have = await lab.snapshots();
  if (have.includes(names.primary) && have.includes(names.standby)) {
    const pair = await bootPair({from: names.primary}, {from: names.standby});
    const operator = await operatorOf(pair);
    await authorizeDeployKey(pair.standby);
    return {pair, operator};
  }
  const pair = await bootPair({tree: 'primary-user'}, {tree: 'bookworm'});
  const operator = await operatorOf(pair);
  const ended = await operator.setup();
  if (ended.code !== 0) throw new Error(`setup did not finish: ${said(ended)}`);
  await keepFinished(pair);
  return {pair, operator};
}

/** The hub forgets keys between tests; the one of a snapshot's standby is let in again. */
async function authorizeDeployKey(standby: LabHost): Promise<void> {
  const key = await standby.exec(['cat', '/home/openclaw/.ssh/failover_workspace_ed25519.pub']);
  await lab.gitAuthorize(key.stdout.trim());
}
