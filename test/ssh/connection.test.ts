import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {Secret} from '../../src/secret.js';
import {connectTo, newDesk, server} from './connecting.js';
import {newKey, startServer} from './server.js';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a connection that is lost', () => {
  it('fails the commands in flight with what they were, and comes back for the next one', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    const states: string[] = [];
    const host = await connectTo(at, desk, {onState: (state) => states.push(state), backoffMs: 20});
    const running = [
      host.run(['sleep', '20'], {label: 'install Node'}),
      host.script({label: 'read the facts', text: 'sleep 20'}),
    ];
    await sleep(200);
    at.cut();
    const [first, second] = await Promise.allSettled(running);
    expect(first).toMatchObject({
      reason: {
        name: 'ConnectionLost',
        exit: 4,
        message: 'The connection to the standby was lost during: install Node.',
      },
    });
    expect(second).toMatchObject({
      reason: {message: 'The connection to the standby was lost during: read the facts.'},
    });
    expect((await host.run(['echo', 'back'])).stdout).toBe('back\n');
    expect(states).toEqual(['connecting', 'connected', 'lost', 'reconnecting', 'connected']);
    expect(desk.audit.map(({command, code}) => `${command} ${code}`)).toEqual([
      'install Node -1',
      'read the facts -1',
      'echo back 0',
    ]);
  });

  it('waits for a host that comes back, with growing pauses', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    const states: string[] = [];
    const host = await connectTo(at, desk, {
      backoffMs: 50,
      reconnectForMs: 5_000,
      onState: (state) => states.push(state),
    });
    await at.refuse();
    at.cut();
    await sleep(50);
    const ran = host.run(['echo', 'back']);
    await sleep(600);
    await at.listen();
    expect((await ran).stdout).toBe('back\n');
    // 50, 100, 200, 400 ms: a handful of tries, not hundreds.
    expect(states.filter((state) => state === 'reconnecting').length).toBeGreaterThan(2);
    expect(states.filter((state) => state === 'reconnecting').length).toBeLessThan(9);
  });

  it('gives up in time, and tries again for a later command', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    const host = await connectTo(at, desk, {backoffMs: 50, reconnectForMs: 300});
    await at.refuse();
    at.cut();
    await sleep(50);
    const began = performance.now();
    await expect(host.run(['true'])).rejects.toMatchObject({
      name: 'Abort',
      exit: 4,
      message: expect.stringContaining('refuses connections'),
    });
    expect(performance.now() - began).toBeLessThan(1_500);
    await at.listen();
    expect((await host.run(['echo', 'later'])).stdout).toBe('later\n');
  });

  it('comes back once for many commands that wait', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    const host = await connectTo(at, desk, {backoffMs: 20});
    at.cut();
    await sleep(50);
    await Promise.all(Array.from({length: 12}, () => host.run(['true'])));
    expect(at.connections).toBe(2);
  });

  it('never comes back to another host key', async () => {
    const desk = newDesk();
    const at = await startServer({authorized: [desk.key.line]});
    const host = await connectTo(at, desk, {
      hostKey: undefined,
      prompts: {hostKey: async () => true},
      backoffMs: 20,
      reconnectForMs: 2_000,
    });
    const {port} = at;
    await at.close();
    await sleep(50);
    const impostor = await server({authorized: [desk.key.line], port});
    await expect(host.run(['true'])).rejects.toMatchObject({
      exit: 4,
      message: expect.stringContaining('has changed'),
    });
    expect(impostor.logins).toEqual([]);
    expect(impostor.commands).toEqual([]);
  });

  it('comes back with the remembered password, and asks nothing', async () => {
    const desk = newDesk();
    const at = await server({password: 'letmein'});
    let asked = 0;
    const password = async (): Promise<Secret> => {
      asked += 1;
      return new Secret('letmein');
    };
    const host = await connectTo(at, desk, {identityFile: undefined, prompts: {password}, backoffMs: 20});
    at.cut();
    await sleep(50);
    expect((await host.run(['echo', 'back'])).stdout).toBe('back\n');
    expect(asked).toBe(1);
  });

  it('ends a followed command with ConnectionLost', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    const host = await connectTo(at, desk);
    const lines: string[] = [];
    const reading = (async () => {
      for await (const line of host.follow(
        ['sh', '-c', 'echo one; sleep 20'],
        new AbortController().signal,
      )) {
        lines.push(line);
        at.cut();
      }
    })();
    await expect(reading).rejects.toMatchObject({name: 'ConnectionLost'});
    expect(lines).toEqual(['one']);
  });

  it('in the middle of a write leaves the old file in place', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    const host = await connectTo(at, desk, {backoffMs: 20});
    const path = join(desk.folder, 'file');
    const writing = host.write({
      path,
      content: 'z'.repeat(60_000_000),
      owner: 'root',
      group: 'root',
      mode: 0o600,
    });
    const failed = expect(writing).rejects.toMatchObject({
      name: 'ConnectionLost',
      message: expect.stringContaining(`write ${path}`),
    });
    await sleep(150);
    at.cut();
    await failed;
    await sleep(300);
    expect(existsSync(path)).toBe(false);
    expect((await host.run(['sh', '-c', `ls -A ${desk.folder} | grep -c '^.fw-'`])).stdout).toBe('0\n');
  });

  it('is noticed when the other side falls silent', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    const host = await connectTo(at, desk, {keepaliveMs: 100});
    const running = host.run(['sleep', '20'], {label: 'a long step'});
    const lost = expect(running).rejects.toMatchObject({name: 'ConnectionLost'});
    await sleep(150);
    const began = performance.now();
    at.silence();
    await lost;
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe('a connection that stands', () => {
  it('is kept alive while nothing is said', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    const host = await connectTo(at, desk, {keepaliveMs: 50});
    await sleep(500);
    expect((await host.run(['echo', 'still'])).stdout).toBe('still\n');
    expect(at.connections).toBe(1);
  });

  it('is over after close, for good', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    const states: string[] = [];
    const host = await connectTo(at, desk, {onState: (state) => states.push(state)});
    await host.close();
    await host.close();
    await expect(host.run(['true'])).rejects.toMatchObject({name: 'Abort', exit: 4});
    expect(states).toEqual(['connecting', 'connected', 'closed']);
    expect(at.connections).toBe(1);
  });

  it('says nothing of a key that was never used', async () => {
    const desk = newDesk();
    const at = await server({authorized: [newKey().line, desk.key.line]});
    const host = await connectTo(at, desk);
    expect(host.endpoint).toEqual({host: '127.0.0.1', port: at.port, user: 'root'});
    expect(host.publicKey).toBe(`${desk.key.line} root@127.0.0.1:${at.port}`);
  });
});
