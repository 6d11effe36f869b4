// A home with the stand-in's package, its config and a chat server, and the real programs run in it.

import {spawn, spawnSync, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {build} from 'esbuild';
import {writePackage} from '../../../src/demo/openclaw/package.js';

export const version = '2026.9.6';
export const token = 'token-of-the-rehearsal-0123456789';
const source = fileURLToPath(new URL('../../../src/demo/openclaw/cli.ts', import.meta.url));

/** The stand-in in one file, where the build has it in several. @returns URL of its `dist`, and what removes it */
export async function buildClaw(): Promise<{url: string; remove: () => void}> {
  const dir = mkdtempSync(join(tmpdir(), 'claw-code-'));
  const outfile = join(dir, 'demo/openclaw/cli.js');
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  writeFileSync(join(dir, 'package.json'), '{"type": "module"}\n');
  return {url: pathToFileURL(dir).href, remove: () => rmSync(dir, {recursive: true, force: true})};
}

export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Asks again and again. @throws Error when it does not come true within the time */
export async function until<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  what: string,
): Promise<T> {
  const endMs = performance.now() + 15_000;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > endMs) throw new Error(`It did not come true: ${what}`);
    // oxlint-disable-next-line no-await-in-loop
    await sleep(20);
  }
}

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A running gateway. */
export interface Gateway {
  child: ChildProcess;
  /** All that it has said. */
  said: () => string;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>;
}

/** One host's OpenClaw. */
export class Claw {
  readonly home = mkdtempSync(join(tmpdir(), 'claw-home-'));
  readonly state = join(this.home, '.openclaw');
  readonly config = join(this.state, 'openclaw.json');
  readonly workspace = join(this.state, 'workspace');
  readonly package = join(this.home, 'lib/node_modules/openclaw');
  readonly #gateways: Gateway[] = [];

  static async make(url: string): Promise<Claw> {
    const claw = new Claw();
    mkdirSync(claw.state, {mode: 0o700});
    await writePackage(claw.package, version, url);
    return claw;
  }

  write(config: object | string): void {
    writeFileSync(this.config, typeof config === 'string' ? config : JSON.stringify(config), {mode: 0o600});
  }

  env(more: Record<string, string> = {}): Record<string, string> {
    return {HOME: this.home, PATH: process.env['PATH'] ?? '', ...more};
  }

  run(
    args: readonly string[],
    {input = '', env = {}}: {input?: string; env?: Record<string, string>} = {},
  ): Ran {
    const ran = spawnSync(process.execPath, [join(this.package, 'openclaw.mjs'), ...args], {
      encoding: 'utf8',
      input,
      env: this.env(env),
      cwd: this.home,
      timeout: 30_000,
    });
    return {code: ran.status, stdout: ran.stdout, stderr: ran.stderr};
  }

  /** The same beside what goes on in this process, such as a chat server. */
  async call(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
    const child = spawn(process.execPath, [join(this.package, 'openclaw.mjs'), ...args], {
      env: this.env(env),
      cwd: this.home,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: string[] = [];
    const err: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
    const [code] = (await once(child, 'close')) as [number | null];
    return {code, stdout: out.join(''), stderr: err.join('')};
  }

  gateway(args: readonly string[] = [], env: Record<string, string> = {}): Gateway {
    const child = spawn(process.execPath, [join(this.package, 'dist/index.js'), 'gateway', ...args], {
      env: this.env(env),
      cwd: this.home,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = once(child, 'close').then(
      ([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null,
    );
    const gateway = {child, said: () => said, ended};
    this.#gateways.push(gateway);
    return gateway;
  }

  async remove(): Promise<void> {
    for (const {child} of this.#gateways) child.kill('SIGKILL');
    await Promise.all(this.#gateways.map(({ended}) => ended));
    rmSync(this.home, {recursive: true, force: true});
  }
}

/** A config that is accepted: one IRC account for each nick, a model of this host, loopback. */
export function goodConfig(
  where: {port: number; chatPort: number},
  nicks: Record<string, string> = {main: 'clawmain'},
  gateway: object = {bind: 'loopback'},
) {
  const account = (nick: string) => ({
    enabled: true,
    host: '127.0.0.1',
    port: where.chatPort,
    tls: false,
    nick,
    dmPolicy: 'allowlist',
    allowFrom: ['alice!~alice@127.0.0.1'],
  });
  return {
    meta: {lastTouchedVersion: version},
    agents: {defaults: {model: {primary: 'stub/stub', fallbacks: []}}, entries: {main: {}}},
    models: {
      mode: 'merge',
      providers: {stub: {baseUrl: 'http://127.0.0.1:9/v1', apiKey: '${STUB_KEY}', models: []}},
    },
    channels: {
      irc: {
        enabled: true,
        accounts: Object.fromEntries(Object.entries(nicks).map(([id, nick]) => [id, account(nick)])),
      },
    },
    plugins: {entries: {irc: {enabled: true}}},
    cron: {enabled: false},
    gateway: {port: where.port, mode: 'local', auth: {mode: 'token', token}, ...gateway},
  };
}
