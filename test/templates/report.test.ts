import {spawn, spawnSync} from 'node:child_process';
import {chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {parseReport} from '../../src/monitor/primary-report.js';
import type {PrimaryReport} from '../../src/monitor/evidence.js';
import {kernelAddress, kernelPort} from '../../src/templates/kernel-address.js';
import {reportScript, type ReportInput} from '../../src/templates/scripts/report.js';
import {origin} from './given.js';

let root: string;
const open: net.Server[] = [];
const sockets = new Set<net.Socket>();
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'report-'));
  // Two sets of programs to find: all that the script may use, and the same without curl, and without bash too.
  for (const [folder, without] of [
    ['bin', []],
    ['no-curl', ['curl']],
    ['neither', ['curl', 'bash']],
    ['slow-grep', ['grep']],
  ] as const) {
    mkdirSync(path.join(root, folder));
    for (const name of ['bash', 'cat', 'curl', 'grep', 'head', 'id', 'sleep', 'timeout', 'tr'].filter(
      (one) => !without.includes(one as never),
    )) {
      const at = spawnSync('sh', ['-c', `command -v ${name}`], {encoding: 'utf8'}).stdout.trim();
      symlinkSync(at, path.join(root, folder, name));
    }
  }
  writeFileSync(path.join(root, 'slow-grep/grep'), '#!/bin/sh\nexec sleep 30\n', {mode: 0o755});
  systemctl(shown({}));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(open.splice(0).map((server) => new Promise((done) => server.close(done))));
  systemctl(shown({}));
});
afterAll(() => rmSync(root, {recursive: true, force: true}));

/** `systemctl show`; each value as a test wants it. */
const shown = (change: Record<string, string>) =>
  Object.entries({
    LoadState: 'loaded',
    ActiveState: 'active',
    SubState: 'running',
    Result: 'success',
    ExecMainStatus: '0',
    NRestarts: '0',
    ...change,
  })
    .map(([name, value]) => `echo '${name}=${value}'`)
    .join('\n');
function systemctl(body: string): void {
  for (const folder of ['bin', 'no-curl', 'neither', 'slow-grep']) {
    const file = path.join(root, folder, 'systemctl');
    writeFileSync(file, `#!/bin/sh\nprintf '%s ' "$@" >${root}/asked\n${body}\n`);
    chmodSync(file, 0o755);
  }
}

async function listen(server: net.Server, address: string): Promise<number> {
  open.push(server);
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, address, done));
  return (server.address() as net.AddressInfo).port;
}
type Answers = Record<string, [status: number, body: string]>;
const gateway = (answers: Answers, address = '127.0.0.2') =>
  listen(
    http.createServer(({url = ''}, response) => {
      const [status, body] = answers[url] ?? [200, '<html>'];
      response.writeHead(status, {'content-type': 'application/json'}).end(body);
    }),
    address,
  );
const freePort = async () => {
  const port = await listen(net.createServer(), '127.0.0.1');
  await new Promise((done) => open.pop()!.close(done));
  return port;
};

interface Ran {
  code: number | null;
  text: string;
  ms: number;
  report: PrimaryReport | undefined;
}
/** The private address of the tests is 127.0.0.2, so that nothing is needed but loopback. */
function run(port: number, change: Partial<ReportInput> = {}, folder = 'bin'): Promise<Ran> {
  const {content} = reportScript({
    ...origin,
    manager: 'system',
    unit: 'openclaw-gateway.service',
    port,
    privateAddress: '127.0.0.2',
    ...change,
  });
  const text = String(content).replace(/^PATH=.*$/m, `PATH=${root}/${folder}`);
  expect(text).not.toBe(content);
  const file = path.join(root, 'report');
  writeFileSync(file, text);
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn('/bin/sh', [file], {env: {SSH_ORIGINAL_COMMAND: 'rm -rf /', HOME: root}});
    let out = '';
    child.stdout.on('data', (part) => (out += String(part)));
    child.stderr.on('data', (part) => (out += String(part)));
    child.on('close', (code) =>
      resolve({code, text: out, ms: performance.now() - started, report: parseReport(out)}),
    );
  });
}

describe('the report of a gateway that is well', () => {
  test('is one line that the monitor understands', async () => {
    const ran = await run(await gateway({'/startupz': [200, '{"status":"started"}']}));
    expect(ran.code).toBe(0);
    expect(ran.report).toEqual({
      unit: 'active',
      result: 'success',
      exitCode: 0,
      restarts: 0,
      bootId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      uptimeS: expect.any(Number),
      loopback: 'ok',
      listens: 'private',
      ready: 'unknown',
      failing: '',
      suppressed: '',
    });
  });
  test('asks the system’s manager for a system unit and the user’s own for a user unit', async () => {
    const port = await freePort();
    const asked = () => spawnSync('cat', [`${root}/asked`], {encoding: 'utf8'}).stdout;
    await run(port);
    expect(asked()).toMatch(/^show .* -- openclaw-gateway\.service $/);
    await run(port, {manager: 'user', unit: 'claw.service'});
    expect(asked()).toMatch(/^--user show .* -- claw\.service $/);
  });
});

describe('the state of the unit', () => {
  const states: [string, Record<string, string>, Partial<PrimaryReport>][] = [
    ['runs', {}, {unit: 'active', result: 'success'}],
    ['is being reloaded', {ActiveState: 'reloading'}, {unit: 'active'}],
    ['starts', {ActiveState: 'activating', SubState: 'start'}, {unit: 'activating'}],
    [
      'waits for its restart',
      {
        ActiveState: 'activating',
        SubState: 'auto-restart',
        Result: 'exit-code',
        ExecMainStatus: '1',
        NRestarts: '4',
      },
      {unit: 'activating', result: 'exit-code', exitCode: 1, restarts: 4},
    ],
    [
      'is queued for its restart, as systemd 254 says it',
      {ActiveState: 'inactive', SubState: 'auto-restart-queued'},
      {unit: 'activating'},
    ],
    ['stops', {ActiveState: 'deactivating', SubState: 'stop-sigterm'}, {unit: 'deactivating'}],
    ['was stopped', {ActiveState: 'inactive', SubState: 'dead'}, {unit: 'inactive'}],
    [
      'refuses its config',
      {ActiveState: 'failed', SubState: 'failed', Result: 'exit-code', ExecMainStatus: '78'},
      {unit: 'failed', result: 'exit-code', exitCode: 78},
    ],
    [
      'was started too often',
      {
        ActiveState: 'failed',
        SubState: 'failed',
        Result: 'start-limit-hit',
        ExecMainStatus: '1',
        NRestarts: '5',
      },
      {unit: 'failed', result: 'start-limit-hit', restarts: 5},
    ],
    ['is not installed', {LoadState: 'not-found', ActiveState: 'inactive'}, {unit: 'absent'}],
    ['is in a state that nobody knows', {ActiveState: 'maintenance'}, {unit: 'unknown'}],
    ['comes without restarts, from an old systemd', {NRestarts: ''}, {unit: 'active', restarts: 0}],
    [
      'comes with words that are none',
      {Result: 'a"b', ExecMainStatus: 'x'},
      {result: 'unknown', exitCode: 0},
    ],
  ];
  test.each(states)('%s', async (_what, change, report) => {
    systemctl(shown(change));
    expect((await run(await freePort())).report).toMatchObject(report);
  });
  test('no unit runs the gateway', async () =>
    expect((await run(await freePort(), {manager: 'none', unit: ''})).report).toMatchObject({
      unit: 'absent',
    }));
  test('systemctl fails', async () => {
    systemctl('exit 1');
    expect((await run(await freePort())).report).toMatchObject({unit: 'unknown', result: 'unknown'});
  });
});

const classes: [string, Answers, PrimaryReport['loopback']][] = [
  ['is ready', {'/startupz': [200, '{ "status": "started" }']}, 'ok'],
  ['starts', {'/startupz': [503, '{"status":"starting"}']}, 'starting'],
  ['drains', {'/startupz': [503, '{"status":"draining"}']}, 'draining'],
  ['is older, and well', {'/startupz': [404, ''], '/healthz': [200, '{"ok":true,"status":"live"}']}, 'ok'],
  ['answers unknown paths with a page, and is well', {'/healthz': [200, '{"ok":true}']}, 'ok'],
  ['is somebody else', {}, 'bad'],
  ['is unwell', {'/startupz': [500, '{}']}, 'bad'],
  ['says something unheard of', {'/startupz': [503, '{"status":"dancing"}']}, 'bad'],
  ['is older, and unwell', {'/startupz': [404, ''], '/healthz': [503, '{}']}, 'bad'],
];
describe.each([
  ['with curl', 'bin'],
  ['with bash', 'no-curl'],
])('what the gateway answers, asked %s', (_how, folder) => {
  test.each(classes)('it %s', async (_what, answers, expected) => {
    const ran = await run(await gateway(answers), {}, folder);
    expect(ran.report).toMatchObject({loopback: expected});
  });
  test('it accepts and is silent', async () => {
    const ran = await run(await listen(net.createServer(), '127.0.0.2'), {}, folder);
    expect(ran.report).toMatchObject({loopback: 'hung', listens: 'private'});
    expect(ran.ms).toBeLessThan(2000);
  });
  test('it hangs up', async () => {
    const port = await listen(
      net.createServer((socket) => socket.destroy()),
      '127.0.0.2',
    );
    // Before or after the first byte was sent: the one looks like an answer cut short, the other like a closed port.
    expect(['bad', 'refused']).toContain((await run(port, {}, folder)).report?.loopback);
  });
  test('it never stops talking', async () => {
    const port = await listen(
      net.createServer((socket) => {
        socket.on('error', () => {});
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const talk = () => {
          while (!socket.destroyed && socket.write('x'.repeat(65_536)));
        };
        socket.on('drain', talk);
        talk();
      }),
      '127.0.0.2',
    );
    const ran = await run(port, {}, folder);
    expect(ran.report).toMatchObject({loopback: 'bad'});
    expect(ran.ms).toBeLessThan(2000);
  });
});

const started: [number, string] = [200, '{"ok":true,"status":"started"}'];
const unready =
  '{"ready":false,"failing":["irc","agent-database:main"],"suppressed":["discord"],"uptimeMs":7}';
type Ready = Pick<PrimaryReport, 'ready' | 'failing' | 'suppressed'>;
const none = {failing: '', suppressed: ''};
const says: [string, Answers, Ready][] = [
  ['ready', {'/readyz': [200, '{"ready":true,"failing":[],"uptimeMs":7}']}, {...none, ready: 'yes'}],
  [
    'not ready, and why',
    {'/readyz': [503, unready]},
    {ready: 'no', failing: 'irc,agent-database:main', suppressed: 'discord'},
  ],
  ['not ready, and not why', {'/readyz': [503, '{"ready":false}']}, {...none, ready: 'no'}],
  [
    'ready, with channels that are not started',
    {'/readyz': [200, '{"ready":true,"failing":[],"suppressed":["discord","irc"]}']},
    {ready: 'yes', failing: '', suppressed: 'discord,irc'},
  ],
  ['a page', {}, {...none, ready: 'unknown'}],
  [
    'something that contradicts its status',
    {'/readyz': [200, '{"ready":false}']},
    {...none, ready: 'unknown'},
  ],
  [
    'names that are none',
    {'/readyz': [503, '{"ready":false,"failing":["a\\"b\u001b[2J$(id)\\u0007\\\\"]}']},
    {ready: 'no', failing: 'ab2Jidu0007', suppressed: ''},
  ],
  [
    'names without end',
    {'/readyz': [503, `{"ready":false,"failing":["${'x'.repeat(3000)}"]}`]},
    {ready: 'no', failing: 'x'.repeat(200), suppressed: ''},
  ],
];
describe.each([
  ['with curl', 'bin'],
  ['with bash', 'no-curl'],
])('what /readyz says, asked %s', (_how, folder) => {
  test.each(says)('%s', async (_what, answers, expected) => {
    const ran = await run(await gateway({'/startupz': started, ...answers}), {}, folder);
    expect(ran.report).toMatchObject({loopback: 'ok', ...expected});
  });
  test('nothing in time', async () => {
    const port = await listen(
      http.createServer(({url}, response) => {
        if (url === '/startupz') response.writeHead(200).end(started[1]);
      }),
      '127.0.0.2',
    );
    const ran = await run(port, {}, folder);
    expect(ran.report).toMatchObject({loopback: 'ok', ready: 'unknown'});
    expect(ran.ms).toBeLessThan(1000);
  });
});
test('a gateway that starts is not asked whether it is ready', async () => {
  const port = await gateway({'/startupz': [503, '{"status":"starting"}'], '/readyz': [503, unready]});
  expect((await run(port)).report).toMatchObject({loopback: 'starting', ready: 'unknown', failing: ''});
});
test('is asked on loopback where it listens there too: only there it names what is in the way', async () => {
  const port = await gateway({'/startupz': started, '/readyz': [503, '{"ready":false}']});
  const own = http.createServer((_request, response) => response.writeHead(503).end(unready));
  open.push(own);
  await new Promise<void>((done) => own.listen(port, '127.0.0.1', done));
  expect((await run(port)).report).toMatchObject({listens: 'private', ready: 'no', suppressed: 'discord'});
});

describe('where something listens', () => {
  const started: Answers = {'/startupz': [200, '{"status":"started"}']};
  test.each([
    ['127.0.0.2', 'private'],
    ['127.0.0.1', 'loopback'],
    ['::1', 'loopback'],
    ['0.0.0.0', 'all'],
    ['::', 'all'],
  ])('%s is %s, and is asked there', async (address, listens) => {
    const port = await gateway(started, address);
    expect((await run(port)).report).toMatchObject({listens, loopback: 'ok'});
  });
  test('nowhere, and then nothing is asked', async () =>
    expect((await run(await freePort())).report).toMatchObject({listens: 'nowhere', loopback: 'refused'}));
});

describe('a host where much is wrong', () => {
  test('has no program to ask with', async () => {
    const port = await gateway({'/startupz': [200, '{"status":"started"}']});
    expect((await run(port, {}, 'neither')).report).toMatchObject({unit: 'active', loopback: 'unknown'});
  });
  test.each([
    ['127.0.0.2', 'ok'],
    ['127.0.0.1', 'ok'],
  ])(
    'is too slow to look for sockets: nothing is claimed, and the gateway on %s is found',
    async (at, loopback) => {
      const port = await gateway({'/startupz': [200, '{"status":"started"}']}, at);
      expect((await run(port, {}, 'slow-grep')).report).toMatchObject({listens: 'unknown', loopback});
    },
  );
  test('is too slow to look for sockets, and nobody answers', async () =>
    expect((await run(await freePort(), {}, 'slow-grep')).report).toMatchObject({
      listens: 'unknown',
      loopback: 'refused',
    }));
  test('has a systemctl and a gateway that hang: the report comes within 2 s', async () => {
    systemctl('sleep 30');
    const ran = await run(await listen(net.createServer(), '127.0.0.2'));
    expect(ran.report).toMatchObject({unit: 'unknown', loopback: 'hung', listens: 'private'});
    expect(ran.ms).toBeLessThan(2000);
  });
});

describe('addresses as the kernel spells them', () => {
  test.each([
    ['127.0.0.1', '0100007F'],
    ['100.64.0.21', '15004064'],
    ['255.1.2.10', '0A0201FF'],
    ['::1', '00000000000000000000000001000000'],
    ['::', '00000000000000000000000000000000'],
    ['2001:db8::ff00:42:8329', 'B80D01200000000000FF000029834200'],
    ['fd7a:115c:a1e0::1', '5C117AFD0000E0A10000000001000000'],
    ['::ffff:10.0.0.1', '0000000000000000FFFF00000100000A'],
  ])('%s', (address, spelled) => expect(kernelAddress(address)).toBe(spelled));
  test('a name is none', () => expect(() => kernelAddress('claw.example')).toThrow(TypeError));
  test('ports have four digits', () =>
    expect([kernelPort(18_789), kernelPort(80)]).toEqual(['4965', '0050']));
});
