// Row 71 of the fault matrix on a real host: the monitor in its sandbox, whoever is told behind a black hole.

import {execFile} from 'node:child_process';
import {createReadStream} from 'node:fs';
import http from 'node:http';
import type net from 'node:net';
import {fileURLToPath} from 'node:url';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, expect, it} from 'vitest';
import type {Live} from '../../src/monitor/ports.js';
import type {MonitorEvent} from '../../src/monitor/events.js';
import type {Message} from '../../src/monitor/tell/message.js';
import {pairSchema} from '../../src/pair/schema.js';
import {layout, units} from '../../src/templates/layout.js';
import {monitorSettings} from '../../src/templates/monitor-settings.js';
import {notifyTargets} from '../../src/templates/notify-settings.js';
import {loadPrograms} from '../../src/templates/programs.js';
import {standbyFiles} from '../../src/templates/standby-files.js';
import {lab, LabHost} from './lab.js';
import {sh, until} from './host-state.js';

const machine = '10.77.0.1';
const name = 'tell-standby';
const labScript = fileURLToPath(new URL('lab.sh', import.meta.url));

const pair = pairSchema.parse({
  name: 'tell',
  primary: {ssh: 'any'},
  standby: {ssh: 'any'},
  channel: {type: 'irc', account: 'backup'},
  model: {primary: 'any/any'},
  notify: [
    {kind: 'webhook', url: {env: 'X'}},
    {kind: 'webhook', name: 'nowhere', url: {env: 'X'}},
    {kind: 'command', path: '/usr/local/bin/tell-me'},
    {kind: 'ping', url: {env: 'X'}, everyS: 60},
  ],
});

let standby: LabHost;
let primary: http.Server;
let endpoint: http.Server;
let endpointPort: number;
const messages: (Message & {atMs: number})[] = [];
let pings = 0;

const portOf = (server: http.Server) => (server.address() as net.AddressInfo).port;
async function listen(listener: http.RequestListener, port = 0): Promise<http.Server> {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(port, machine, resolve));
  return server;
}
const well: http.RequestListener = (_request, response) => response.end('{"ok":true,"status":"started"}');
const hear: http.RequestListener = (request, response) => {
  let body = '';
  request.on('data', (part) => (body += String(part)));
  request.on('end', () => {
    if (request.url?.startsWith('/ping')) pings += 1;
    else messages.push({...(JSON.parse(body) as Message), atMs: Date.now()});
    response.end();
  });
};

/** A file of this machine on the host, whatever its size and bytes. */
const copyIn = (from: string, to: string, mode: string) =>
  new Promise<void>((resolve, reject) => {
    const script = 'mkdir -p "$(dirname "$1")" && cat > "$1" && chmod "$2" "$1"';
    const child = execFile(labScript, ['exec', name, '--', 'sh', '-c', script, 'sh', to, mode], (error) =>
      error ? reject(error) : resolve(),
    );
    createReadStream(from).pipe(child.stdin!);
  });

async function put(path: string, content: string, {owner = 'root', group = 'root', mode = 0o644} = {}) {
  const script = 'mkdir -p "$(dirname "$1")" && cat > "$1" && chown "$2" "$1" && chmod "$3" "$1"';
  const argv = ['sh', '-c', script, 'sh', path, `${owner}:${group}`, mode.toString(8)];
  const ran = await standby.exec(argv, {input: content});
  if (ran.code !== 0) throw new Error(`${path}: ${ran.stderr}`);
}

const gatewayStub = `import http from 'node:http';
http.createServer((request, response) =>
  response.end(JSON.stringify({ok: true, ready: true, status: 'started'}))).listen(18789, '127.0.0.1');
`;
const told = '/run/it-is-a-test';
/** Says what the verify job would: the account is connected under the role in force, once `told` is there. */
const verifyStub = `#!/bin/sh
read -r _role seq <${layout.role}
while [ ! -e ${told} ]; do sleep 0.05; done
printf '{"connected":true,"detail":"","seq":%s}\\n' "$seq" >${layout.workRun}/verify.json
chmod 644 ${layout.workRun}/verify.json
exec sleep 100000
`;

beforeAll(async () => {
  await lab.up();
  await new LabHost(name).remove();
  standby = await lab.host({name, tree: 'bookworm', ip: '10.77.0.32', private: '100.64.0.32'});
  primary = await listen(well);
  endpoint = await listen(hear);
  endpointPort = portOf(endpoint);
  await install();
}, 300_000);
afterAll(async () => {
  primary?.close();
  endpoint?.closeAllConnections();
  endpoint?.close();
  await standby?.remove();
});

/** What phase 4 would write, with a stub in the gateway's place. */
async function install(): Promise<void> {
  await copyIn(process.execPath, layout.node, '755');
  await sh(
    standby,
    `useradd --system --home-dir ${layout.state} --no-create-home --shell /usr/sbin/nologin ${layout.monitorUser}
     useradd --create-home ${layout.user}; mkdir -p ${layout.etc} ${layout.lib}; echo '${machine} hook.test' >> /etc/hosts`,
  );
  const programs = loadPrograms();
  const settings = monitorSettings(pair, {
    primary: {address: machine, port: portOf(primary)},
    witnesses: [{address: machine, port: 22}],
  });
  const files = standbyFiles({
    pairName: pair.name,
    version: '0',
    programs,
    settings: {...settings, holds: {...settings.holds, plainMs: 5000}, bootGraceMs: 0},
    notify: notifyTargets(pair),
    branch: 'main',
  });
  for (const {path, content, owner, group, mode} of files)
    await put(path, String(content), {owner, group, mode});
  await put(
    layout.notifySecrets,
    [
      `FAILOVER_NOTIFY_WEBHOOK_URL=http://hook.test:${endpointPort}/hook/S3CRET`,
      'FAILOVER_NOTIFY_NOWHERE_URL=https://no-such-name.example.org/S3CRET',
      `FAILOVER_NOTIFY_PING_URL=http://${machine}:${endpointPort}/ping/S3CRET`,
      '',
    ].join('\n'),
    {group: layout.monitorUser, mode: 0o640},
  );
  await put('/usr/local/bin/tell-me', `#!/bin/sh\ncat >> ${layout.state}/told.jsonl\n`, {mode: 0o755});
  await put('/opt/stub.mjs', gatewayStub);
  await put('/opt/verify-stub', verifyStub, {mode: 0o755});
  const dropIn = (unit: string) => `/etc/systemd/system/${unit}.d/stub.conf`;
  await put(
    dropIn(units.gateway),
    `[Service]\nExecStartPre=\nExecStart=\nExecStart=${layout.node} /opt/stub.mjs\n`,
  );
  await put(dropIn(units.verify), '[Service]\nExecStart=\nExecStart=/opt/verify-stub\n');
  // There is no workspace here.
  for (const unit of [units.handback, units.handbackPush])
    await put(dropIn(unit), '[Service]\nExecStart=\nExecStart=/bin/true\n');
  await sh(standby, `systemctl daemon-reload; systemctl start ${units.rolePath} ${units.monitor}`, {
    timeoutMs: 60_000,
  });
  await until('the monitor sees the primary', 30_000, async () => (await live())?.probe?.class === 'ok');
}

async function live(): Promise<Live | undefined> {
  const text = (await standby.exec(['cat', layout.live])).stdout;
  return text === '' ? undefined : (JSON.parse(text) as Live);
}
const events = async () =>
  (await standby.exec(['cat', layout.events])).stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as MonitorEvent);
const event = (what: string, limitMs: number, from = 0) =>
  until(`the event ${what}`, limitMs, async () =>
    (await events()).find((one) => one.event === what && one.seq > from),
  );
/** ms from the primary's end until the standby has decided, and until its bot is there. */
async function failOver(): Promise<{decidedMs: number; thereMs: number; seq: number}> {
  await sh(standby, `rm -f ${told}`);
  const seq = (await events()).at(-1)?.seq ?? 0;
  const goneMs = Date.now();
  primary.closeAllConnections();
  primary.close();
  const promoting = await event('promoting', 60_000, seq);
  // As setup's own test: it does not count towards the limit. A gateway would take longer than this to start.
  await sh(standby, `${layout.node} ${layout.monitorProgram} request tested`);
  await event('tested', 20_000, seq);
  await sh(standby, `touch ${told}`);
  const promoted = await event('promoted', 60_000, seq);
  const since = (one: MonitorEvent) => Date.parse(one.time) - goneMs;
  return {decidedMs: since(promoting), thereMs: since(promoted), seq};
}
async function giveBack(): Promise<void> {
  const seq = (await events()).at(-1)?.seq ?? 0;
  primary = await listen(well, portOfPrimary);
  await sh(standby, `${layout.node} ${layout.monitorProgram} request demote`).catch(() => {});
  await event('demoted', 240_000, seq);
}
let portOfPrimary: number;

async function nft(...words: string[]): Promise<void> {
  const ran = await standby.netns(['nft', ...words]);
  if (ran.code !== 0) throw new Error(`nft ${words.join(' ')}: ${ran.stderr}`);
}
/** Every packet to the endpoint is dropped, as on a network that swallows them. */
async function hole(): Promise<void> {
  await nft('add', 'table', 'inet', 'hole');
  await nft('add chain inet hole out { type filter hook output priority 0 ; }');
  await nft(`add rule inet hole out ip daddr ${machine} tcp dport ${endpointPort} drop`);
}

it('the sandbox is as tight as promised, and a message gets out of it by name, by command and as a ping', async () => {
  portOfPrimary = portOf(primary);
  const score = await sh(standby, `systemd-analyze security --no-pager ${units.monitor} | tail -n 1`, {
    timeoutMs: 60_000,
  });
  const exposure = Number(/: ([\d.]+)/.exec(score)?.[1]);
  expect(exposure).toBeLessThanOrEqual(1.5);
  const ran = await standby.exec([layout.node, layout.monitorProgram, 'tell-test'], {timeoutMs: 70_000});
  console.log(`measured: exposure ${exposure}; test message:\n${ran.stdout}`);
  expect(ran.stdout).toMatch(/^ok webhook$/m);
  expect(ran.stdout).toMatch(/^failed nowhere: (?:names|its name) cannot be resolved/m);
  expect(ran.stdout).toMatch(/^ok command$/m);
  expect(ran.stdout).toMatch(/^ok ping$/m);
  expect(ran.code).toBe(1);
  expect(messages).toMatchObject([{event: 'test', pair: 'tell', host: name}]);
  expect(JSON.parse(await sh(standby, `cat ${layout.state}/told.jsonl`))).toMatchObject({event: 'test'});
  expect(pings).toBeGreaterThan(0);
});

it('a black hole where the messages go delays no takeover, and they arrive when it is gone', async () => {
  const free = await failOver();
  await until('the messages of the first takeover', 30_000, async () =>
    messages.some((one) => one.event === 'promoted'),
  );
  await giveBack();
  await until('the message that it gave back', 30_000, async () =>
    messages.some((one) => one.event === 'demoted'),
  );

  messages.length = 0;
  await hole();
  const beats: number[] = [];
  const watched = new AbortController();
  const watching = (async () => {
    while (!watched.signal.aborted) {
      beats.push((await live())?.ms ?? 0);
      await sleep(200);
    }
  })();
  const holed = await failOver();
  await sleep(20_000);
  watched.abort();
  await watching;
  const gaps = beats.slice(1).map((ms, index) => ms - (beats[index] ?? ms));
  const telling = (await live())?.telling;
  const rss = await sh(standby, `ps -o rss= -p "$(systemctl show -P MainPID ${units.monitor})"`);
  console.log(
    `measured: decided after ${free.decidedMs} ms free, ${holed.decidedMs} ms holed; there after ${free.thereMs} ms and ${holed.thereMs} ms; longest pause of the loop ${Math.max(...gaps)} ms; resident ${Math.round(Number(rss) / 1024)} MB`,
  );
  expect(holed.decidedMs).toBeLessThan(free.decidedMs + 6000);
  expect(holed.thereMs - holed.decidedMs).toBeLessThan(free.thereMs - free.decidedMs + 1500);
  expect(Math.max(...gaps)).toBeLessThan(4000);
  expect(messages).toEqual([]);
  expect(telling?.targets.find((one) => one.name === 'webhook')).toMatchObject({
    waiting: 2,
    error: expect.stringMatching(/^no answer within/),
  });

  // Over a crash of the monitor as well.
  await sh(standby, `systemctl kill --signal=KILL ${units.monitor}`);
  await sleep(3000);
  await nft('delete', 'table', 'inet', 'hole');
  await until('both messages', 60_000, async () => messages.length >= 2);
  await sleep(3000);
  expect(messages.map((one) => one.event)).toEqual(['promoting', 'promoted']);
  expect(messages[1]?.title).toBe('Test: Taken over');
  expect(new Set(messages.map((one) => one.id)).size).toBe(2);
  await giveBack();
});

it('nothing of it is a secret: journal, events, queue, live.json, argv and environment hold no URL', async () => {
  const script = `journalctl --no-pager; cat ${layout.events} ${layout.record} ${layout.live} ${layout.tellQueue} ${layout.stateJson} ${layout.notifySettings} ${layout.state}/told.jsonl
    cat /proc/*/cmdline /proc/*/environ | tr '\\0' '\\n'`;
  expect(await sh(standby, script)).not.toContain('S3CRET');
  expect(await sh(standby, `stat -c '%U:%G %a' ${layout.notifySecrets}`)).toBe(
    `root:${layout.monitorUser} 640\n`,
  );
  expect(
    (await standby.exec(['runuser', '-u', layout.user, '--', 'cat', layout.notifySecrets])).code,
  ).not.toBe(0);
});

it('a ping a minute arrives while all is well', async () => {
  // Hundredths of a second of the monitor and of the children that it waited for.
  const script = `cut -d ' ' -f 14-17 "/proc/$(systemctl show -P MainPID ${units.monitor})/stat"`;
  const cpu = async () =>
    10 * (await sh(standby, script)).split(' ').reduce((sum, ticks) => sum + Number(ticks), 0);
  const [startMs, startPings] = [await cpu(), pings];
  const begun = Date.now();
  await sleep(65_000);
  const perMinute = ((await cpu()) - startMs) / ((Date.now() - begun) / 60_000);
  console.log(
    `measured: ${Math.round(perMinute)} ms of CPU a minute with a ping a minute (${(perMinute / 600).toFixed(2)} % of a core), ${pings - startPings} pings`,
  );
  expect(pings - startPings).toBeGreaterThanOrEqual(1);
});
