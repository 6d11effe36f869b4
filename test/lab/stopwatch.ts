// An outside look at a failover, with nothing of the program in it: a process in the standby's network that asks the
// primary's gateway 20 times a second, and a chat client that sees who is online.

import {spawn, type ChildProcess} from 'node:child_process';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {IrcClient} from './irc-client.js';

const script = fileURLToPath(new URL('lab.sh', import.meta.url));

/** Asks until it is ended; prints a line at each change: epoch ms, and `ready`, `live`, `refused`, `hung` or `gone`. */
const asker = `
const http = require('node:http');
const [address, port] = process.argv.slice(1);
let known;
const ask = (path) => new Promise((resolve) => {
  const sent = http.get({host: address, port, path, timeout: 900, agent: false}, (answer) => {
    answer.resume();
    answer.on('end', () => resolve(answer.statusCode));
  });
  sent.on('timeout', () => { resolve('hung'); sent.destroy(); });
  sent.on('error', (error) => resolve(error.code === 'ECONNREFUSED' ? 'refused' : 'gone'));
});
(async () => {
  for (;;) {
    const began = Date.now();
    const ready = await ask('/readyz');
    const now = ready === 200 ? 'ready' : typeof ready === 'number' ? 'live' : ready;
    // What hangs or is gone was so since it was asked.
    if (now !== known) process.stdout.write((typeof ready === 'number' ? Date.now() : began) + ' ' + now + '\\n');
    known = now;
    await new Promise((wake) => setTimeout(wake, 50));
  }
})();`;

export interface Moment {
  /** epoch ms */
  atMs: number;
  what: string;
}

export class Stopwatch {
  readonly gateway: Moment[] = [];
  readonly bots: Record<string, Moment[]> = {};
  private readonly child: ChildProcess;
  private readonly ending = new AbortController();
  private readonly watching: Promise<void>;

  private constructor(
    child: ChildProcess,
    private readonly client: IrcClient,
    nicks: string[],
  ) {
    this.child = child;
    createInterface({input: child.stdout!}).on('line', (line) => {
      const [atMs, what = ''] = line.split(' ');
      this.gateway.push({atMs: Number(atMs), what});
    });
    for (const nick of nicks) this.bots[nick] = [];
    this.watching = (async () => {
      for await (const {nick, online, at} of client.watch(nicks, this.ending.signal))
        this.bots[nick]!.push({atMs: at.getTime(), what: online ? 'online' : 'offline'});
    })().catch(() => undefined);
  }

  /** @param from name of the host in whose network the gateway is asked */
  static async start({
    from,
    address,
    port = 18_789,
    nicks,
    as = 'watcher',
  }: {
    from: string;
    address: string;
    port?: number;
    nicks: string[];
    as?: string;
  }): Promise<Stopwatch> {
    const client = await IrcClient.connect({nick: as});
    const child = spawn(
      script,
      ['netns', from, '--', process.execPath, '-e', asker, address, String(port)],
      {stdio: ['ignore', 'pipe', 'inherit'], detached: true},
    );
    return new Stopwatch(child, client, nicks);
  }

  /** The first time after `sinceMs` that the gateway was so. */
  gatewayAt(what: string, sinceMs: number): number | undefined {
    return this.gateway.find((moment) => moment.what === what && moment.atMs >= sinceMs)?.atMs;
  }

  botAt(nick: string, what: 'online' | 'offline', sinceMs: number): number | undefined {
    return this.bots[nick]?.find((moment) => moment.what === what && moment.atMs >= sinceMs)?.atMs;
  }

  async stop(): Promise<void> {
    this.ending.abort();
    try {
      process.kill(-this.child.pid!, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
    await this.watching;
    this.client.close();
  }
}
