import {execFile, fork, spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import net from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Order} from '../../../src/demo/world/main.js';
import type {Rehearsal} from '../../../src/demo/world/world.js';
import {addresses, toReal} from '../../../src/demo/net/table.js';
import {builtCheckout} from './checkout.js';
import {changed, listenersOn, listing, processesOf} from './traces.js';

const driver = fileURLToPath(new URL('driver.mjs', import.meta.url));
/** ms within which everything of a rehearsal is gone. */
const goneMs = 20_000;

let checkout: Awaited<ReturnType<typeof builtCheckout>>;
/** The test's own folder: TMPDIR and HOME of the rehearsal are in it. */
let place: string;
let tmp: string;
let home: string;

beforeAll(async () => {
  checkout = await builtCheckout();
  place = mkdtempSync(join(tmpdir(), 'w-'));
  tmp = join(place, 't');
  home = join(place, 'h');
  for (const folder of [tmp, home]) mkdirSync(folder);
});
afterAll(() => {
  checkout?.remove();
  if (place) rmSync(place, {recursive: true, force: true});
});

const environment = () => ({...process.env, TMPDIR: tmp, HOME: home, NODE_ENV: 'production'});

/** A rehearsal in a process of its own, as the demo has it. */
class Rehearsed {
  readonly child: ChildProcess;
  rehearsal!: Rehearsal;
  #last = 0;

  constructor() {
    const url = pathToFileURL(join(checkout.folder, 'dist/demo/world/rehearse.js')).href;
    this.child = fork(driver, [url], {
      env: environment(),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [],
    });
  }

  async start(): Promise<this> {
    const [message] = (await once(this.child, 'message')) as [{ready: Rehearsal}];
    this.rehearsal = message.ready;
    return this;
  }

  #ask(wish: {order?: Order; end?: true}): Promise<unknown> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      const hear = (message: {id: number; answer?: unknown; error?: string}) => {
        if (message.id !== id) return;
        this.child.off('message', hear);
        if (message.error === undefined) resolve(message.answer);
        else reject(new Error(message.error));
      };
      this.child.on('message', hear);
      this.child.send({id, ...wish});
    });
  }

  order = (order: Order) => this.#ask({order});
  end = () => this.#ask({end: true});

  /** failover-wizard on this pair. */
  async run(...args: string[]): Promise<{code: number | null; text: string}> {
    const one = spawn(this.rehearsal.launcher, args, {env: environment(), stdio: ['ignore', 'pipe', 'pipe']});
    let text = '';
    for (const stream of [one.stdout, one.stderr])
      stream.on('data', (part: Buffer) => (text += part.toString()));
    const [code] = (await once(one, 'close')) as [number | null];
    return {code, text};
  }

  /** A program of a host, as another one of that host starts it. */
  async on(host: 'primary' | 'standby', program: string, ...args: string[]) {
    const root = `${this.rehearsal.folder}/${host}`;
    const env = {PATH: `${root}/usr/bin`, HOME: `${root}/root`, USER: 'root', TMPDIR: `${root}/tmp`};
    return new Promise<{code: unknown; out: string; err: string}>((resolve) => {
      execFile(`${root}/usr/bin/${program}`, args, {env, cwd: '/'}, (error, out, err) =>
        resolve({code: error?.code ?? 0, out, err}),
      );
    });
  }

  /** Nothing of it is left: no folder, no process (all of them know the test’s own folder), no socket. */
  async isGone(): Promise<void> {
    const {folder, network} = this.rehearsal;
    const left = () => ({
      folder: existsSync(folder),
      processes: processesOf(place),
      sockets: listenersOn(network.a, network.b),
    });
    await expect
      .poll(left, {timeout: goneMs, interval: 100})
      .toEqual({folder: false, processes: [], sockets: []});
    expect(readdirSync(tmp).filter((name) => name.startsWith('failover-rehearsal'))).toEqual([]);
  }
}

describe('a rehearsal', () => {
  let before: Map<string, string>;
  let one: Rehearsed;
  beforeAll(async () => {
    before = listing();
    one = await new Rehearsed().start();
  });
  afterAll(() => void one?.child.kill('SIGKILL'));

  const online = async () => (await one.order({do: 'online'})) as string[];

  it('is in one folder that only its owner can enter, and on addresses of loopback', () => {
    const {folder, network} = one.rehearsal;
    expect(folder.startsWith(`${tmp}/failover-rehearsal-`)).toBe(true);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const open = listenersOn(network.a, network.b);
    for (const [address, port] of [
      [addresses.hub, 22],
      [addresses.hub, 6667],
      [addresses.primary.public, 22],
      [addresses.standby.private, 22],
    ] as const) {
      const real = toReal(network, {address, port})!;
      expect(open).toContain(`${real.address}:${real.port}`);
    }
    expect(processesOf(place).length).toBeGreaterThan(1);
  });

  it('has hosts whose Node has their files, users, programs and network', async () => {
    const {folder} = one.rehearsal;
    const text = `
      import {readFileSync, writeFileSync, existsSync, chownSync, promises} from 'node:fs';
      import {execFileSync} from 'node:child_process';
      writeFileSync('/etc/made-by-node', 'x');
      chownSync('/etc/made-by-node', 4711, 4711);
      await promises.rename('/etc/made-by-node', '/opt/made-by-node');
      console.log(JSON.stringify({
        name: readFileSync('/etc/hostname', 'utf8').trim(),
        home: process.env.HOME,
        uid: process.getuid(),
        user: execFileSync('id', ['-un'], {encoding: 'utf8'}).trim(),
        apt: existsSync('/etc/debian_version'),
        status: (await new Promise((answer) => import('node:http').then(({default: http}) =>
          http.get('http://${addresses.primary.private}:18789/healthz', answer)))).statusCode,
      }));
      process.exit();`;
    await expect
      .poll(async () => (await one.on('standby', 'node', '--input-type=module', '-e', text)).out, {
        timeout: 10_000,
      })
      .toContain('"status":200');
    const {out} = await one.on('standby', 'node', '--input-type=module', '-e', text);
    expect(JSON.parse(out)).toEqual({
      name: 'claw-backup',
      home: `${folder}/standby/root`,
      uid: 0,
      user: 'root',
      apt: false,
      status: 200,
    });
    expect(readFileSync(`${folder}/standby/opt/made-by-node`, 'utf8')).toBe('x');
    rmSync(`${folder}/standby/opt/made-by-node`);
  });

  it('has a curl that answers as the real one does', async () => {
    const curl = (...args: string[]) => one.on('standby', 'curl', ...args);
    const index = `${addresses.hub}:8080/dist/index.json`;
    const health = `http://${addresses.primary.private}:18789/healthz`;
    expect((await curl('-fsSL', '--proto', '=http,https', '-m', '5', '--', `http://${index}`)).out).toContain(
      process.version,
    );
    expect(await curl('-s', '-o', '/dev/null', '-w', '%{http_code}', '-m', '5', health)).toMatchObject({
      code: 0,
      out: '200',
    });
    expect(await curl('-fsS', `http://${index}x`)).toMatchObject({
      code: 22,
      err: expect.stringContaining('404'),
    });
    expect(await curl('-fsS', `http://${addresses.hub}:8081/`)).toMatchObject({code: 7});
    expect(await curl('--upload-file', '/etc/hostname', health)).toMatchObject({code: 2});
    await one.order({do: 'cut', cut: true});
    expect(await curl('-sS', '-m', '0.3', health)).toMatchObject({code: 28});
    await one.order({do: 'cut', cut: false});
    expect(await curl('-fsS', '-m', '5', health)).toMatchObject({code: 0});
  });

  it('is planned by setup in six phases, and not changed by that', async () => {
    const {answersFile, folder} = one.rehearsal;
    const {code, text} = await one.run(
      'setup',
      '--answers',
      answersFile,
      '--dry-run',
      '--plain',
      '--no-input',
    );
    expect({code, text}).toMatchObject({code: 0});
    for (const phase of [1, 2, 3, 4, 5, 6])
      expect(text).toMatch(new RegExp(`^${phase} \\w.* \\d+ changes?$`, 'm'));
    expect(text).toContain('The split is disjoint');
    expect(text).not.toContain(`${folder}/primary`);
    expect(text).not.toContain(`${folder}/standby`);
    for (const path of ['opt/openclaw-failover', 'etc/openclaw-failover', 'home/openclaw'])
      expect(existsSync(`${folder}/standby/${path}`)).toBe(false);
  });

  it('has a bot that answers, that is gone with its host, and that is back with it', async () => {
    await expect.poll(online, {timeout: 10_000}).toContain('clawmain');
    expect(await one.order({do: 'ask', nick: 'clawmain', text: 'Are you there?'})).toMatchObject({
      kind: 'answer',
    });
    await one.order({do: 'crash', host: 'primary'});
    await expect.poll(online, {timeout: 10_000}).not.toContain('clawmain');
    const {address, port} = toReal(one.rehearsal.network, {address: addresses.primary.public, port: 22})!;
    const silent = net.connect(port, address);
    const heard = await Promise.race([
      once(silent, 'data').then(() => 'a greeting'),
      new Promise((resolve) => setTimeout(resolve, 500, 'nothing')),
    ]);
    silent.destroy();
    expect(heard).toBe('nothing');
    await one.order({do: 'boot', host: 'primary'});
    await expect.poll(online, {timeout: 10_000}).toContain('clawmain');
    expect(await one.order({do: 'ask', nick: 'clawmain', text: 'Again?'})).toMatchObject({kind: 'answer'});
  });

  it('changes nothing of this machine', () => {
    expect(changed(before, listing())).toEqual([]);
    expect(readdirSync(home)).toEqual([]);
  });

  it('is gone when it ends', async () => {
    await one.end();
    await one.isGone();
    expect(changed(before, listing())).toEqual([]);
  });
});

describe('a rehearsal whose program is killed', () => {
  let one: Rehearsed | undefined;
  afterAll(() => void one?.child.kill('SIGKILL'));

  it('is gone as well', async () => {
    one = await new Rehearsed().start();
    expect(processesOf(place).length).toBeGreaterThan(1);
    one.child.kill('SIGKILL');
    await one.isGone();
  });
});
