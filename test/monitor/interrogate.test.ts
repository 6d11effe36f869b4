import {readFileSync} from 'node:fs';
import net from 'node:net';
import {describe, expect, it, vi} from 'vitest';
import type {PrimaryReport} from '../../src/monitor/evidence.js';
import {interrogate, type InterrogationDeps} from '../../src/monitor/interrogate.js';
import {parseReport} from '../../src/monitor/primary-report.js';
import {runBounded, type Ended} from '../../src/monitor/run-bounded.js';
import {answerOf, better, sshArgv} from '../../src/monitor/ssh-ask.js';
import {settings} from './settings-of-tests.js';

const report: PrimaryReport = {
  unit: 'active',
  result: 'success',
  exitCode: 0,
  restarts: 2,
  bootId: '0f9a3c52-6d1b-4c55-8f0e-5a1c9b7d2e10',
  uptimeS: 86_400,
  loopback: 'ok',
  listens: 'private',
  ready: 'no',
  failing: 'irc,agent-database:main',
  suppressed: '',
};
const line = `${JSON.stringify(report)}\n`;
const ended = (change: Partial<Ended>): Ended => ({
  code: 0,
  stdout: '',
  stderr: '',
  timedOut: false,
  tooLong: false,
  ...change,
});

describe('a report', () => {
  it('is read as it was printed', () => expect(parseReport(line)).toEqual(report));
  it('of an older setup says nothing of readiness, and is one', () => {
    const {ready: _ready, failing: _failing, suppressed: _suppressed, ...older} = report;
    expect(parseReport(JSON.stringify(older))).toEqual(older);
  });
  const odd: [string, string][] = [
    ['a readiness that is none', JSON.stringify({...report, ready: true})],
    ['names with control characters', JSON.stringify({...report, failing: 'irc\u001b[2J'})],
    ['names without end', JSON.stringify({...report, suppressed: 'x'.repeat(201)})],
    ['names that are a list', JSON.stringify({...report, failing: ['irc']})],
    ['empty', ''],
    ['a greeting before it', `Welcome\n${line}`],
    ['a second line', `${line}${line}`],
    ['cut off', line.slice(0, 40)],
    ['a list', `[${line}]`],
    ['null', 'null'],
    ['a number', '7'],
    ['without a field', JSON.stringify({...report, unit: undefined})],
    ['with one more', JSON.stringify({...report, more: 1})],
    ['an unknown state', JSON.stringify({...report, unit: 'dancing'})],
    ['a state that every object has', JSON.stringify({...report, unit: 'constructor'})],
    ['a result with control characters', JSON.stringify({...report, result: 'exit\u001b[2J'})],
    ['a result that is too long', JSON.stringify({...report, result: 'x'.repeat(33)})],
    ['a negative exit code', JSON.stringify({...report, exitCode: -1})],
    ['an exit code of text', JSON.stringify({...report, exitCode: '78'})],
    ['half a restart', JSON.stringify({...report, restarts: 0.5})],
    ['no boot id', JSON.stringify({...report, bootId: ''})],
    ['an answer of a class that is none', JSON.stringify({...report, loopback: 'fine'})],
    ['a place that is none', JSON.stringify({...report, listens: 'somewhere'})],
    ['its prototype as a field', `{"__proto__":${line.trim()}}`],
    ['more than 4 KiB', `${JSON.stringify(report)}${' '.repeat(5000)}`],
  ];
  it.each(odd)('that is odd is none: %s', (_what, text) => expect(parseReport(text)).toBeUndefined());
});

describe('the argv of ssh', () => {
  const call = {
    user: 'openclaw-report',
    address: '100.64.0.11',
    port: 2222,
    key: '/etc/k',
    knownHosts: '/etc/kh',
    connectTimeoutMs: 1500,
  };
  const option = (argv: readonly string[], name: string) =>
    argv.filter((word) => word.startsWith(`${name}=`)).map((word) => word.slice(name.length + 1));

  it('asks nothing, trusts one key, and reads nobody’s config', () => {
    const argv = sshArgv(call);
    expect(argv.slice(0, 3)).toEqual(['ssh', '-F', 'none']);
    expect(option(argv, 'BatchMode')).toEqual(['yes']);
    expect(option(argv, 'IdentitiesOnly')).toEqual(['yes']);
    expect(option(argv, 'StrictHostKeyChecking')).toEqual(['yes']);
    expect(option(argv, 'UserKnownHostsFile')).toEqual(['/etc/kh']);
    expect(option(argv, 'GlobalKnownHostsFile')).toEqual(['/dev/null']);
    expect(option(argv, 'HostKeyAlias')).toEqual(['openclaw-failover-primary']);
    expect(argv[argv.indexOf('-i') + 1]).toBe('/etc/k');
  });
  it('names the address last, behind --, and no command', () =>
    expect(sshArgv(call).slice(-6)).toEqual(['-p', '2222', '-l', 'openclaw-report', '--', '100.64.0.11']));
  it('rounds the time for a connection up to whole seconds, as ssh wants them', () =>
    expect(option(sshArgv(call), 'ConnectTimeout')).toEqual(['2']));
  it('comes from an address of ours only where one is given', () => {
    expect(option(sshArgv(call), 'BindAddress')).toEqual([]);
    expect(option(sshArgv({...call, from: '100.64.0.12'}), 'BindAddress')).toEqual(['100.64.0.12']);
  });
});

describe('what an ssh that has ended says', () => {
  const failed = (stderr: string) => ended({code: 255, stderr});
  const greeted =
    'debug1: Connection established.\r\ndebug1: Remote protocol version 2.0, remote software version x\r\n';
  const cases: [string, Ended, object][] = [
    ['a report', ended({stdout: line}), {kind: 'report', report}],
    ['another text', ended({stdout: 'hello\n'}), {kind: 'unavailable', detail: 'its answer is not a report'}],
    ['endless text', ended({code: null, tooLong: true, stdout: 'x'}), {kind: 'unavailable'}],
    ['no ssh here', ended({code: null, error: 'ENOENT'}), {kind: 'unavailable'}],
    ['ended by a signal', ended({code: null}), {kind: 'unavailable'}],
    [
      'permission denied',
      failed('openclaw-report@100.64.0.11: Permission denied (publickey).\r\n'),
      {
        kind: 'refused',
        final: true,
        detail: 'openclaw-report@100.64.0.11: Permission denied (publickey).',
      },
    ],
    [
      'a key that cannot be read here',
      failed('Load key "/etc/k": Permission denied\nx@100.64.0.11: Permission denied (publickey).'),
      {kind: 'unavailable'},
    ],
    [
      'another host key',
      failed(
        '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key for openclaw-failover-primary has changed and you have requested strict checking.\r\nHost key verification failed.\r\n',
      ),
      {kind: 'other-host'},
    ],
    [
      'a key of a type that was never pinned',
      failed(
        'No ED25519 host key is known for openclaw-failover-primary and you have requested strict checking.\r\nHost key verification failed.\r\n',
      ),
      {kind: 'other-host'},
    ],
    [
      'a refused port',
      failed('ssh: connect to host 100.64.0.11 port 22: Connection refused\r\n'),
      {kind: 'refused', final: false},
    ],
    [
      'nobody there',
      failed('ssh: connect to host 100.64.0.11 port 22: Connection timed out\r\n'),
      {kind: 'silent'},
    ],
    ['no route', failed('ssh: connect to host 100.64.0.11 port 22: No route to host\r\n'), {kind: 'silent'}],
    [
      'a connection and no SSH',
      failed(
        'Connection timed out during banner exchange\r\nConnection to 100.64.0.11 port 22 timed out\r\n',
      ),
      {kind: 'mute', detail: 'it takes the connection, and no SSH answers in time'},
    ],
    [
      'no network here',
      failed('ssh: connect to host 203.0.113.1 port 22: Network is unreachable\r\n'),
      {kind: 'unavailable'},
    ],
    [
      'an own address that is gone',
      failed(
        'bind 100.64.0.12: Cannot assign requested address\nssh: connect to host 100.64.0.11 port 22: failure\r\n',
      ),
      {kind: 'unavailable'},
    ],
    [
      'a server that hangs up',
      failed(
        'kex_exchange_identification: Connection closed by remote host\r\nConnection closed by 100.64.0.11 port 22',
      ),
      {kind: 'refused', final: false},
    ],
    [
      'a greeting that speaks of permissions',
      failed('Permission denied to strangers.\nssh: connect to host 1.2.3.4 port 22: Connection timed out'),
      {kind: 'silent'},
    ],
    [
      'a command that is not there',
      ended({
        code: 127,
        stderr: 'Authenticated to x ([x]:22) using "publickey".\nsh: 1: report: not found\n',
      }),
      {kind: 'refused', final: true, detail: 'its report ended with exit code 127: sh: 1: report: not found'},
    ],
    ['silence after the connection', ended({code: null, timedOut: true}), {kind: 'mute'}],
    ['a greeting and then silence', ended({code: null, timedOut: true, stderr: greeted}), {kind: 'slow'}],
    [
      'a greeting, and ssh itself gives up',
      failed(`${greeted}Connection to 100.64.0.11 port 22 timed out\r\n`),
      {kind: 'slow'},
    ],
    [
      'a refused key after all that ssh says on the way',
      failed(`${greeted}x@h: Permission denied (publickey).\r\ndebug1: Exit status 255\r\n`),
      {kind: 'refused', final: true, detail: 'x@h: Permission denied (publickey).'},
    ],
    [
      'a login and then silence',
      ended({code: null, timedOut: true, stderr: 'Authenticated to x ([x]:22) using "publickey".\n'}),
      {kind: 'refused', final: true},
    ],
    ['words that nobody knows', failed('something new\n'), {kind: 'unavailable', detail: 'something new'}],
  ];
  it.each(cases)('%s', (_what, how, answer) => expect(answerOf(how)).toMatchObject(answer));

  it('is silence when it is killed while nothing takes the connection', () =>
    expect(answerOf(ended({code: null, timedOut: true}), false)).toMatchObject({kind: 'silent'}));
  it.each([
    ['greets', 'SSH-2.0-x\r\n', 'slow'],
    ['says nothing', '', 'mute'],
  ])(
    'is told apart where a server %s and goes no further, by the real program',
    async (_what, greeting, kind) => {
      const server = net.createServer((socket) => socket.on('error', () => {}).write(greeting));
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const {port} = server.address() as net.AddressInfo;
      const argv = sshArgv({
        user: 'x',
        address: '127.0.0.1',
        port,
        key: '/dev/null',
        knownHosts: '/dev/null',
        connectTimeoutMs: 5000,
      });
      const how = await runBounded(argv, {timeoutMs: 1500, maxBytes: 4096});
      server.close();
      expect(answerOf(how)).toMatchObject({kind});
    },
  );
  it('keeps control characters of the other side out of what is told', () => {
    const {detail} = answerOf(failed('x@h: Permission denied (\u001b[31mpublickey).')) as {detail: string};
    expect(detail).toBe('x@h: Permission denied ( [31mpublickey).');
  });
  it('is worth more from who has heard the host than from who has not', () => {
    const silent = answerOf(ended({code: null, timedOut: true}), false);
    const own = failed('ssh: connect to host 203.0.113.1 port 22: Network is unreachable\r\n');
    expect(better(answerOf(own), silent)).toBe(true);
    expect(better(silent, answerOf(own))).toBe(false);
    expect(better(answerOf(failed('a@b: Permission denied (publickey).')), answerOf(own))).toBe(true);
  });
});

describe('an interrogation', () => {
  const paths = {interrogationKey: '/k', interrogationKnownHosts: '/kh'};
  const both = {
    ...settings,
    primary: {address: '100.64.0.11', port: 18_789, from: '100.64.0.12'},
    interrogation: {
      user: 'openclaw-report',
      addresses: [
        {address: '100.64.0.11', port: 22, path: 'private' as const},
        {address: '203.0.113.11', port: 2222, path: 'public' as const},
      ],
      connectTimeoutMs: 1500,
      timeoutMs: 3000,
    },
  };
  const silent = ended({code: 255, stderr: 'ssh: connect to host x port 22: Connection timed out'});
  const late = ended({code: null, timedOut: true});
  const later = (ms: number, what: Ended, signal?: AbortSignal) =>
    new Promise<Ended>((resolve) => {
      const timer = setTimeout(() => resolve(what), ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve(ended({code: null}));
      });
    });
  /** What each address says, after how many ms; notes who was asked and who was cut off. */
  function world(says: Record<string, [ms: number, Ended]>, change: Partial<InterrogationDeps> = {}) {
    const asked: string[] = [];
    const cut: string[] = [];
    const deps: InterrogationDeps = {
      run: (argv, {signal}) => {
        const address = argv.at(-1)!;
        asked.push(address);
        signal?.addEventListener('abort', () => cut.push(address));
        const [ms, what] = says[address]!;
        return later(ms, what, signal);
      },
      reach: async () => ({alive: true, how: 'answers'}),
      witness: async () => ({alive: true, by: 'somebody'}),
      readable: async () => true,
      ...change,
    };
    return {deps, asked, cut};
  }

  it('takes the report of the private path and leaves the public one alone', async () => {
    const {deps, asked} = world({'100.64.0.11': [5, ended({stdout: line})]});
    const result = await interrogate(both, paths, deps);
    expect(result.asked).toMatchObject({kind: 'report', path: 'private', report});
    expect(asked).toEqual(['100.64.0.11']);
    expect(result.publicPath).toEqual({alive: true, detail: '203.0.113.11 port 2222: answers'});
    expect(result.witness).toEqual({alive: true, by: 'somebody'});
  });
  it('tries the public path after half a second of silence, and cuts the other one off', async () => {
    const {deps, cut} = world({'100.64.0.11': [5000, silent], '203.0.113.11': [20, ended({stdout: line})]});
    const startedMs = performance.now();
    const {asked} = await interrogate(both, paths, deps);
    expect(asked).toMatchObject({kind: 'report', path: 'public'});
    expect(performance.now() - startedMs).toBeGreaterThan(500);
    expect(performance.now() - startedMs).toBeLessThan(1500);
    expect(cut).toContain('100.64.0.11');
  });
  it('takes a late report of the private path while the public one is still being tried', async () => {
    const {deps, cut} = world({'100.64.0.11': [700, ended({stdout: line})], '203.0.113.11': [5000, silent]});
    expect((await interrogate(both, paths, deps)).asked).toMatchObject({kind: 'report', path: 'private'});
    expect(cut).toContain('203.0.113.11');
  });
  it('tries the public path at once when the private one is refused as a port', async () => {
    const refused = ended({code: 255, stderr: 'ssh: connect to host x port 22: Connection refused'});
    const {deps} = world({'100.64.0.11': [5, refused], '203.0.113.11': [5, silent]});
    const startedMs = performance.now();
    expect((await interrogate(both, paths, deps)).asked).toMatchObject({kind: 'refused', path: 'private'});
    expect(performance.now() - startedMs).toBeLessThan(400);
  });
  it('does not knock twice where the key is refused: a ban would follow', async () => {
    const denied = ended({code: 255, stderr: 'x@h: Permission denied (publickey).'});
    const {deps, asked} = world({'100.64.0.11': [5, denied]});
    expect((await interrogate(both, paths, deps)).asked).toMatchObject({kind: 'refused', path: 'private'});
    expect(asked).toHaveLength(1);
  });
  it('is silent when every path is', async () => {
    const {deps, asked} = world({'100.64.0.11': [5, silent], '203.0.113.11': [5, silent]});
    expect((await interrogate(both, paths, deps)).asked).toMatchObject({kind: 'silent'});
    expect(asked).toHaveLength(2);
  });
  it.each([
    [false, 'silent'],
    [true, 'mute'],
  ])('that runs out of time on a public port that takes connections: %s, is %s', async (alive, kind) => {
    const {deps} = world(
      {'100.64.0.11': [5, silent], '203.0.113.11': [5, late]},
      {reach: async () => ({alive, how: 'x'})},
    );
    expect((await interrogate(both, paths, deps)).asked).toMatchObject({kind});
  });
  it('that is slow on one path and another host on the other has heard from the primary, and says on which path', async () => {
    const slow = ended({
      code: null,
      timedOut: true,
      stderr: 'debug1: Remote protocol version 2.0, remote software version x\r\n',
    });
    const changed = ended({code: 255, stderr: 'Host key verification failed.\r\n'});
    const {deps} = world({'100.64.0.11': [5, changed], '203.0.113.11': [5, slow]});
    expect((await interrogate(both, paths, deps)).asked).toMatchObject({kind: 'slow', path: 'public'});
  });
  it('comes from the private address on the private path only', async () => {
    const argvs: (readonly string[])[] = [];
    const {deps} = world({}, {run: async (argv) => (argvs.push(argv), silent)});
    await interrogate(both, paths, deps);
    expect(argvs.map((argv) => argv.includes('BindAddress=100.64.0.12'))).toEqual([true, false]);
  });
  it('without a way set up is unavailable, and the witness is asked all the same', async () => {
    const {deps} = world({});
    expect(await interrogate(settings, paths, deps)).toEqual({
      asked: {kind: 'unavailable', detail: 'it is not set up'},
      publicPath: null,
      witness: {alive: true, by: 'somebody'},
    });
  });
  it('without its files is unavailable, not another host', async () => {
    const {deps} = world({}, {readable: async (file) => file !== '/kh'});
    expect((await interrogate(both, paths, deps)).asked).toEqual({
      kind: 'unavailable',
      detail: '/kh cannot be read',
    });
  });
  it('never throws', async () => {
    const {deps} = world({}, {run: () => Promise.reject(new Error('bug'))});
    expect((await interrogate(both, paths, deps)).asked).toMatchObject({kind: 'unavailable'});
  });
});

describe('a program that is run within bounds', () => {
  const how = {timeoutMs: 5000, maxBytes: 1000};
  it('gives its output, its errors and its exit code', async () =>
    expect(await runBounded(['sh', '-c', 'echo out; echo err >&2; exit 3'], how)).toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      timedOut: false,
      tooLong: false,
    }));
  /** A process that nobody has taken note of yet is a zombie, and dead. */
  const lives = (pid: number) => {
    try {
      return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  };
  it('is killed with its children when its time is over', async () => {
    const startedMs = performance.now();
    // The child keeps the pipe open and ignores every signal that can be ignored.
    const script = `sh -c 'trap "" TERM HUP; echo $$; sleep 30' & wait`;
    const result = await runBounded(['sh', '-c', script], {...how, timeoutMs: 500});
    expect(result).toMatchObject({code: null, timedOut: true});
    expect(performance.now() - startedMs).toBeLessThan(2000);
    const child = Number(result.stdout);
    expect(child).toBeGreaterThan(1);
    await vi.waitFor(() => expect(lives(child)).toBe(false), {timeout: 3000});
  });
  it('is killed when it prints too much', async () => {
    const result = await runBounded(['sh', '-c', 'yes'], how);
    expect(result).toMatchObject({tooLong: true, timedOut: false});
    expect(result.stdout).toHaveLength(1000);
  });
  it('keeps the end of what it complains of', async () => {
    const {stderr} = await runBounded(['sh', '-c', 'seq 1 2000 >&2; echo the end >&2'], how);
    expect(stderr).toHaveLength(1000);
    expect(stderr).toMatch(/the end\n$/);
  });
  it('that is not there says so', async () =>
    expect(await runBounded(['/no/such/program'], how)).toMatchObject({code: null, error: 'ENOENT'}));
  it('ends when it is told to', async () => {
    const over = new AbortController();
    const running = runBounded(['sleep', '30'], {...how, signal: over.signal});
    over.abort();
    expect(await running).toMatchObject({code: null, timedOut: false});
  });
  it('sees none of our environment', async () => {
    process.env['FAILOVER_TEST_TOKEN'] = 'x';
    const {stdout} = await runBounded(['env'], how);
    delete process.env['FAILOVER_TEST_TOKEN'];
    expect(stdout).not.toContain('FAILOVER_TEST_TOKEN');
  });
});
