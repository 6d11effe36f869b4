import {mkdtempSync, readdirSync, rmSync, mkdirSync, writeFileSync} from 'node:fs';
import {createServer, type AddressInfo, type Server as NetServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import ssh2 from 'ssh2';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {knock} from '../../../src/cli/doctor/collect/knock.js';

let home: string;
let server: InstanceType<typeof ssh2.Server>;
let port: number;
let logins = 0;
const key = ssh2.utils.generateKeyPairSync('ed25519');
const other = ssh2.utils.generateKeyPairSync('ed25519');

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'knock-'));
  server = new ssh2.Server({hostKeys: [key.private], ident: 'knocked-at'}, (client) => {
    client.on('authentication', (context) => {
      logins++;
      context.reject();
    });
    client.on('error', () => undefined);
  });
  port = await listening(server);
});
afterAll(() => {
  server.close();
  rmSync(home, {recursive: true});
});

const listening = (one: {listen: NetServer['listen']; address: () => unknown}) =>
  new Promise<number>((resolve) => {
    one.listen(0, '127.0.0.1', () => resolve((one.address() as AddressInfo).port));
  });

const where = () => ({config: home, state: home});
const knockAt = (at: number, more: object = {}) =>
  knock({who: 'primary of lab', ssh: `root@127.0.0.1:${at}`, pair: 'lab', ...more}, where());

function pin(text: string): void {
  mkdirSync(join(home, 'pairs', 'lab'), {recursive: true});
  writeFileSync(join(home, 'pairs', 'lab', 'known_hosts'), text);
}

describe('knocking at a real SSH server', () => {
  it('sees its banner and its key, logs nobody in and keeps nothing', async () => {
    const {seen} = await knockAt(port);
    expect(seen).toMatchObject({
      state: 'answers',
      banner: 'SSH-2.0-knocked-at',
      key: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/) as string,
      known: 'new',
    });
    expect(logins).toBe(0);
    expect(readdirSync(home)).toEqual([]);
  });

  it('knows the pinned key, and another one', async () => {
    pin(`[127.0.0.1]:${port} ${key.public}\n`);
    expect((await knockAt(port)).seen).toMatchObject({known: 'pinned'});
    pin(`[127.0.0.1]:${port} ${other.public}\n`);
    expect((await knockAt(port)).seen).toMatchObject({known: {not: 'pair'}});
    pin('');
  });

  it('goes by the fingerprint of the answers', async () => {
    const {seen} = await knockAt(port);
    if (seen.state !== 'answers') throw new Error('it did not answer');
    expect((await knockAt(port, {hostKey: seen.key})).seen).toMatchObject({known: 'pinned'});
    expect((await knockAt(port, {hostKey: `SHA256:${'A'.repeat(43)}`})).seen).toMatchObject({
      known: {not: 'answers'},
    });
  });

  it('says why there is no answer', async () => {
    const closed = createServer();
    const free = await listening(closed);
    await new Promise((resolve) => closed.close(resolve));
    expect((await knockAt(free)).seen).toEqual({state: 'silent', why: 'nothing listens at its SSH port'});
    expect((await knock({who: 'x', ssh: 'a b', pair: 'lab'}, where())).seen).toMatchObject({state: 'silent'});
  });

  it('gives up on one that hangs up, and does not go through a jump host', async () => {
    const rude = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const at = await listening(rude);
    expect((await knockAt(at)).seen).toMatchObject({state: 'silent'});
    rude.close();
    expect((await knockAt(port, {jump: 'ops@127.0.0.1'})).seen).toEqual({
      state: 'indirect',
      by: 'ops@127.0.0.1',
    });
  });
});
