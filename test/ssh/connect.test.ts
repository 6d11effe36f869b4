import {writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {fingerprint} from '../../src/ssh/known-hosts.js';
import type {FirstContact} from '../../src/ssh/prompts.js';
import {knownHostsName} from '../../src/ssh/target.js';
import {afterwards, connectTo, newDesk, server} from './connecting.js';
import {newKey, startServer} from './server.js';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const noPin = {hostKey: undefined};

describe('a first contact', () => {
  it('shows the fingerprint, asks, and pins the key when it is accepted', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    const asked: FirstContact[] = [];
    const prompts = {hostKey: async (info: FirstContact) => Boolean(asked.push(info))};
    await connectTo(at, desk, {...noPin, prompts});
    expect(asked).toEqual([
      {
        host: 'standby',
        target: `root@127.0.0.1:${at.port}`,
        jump: false,
        keyType: 'ssh-ed25519',
        fingerprint: at.fingerprint,
      },
    ]);
    expect(desk.pins.get(knownHostsName('127.0.0.1', at.port))).toMatchObject([at.hostKeys[0]!]);
    // Pinned now: the next connection asks nothing, and could not.
    await connectTo(at, desk, noPin);
  });

  it('is refused when the operator says no, and pins nothing', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    const refused = connectTo(at, desk, {...noPin, prompts: {hostKey: async () => false}});
    await expect(refused).rejects.toMatchObject({
      name: 'Abort',
      exit: 4,
      message: expect.stringContaining('not accepted'),
    });
    expect(desk.pins.get(knownHostsName('127.0.0.1', at.port))).toEqual([]);
    expect(at.logins).toEqual([]);
  });

  it('is refused without anybody to ask, showing the fingerprint', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    await expect(connectTo(at, desk, noPin)).rejects.toMatchObject({
      exit: 4,
      detail: expect.stringContaining(at.fingerprint),
      next: expect.arrayContaining([expect.stringContaining(`"hostKey": "${at.fingerprint}"`)]),
    });
    expect(at.logins).toEqual([]);
  });

  it('may take longer than the server waits', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line], loginGraceMs: 300});
    let asked = 0;
    const hostKey = async (): Promise<boolean> => {
      asked += 1;
      await sleep(800);
      return true;
    };
    const host = await connectTo(at, desk, {...noPin, prompts: {hostKey}, connectTimeoutMs: 600});
    expect((await host.run(['echo', 'in'])).stdout).toBe('in\n');
    expect(asked).toBe(1);
  });
});

describe('a host key', () => {
  it('of known_hosts is accepted without a question, also from a hashed line', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    const file = join(desk.folder, 'known_hosts');
    const {createHmac, randomBytes} = await import('node:crypto');
    const salt = randomBytes(20);
    const hash = createHmac('sha1', salt).update(`[127.0.0.1]:${at.port}`).digest('base64');
    writeFileSync(file, `|1|${salt.toString('base64')}|${hash} ${at.keyLine}\n`);
    await connectTo(at, desk, {...noPin, config: {knownHostsFiles: [file]}});
    expect(desk.pins.get(knownHostsName('127.0.0.1', at.port))).toHaveLength(1);
  });

  it('that differs from known_hosts stops everything, with both fingerprints', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    const old = newKey();
    const file = join(desk.folder, 'known_hosts');
    writeFileSync(file, `[127.0.0.1]:${at.port} ${old.line}\n`);
    const changed = connectTo(at, desk, {
      ...noPin,
      config: {knownHostsFiles: [file]},
      prompts: {hostKey: async () => true},
    });
    await expect(changed).rejects.toMatchObject({
      exit: 4,
      message: expect.stringMatching(/^The host key of the standby \(root@127\.0\.0\.1:\d+\) has changed\.$/),
      detail: expect.stringMatching(
        new RegExp(`${escape(fingerprint(old.parsed.getPublicSSH()))}[^]*${escape(at.fingerprint)}`),
      ),
    });
    expect(at.logins).toEqual([]);
  });

  it('that was pinned and has changed stops everything, whatever known_hosts says', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    const {parsed} = newKey();
    desk.pins.add(
      knownHostsName('127.0.0.1', at.port),
      {type: parsed.type, blob: parsed.getPublicSSH()},
      'root@claw',
    );
    const file = join(desk.folder, 'known_hosts');
    writeFileSync(file, `[127.0.0.1]:${at.port} ${at.keyLine}\n`);
    const changed = connectTo(at, desk, {...noPin, config: {knownHostsFiles: [file]}});
    await expect(changed).rejects.toMatchObject({exit: 4, message: expect.stringContaining('has changed')});
    desk.pins.forget(`127.0.0.1`);
    await connectTo(at, desk, {...noPin, config: {knownHostsFiles: [file]}});
  });

  it('that is revoked is refused although it is pinned', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    const file = join(desk.folder, 'known_hosts');
    writeFileSync(file, `@revoked * ${at.keyLine}\n`);
    const refused = connectTo(at, desk, {config: {knownHostsFiles: [file]}});
    await expect(refused).rejects.toMatchObject({exit: 4, message: expect.stringContaining('revoked')});
    expect(at.logins).toEqual([]);
  });

  it('is compared by the type that is known, not by the one the server likes best', async () => {
    const desk = newDesk();
    const [ed25519, rsa] = [newKey(), newKey('rsa')];
    const at = await server({authorized: [desk.key.line], hostKeys: [ed25519.text, rsa.text]});
    desk.pins.add(knownHostsName('127.0.0.1', at.port), {type: 'ssh-rsa', blob: rsa.parsed.getPublicSSH()});
    const host = await connectTo(at, desk, noPin);
    expect((await host.run(['true'])).code).toBe(0);
  });

  it('pinned by a fingerprint is found among all keys of the server', async () => {
    const desk = newDesk();
    const keys = [newKey(), newKey('ecdsa'), newKey('rsa')];
    const at = await server({authorized: [desk.key.line], hostKeys: keys.map((key) => key.text)});
    await connectTo(at, desk, {hostKey: fingerprint(keys[2]!.parsed.getPublicSSH())});
    expect(desk.pins.get(knownHostsName('127.0.0.1', at.port)).map((key) => key.type)).toEqual(['ssh-rsa']);
  });

  it('pinned by a fingerprint that no key of the server has is a changed key', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line], hostKeys: [newKey().text, newKey('rsa').text]});
    const pin = fingerprint(newKey().parsed.getPublicSSH());
    await expect(connectTo(at, desk, {hostKey: pin})).rejects.toMatchObject({
      exit: 4,
      message: expect.stringContaining('has changed'),
      detail: expect.stringContaining(pin),
    });
    expect(at.logins).toEqual([]);
  });
});

describe('a server that cannot be reached', () => {
  it('that refuses is told in one sentence, with what to try', async () => {
    const desk = newDesk();
    const at = await startServer();
    await at.close();
    await expect(connectTo(at, desk)).rejects.toMatchObject({
      exit: 4,
      message: `The standby (root@127.0.0.1:${at.port}) refuses connections on port ${at.port}.`,
      next: expect.arrayContaining([expect.stringContaining('systemctl status ssh')]),
    });
  });

  it('whose name is unknown', async () => {
    const desk = newDesk();
    await expect(
      connectTo({port: 22, fingerprint: ''}, desk, {ssh: 'root@no-such-host.invalid', hostKey: undefined}),
    ).rejects.toMatchObject({
      exit: 4,
      message: expect.stringMatching(/no-such-host\.invalid/),
    });
  });

  async function silent(onConnect: (socket: import('node:net').Socket) => void): Promise<number> {
    const listener = createServer((socket) => {
      socket.on('error', () => undefined);
      onConnect(socket);
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    afterwards(() => listener.close());
    return (listener.address() as AddressInfo).port;
  }

  it('that never answers ends at the time limit', async () => {
    const port = await silent((socket) => afterwards(() => socket.destroy()));
    const began = performance.now();
    await expect(
      connectTo({port, fingerprint: ''}, newDesk(), {...noPin, connectTimeoutMs: 400}),
    ).rejects.toMatchObject({
      exit: 4,
      message: expect.stringContaining('did not finish the login within 0.4 s'),
    });
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('that hangs up at once', async () => {
    const port = await silent((socket) => socket.destroy());
    await expect(connectTo({port, fingerprint: ''}, newDesk(), noPin)).rejects.toMatchObject({
      exit: 4,
      message: expect.stringMatching(/closed the connection|cut the connection/),
    });
  });

  it('that is no SSH server', async () => {
    const port = await silent((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(connectTo({port, fingerprint: ''}, newDesk(), noPin)).rejects.toMatchObject({
      name: 'Abort',
      exit: 4,
    });
  });

  it('is given up when the operator interrupts', async () => {
    const port = await silent((socket) => afterwards(() => socket.destroy()));
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('interrupted')), 100);
    await expect(
      connectTo({port, fingerprint: ''}, newDesk(), {...noPin, signal: stop.signal}),
    ).rejects.toThrow('interrupted');
  });
});

describe('jump hosts', () => {
  it('are gone through, each with its own key and login', async () => {
    const desk = newDesk();
    const outer = await server({authorized: [desk.key.line], forward: true});
    const inner = await server({authorized: [desk.key.line], forward: true});
    const at = await server({authorized: [desk.key.line]});
    const asked: string[] = [];
    const host = await connectTo(at, desk, {
      jump: `ops@127.0.0.1:${outer.port},127.0.0.1:${inner.port}`,
      prompts: {
        hostKey: async ({target, jump, fingerprint}) => {
          asked.push(`${target} ${jump} ${fingerprint}`);
          return true;
        },
      },
    });
    expect((await host.run(['echo', 'there'])).stdout).toBe('there\n');
    expect(asked).toEqual([
      `ops@127.0.0.1:${outer.port} true ${outer.fingerprint}`,
      `127.0.0.1:${inner.port} true ${inner.fingerprint}`,
    ]);
    expect(outer.logins).toContain('ops publickey');
    expect([outer.connections, inner.connections, at.connections]).toEqual([1, 1, 1]);
  });

  it('of the OpenSSH configuration are used, and an explicit one outranks them', async () => {
    const desk = newDesk();
    const jump = await server({authorized: [desk.key.line], forward: true});
    const at = await server({authorized: [desk.key.line]});
    desk.pins.add(knownHostsName('127.0.0.1', jump.port), jump.hostKeys[0]!);
    const readConfig = async (target: {host: string; port?: number; user?: string}) => ({
      host: '127.0.0.1',
      user: target.user ?? 'root',
      port: target.port ?? 22,
      identityFiles: [],
      identitiesOnly: false,
      agent: undefined,
      proxyJump:
        target.host === 'claw' ? [`127.0.0.1:${jump.port}`] : target.host === 'lost' ? ['127.0.0.1:1'] : [],
      proxyCommand: undefined,
      knownHostsFiles: [],
      hostKeyAlias: undefined,
    });
    await connectTo(at, desk, {ssh: `root@claw:${at.port}`, readConfig});
    expect(jump.connections).toBe(1);
    await connectTo(at, desk, {ssh: `root@lost:${at.port}`, readConfig, jump: `127.0.0.1:${jump.port}`});
    expect(jump.connections).toBe(2);
  });

  it('that have a changed key stop everything before the host is reached', async () => {
    const desk = newDesk();
    const jump = await server({authorized: [desk.key.line], forward: true});
    const at = await server({authorized: [desk.key.line]});
    const {parsed} = newKey();
    desk.pins.add(knownHostsName('127.0.0.1', jump.port), {type: parsed.type, blob: parsed.getPublicSSH()});
    await expect(connectTo(at, desk, {jump: `127.0.0.1:${jump.port}`})).rejects.toMatchObject({
      exit: 4,
      message: expect.stringMatching(/^The host key of the jump host \(.*\) has changed\.$/),
    });
    expect(at.connections).toBe(0);
  });

  it('that cannot reach the host say so', async () => {
    const desk = newDesk();
    const jump = await server({authorized: [desk.key.line], forward: false});
    desk.pins.add(knownHostsName('127.0.0.1', jump.port), jump.hostKeys[0]!);
    await expect(
      connectTo({port: 1, fingerprint: ''}, desk, {...noPin, jump: `127.0.0.1:${jump.port}`}),
    ).rejects.toMatchObject({
      exit: 4,
      message: expect.stringContaining('jump host'),
    });
  });

  it('that go in a circle are a usage error', async () => {
    const readConfig = async (target: {host: string}) => ({
      host: target.host,
      user: 'root',
      port: 22,
      identityFiles: [],
      identitiesOnly: false,
      agent: undefined,
      proxyJump: [target.host === 'a' ? 'b' : 'a'],
      proxyCommand: undefined,
      knownHostsFiles: [],
      hostKeyAlias: undefined,
    });
    await expect(
      connectTo({port: 1, fingerprint: ''}, newDesk(), {ssh: 'root@a', readConfig}),
    ).rejects.toMatchObject({exit: 2});
  });

  it('by ProxyCommand are refused with what works instead', async () => {
    const refused = connectTo({port: 1, fingerprint: ''}, newDesk(), {config: {proxyCommand: 'nc %h %p'}});
    await expect(refused).rejects.toMatchObject({exit: 2, next: [expect.stringContaining('ProxyJump')]});
  });
});

function escape(text: string): string {
  return text.replace(/[+/.]/g, String.raw`\$&`);
}
