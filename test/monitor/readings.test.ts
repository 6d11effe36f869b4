import {once} from 'node:events';
import net from 'node:net';
import {describe, expect, test} from 'vitest';
import {readChannelStatus} from '../../src/monitor/channel-status.js';
import type {WorkReport} from '../../src/monitor/evidence.js';
import {retell} from '../../src/monitor/retell.js';
import {duration} from '../../src/monitor/say.js';
import {parseUnit} from '../../src/monitor/unit.js';
import {verify} from '../../src/monitor/verify.js';
import {awaitAwake} from '../../src/monitor/wake.js';
import {defaultGateway, isNeighbour, ownNetworks} from '../../src/monitor/routes.js';
import {askTargets, reach, reachOpen} from '../../src/monitor/witness.js';
import {silentPort} from './silent-port.js';

describe('systemctl show', () => {
  const show = (active: string, result = 'success', code = 0, load = 'loaded') =>
    `LoadState=${load}\nActiveState=${active}\nSubState=x\nResult=${result}\nExecMainStatus=${code}\n`;
  test.each([
    [show('active'), {state: 'running', result: 'success', exitCode: 0}],
    [show('activating'), {state: 'starting', result: 'success', exitCode: 0}],
    [show('deactivating'), {state: 'stopping', result: 'success', exitCode: 0}],
    [show('inactive'), {state: 'stopped', result: 'success', exitCode: 0}],
    [show('failed', 'exit-code', 78), {state: 'failed', result: 'exit-code', exitCode: 78}],
    [show('inactive', 'success', 0, 'not-found'), {state: 'stopped', result: 'not installed', exitCode: 0}],
    [show('toString'), {state: 'unknown', result: 'success', exitCode: 0}],
    ['', {state: 'unknown', result: 'unknown', exitCode: 0}],
  ])('%j', (text, expected) => {
    expect(parseUnit(text)).toEqual(expected);
  });
});

describe('the channel status of a gateway', () => {
  const channel = {type: 'irc', account: 'backup'};
  const status = (account: object) =>
    JSON.stringify({
      channelAccounts: {
        irc: [
          {accountId: 'main', running: true, connected: true},
          {accountId: 'backup', ...account},
        ],
      },
    });
  test.each<[string, string, boolean, string]>([
    [
      'connected',
      status({enabled: true, running: true, connected: true, lifecycle: 'ready'}),
      true,
      'running, ready',
    ],
    [
      'says connected while it recovers',
      status({running: true, connected: true, lifecycle: 'recovering', lastError: 'ECONNREFUSED'}),
      false,
      'running, recovering, ECONNREFUSED',
    ],
    [
      'not running',
      status({running: false, connected: false, lifecycle: 'stopped'}),
      false,
      'not running, stopped',
    ],
    ['disabled', status({enabled: false, running: false}), false, 'disabled'],
    [
      'a channel that knows no connection',
      status({running: true, lifecycle: 'ready'}),
      true,
      'running, ready',
    ],
    ['runs, and nothing else is known', status({running: true}), false, 'running'],
    [
      'an error with control characters',
      status({running: false, lastError: 'a\u001b[2Jb\nc'}),
      false,
      'not running, a [2Jb c',
    ],
    [
      'another account only',
      JSON.stringify({channelAccounts: {irc: [{accountId: 'main'}]}}),
      false,
      'the gateway does not know irc account backup',
    ],
    ['the gateway is not reached', '{"gatewayReachable":false}', false, 'the gateway cannot be reached'],
    [
      'a warning before it',
      `(node:1) Warning: x\n${status({running: true, connected: true})}`,
      true,
      'running',
    ],
    ['nothing', '', false, 'the gateway gave no channel status'],
    ['cut off', status({running: true}).slice(0, -5), false, 'the gateway gave no channel status'],
    [
      'accounts that are no list',
      '{"channelAccounts":{"irc":{"length":1}}}',
      false,
      'the gateway does not know irc account backup',
    ],
  ])('%s', (_name, text, connected, detail) => {
    expect(readChannelStatus(text, channel)).toMatchObject({connected, detail});
  });
});

describe('the verify job', () => {
  /** What it slept and wrote while `answers` lasted. */
  async function watch(answers: boolean[], {cheap, notReady}: {cheap: boolean; notReady: number}) {
    const slept: number[] = [];
    const written: [boolean, number][] = [];
    let ready = notReady;
    let nowMs = 0;
    await verify(
      {
        gateway: async () => ({live: ready < notReady, ready: ready-- <= 0}),
        status: async () => ({connected: answers.shift()!, enabled: true, detail: '', cheap}),
        role: async () => ({want: 'active', seq: 7}),
        write: async ({connected, seq}) => void written.push([connected, seq]),
        sleep: async (ms) => {
          slept.push(ms);
          nowMs += ms;
        },
        nowMs: () => nowMs,
        wallMs: () => 0,
      },
      () => answers.length === 0,
    );
    return {slept, written};
  }

  test('waits for ready, asks ten times a second, then every 30 s; news is written once, with its role', async () => {
    const {slept, written} = await watch([false, false, true, true, false], {cheap: true, notReady: 2});
    expect(slept.slice(0, 4)).toEqual([250, 100, 100, 100]);
    // Connected, the gateway is looked at every 5 s.
    expect(slept.slice(4)).toEqual([...Array<number>(12).fill(5000), 100]);
    expect(written).toEqual([
      [false, 7],
      [true, 7],
      [false, 7],
    ]);
  });

  test('an account that stays away is asked less often after 5 s, and after a minute', async () => {
    const {slept} = await watch(Array<boolean>(112).fill(false), {cheap: true, notReady: 0});
    expect([slept[49], slept[50], slept[109], slept[110]]).toEqual([100, 1000, 1000, 5000]);
  });

  test('while the gateway sleeps nobody is asked', async () => {
    const roles = ['standby', 'standby', 'active'] as const;
    let look = 0;
    const slept: number[] = [];
    let asked = 0;
    await verify(
      {
        gateway: async () => ({live: true, ready: true}),
        status: async () => ({connected: true, enabled: true, detail: '', cheap: true, n: asked++}),
        role: async () => ({want: roles[Math.min(look++, 2)]!, seq: 7}),
        write: async () => {},
        sleep: async (ms) => void slept.push(ms),
        nowMs: () => 0,
        wallMs: () => 0,
      },
      () => asked > 0,
    );
    expect(slept).toEqual([250, 250, 5000]);
  });

  test.each([
    ['hangs', {live: false, ready: false}, 'the gateway does not answer'],
    ['is no longer ready', {live: true, ready: false}, 'the gateway is not ready'],
  ])(
    'a gateway that %s has lost its account after 10 s, and has it back when it is asked again',
    async (_how, ill, detail) => {
      const written: [atS: number, connected: boolean, detail: string][] = [];
      let nowMs = 0;
      const isIll = () => nowMs >= 12_000 && nowMs < 60_000;
      await verify(
        {
          gateway: async () => (isIll() ? ill : {live: true, ready: true}),
          status: async () => ({connected: true, enabled: true, detail: 'running', cheap: true}),
          role: async () => ({want: 'active', seq: 7}),
          write: async (view) => void written.push([Math.round(nowMs / 1000), view.connected, view.detail]),
          sleep: async (ms) => void (nowMs += ms),
          nowMs: () => nowMs,
          wallMs: () => 0,
        },
        () => nowMs > 90_000,
      );
      expect(written).toEqual([
        [0, true, 'running'],
        [20, false, detail],
        [60, true, 'running'],
      ]);
    },
  );

  test('where asking costs seconds of CPU it backs off', async () => {
    const {slept} = await watch([false, false, false, true], {cheap: false, notReady: 0});
    expect(slept).toEqual([1000, 2000, 4000, 5000]);
  });
});

describe('waking a gateway that sleeps', () => {
  const states = {
    off: {connected: false, enabled: false, detail: 'disabled'},
    on: {connected: false, enabled: true, detail: 'running, starting'},
  };
  /** `script`: what is seen at each look, the last again and again; a look takes 400 ms. */
  async function waking(...script: (keyof typeof states)[]) {
    let nowMs = 0;
    let look = 0;
    const woke = await awaitAwake({
      status: async () => {
        nowMs += 400;
        return {...states[script[Math.min(look++, script.length - 1)]!], cheap: true};
      },
      sleep: async (ms) => void (nowMs += ms),
      nowMs: () => nowMs,
    });
    return {woke, nowMs};
  }

  test('ends when the gateway has the account on, whether or not the chat is there', async () => {
    expect(await waking('off', 'off', 'on')).toEqual({woke: true, nowMs: 1700});
  });

  test('a config that is not taken over within 15 s is a failure', async () => {
    const {woke, nowMs} = await waking('off');
    expect(woke).toBe(false);
    expect(nowMs).toBeLessThan(16_000);
  });
});

describe('is this host online', () => {
  const routes = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
tailscale0	00004064	00000000	0001	0	0	0	00C0FFFF	0	0	0
eth1	00000000	0200A8C0	0003	0	0	200	00000000	0	0	0
eth0	00000000	01004D0A	0003	0	0	100	00000000	0	0	0
`;
  test('the default gateway with the lowest metric', () => {
    expect(defaultGateway(routes)).toBe('10.77.0.1');
    expect(defaultGateway(routes.split('\n').slice(0, 2).join('\n'))).toBeUndefined();
    expect(defaultGateway('')).toBeUndefined();
  });

  test('a neighbour that answered on the wire', () => {
    const arp = `IP address       HW type     Flags       HW address            Mask     Device
10.77.0.1        0x1         0x2         8a:f5:4f:79:59:1a     *        eth0
10.77.0.9        0x1         0x0         00:00:00:00:00:00     *        eth0
`;
    expect(isNeighbour(arp, '10.77.0.1')).toBe(true);
    expect(isNeighbour(arp, '10.77.0.9')).toBe(false);
    expect(isNeighbour(arp, '10.77.0.10')).toBe(false);
  });

  test('the networks of its own, not what lies behind a gateway or a tunnel without one', () => {
    const routes6 = `20010db8000100000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000003 00000000 00000003     eth0
20010db8000200000000000000000000 30 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000003 00000000 00000003     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`;
    const onlink =
      'eth0\t01001FAC\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0\nwan\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n';
    const networks = ownNetworks(routes + onlink, routes6);
    const own = (address: string) => networks.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
    expect(['100.64.9.9', '172.31.0.1', '2001:db8:1::9'].map(own)).toEqual([true, true, true]);
    expect(['8.8.8.8', '10.77.0.1', '172.31.0.2', '2001:db8:2::9'].map(own)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  const at = (port: number) => ({address: '127.0.0.1', port, name: '127.0.0.1'});
  test('one witness that answers is enough, and a refusal is an answer', async () => {
    const silent = await silentPort();
    const {alive, by} = await askTargets({first: [at(silent.port)], others: [at(1)]}, 600, reach);
    silent.close();
    expect({alive, by}).toEqual({alive: true, by: '127.0.0.1 port 1: refuses'});
  });

  test('beyond the router only a connection is an answer', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const {port} = server.address() as net.AddressInfo;
    expect(await reachOpen(at(port), 600)).toEqual({alive: true, how: 'answers'});
    expect(await reachOpen(at(1), 600)).toEqual({alive: false, how: 'refuses'});
    server.close();
  });

  test('the others are left alone when the first answers', async () => {
    const asked: number[] = [];
    const answer = await askTargets({first: [at(1)], others: [at(2)]}, 600, async ({port}) => {
      asked.push(port);
      return {alive: true, how: 'answers'};
    });
    expect(answer.alive).toBe(true);
    expect(asked).toEqual([1]);
  });

  test('nobody answers: each is named with its reason', async () => {
    const [one, other] = [await silentPort(), await silentPort()];
    const {alive, by} = await askTargets({first: [at(one.port)], others: [at(other.port)]}, 500, reach);
    one.close();
    other.close();
    expect(alive).toBe(false);
    expect(by).toBe(
      `no witness answers (127.0.0.1 port ${one.port}: no answer in time; 127.0.0.1 port ${other.port}: no answer in time)`,
    );
  });
});

describe('reports of the jobs, retold', () => {
  const report = (job: WorkReport['job'], result: string, n: number, detail = '') => ({
    job,
    result,
    detail,
    at: `2026-11-20T14:00:0${n}Z`,
  });
  const story = (...reports: ReturnType<typeof report>[]) => {
    let retold = {};
    return reports.flatMap((one) => {
      const next = retell(retold, [one]);
      ({retold} = next);
      return next.tellings.map(({event, level, say}) => `${event} ${level} ${say}`);
    });
  };

  test('the same file is told once', () => {
    const one = report('sync', 'fast-forwarded', 1, '2 commits');
    expect(story(one, one)).toEqual(['workspace info The workspace was brought up to date: 2 commits.']);
  });

  test('trouble is told when it begins and when it ends, not every five minutes', () => {
    const told = story(
      report('sync', 'current', 1),
      report('sync', 'unreachable', 2),
      report('sync', 'unreachable', 3),
      report('sync', 'current', 4),
      report('sync', 'current', 5),
    );
    expect(told).toEqual([
      'workspace warning The workspace was not updated: the remote cannot be reached, the last copy is kept.',
      'workspace info The workspace is up to date.',
    ]);
  });

  test('every hand-back is told, a failed push as an alert', () => {
    const told = story(
      report('handback', 'kept', 1, 'failover/b/1'),
      report('handback', 'kept', 2, 'failover/b/2'),
      report('handback-push', 'failed', 3, 'not pushed: x'),
    );
    expect(told.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'handback info',
      'handback info',
      'handback-push alert',
    ]);
  });

  test('a standby that could not take over is told before it is needed, and when it can again', () => {
    const told = story(
      report('prepare', 'ready', 1),
      report('prepare', 'not-ready', 2, 'the config is not valid'),
      report('prepare', 'not-ready', 3, 'the config is not valid'),
      report('prepare', 'ready', 4, 'workspace fetched'),
    );
    expect(told).toEqual([
      'prepare alert The standby could not take over now: the config is not valid.',
      'prepare info The standby could take over now: workspace fetched.',
    ]);
  });

  test('nobody who shows that this host is online is told once, and when somebody does again', () => {
    const told = story(
      report('way-out', 'online', 1, 'x answers'),
      report('way-out', 'cut-off', 2, 'x port 22: no answer in time'),
      report('way-out', 'cut-off', 3, 'x port 22: EHOSTUNREACH'),
      report('way-out', 'online', 4, 'x answers'),
    );
    expect(told).toEqual([
      'way-out warning The primary is well, and nobody answers who shows that this host is online: it would not take over now: x port 22: no answer in time.',
      'way-out info This host is seen to be online again: x answers.',
    ]);
  });

  test('a pull that is refused is told once for each reason, and when it is well again', () => {
    const told = story(
      report('secrets', 'unchanged', 1),
      report('secrets', 'pulled', 2, 'a.env'),
      report('secrets', 'unchanged', 3, 'a.env'),
      report('secrets', 'refused', 4, 'a.env is empty'),
      report('secrets', 'refused', 5, 'a.env is empty'),
      report('secrets', 'refused', 6, 'b.env is empty'),
      report('secrets', 'unreachable', 7, 'timed out'),
      report('secrets', 'unreachable', 8, 'no route'),
      report('secrets', 'unchanged', 9, 'a.env'),
    );
    expect(told).toEqual([
      'secrets info New secrets were pulled; the gateway here takes them at its next start: a.env.',
      'secrets warning The pulled secrets were refused, the ones before stay in force: a.env is empty.',
      'secrets warning The pulled secrets were refused, the ones before stay in force: b.env is empty.',
      'secrets warning The source of the secrets cannot be reached, the ones before stay in force: timed out.',
      'secrets info The pulled secrets are up to date: a.env.',
    ]);
  });

  test('a word that is not known is told as it is', () => {
    expect(story(report('sync', 'constructor', 1))).toEqual([
      'workspace warning The sync job says "constructor".',
    ]);
  });
});

test('durations as people read them', () => {
  expect([0, 4210, 42_400, 185_000, 7_800_000].map(duration)).toEqual([
    '0.0 s',
    '4.2 s',
    '42 s',
    '3 min 5 s',
    '2 h 10 min',
  ]);
});
