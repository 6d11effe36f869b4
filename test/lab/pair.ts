// A primary with its gateway and a standby, on the addresses that all lab tests share, or beside them.

import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Answers} from '../../src/pair/schema.js';
import {layout} from '../../src/templates/layout.js';
import {sh} from './host-state.js';
import {lab, LabHost, type HostOptions} from './lab.js';
import {Operator, said} from './operator.js';

export const pairName = 'lab';

/** What one pair of hosts has to itself on a machine where several are up. */
export interface Places {
  primary: {name: string; ip: string; private: string};
  standby: {name: string; ip: string; private: string};
  nicks: {primary: string; standby: string};
  /** Bare Git repository of the hub. */
  repository: string;
  /** What the names of its snapshots begin with. */
  snapshots: string;
  /** What the names of its twins begin with, and the last number of their first address. */
  twins: {name: string; number: number};
}

const shared: Places = {
  primary: {name: 'claw-main', ip: '10.77.0.11', private: '100.64.0.11'},
  standby: {name: 'claw-backup', ip: '10.77.0.12', private: '100.64.0.12'},
  nicks: {primary: 'clawmain', standby: 'clawbak'},
  repository: 'workspace',
  snapshots: 'finished',
  twins: {name: 'twin', number: 31},
};

/**
 * `FAILOVER_LAB_PAIR="try 51"`: hosts try-main and try-backup at .51 and .52, with nicks, a repository and snapshots
 * of their own, so that two people can run tests at the same time. Without it: the addresses in README.md.
 */
function wished(wish: string | undefined): Places {
  if (wish === undefined || wish === '') return shared;
  const match = /^([a-z]{1,5}) (\d{1,3})$/.exec(wish);
  if (!match) throw new Error(`FAILOVER_LAB_PAIR is "NAME NUMBER", such as "try 51", not ${wish}`);
  return placesOf(match[1]!, Number(match[2]));
}

function placesOf(name: string, number: number): Places {
  const at = (part: string, offset: number) => ({
    name: `${name}-${part}`,
    ip: `10.77.0.${number + offset}`,
    private: `100.64.0.${number + offset}`,
  });
  return {
    primary: at('main', 0),
    standby: at('backup', 1),
    nicks: {primary: `${name}pri`, standby: `${name}bak`},
    repository: `workspace-${name}`,
    snapshots: `own-${name}`,
    twins: {name, number: number + 2},
  };
}

export const places = wished(process.env['FAILOVER_LAB_PAIR']);
const alone = places === shared;

/** A host's disk to start from: a tree of the lab, or a snapshot. */
type Start = Pick<HostOptions, 'tree' | 'from' | 'sudoUsers'>;

export interface LabPair {
  primary: LabHost;
  standby: LabHost;
  places: Places;
}

/** Both hosts, booted, with the primary's gateway ready and the hub's repository as the primary knows it. */
export async function bootPair(primary: Start, standby: Start): Promise<LabPair> {
  await lab.up();
  await removePair();
  await lab.gitRevokeAll();
  if (!alone) await ownRepository(places);
  const host = await lab.host({...places.primary, ...primary});
  if (!alone && primary.tree !== undefined) await moveIn(host, shared, places);
  await resetHub(host);
  // A standby that was set up already must not find the primary still starting.
  await host.gatewayReady(90);
  return {primary: host, standby: await lab.host({...places.standby, ...standby}), places};
}

/** Both hosts are gone afterwards, whatever state they are in. */
export async function removePair({primary, standby}: Places = places): Promise<void> {
  for (const {name} of [primary, standby]) await new LabHost(name).remove();
}

/** The repository of a pair that is not alone, as the shared one began. */
async function ownRepository({repository}: Places): Promise<void> {
  const script = `set -eu
cd /home/git
[ -d "$1.git" ] || git clone -q --bare workspace.git "$1.git"`;
  const ran = await lab.hub.exec(['runuser', '-u', 'git', '--', 'sh', '-c', script, 'sh', repository]);
  if (ran.code !== 0) throw new Error(`the repository ${repository} could not be made: ${ran.stderr}`);
}

/** A primary takes its nicks and its repository, before the chat server knows it by those it had. */
async function moveIn(
  primary: LabHost,
  from: Places,
  to: Places,
  then: 'restart' | 'stop' = 'restart',
): Promise<void> {
  const script = `set -eu
cd /home/openclaw/.openclaw
sed -i -e "s/$1/$2/" -e "s/$3/$4/" openclaw.json
runuser -u openclaw -- git -C workspace remote set-url origin "git@10.77.0.2:$5.git"
systemctl --user -M openclaw@ "$6" openclaw-gateway || true`;
  const nicks = [from.nicks.primary, to.nicks.primary, from.nicks.standby, to.nicks.standby];
  const ran = await primary.exec(['sh', '-c', script, 'sh', ...nicks, to.repository, then]);
  if (ran.code !== 0) throw new Error(`${to.primary.name} could not move in: ${ran.stderr}`);
}

/**
 * The finished pair once more from its snapshots, at other addresses, with a repository of its own: for rows
 * that are played beside each other. Its gateway is stopped and its monitor too: whoever plays starts what is needed.
 * `count`: 1 for the first twin, 2 for the second …
 */
export async function twin(count: number): Promise<LabPair> {
  const {name, number} = places.twins;
  const to = placesOf(`${name}${'abcdefgh'[count]}`, number + 2 * (count - 1));
  const snapshots = finishedSnapshots();
  await removePair(to);
  await ownRepository(to);
  const primary = await lab.host({...to.primary, from: snapshots.primary});
  await moveIn(primary, places, to, 'stop');
  await readdress(primary, to);
  const standby = await lab.host({...to.standby, from: snapshots.standby});
  await standby.exec(['systemctl', 'stop', 'openclaw-health-monitor.service']);
  await readdress(standby, to);
  return {primary, standby, places: to};
}

/**
 * Whatever setup wrote about the addresses of this pair is about those of the twin. The nick of the standby stays: it
 * is part of the approved split, and the guard of the gateway's unit refuses any other.
 */
async function readdress(host: LabHost, to: Places): Promise<void> {
  const changes = (['primary', 'standby'] as const).flatMap((side) =>
    (['ip', 'private'] as const).map((which) => [places[side][which], to[side][which]] as const),
  );
  const edits = [
    ...changes.map(([old, now]) => `-e 's/${old.replaceAll('.', '\\.')}\\b/${now}/g'`),
    `-e 's,:${places.repository}\\.git,:${to.repository}.git,'`,
  ];
  const script = `cd /home/openclaw
for file in /etc/openclaw-failover/* .ssh/* .openclaw/openclaw.json .openclaw/workspace/.git/config; do
  [ ! -f "$file" ] || sed -i ${edits.join(' ')} "$file"
done`;
  const ran = await host.exec(['sh', '-euc', script]);
  if (ran.code !== 0) throw new Error(`${host.name} could not be given its addresses: ${ran.stderr}`);
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
cd "/home/git/$2.git"
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
    places.repository,
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

/** Answers for this pair: a standby that takes over a nick of its own, with pinned host keys. */
export async function answersFor({primary, standby, places: at}: LabPair, login = 'root'): Promise<Answers> {
  const identityFile = await lab.operatorKey();
  return {
    name: pairName,
    primary: {ssh: `root@${at.primary.ip}`, identityFile, hostKey: await primary.fingerprint()},
    standby: {ssh: `${login}@${at.standby.ip}`, identityFile, hostKey: await standby.fingerprint()},
    network: {kind: 'existing'},
    channel: {
      type: 'irc',
      account: 'backup',
      settings: {
        host: '10.77.0.2',
        port: 6667,
        tls: false,
        nick: places.nicks.standby,
        dmPolicy: 'allowlist',
        allowFrom: ['alice!~alice@10.77.0.1'],
      },
      secrets: {'nickserv.password': {env: 'LAB_NICKSERV'}},
    },
    model: {primary: 'stub/stub', providers: {stub}, secrets: {STUB_API_KEY: {env: 'LAB_STUB_KEY'}}},
    monitor: {profile: 'default'},
    mirrors: {node: 'http://10.77.0.1:9200'},
  };
}

/** Where one pair's gateway of the standby is found by others, and by whom it may be asked. */
export interface Talk {
  /** Its nick. */
  nick: string;
  /** The nick that it listens to, from this machine. */
  asker: string;
}

/**
 * The standby's account takes another nick and listens to somebody else, and the split is approved anew: twins that take
 * over at the same time need nicks of their own. Its gateway must be stopped.
 */
export async function rename({standby}: LabPair, {nick, asker}: Talk): Promise<void> {
  const program = `runuser -u ${layout.user} -- env HOME=${layout.home} ${layout.node} ${layout.accountsProgram}`;
  await sh(
    standby,
    `set -eu
sed -i -e 's/"nick": "${places.nicks.standby}"/"nick": "${nick}"/' -e 's/alice!~alice@/${asker}!~${asker}@/' ${layout.config}
${program} approve >/run/approved
cat /run/approved >${layout.approvedSplit}
rm /run/approved
${program} guard`,
    {timeoutMs: 60_000},
  );
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
  return {
    primary: `${places.snapshots}-primary-${build}`,
    standby: `${places.snapshots}-standby-${build}`,
  };
}

/** Keeps both disks as they are now, for tests that begin with a finished pair; older ones go. */
export async function keepFinished({primary, standby}: LabPair): Promise<void> {
  const names = finishedSnapshots();
  for (const old of await lab.snapshots())
    if (old.startsWith(`${places.snapshots}-`)) await lab.snapshotRemove(old);
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
