import {describe, expect, test} from 'vitest';
import {readChannelStatus} from '../../src/monitor/channel-status.js';
import {retell} from '../../src/monitor/retell.js';
import {duration} from '../../src/monitor/say.js';
import {parseUnit} from '../../src/monitor/unit.js';
import {verify} from '../../src/monitor/verify.js';
import {askWitnesses, defaultGateway, isNeighbour} from '../../src/monitor/witness.js';
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
    expect(readChannelStatus(text, channel)).toEqual({connected, detail});
  });
});

describe('the verify job', () => {
  test('waits for ready, backs off while not connected, then looks every 5 min, with the role it saw', async () => {
    const slept: number[] = [];
    const written: {seq: number; connected: boolean}[] = [];
    const answers = [false, false, false, true, true];
    let ready = 2;
    await verify(
      {
        gateway: async () => ({live: true, ready: ready-- <= 0}),
        status: async () => ({connected: answers.shift()!, detail: ''}),
        role: async () => ({want: 'active', seq: 7}),
        write: async (report) => void written.push(report),
        sleep: async (ms) => void slept.push(ms),
        wallMs: () => 0,
      },
      () => answers.length === 0,
    );
    expect(slept).toEqual([500, 500, 1000, 2000, 4000, 300_000, 300_000]);
    expect(written.map(({connected, seq}) => [connected, seq])).toEqual([
      [false, 7],
      [false, 7],
      [false, 7],
      [true, 7],
      [true, 7],
    ]);
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

  test('one witness that answers is enough, and a refusal is an answer', async () => {
    const silent = await silentPort();
    const witnesses = [silent.port, 1].map((port) => ({address: '127.0.0.1', port}));
    const answer = await askWitnesses(witnesses, 300);
    silent.close();
    expect(answer).toEqual({
      alive: true,
      by: '127.0.0.1 port 1: refuses',
    });
  });

  test('nobody answers: each is named with its reason', async () => {
    const [one, other] = [await silentPort(), await silentPort()];
    const {alive, by} = await askWitnesses(
      [one, other].map(({port}) => ({address: '127.0.0.1', port})),
      200,
    );
    one.close();
    other.close();
    expect(alive).toBe(false);
    expect(by).toBe(
      `no witness answers (127.0.0.1 port ${one.port}: no answer in time; 127.0.0.1 port ${other.port}: no answer in time)`,
    );
  });
});

describe('reports of the jobs, retold', () => {
  const report = (job: 'sync' | 'handback' | 'handback-push', result: string, n: number, detail = '') => ({
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
