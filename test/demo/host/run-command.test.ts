import {once} from 'node:events';
import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import net from 'node:net';
import type {ChildProcess} from 'node:child_process';
import ssh2, {type ClientChannel, type ParsedKey} from 'ssh2';
import {afterEach, beforeEach, describe, expect, it, test} from 'vitest';
import {end, runCommand} from '../../../src/demo/host/run-command.js';
import {scriptsOf} from '../../../src/demo/host/folders.js';
import {SshServer, type Door} from '../../../src/demo/host/ssh-server.js';
import {translate} from '../../../src/demo/host/translate.js';
import {addresses, toReal, type Network} from '../../../src/demo/net/table.js';
import {scriptCommand} from '../../../src/ssh/files.js';
import {launch} from '../../../src/ssh/launch.js';
import {quote} from '../../../src/ssh/quote.js';
import {FolderHost} from './folder-host.js';

// ssh2 makes a key in two hundred that it cannot read itself.
function newKey(): {text: string; line: string} {
  for (;;) {
    const text = ssh2.utils.generateKeyPairSync('ed25519').private;
    const parsed = ssh2.utils.parseKey(text) as ParsedKey | Error;
    if (!(parsed instanceof Error))
      return {text, line: `${parsed.type} ${parsed.getPublicSSH().toString('base64')}`};
  }
}
const keys = {host: newKey(), mine: newKey(), other: newKey()};

let host: FolderHost;
let server: SshServer;
let network: Network;
let client: ssh2.Client;
let door: Door;
const children = new Set<ChildProcess>();

beforeEach(async () => {
  host = new FolderHost();
  const scripts = scriptsOf(host.root);
  mkdirSync(scripts);
  network = {
    a: 1 + (process.pid % 250),
    b: 1 + (Math.trunc(process.pid / 250) % 250),
    at: 'primary',
    state: host.about.network,
  };
  door = (_user, key) => (key === keys.mine.line ? {} : undefined);
  server = new SshServer({
    hostKey: keys.host.text,
    network,
    addresses: [addresses.primary.public],
    door: (...words) => door(...words),
    run: ({command, user, connection, channel}) =>
      void runCommand(
        command,
        {user, connection, channel},
        {
          roots: [scripts, host.root],
          translate: (text) =>
            translate(text, {root: host.root, scripts, homeOf: (who) => `/home/${who}`}, false),
          sh: host.about.sh,
          env: (who, from) => ({PATH: `${host.root}/usr/bin`, USER: who, SSH_CONNECTION: from}),
          started: (child) => {
            children.add(child);
            child.once('exit', () => children.delete(child));
          },
        },
      ),
  });
  await server.listen();
});
afterEach(async () => {
  client?.end();
  for (const child of children) end(child, 'SIGKILL');
  await server.close();
  host.remove();
});

async function login(key = keys.mine.text, user = 'root'): Promise<ssh2.Client> {
  const {address, port} = toReal(network, {address: addresses.primary.public, port: 22})!;
  client = new ssh2.Client();
  // A host whose server closes resets its connections.
  client.on('error', () => undefined);
  const ready = once(client, 'ready');
  client.connect({sock: net.connect(port, address), username: user, privateKey: key});
  await ready;
  return client;
}

interface Ran {
  code: number | null;
  signal: string | undefined;
  out: string;
  err: string;
}

const begin = (command: string) =>
  new Promise<ClientChannel>((resolve, reject) =>
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel))),
  );

async function run(command: string, input: string | Buffer = ''): Promise<Ran> {
  const channel = await begin(command);
  return ended(channel, input);
}

async function ended(channel: ClientChannel, input: string | Buffer = ''): Promise<Ran> {
  const ran: Ran = {code: null, signal: undefined, out: '', err: ''};
  channel.on('data', (part: Buffer) => (ran.out += part.toString('latin1')));
  channel.stderr.on('data', (part: Buffer) => (ran.err += part.toString('latin1')));
  channel.on('exit', (code: number | null, signal?: string) => {
    ran.code = code;
    ran.signal = signal;
  });
  channel.end(input);
  await once(channel, 'close');
  return ran;
}

/** As the program itself runs a script on a host: what follows the script on stdin is content. */
function ofOurs(script: string, content: string | Buffer = '') {
  const mark = 'end-01234567-89ab-cdef-0123-456789abcdef';
  const {argv, input} = scriptCommand(script, mark);
  const {command, preface} = launch({argv, login: 'root', user: 'root', power: {kind: 'root'}});
  return run(command, Buffer.concat([Buffer.from(preface + input), Buffer.from(content)]));
}

describe('a command', () => {
  beforeEach(() => login());

  it('sees the host’s files, and tells of them in the host’s words', async () => {
    host.file('/etc/hostname', 'claw-main\n');
    expect(await run('cat /etc/hostname; cat /etc/nothing; exit 3')).toEqual({
      code: 3,
      signal: undefined,
      out: 'claw-main\n',
      err: 'cat: /etc/nothing: No such file or directory\n',
    });
  });

  it('gets its stdin as it is', async () => {
    const bytes = Buffer.from(Array.from({length: 300_000}, (_, index) => (index * 7) % 256));
    expect(await run('cat >/tmp/got', bytes)).toMatchObject({code: 0});
    expect(readFileSync(`${host.root}/tmp/got`).equals(bytes)).toBe(true);
  });

  it('says much without losing any of it', async () => {
    const {out} = await run('i=0; while [ $i -lt 20000 ]; do echo "/etc/x $i"; i=$((i+1)); done');
    expect(out.split('\n')).toHaveLength(20_001);
    expect(out).toContain('/etc/x 19999\n');
    expect(out).not.toContain(host.root);
  });

  it('ends with the signal that it dies of', async () => {
    expect(await run('kill -TERM $$')).toMatchObject({code: null, signal: 'SIGTERM'});
  });

  it('takes a signal', async () => {
    const channel = await begin('trap "echo caught; exit 9" TERM; echo on; while :; do sleep 0.1; done');
    await once(channel, 'data');
    channel.signal('TERM');
    expect(await ended(channel)).toMatchObject({code: 9, out: 'caught\n'});
  });

  it('is known to whoever ends the host, with all that it started', async () => {
    const channel = await begin('sleep 100 & echo on; wait');
    await once(channel, 'data');
    expect(children.size).toBe(1);
    for (const child of children) end(child, 'SIGKILL');
    expect(await ended(channel)).toMatchObject({signal: 'SIGKILL'});
    expect(children.size).toBe(0);
  });

  it('does not find what could change this machine', async () => {
    expect((await run('mount')).code).toBe(127);
    expect((await run('sudo true')).code).toBe(127);
    expect((await run('/usr/bin/mount')).code).toBe(127);
  });

  it('knows from where it was asked', async () => {
    expect((await run('echo "$SSH_CONNECTION"')).out).toMatch(/^127\.0\.0\.1 \d+ 203\.0\.113\.10 22\n$/);
  });
});

describe('a script that comes on stdin', () => {
  beforeEach(() => login());

  it('is translated, and the content behind it is not', async () => {
    const content = 'PATH=/usr/local/bin:/etc/x\n/home/you ☂ \0 /etc/passwd\n';
    const {code, out} = await ofOurs('set -eu\ncat >/tmp/got\nls /tmp/got\necho "‘/etc/x’ ☂"', content);
    expect(code).toBe(0);
    expect(Buffer.from(out, 'latin1').toString()).toContain('/tmp/got\n‘/etc/x’ ☂\n');
    expect(readFileSync(`${host.root}/tmp/got`, 'utf8')).toBe(content);
  });

  it('keeps content that comes later than the script', async () => {
    const mark = 'end-01234567-89ab-cdef-0123-456789abcdef';
    const {argv, input} = scriptCommand('cat >/tmp/got', mark);
    const channel = await begin(quote(argv));
    channel.write(input.slice(0, 9));
    await new Promise((resolve) => setTimeout(resolve, 50));
    channel.write(`${input.slice(9)}first `);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await ended(channel, '/etc/second')).toMatchObject({code: 0});
    expect(readFileSync(`${host.root}/tmp/got`, 'utf8')).toBe('first /etc/second');
  });

  it('has the host’s programs and nobody else’s', async () => {
    expect(
      (await ofOurs('command -v ls; command -v systemctl; command -v apt-get; echo "$PATH"')).out,
    ).toContain('/usr/bin/ls\n/usr/bin/systemctl\n/usr/bin/apt-get\n/usr/local/sbin:/usr/local/bin:');
  });

  it('that is cut off is not run', async () => {
    const {argv, input} = scriptCommand(': >/tmp/ran', 'end-01234567-89ab-cdef-0123-456789abcdef');
    await run(quote(argv), input.slice(0, 12));
    expect(existsSync(`${host.root}/tmp/ran`)).toBe(false);
  });

  it('may be all of stdin', async () => {
    expect(await run('exec sh -s', 'echo /etc/x >/tmp/ran\ncat /tmp/ran\n')).toMatchObject({
      code: 0,
      out: '/etc/x\n',
    });
    expect(existsSync(`${host.root}/tmp/ran`)).toBe(true);
  });
});

describe('a login', () => {
  test.each([
    ['with another key', keys.other.text, 'root'],
    ['as somebody who is not let in', keys.mine.text, 'nobody'],
  ])('%s is refused', async (_what, key, user) => {
    door = (who, line) => (who === 'root' && line === keys.mine.line ? {} : undefined);
    await expect(login(key, user)).rejects.toThrow(/authentication/);
  });

  it('with a forced command runs that, whatever is asked', async () => {
    door = () => ({command: 'echo forced'});
    await login();
    expect(await run('cat /etc/passwd')).toMatchObject({code: 0, out: 'forced\n'});
  });

  it('has no shell, and is told so', async () => {
    await login();
    const channel = await new Promise<ClientChannel>((resolve, reject) =>
      client.shell(false, (error, opened) => (error ? reject(error) : resolve(opened))),
    );
    expect((await ended(channel)).err).toContain('has no shell');
  });

  it('hears nothing more from a host that lost its power, and is cut off when that is back', async () => {
    await login();
    const channel = await begin('while :; do echo on; sleep 0.05; done');
    await once(channel, 'data');
    server.fallSilent();
    await new Promise((resolve) => setTimeout(resolve, 100));
    let heard = 0;
    channel.on('data', () => (heard += 1));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(heard).toBe(0);
    const closed = once(client, 'close');
    server.wake();
    await closed;
  });
});
