import {once} from 'node:events';
import {chmod, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {createServer, type AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {newKey, startServer, type TestServer} from '../ssh/server.js';
import {OnTerminal, runPiped} from './whole-program.js';

const key = newKey();
let server: TestServer;
let home: string;

/** Both hosts are one SSH server in this process; what is tried here ends before anything runs there. */
beforeAll(async () => {
  server = await startServer({authorized: [key.line]});
});
afterAll(() => server.close());

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'operator-'));
  const path = join(home, 'id');
  await writeFile(path, key.text);
  await chmod(path, 0o600);
  return () => rm(home, {recursive: true});
});

function args(...more: string[]): string[] {
  const target = `root@127.0.0.1:${server.port}`;
  const identity = join(home, 'id');
  const hosts = ['setup', '--primary', target, '--standby', `ops@127.0.0.1:${server.port}`];
  return hosts.concat('--primary-identity', identity, '--standby-identity', identity, more);
}
const decided = ['--channel', 'irc', '--model', 'a/b'];

describe('a first contact', () => {
  it('shows the fingerprint and asks; no is no, and nothing is pinned', async () => {
    const terminal = new OnTerminal(args(), {home});
    await terminal.sees(/First contact with the (?:primary, root|standby, ops)@127\.0\.0\.1/);
    await terminal.sees(/Is this its key\?/);
    expect(terminal.text()).toContain(server.fingerprint);
    terminal.type('n\r');
    await terminal.sees(/Is this its key\?[^]*Is this its key\?/);
    terminal.type('n\r');
    expect(await terminal.ended).toBe(4);
    await expect(readFile(join(home, '.config/failover-wizard/pairs/default/known_hosts'))).rejects.toThrow(
      /ENOENT/,
    );
  });

  it('with nobody to ask is refused, and the fingerprint is shown', async () => {
    const {code, stderr, stdout} = await runPiped(args(...decided, '--no-input'), {home});
    expect({code, stdout}).toEqual({code: 4, stdout: ''});
    expect(stderr).toContain(server.fingerprint);
  });

  it('that is Ctrl+C is exit 130', async () => {
    const terminal = new OnTerminal(args(), {home});
    await terminal.sees(/Is this its key\?/);
    terminal.type('\u0003');
    expect(await terminal.ended).toBe(130);
  });
});

describe('an expected host key', () => {
  it('that is another one stops with both fingerprints', async () => {
    const other = `SHA256:${'A'.repeat(43)}`;
    const pins = ['--primary-host-key', other, '--standby-host-key', other];
    const {code, stderr} = await runPiped(args(...decided, '--no-input', ...pins), {home});
    expect(code).toBe(4);
    expect(stderr).toContain(other);
    expect(stderr).toContain(server.fingerprint);
  });
});

describe('connecting', () => {
  it('ends with one line and exit 130 on Ctrl+C, also while nobody answers', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const target = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const nowhere = ['--primary', `root@${target}`, '--standby', `ops@${target}`, '--plain'];
    const terminal = new OnTerminal(['setup', ...nowhere], {home});
    await terminal.sees(/Connecting to the standby/);
    terminal.type('\u0003');
    expect(await terminal.ended).toBe(130);
    expect(terminal.text()).toMatch(/Interrupted\.$/);
    silent.close();
  });

  it('that fails says which host, and where the log is', async () => {
    const closed = await startServer();
    await closed.close();
    const target = `127.0.0.1:${closed.port}`;
    const {code, stderr} = await runPiped(
      ['setup', '--primary', `root@${target}`, '--standby', `ops@${target}`, ...decided, '--no-input'],
      {home},
    );
    expect(code).toBe(4);
    expect(stderr).toMatch(/✖ .*primary/);
    expect(stderr).toMatch(/And: .*standby/);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});
