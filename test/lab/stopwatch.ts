// An outside look at a failover, with nothing of the program in it: a process in the standby's network asks gateways 20
// times a second and knocks at the primary's host; this machine's kernel says how the primary's gateway is; a chat client
// sees who is online. All times are this machine's.

import {spawn, type ChildProcess} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {until} from './host-state.js';
import {IrcClient} from './irc-client.js';
import {LabHost} from './lab.js';

const script = fileURLToPath(new URL('lab.sh', import.meta.url));
/** ms between two looks at a gateway. */
const lookMs = 50;

/**
 * Asks until nobody listens any more; prints a line at each change: epoch ms, who, and `ready`, `live`, `refused`, `hung`
 * or `gone` of a gateway, `up` or `down` of a host. Arguments: `NAME http|tcp ADDRESS PORT` for each.
 */
const asker = `
const http = require('node:http');
const net = require('node:net');
const words = process.argv.slice(1);
// Whoever started it is gone when its end of the pipe is.
process.stdin.resume().on('end', () => process.exit()).on('error', () => process.exit());
process.stdout.on('error', () => process.exit());
const limitMs = 900;
// One that has accepted and stands still answers at the moment at which it goes on, so it is waited for as long as the
// program itself waits.
const patienceMs = 3000;
const get = (host, port, path) => new Promise((resolve) => {
  let accepted = false;
  const sent = http.get({host, port, path, agent: false}, (answer) => {
    answer.resume();
    answer.on('end', () => resolve(answer.statusCode));
    answer.on('error', () => resolve('gone'));
  });
  const over = () => { resolve(accepted ? 'hung' : 'gone'); sent.destroy(); };
  let timer = setTimeout(over, limitMs);
  sent.on('socket', (socket) => socket.on('connect', () => {
    accepted = true;
    clearTimeout(timer);
    timer = setTimeout(over, patienceMs);
  }));
  sent.on('error', (error) => resolve(error.code === 'ECONNREFUSED' ? 'refused' : 'gone'));
  sent.on('close', () => { clearTimeout(timer); resolve('gone'); });
});
const knock = (host, port) => new Promise((resolve) => {
  const socket = net.connect({host, port});
  const end = (what) => { clearTimeout(timer); socket.destroy(); resolve(what); };
  const timer = setTimeout(() => end('down'), limitMs);
  socket.on('connect', () => end('up'));
  socket.on('error', () => end('down'));
});
const watch = async (name, kind, host, port) => {
  let known;
  for (;;) {
    const began = Date.now();
    const said = kind === 'tcp' ? await knock(host, port) : await get(host, port, '/readyz');
    const answered = typeof said === 'number';
    const now = said === 200 ? 'ready' : answered ? 'live' : said;
    // What does not answer did not when it was asked.
    if (now !== known) process.stdout.write((answered ? Date.now() : began) + ' ' + name + ' ' + now + '\\n');
    known = now;
    await new Promise((wake) => setTimeout(wake, ${lookMs}));
  }
};
for (let at = 0; at < words.length; at += 4) watch(...words.slice(at, at + 4));
`;

export interface Moment {
  /** epoch ms */
  atMs: number;
  what: string;
}

/** The gateways, the primary's host, and the processes of the primary's gateway: `runs`, `halted` or `ended`. */
export type Asked = 'primary' | 'standby' | 'host' | 'process';

const userUnit = 'user.slice/user-1000.slice/user@1000.service/app.slice/openclaw-gateway.service';
/** ms between two looks at its processes. */
const processEveryMs = 20;

export interface StopwatchOptions {
  /** Name of the standby's host: what it sees is looked at from its network. */
  from: string;
  /** Of the primary: the private address for its gateway, the public one for its host. */
  primary: {name: string; private: string; ip: string};
  nicks: string[];
  /** Nick of who looks. */
  as: string;
  port?: number;
}

export class Stopwatch {
  readonly moments: Record<Asked, Moment[]> = {primary: [], standby: [], host: [], process: []};
  readonly bots: Record<string, Moment[]> = {};
  private readonly child: ChildProcess;
  private readonly client: IrcClient;
  private readonly ending = new AbortController();
  private readonly watching: Promise<unknown>;
  /** Why it does not see everything any more. */
  private lost: string | undefined;

  private constructor(child: ChildProcess, client: IrcClient, nicks: string[], cgroup: string) {
    this.child = child;
    this.client = client;
    createInterface({input: child.stdout!}).on('line', (line) => {
      const [, atMs, name, what] = /^(\d{13}) (primary|standby|host) ([a-z]+)$/.exec(line) ?? [];
      if (what !== undefined) this.moments[name as Asked].push({atMs: Number(atMs), what});
    });
    child.on('error', (error) => (this.lost ??= `its asker did not start: ${error.message}`));
    child.on('exit', (code, signal) => {
      if (!this.ending.signal.aborted) this.lost ??= `its asker ended (${signal ?? code})`;
    });
    for (const nick of nicks) this.bots[nick] = [];
    this.watching = Promise.all([
      this.watch(nicks),
      this.watchProcesses(join(cgroup, userUnit, 'cgroup.procs')),
    ]);
  }

  /** Everything was looked at once when it resolves. */
  static async start({from, primary, nicks, as, port = 18_789}: StopwatchOptions): Promise<Stopwatch> {
    const {cgroup} = await new LabHost(primary.name).where();
    const client = await IrcClient.connect({nick: as});
    const words = [
      ['primary', 'http', primary.private, port],
      ['standby', 'http', '127.0.0.1', port],
      ['host', 'tcp', primary.ip, 22],
    ].flat();
    const child = spawn(
      script,
      ['netns', from, '--', process.execPath, '-e', asker, '--', ...words.map(String)],
      {stdio: ['pipe', 'pipe', 'inherit'], detached: true},
    );
    child.stdin!.on('error', () => {});
    const watch = new Stopwatch(child, client, nicks, cgroup);
    try {
      await until('the stopwatch sees everything', 10_000, async () => {
        watch.mustSee();
        return [...Object.values(watch.moments), ...Object.values(watch.bots)].every(
          ({length}) => length > 0,
        );
      });
    } catch (error) {
      await watch.stop();
      throw error;
    }
    return watch;
  }

  /** The first time from `sinceMs` on that it became so. @throws when something was not looked at any more */
  at(asked: Asked, what: string | readonly string[], sinceMs: number): number | undefined {
    this.mustSee();
    return this.moments[asked].find((moment) => [what].flat().includes(moment.what) && moment.atMs >= sinceMs)
      ?.atMs;
  }

  /** ms from `atMs` until a gateway answered that was `hung` then, or from the next look on; 0: it answered. */
  stillMs(asked: Asked, atMs: number): number {
    const moments = this.moments[asked];
    const from = moments.findLast((moment) => moment.atMs <= atMs + lookMs);
    if (from?.what !== 'hung') return 0;
    const on = moments.find((moment) => moment.atMs > from.atMs);
    return on ? on.atMs - atMs : 0;
  }

  botAt(nick: string, what: 'online' | 'offline', sinceMs: number): number | undefined {
    this.mustSee();
    return this.bots[nick]?.find((moment) => moment.what === what && moment.atMs >= sinceMs)?.atMs;
  }

  /** What was seen, for a test that failed. */
  told(fromMs: number): string {
    const rows = Object.entries({...this.moments, ...this.bots}).map(
      ([name, moments]) =>
        `${name}: ${moments.map(({atMs, what}) => `${what} ${((atMs - fromMs) / 1000).toFixed(2)}`).join(', ')}`,
    );
    return rows.join('\n');
  }

  async stop(): Promise<void> {
    this.ending.abort();
    this.child.stdin!.end();
    try {
      process.kill(-this.child.pid!, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
    this.client.close();
    await this.watching;
  }

  private async watchProcesses(file: string): Promise<void> {
    let known: string | undefined;
    while (!this.ending.signal.aborted) {
      const atMs = Date.now();
      const what = await processesNow(file);
      if (what !== known) this.moments.process.push({atMs, what});
      known = what;
      await sleep(processEveryMs);
    }
  }

  private mustSee(): void {
    if (this.lost !== undefined) throw new Error(`the stopwatch does not see everything: ${this.lost}`);
  }

  private async watch(nicks: string[]): Promise<void> {
    try {
      for await (const {nick, online, at} of this.client.watch(nicks, this.ending.signal))
        this.bots[nick]!.push({atMs: at.getTime(), what: online ? 'online' : 'offline'});
    } catch (error) {
      if (!this.ending.signal.aborted)
        this.lost ??= `its chat connection is gone: ${(error as Error).message}`;
    }
  }
}

async function processesNow(file: string): Promise<'runs' | 'halted' | 'ended'> {
  const read = (path: string) => readFile(path, 'utf8').catch(() => '');
  const pids = (await read(file)).split('\n').filter((pid) => pid !== '');
  const states = await Promise.all(
    // The name of a process may hold anything; its state comes after it.
    pids.map(async (pid) => /.*\) ([A-Za-z])/s.exec(await read(`/proc/${pid}/stat`))?.[1] ?? 'Z'),
  );
  const alive = states.filter((state) => !'ZX'.includes(state));
  return alive.length === 0 ? 'ended' : alive.every((state) => state === 'T') ? 'halted' : 'runs';
}
