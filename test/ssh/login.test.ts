import {execFileSync, spawn} from 'node:child_process';
import {renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {Secret} from '../../src/secret.js';
import {afterwards, connectTo, newDesk, server, temporaryFolder} from './connecting.js';
import type {Desk} from './connecting.js';
import {newKey} from './server.js';

const noKey = {identityFile: undefined};

/** An encrypted key made by the real ssh-keygen. */
function encryptedKey(folder: string, name: string, ...more: string[]): {file: string; line: string} {
  const file = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'open sesame', '-C', 'me', '-f', file, ...more]);
  return {
    file,
    line: execFileSync('ssh-keygen', ['-y', '-P', 'open sesame', '-f', file], {encoding: 'utf8'}).trim(),
  };
}

async function agentWith(keys: string[]): Promise<string> {
  const socket = join(temporaryFolder(), 'agent.sock');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], {stdio: ['ignore', 'pipe', 'ignore']});
  afterwards(() => agent.kill());
  await new Promise((resolve) => agent.stdout.once('data', resolve));
  for (const key of keys)
    execFileSync('ssh-add', ['-q', key], {env: {...process.env, SSH_AUTH_SOCK: socket}, stdio: 'ignore'});
  return socket;
}

function keyFile(desk: Desk, name: string, key: ReturnType<typeof newKey>): string {
  const file = join(desk.folder, name);
  writeFileSync(file, key.text, {mode: 0o600});
  return file;
}

describe('logging in with a key', () => {
  it.each(['ed25519', 'ecdsa', 'rsa'] as const)('works with %s', async (type) => {
    const desk = newDesk();
    const key = newKey(type);
    const at = await server({authorized: [key.line]});
    const host = await connectTo(at, desk, {identityFile: keyFile(desk, 'id', key)});
    expect(host.publicKey?.startsWith(key.line)).toBe(true);
  });

  it('offers the chosen one first, then those of the configuration', async () => {
    const desk = newDesk();
    const other = newKey();
    const at = await server({authorized: [other.line]});
    const identityFiles = [keyFile(desk, 'wrong', newKey()), keyFile(desk, 'right', other)];
    const host = await connectTo(at, desk, {config: {identityFiles}});
    expect(host.publicKey?.startsWith(other.line)).toBe(true);
    // none, three offers, and one signature
    expect(at.logins).toHaveLength(5);
  });

  it('asks for a passphrase once per file, and only when the server takes the key', async () => {
    const desk = newDesk();
    const [wanted, unwanted] = [encryptedKey(desk.folder, 'wanted'), encryptedKey(desk.folder, 'unwanted')];
    const at = await server({authorized: [wanted.line]});
    const asked: string[] = [];
    const passphrase = async (path: string): Promise<Secret> => {
      asked.push(path);
      return new Secret('open sesame');
    };
    const options = {
      identityFile: unwanted.file,
      prompts: {passphrase},
      config: {identityFiles: [wanted.file]},
    };
    // At the same time, as the two hosts of a pair: still one question.
    await Promise.all([connectTo(at, desk, options), connectTo(at, desk, options)]);
    await connectTo(at, desk, options);
    expect(asked).toEqual([wanted.file]);
  });

  it('reads keys in the old PEM format, with the .pub file beside it', async () => {
    const desk = newDesk();
    const file = join(desk.folder, 'pem');
    execFileSync('ssh-keygen', [
      '-q',
      '-t',
      'rsa',
      '-b',
      '2048',
      '-m',
      'PEM',
      '-N',
      'open sesame',
      '-f',
      file,
    ]);
    const line = execFileSync('ssh-keygen', ['-y', '-P', 'open sesame', '-f', file], {
      encoding: 'utf8',
    }).trim();
    const at = await server({authorized: [line]});
    const prompts = {passphrase: async () => new Secret('open sesame')};
    await connectTo(at, desk, {identityFile: file, prompts});
    renameSync(`${file}.pub`, `${file}.elsewhere`);
    await expect(connectTo(at, desk, {identityFile: file, prompts})).rejects.toMatchObject({
      detail: expect.stringContaining('ssh-add'),
    });
  });

  it('lets a wrong passphrase be corrected twice', async () => {
    const desk = newDesk();
    const key = encryptedKey(desk.folder, 'id');
    const at = await server({authorized: [key.line]});
    const answers = ['wrong', 'wrong again', 'open sesame'];
    await connectTo(at, desk, {
      identityFile: key.file,
      prompts: {passphrase: async () => new Secret(answers.shift()!)},
    });
    expect(answers).toEqual([]);
  });

  it.each([
    ['nobody can be asked', {}, 'nobody can be asked for its passphrase'],
    ['no passphrase is given', {passphrase: async () => undefined}, 'no passphrase was given'],
    ['it is wrong three times', {passphrase: async () => new Secret('wrong')}, 'wrong three times'],
  ])('says so when %s', async (_, prompts, sentence) => {
    const desk = newDesk();
    const key = encryptedKey(desk.folder, 'id');
    const at = await server({authorized: [key.line]});
    await expect(connectTo(at, desk, {identityFile: key.file, prompts})).rejects.toMatchObject({
      exit: 4,
      message: expect.stringContaining('refused the login'),
      detail: expect.stringContaining(sentence),
    });
  });

  it('uses the agent, its copy of an encrypted key before the file', async () => {
    const desk = newDesk();
    const key = newKey();
    const file = keyFile(desk, 'id', key);
    const agent = await agentWith([keyFile(desk, 'other', newKey()), file]);
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', file]);
    const at = await server({authorized: [key.line]});
    await connectTo(at, desk, {identityFile: file, config: {agent}});
    // none, the chosen key's offer and signature: the other one of the agent was not even shown
    expect(at.logins).toHaveLength(3);
    await connectTo(at, desk, {...noKey, config: {agent}});
  });

  it('works with rsa through the agent', async () => {
    const desk = newDesk();
    const key = newKey('rsa');
    const agent = await agentWith([keyFile(desk, 'id', key)]);
    const at = await server({authorized: [key.line]});
    await connectTo(at, desk, {...noKey, config: {agent}});
  });

  it('shows only named keys of the agent with IdentitiesOnly', async () => {
    const desk = newDesk();
    const [named, other] = [newKey(), newKey()];
    const agent = await agentWith([keyFile(desk, 'other', other), keyFile(desk, 'named', named)]);
    const publicHalf = join(desk.folder, 'half');
    writeFileSync(publicHalf, `${named.line} me\n`);
    const at = await server({authorized: [other.line]});
    const refused = connectTo(at, desk, {
      ...noKey,
      config: {agent, identitiesOnly: true, identityFiles: [publicHalf]},
    });
    await expect(refused).rejects.toMatchObject({message: expect.stringContaining('refused the login')});
    expect(at.logins).toEqual(['root none', 'root publickey']);
  });

  it('goes on without an agent that does not answer', async () => {
    const desk = newDesk();
    const at = await server({authorized: [desk.key.line]});
    await connectTo(at, desk, {config: {agent: '/nowhere/agent.sock'}});
    await expect(
      connectTo(await server({authorized: [newKey().line]}), desk, {config: {agent: '/nowhere/agent.sock'}}),
    ).rejects.toMatchObject({
      detail: expect.stringContaining('/nowhere/agent.sock did not answer'),
    });
  });

  it('says that a hardware security key cannot be used', async () => {
    const desk = newDesk();
    const file = join(desk.folder, 'id_ed25519_sk');
    writeFileSync(file, securityKey());
    const at = await server({authorized: [newKey().line]});
    await expect(connectTo(at, desk, {identityFile: file})).rejects.toMatchObject({
      message: expect.stringContaining('nothing to log in'),
      detail: expect.stringMatching(/hardware security key \(sk-ssh-ed25519@openssh\.com\).*ssh-add/),
    });
  });

  it('refuses an identity file that does not exist, before any connection', async () => {
    const at = await server();
    await expect(connectTo(at, newDesk(), {identityFile: '/nowhere/id'})).rejects.toMatchObject({
      exit: 2,
      message: 'The identity file /nowhere/id does not exist.',
    });
  });

  it('lists what was offered and what the server takes when it is refused', async () => {
    const desk = newDesk();
    const at = await server({authorized: [newKey().line]});
    await expect(connectTo(at, desk)).rejects.toMatchObject({
      exit: 4,
      message: `The standby (root@127.0.0.1:${at.port}) refused the login.`,
      detail: expect.stringMatching(/offered: key .*id_ed25519[^]*the server accepts: publickey/),
    });
  });
});

describe('logging in with a password', () => {
  it.each([false, true])(
    'asks once and remembers it (keyboard-interactive: %s)',
    async (keyboardInteractive) => {
      const desk = newDesk();
      const at = await server({password: 'letmein', keyboardInteractive});
      const asked: string[] = [];
      const password = async (target: string): Promise<Secret> => {
        asked.push(target);
        return new Secret('letmein');
      };
      const host = await connectTo(at, desk, {...noKey, prompts: {password}});
      expect(host.publicKey).toBeUndefined();
      await connectTo(at, desk, noKey);
      expect(asked).toEqual([`root@127.0.0.1:${at.port}`]);
    },
  );

  it('comes after the keys', async () => {
    const desk = newDesk();
    const at = await server({authorized: [newKey().line], password: 'letmein'});
    await connectTo(at, desk, {prompts: {password: async () => new Secret('letmein')}});
    expect(at.logins.map((login) => login.split(' ')[1])).toEqual(['none', 'publickey', 'password']);
  });

  it.each([false, true])('may follow a key where the server wants both (%s)', async (keyboardInteractive) => {
    const desk = newDesk();
    const factors = {password: 'letmein', twoFactors: true, keyboardInteractive};
    const at = await server({authorized: [desk.key.line], ...factors});
    await connectTo(at, desk, {prompts: {password: async () => new Secret('letmein')}});
  });

  it('that is wrong is sent once, told, and forgotten', async () => {
    const desk = newDesk();
    const at = await server({password: 'letmein'});
    let asked = 0;
    const password = async (): Promise<Secret> => {
      asked += 1;
      return new Secret('wrong');
    };
    await expect(connectTo(at, desk, {...noKey, prompts: {password}})).rejects.toMatchObject({
      exit: 4,
      detail: expect.stringContaining('offered: password'),
    });
    expect(asked).toBe(1);
    expect(at.logins.filter((login) => login.endsWith('password'))).toHaveLength(1);
    await connectTo(at, desk, {...noKey, prompts: {password: async () => new Secret('letmein')}});
  });

  it('is not asked for where nobody can be asked, and that is said', async () => {
    const at = await server({password: 'letmein'});
    await expect(connectTo(at, newDesk(), noKey)).rejects.toMatchObject({
      detail: expect.stringContaining('nobody can be asked'),
    });
  });
});

let securityKeyText = '';
const securityKey = (): string => securityKeyText;
beforeAll(() => {
  // The readable part of such a key's file, as OpenSSH's PROTOCOL.key describes it; no token is needed to write it.
  const field = (bytes: Buffer | string): Buffer => {
    const body = Buffer.from(bytes as string);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([length, body]);
  };
  const one = Buffer.from([0, 0, 0, 1]);
  const blob = Buffer.concat([
    field('sk-ssh-ed25519@openssh.com'),
    field(Buffer.alloc(32, 7)),
    field('ssh:'),
  ]);
  const bytes = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    one,
    field(blob),
    field('private'),
  ]);
  securityKeyText = `-----BEGIN OPENSSH PRIVATE KEY-----\n${bytes.toString('base64').replace(/(.{70})/g, '$1\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
});
