import {spawn, type ChildProcess} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import http from 'node:http';
import type net from 'node:net';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {Transform} from 'node:stream';
import {build} from 'esbuild';
import type {ServerChannel} from 'ssh2';
import type {MonitorEvent} from '../../src/monitor/events.js';
import {layout, units} from '../../src/templates/layout.js';
import {settings} from '../monitor/settings-of-tests.js';
import {newKey, startServer, type TestServer} from '../ssh/server.js';

/** The real monitor's program below a folder, watching a primary on loopback, reached over a real SSH connection. */
export class MonitoredStandby {
  readonly root = mkdtempSync(join(tmpdir(), 'standby-'));
  readonly key = newKey();
  server!: TestServer;
  #monitor: ChildProcess | undefined;
  #ended = false;
  /** The gateway of the standby: it answers once root has started it. */
  readonly #gateway = http.createServer((_request, response) => {
    const up = existsSync(this.below('/up'));
    response.writeHead(up ? 200 : 503).end(JSON.stringify({ok: up, status: 'live', ready: up}));
  });
  readonly #primary = http.createServer((_request, response) =>
    response.end('{"ok":true,"status":"started"}'),
  );

  static async start(): Promise<MonitoredStandby> {
    const standby = new MonitoredStandby();
    await standby.#install();
    void standby.#obey();
    standby.server = await startServer({
      authorized: [standby.key.line],
      handle: (command, channel) => standby.#runBelow(command, channel),
    });
    return standby;
  }

  below(path: string): string {
    return join(this.root, path);
  }

  async startMonitor(): Promise<void> {
    this.#monitor = spawn(this.below(layout.node), [layout.monitorProgram, 'run'], {stdio: 'ignore'});
    await this.waitFor(() => readFileSync(this.below(layout.live), 'utf8').includes('"class":"ok"'));
  }

  stopMonitor(): void {
    this.#monitor?.kill('SIGKILL');
  }

  /** Whether the gateway here starts when the monitor wishes, and whether its channel account connects. */
  manners = {starts: true, connects: true};

  /** Root's path unit, the gateway and its verify job: they do what the monitor wishes. */
  async #obey(): Promise<void> {
    let done = '';
    while (!this.#ended) {
      const wish = await readFile(this.below(layout.role), 'utf8').catch(() => '');
      const [role = '', seq = ''] = wish.trim().split(' ');
      if (wish !== done && (role === 'standby' || this.manners.starts)) {
        done = wish;
        if (role === 'active') writeFileSync(this.below('/up'), '');
        else rmSync(this.below('/up'), {force: true});
        writeFileSync(
          this.below(`${layout.workRun}/verify.json`),
          JSON.stringify({seq: Number(seq), connected: this.manners.connects, detail: 'as the test has it'}),
        );
        if (role !== '') writeFileSync(this.below(layout.handled), `${role} ${seq} 0\n`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  state(): string {
    return (JSON.parse(readFileSync(this.below(layout.live), 'utf8')) as {state: string}).state;
  }

  events(): MonitorEvent[] {
    return readFileSync(this.below(layout.events), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as MonitorEvent);
  }

  /** ms at most */
  async waitFor(seen: () => boolean, limitMs = 10_000): Promise<void> {
    const deadline = Date.now() + limitMs;
    for (;;) {
      try {
        if (seen()) return;
      } catch {
        // Not there yet.
      }
      if (Date.now() > deadline) throw new Error(`it did not happen in time: ${seen}`);
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async stop(): Promise<void> {
    this.#ended = true;
    this.stopMonitor();
    for (const one of [this.#primary, this.#gateway]) {
      one.closeAllConnections();
      one.close();
    }
    await this.server.close();
    rmSync(this.root, {recursive: true, force: true});
  }

  async #install(): Promise<void> {
    const [port, ownPort] = await Promise.all([listen(this.#primary), listen(this.#gateway)]);
    for (const folder of [layout.etc, layout.state, layout.run, layout.roleRun, layout.workRun])
      mkdirSync(this.below(folder), {recursive: true});
    const program = this.below(layout.monitorProgram);
    await build({
      entryPoints: ['src/monitor/main.ts'],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node22',
      logLevel: 'error',
    });
    // Stands in for Node there: the same program, below the folder, with a systemctl that knows two units.
    this.#script(layout.node, [
      'shift',
      `PATH=${this.below('/bin')}:$PATH exec ${process.execPath} ${program} --root ${this.root} "$@"`,
    ]);
    this.#script('/bin/systemctl', [
      'echo LoadState=loaded',
      `case $2 in ${units.monitor}) [ -e ${this.below('/stopped')} ] && echo ActiveState=failed || echo ActiveState=active ;;`,
      `*) [ -e ${this.below('/up')} ] && echo ActiveState=active || echo ActiveState=inactive ;; esac`,
      'echo Result=success',
    ]);
    writeFileSync(
      this.below(layout.monitorSettings),
      JSON.stringify({
        version: 1,
        ...settings,
        primary: {address: '127.0.0.1', port},
        gateway: {address: '127.0.0.1', port: ownPort},
        thresholds: {...settings.thresholds, rise: 2, riseMs: 1000},
        promotion: {...settings.promotion, tries: 1, attemptMs: 8000},
        probe: {
          ...settings.probe,
          intervalMs: 1000,
          suspectIntervalMs: 1000,
          timeoutMs: 900,
          connectTimeoutMs: 300,
        },
        witnesses: [{address: '127.0.0.2', port: 1}],
      }),
    );
  }

  #script(path: string, lines: string[]): void {
    const file = this.below(path);
    mkdirSync(dirname(file), {recursive: true});
    writeFileSync(file, ['#!/bin/sh', ...lines, ''].join('\n'));
    chmodSync(file, 0o755);
  }

  /** Runs a command of the wizard for real, with every path of ours below the folder. */
  #runBelow(command: string, channel: ServerChannel): boolean {
    const moved = (text: string) => {
      let result = text;
      for (const path of [layout.opt, layout.lib, layout.state, layout.run])
        result = result.replaceAll(new RegExp(`(?<![\\w/-])${path}(?=[/ ]|$)`, 'gm'), this.below(path));
      return result;
    };
    const child = spawn('/bin/sh', ['-c', moved(command)], {
      detached: true,
      env: {HOME: this.root, USER: 'root'},
    });
    const moving = new Transform({
      transform: (chunk: Buffer, _encoding, done) => done(null, moved(chunk.toString('utf8'))),
    });
    child.stdin.on('error', () => undefined);
    channel.pipe(moving).pipe(child.stdin);
    child.stdout.pipe(channel, {end: false});
    child.stderr.pipe(channel.stderr, {end: false});
    channel.on('close', () => {
      try {
        process.kill(-child.pid!, 'SIGTERM');
      } catch {
        // It has ended.
      }
    });
    child.once('exit', (code) => channel.exit(code ?? 255));
    child.once('close', () => channel.end());
    return true;
  }
}

function listen(server: http.Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port)),
  );
}
