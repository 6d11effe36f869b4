// What failover-wizard's own programs on hosts make of the stand-in.

import {spawn, spawnSync} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {startChat, type Chat} from '../../../src/demo/chat/server.js';
import {liveAccount} from '../../../src/gateway/channels-status.js';
import {parseReport} from '../../../src/monitor/primary-report.js';
import {kernelAddress} from '../../../src/templates/kernel-address.js';
import {reportScript} from '../../../src/templates/scripts/report.js';
import {buildClaw, Claw, freePort, goodConfig, token, until, version, type Gateway} from './claw.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const program = (name: string) => readFileSync(join(root, 'dist/programs', name), 'utf8');

let code: Awaited<ReturnType<typeof buildClaw>>;
let claw: Claw;
let chat: Chat;
let port: number;
let gateway: Gateway;

beforeAll(async () => {
  const built = spawnSync(process.execPath, [join(root, 'bin/bundle.mjs')], {encoding: 'utf8'});
  expect(built.status, built.stderr).toBe(0);
  code = await buildClaw();
});
afterAll(() => code.remove());
beforeEach(async () => {
  chat = await startChat({host: '127.0.0.1', port: 0});
  port = await freePort();
  claw = await Claw.make(code.url);
  writeFileSync(join(claw.state, '.env'), 'STUB_KEY=sk-local\n');
  claw.run(['plugins', 'install', '@openclaw/irc']);
  claw.write(goodConfig({port, chatPort: chat.port}, {main: 'clawmain', backup: 'clawbak'}));
  gateway = claw.gateway();
  await until(() => chat.online().length === 2, 'both bots are there');
});
afterEach(async () => {
  await claw.remove();
  await chat.close();
});

/** As the facts script and the stream of the live view feed a program to the gateway's Node. */
const fed = (name: string) => {
  const entries = {
    key: 'key of this reading',
    user: 'openclaw',
    home: claw.home,
    packages: join(claw.package, 'dist/index.js'),
    addresses: '127.0.0.1',
    environ: readFileSync(`/proc/${gateway.child.pid}/environ`, 'latin1'),
  };
  const input = Object.entries(entries).map(([key, text]) => [
    key,
    Buffer.from(text, 'latin1').toString('base64'),
  ]);
  return `globalThis.failoverInput=${JSON.stringify(input)};\n${program(name)}`;
};

describe('the accounts program', () => {
  it('reads package, plugins, config and accounts', () => {
    const ran = spawnSync(process.execPath, ['--input-type=module', '-', 'read'], {
      input: fed('accounts.mjs'),
      encoding: 'utf8',
      env: claw.env(),
    });
    expect(ran.stderr).toBe('');
    const read = JSON.parse(ran.stdout);
    expect(read).toMatchObject({
      openclaw: {known: true, value: {version, engines: '>=22.22.2', packageDir: claw.package}},
      plugins: {irc: version},
      configPath: claw.config,
      workspace: claw.workspace,
    });
    expect(read.accounts.accounts).toEqual([
      expect.objectContaining({channel: 'irc', account: 'main', enabled: true}),
      expect.objectContaining({channel: 'irc', account: 'backup', enabled: true}),
    ]);
    expect(ran.stdout).not.toContain(token);
  });
});

describe('the sampler', () => {
  it('hears from the running gateway how its accounts are, and hears of a change', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-'], {
      env: claw.env(),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const told: Record<string, any>[] = [];
    createInterface({input: child.stdout}).on('line', (line) =>
      told.push(JSON.parse(line.replace(/^accounts /, ''))),
    );
    child.stdin.end(fed('sampler.mjs'));
    try {
      const first = await until(() => told[0], 'it tells');
      expect(first).toMatchObject({known: true});
      expect(liveAccount(JSON.stringify(first), 'irc', 'backup')).toEqual({state: 'connected'});
      const patch = claw.run(['config', 'set', 'channels.irc.accounts.backup.enabled', 'false']);
      expect(patch.code).toBe(0);
      const off = () => told.find((one) => liveAccount(JSON.stringify(one), 'irc', 'backup').state === 'off');
      expect(
        liveAccount(JSON.stringify(await until(off, 'it tells of the change')), 'irc', 'main').state,
      ).toBe('connected');
    } finally {
      child.kill();
    }
  });
});

describe('the report for the standby', () => {
  const report = () => {
    const folder = join(claw.home, 'report');
    mkdirSync(folder, {recursive: true});
    const input = {
      pairName: 'p',
      version: '1',
      manager: 'none',
      unit: '',
      port,
      privateAddress: '127.0.0.1',
    } as const;
    expect(kernelAddress('127.0.0.1')).toBe('0100007F');
    const script = join(folder, 'report');
    writeFileSync(script, String(reportScript(input).content), {mode: 0o755});
    return parseReport(spawnSync('sh', [script], {encoding: 'utf8'}).stdout);
  };

  it('finds the gateway ready, draining, and gone', async () => {
    expect(report()).toMatchObject({loopback: 'ok', ready: 'yes', failing: '', suppressed: ''});
    gateway.child.kill('SIGSTOP');
    expect(report()).toMatchObject({loopback: 'hung'});
    gateway.child.kill('SIGCONT');
    gateway.child.kill('SIGKILL');
    await gateway.ended;
    expect(report()).toMatchObject({loopback: 'refused'});
    await until(() => chat.online().length === 0, 'the chat sees both gone');
  });
});
