import {once} from 'node:events';
import {readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {connectPerson} from '../../../src/demo/chat/person.js';
import {startChat, type Chat} from '../../../src/demo/chat/server.js';
import {ircProbe} from '../../../src/drill/probe/irc.js';
import {liveAccount} from '../../../src/gateway/channels-status.js';
import {askAccount} from '../../../src/monitor/ask-account.js';
import {readChannelStatus} from '../../../src/monitor/channel-status.js';
import {callGateway, GatewayRefusal} from '../../../src/monitor/gateway-call.js';
import {probeGateway, probePrimary} from '../../../src/monitor/probe.js';
import type {MonitorSettings} from '../../../src/monitor/settings.js';
import {buildClaw, Claw, freePort, goodConfig, token, until, type Gateway} from './claw.js';

let code: Awaited<ReturnType<typeof buildClaw>>;
beforeAll(async () => {
  code = await buildClaw();
});
afterAll(() => code.remove());

const limits = {connectTimeoutMs: 1000, timeoutMs: 2000, maxBodyBytes: 4096};

/** A host with its OpenClaw, a chat, and what is asked of them. */
class Stage {
  private constructor(
    readonly claw: Claw,
    public chat: Chat,
    readonly port: number,
  ) {}

  static async make(): Promise<Stage> {
    const chat = await startChat({host: '127.0.0.1', port: 0});
    const claw = await Claw.make(code.url);
    writeFileSync(join(claw.state, '.env'), `STUB_KEY=sk-local\nFAILOVER_GATEWAY_TOKEN=${token}\n`);
    expect(await claw.call(['plugins', 'install', '@openclaw/irc'])).toMatchObject({code: 0});
    return new Stage(claw, chat, await freePort());
  }

  async remove(): Promise<void> {
    await this.claw.remove();
    await this.chat.close();
  }

  config(nicks?: Record<string, string>, gateway?: object) {
    return goodConfig({port: this.port, chatPort: this.chat.port}, nicks, gateway);
  }

  get here() {
    return {address: '127.0.0.1', port: this.port};
  }

  /** The monitor's own probes, of this gateway as the primary's and as the standby's. */
  settings(at = this.here) {
    return {primary: at, gateway: at, probe: limits} as unknown as MonitorSettings;
  }

  async probe(at = this.here) {
    return (await probePrimary(this.settings(at))).class;
  }

  /** The answer to channels.status, as text. */
  async status() {
    return JSON.stringify(
      await callGateway({gateway: this.here, token, method: 'channels.status', timeoutMs: 5000}),
    );
  }

  async account(id: string) {
    return liveAccount(await this.status(), 'irc', id).state;
  }

  async get(path: string) {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`);
    return {status: response.status, body: await response.text()};
  }

  started(gateway: Gateway) {
    return until(async () => (await this.probe()) === 'ok', `the gateway starts: ${gateway.said()}`);
  }

  /** Whether this bot is at the chat. */
  comes(nick: string) {
    return until(() => this.chat.online().includes(nick), `${nick} comes`);
  }

  person(nick: string) {
    return connectPerson({host: '127.0.0.1', port: this.chat.port, nick});
  }
}

// They wait far more than they work, each on a stage of its own.
const it = test.extend<{stage: Stage}>({
  // oxlint-disable-next-line no-empty-pattern
  stage: async ({}, use) => {
    const stage = await Stage.make();
    await use(stage);
    await stage.remove();
  },
}).concurrent;

describe('a gateway that starts', () => {
  it('refuses, then says that it starts, then is ready, and its account is at the chat', async ({stage}) => {
    stage.claw.write(stage.config());
    const gateway = stage.claw.gateway();
    const seen: string[] = [];
    await until(async () => {
      const now = await stage.probe();
      if (seen.at(-1) !== now) seen.push(now);
      return now === 'ok';
    }, 'it starts');
    expect(seen).toEqual(['refused', 'starting', 'ok']);
    expect(await probeGateway(stage.settings())).toEqual({live: true, ready: true});
    await stage.comes('clawmain');
    await until(async () => (await stage.account('main')) === 'connected', 'the gateway says so');
    const seenByMonitor = readChannelStatus(await stage.status(), {type: 'irc', account: 'main'});
    expect(seenByMonitor).toMatchObject({connected: true, enabled: true, detail: 'running, ready'});
    expect(Date.now() - seenByMonitor.connectedAtMs!).toBeLessThan(60_000);
    expect(readFileSync(`/proc/${gateway.child.pid}/comm`, 'utf8')).toBe('openclaw-gatewa\n');
  });

  it('is not ready while it starts, and takes no calls', async ({stage}) => {
    stage.claw.write(stage.config());
    stage.claw.gateway();
    await until(async () => (await stage.probe()) === 'starting', 'it listens');
    expect(await probeGateway(stage.settings())).toEqual({live: true, ready: false});
    await expect(stage.status()).rejects.toThrow('the gateway refuses: gateway starting; retry shortly');
  });

  it('serves a page everywhere else, and tells names only to this host or with the token', async ({
    stage,
  }) => {
    stage.claw.write(stage.config());
    await stage.started(stage.claw.gateway());
    expect(await stage.get('/')).toMatchObject({status: 200, body: expect.stringContaining('not OpenClaw')});
    expect(JSON.parse((await stage.get('/readyz')).body)).toMatchObject({
      ready: true,
      failing: [],
      suppressed: [],
    });
    expect(JSON.parse((await stage.get('/healthz')).body)).toEqual({ok: true, status: 'live'});
  });

  it.for<[string, object, number, RegExp]>([
    ['no mode', {mode: undefined}, 78, /gateway\.mode=local/],
    ['a word that is not known', {bind: 'everywhere'}, 78, /gateway\.bind: Invalid input/],
    ['all addresses without auth', {bind: 'lan', auth: undefined}, 78, /without auth/],
    ['a token that cannot be read', {auth: {mode: 'token', token: '${NOT_SET}'}}, 78, /NOT_SET is not set/],
    ['an address that this host has not', {bind: 'custom', customBindHost: '192.0.2.1'}, 1, /failed to bind/],
  ])('with %s ends', async ([_what, gateway, exit, words], {stage}) => {
    stage.claw.write(stage.config(undefined, gateway));
    const {ended, said} = stage.claw.gateway();
    expect(await ended).toBe(exit);
    expect(said()).toMatch(words);
  });

  it('beside another one of the same state folder ends with 78, and after one that was killed it does not', async ({
    stage,
  }) => {
    stage.claw.write(stage.config());
    const first = stage.claw.gateway();
    await stage.started(first);
    const second = stage.claw.gateway(['--port', String(await freePort())]);
    expect(await second.ended).toBe(78);
    expect(second.said()).toContain(`another gateway (pid ${first.child.pid})`);
    first.child.kill('SIGKILL');
    await first.ended;
    await stage.started(stage.claw.gateway());
  });

  it('on a port that somebody has ends with 1', async ({stage}) => {
    stage.claw.write(stage.config(undefined, {port: stage.chat.port}));
    const {ended, said} = stage.claw.gateway();
    expect(await ended).toBe(1);
    expect(said()).toContain('EADDRINUSE');
  });

  it('bound to one address is there and nowhere else', async ({stage}) => {
    stage.claw.write(stage.config(undefined, {bind: 'custom', customBindHost: '127.0.0.7'}));
    stage.claw.gateway();
    await until(
      async () => (await stage.probe({address: '127.0.0.7', port: stage.port})) === 'ok',
      'it starts',
    );
    expect(await stage.probe()).toBe('refused');
    const asked = await stage.claw.call(['channels', 'status', '--json']);
    expect(liveAccount(asked.stdout, 'irc', 'main').state).not.toBe('unknown');
  });
});

describe('its protocol', () => {
  it('refuses a wrong token, a method it does not have, and a reader who wants to change something', async ({
    stage,
  }) => {
    stage.claw.write(stage.config());
    await stage.started(stage.claw.gateway());
    const call = (method: string, secret: string) =>
      callGateway({gateway: stage.here, token: secret, method, params: {channel: 'irc'}, timeoutMs: 5000});
    const wrong = call('channels.status', 'wrong');
    await expect(wrong).rejects.toThrow('unauthorized: gateway token mismatch');
    await expect(wrong).rejects.toBeInstanceOf(GatewayRefusal);
    await expect(call('channels.status', '')).rejects.toThrow('gateway token missing');
    await expect(call('cron.list', token)).rejects.toThrow('unknown method');
    await expect(call('channels.start', token)).rejects.toThrow('missing scope: operator.admin');
  });

  it('starts a channel that is asked for, and says when there is none of that name', async ({stage}) => {
    stage.claw.write(stage.config({main: 'clawmain', backup: 'clawbak'}));
    await stage.started(stage.claw.gateway());
    await until(() => stage.chat.online().length === 2, 'both come');
    const start = (params: object) =>
      stage.claw.call(['gateway', 'call', 'channels.start', '--params', JSON.stringify(params)]);
    const again = await start({channel: 'irc'});
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toEqual({channel: 'irc', started: true, accounts: []});
    expect(await start({channel: 'irc', accountId: 'third'})).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('unknown channel or account: irc third'),
    });
    expect((await stage.claw.call(['gateway', 'status', '--json'])).code).toBe(0);
    expect((await stage.claw.call(['channels', 'status'])).stdout).toBe(
      'Gateway reachable.\n- irc main: enabled, running, connected\n- irc backup: enabled, running, connected\n',
    );
  });

  it('is not hurt by what is none of it', async ({stage}) => {
    stage.claw.write(stage.config());
    const gateway = stage.claw.gateway();
    await stage.started(gateway);
    const shake =
      'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: a\r\n\r\n';
    const frames = [
      Buffer.of(0x81, 5, 1, 2, 3, 4, 5),
      Buffer.of(0x82, 0x80, 0, 0, 0, 0),
      Buffer.of(0x01, 0x80, 0, 0, 0, 0),
      Buffer.of(0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0),
      Buffer.of(0x81, 0x82, 0, 0, 0, 0, 0x7b, 0x7d),
    ];
    const rude = [
      '\0\x01\x02',
      'PING :x\r\n',
      `GET /${'x'.repeat(100_000)}`,
      shake.replace('websocket', 'other'),
    ];
    const pieces = [
      ...rude.map((text) => Buffer.from(text)),
      ...frames.map((frame) => Buffer.concat([Buffer.from(shake), frame])),
    ];
    await Promise.all(
      pieces.map(async (piece) => {
        const socket = connect({host: '127.0.0.1', port: stage.port});
        const closed = new Promise((done) => socket.once('close', done));
        socket.on('error', () => undefined).resume();
        socket.write(piece);
        await closed;
      }),
    );
    expect(await stage.probe()).toBe('ok');
    expect(gateway.child.exitCode).toBeNull();
  });

  it("is understood by the monitor's question for the account", async ({stage}) => {
    stage.claw.write(stage.config());
    await stage.started(stage.claw.gateway());
    const ask = () =>
      askAccount(
        {openclaw: join(stage.claw.package, 'openclaw.mjs'), envFile: join(stage.claw.state, '.env')},
        {
          gateway: stage.here,
          channel: {type: 'irc', account: 'main'},
        } as Pick<MonitorSettings, 'gateway' | 'channel'>,
      );
    const seen = await until(async () => {
      const now = await ask();
      return now.connected && now;
    }, 'the account is connected');
    expect(seen).toMatchObject({connected: true, enabled: true, cheap: true});
  });
});

describe('an account', () => {
  it('that is turned off in the config leaves, and comes back when it is on, without a restart', async ({
    stage,
  }) => {
    stage.claw.write(stage.config({main: 'clawmain', backup: 'clawbak'}));
    const gateway = stage.claw.gateway();
    await until(() => stage.chat.online().length === 2, 'both come');
    const patch = (enabled: boolean) =>
      stage.claw.run(['config', 'patch', '--stdin'], {
        input: JSON.stringify({channels: {irc: {accounts: {backup: {enabled}}}}}),
      });
    expect(patch(false)).toMatchObject({code: 0});
    await until(() => !stage.chat.online().includes('clawbak'), 'it leaves');
    expect(await stage.account('backup')).toBe('off');
    expect(await stage.account('main')).toBe('connected');
    expect(stage.chat.online()).toEqual(['clawmain']);
    expect(patch(true)).toMatchObject({code: 0});
    await stage.comes('clawbak');
    expect(gateway.child.exitCode).toBeNull();
    expect(await stage.probe()).toBe('ok');
  });

  it('stays as it is when the config becomes one that is refused', async ({stage}) => {
    stage.claw.write(stage.config());
    const gateway = stage.claw.gateway();
    await stage.comes('clawmain');
    stage.claw.write('{ not json');
    await until(() => gateway.said().includes('config refused'), 'it says so');
    stage.claw.write({...stage.config(), channels: {rocketchat: {}}});
    await until(() => gateway.said().includes('unknown channel id: rocketchat'), 'it says so');
    expect(await stage.account('main')).toBe('connected');
  });

  it('of an included config is woken by replacing the file that includes it', async ({stage}) => {
    stage.claw.write(stage.config({backup: 'clawbak'}));
    const live = join(stage.claw.state, 'failover-live.json');
    const off = {channels: {irc: {accounts: {backup: {enabled: false}}}}};
    writeFileSync(live, JSON.stringify({$include: './openclaw.json', ...off}));
    await stage.started(
      stage.claw.gateway([], {OPENCLAW_CONFIG_PATH: live, OPENCLAW_STATE_DIR: stage.claw.state}),
    );
    await until(async () => (await stage.account('backup')) === 'off', 'it is asleep');
    writeFileSync(live, JSON.stringify({$include: './openclaw.json'}));
    await stage.comes('clawbak');
  });

  it('is unsteady while its server is away, and comes back by itself', async ({stage}) => {
    stage.claw.write(stage.config());
    await stage.started(stage.claw.gateway());
    await stage.comes('clawmain');
    const {port: chatPort} = stage.chat;
    await stage.chat.close();
    await until(async () => (await stage.account('main')) === 'unsteady', 'the gateway sees it');
    expect(readChannelStatus(await stage.status(), {type: 'irc', account: 'main'}).connected).toBe(false);
    expect((await stage.get('/readyz')).status).toBe(200);
    stage.chat = await startChat({host: '127.0.0.1', port: chatPort});
    await stage.comes('clawmain');
    await until(async () => (await stage.account('main')) === 'connected', 'the gateway says so');
  });

  it('whose nick is taken joins with an underscore', async ({stage}) => {
    const other = await stage.person('clawmain');
    stage.claw.write(stage.config());
    await stage.started(stage.claw.gateway());
    await stage.comes('clawmain_');
    await other.close();
  });

  it('is not there without its plugin', async ({stage}) => {
    const bare = await Claw.make(code.url);
    writeFileSync(join(bare.state, '.env'), 'STUB_KEY=sk-local\n');
    bare.write(stage.config());
    const gateway = bare.gateway();
    await stage.started(gateway);
    expect(await stage.account('main')).toBe('absent');
    expect(gateway.said()).toContain('its plugin is not installed');
    await bare.remove();
  });
});

describe('a person who asks', () => {
  it('gets an answer with the words, and it is noted in the workspace', async ({stage}) => {
    stage.claw.write(stage.config());
    stage.claw.gateway();
    await stage.comes('clawmain');
    const alice = await stage.person('alice');
    const first = await alice.ask('clawmain', 'are you there?', {timeoutMs: 10_000});
    expect(first).toMatchObject({
      kind: 'answer',
      text: 'clawmain here: you said “are you there?”. It is the first message of today that I know of.',
    });
    expect(await alice.ask('clawmain', 'and now?', {timeoutMs: 10_000, word: 'and now?'})).toMatchObject({
      kind: 'answer',
      text: expect.stringContaining('I know of 1 before it today.'),
    });
    const [note = ''] = readdirSync(join(stage.claw.workspace, 'memory'));
    expect(note).toMatch(/^\d{4}-\d\d-\d\d\.md$/);
    expect(readFileSync(join(stage.claw.workspace, 'memory', note), 'utf8')).toMatch(
      /^# \S+\n\n- [\d:]+ UTC, alice to clawmain: are you there\?\n- [\d:]+ UTC, alice to clawmain: and now\?\n$/,
    );
    await alice.close();
  });

  it('is the probe of a drill', async ({stage}) => {
    stage.claw.write(stage.config());
    stage.claw.gateway();
    const nowhere = {name: 'p', channel: {type: 'irc', account: 'main'}};
    const end = await ircProbe({nick: 'alice', timeoutS: 15})({
      pair: nowhere.name,
      nonce: 'tovanilu',
      bot: 'clawmain',
      channel: {
        ...nowhere.channel,
        settings: {host: '127.0.0.1', port: stage.chat.port, tls: false, nick: 'clawmain'},
      } as Parameters<ReturnType<typeof ircProbe>>[0]['channel'],
      signal: new AbortController().signal,
      onLine: () => undefined,
    });
    expect(end).toMatchObject({ok: true, detail: expect.stringContaining('tovanilu')});
  });

  it('gets none where the config does not let them in, and where nobody is', async ({stage}) => {
    stage.claw.write(stage.config());
    const gateway = stage.claw.gateway();
    await stage.comes('clawmain');
    const mallory = await stage.person('mallory');
    const unheard = mallory.ask('clawmain', 'let me in', {timeoutMs: 1_000});
    await until(() => gateway.said().includes('no entry for mallory!~mallory@127.0.0.1'), 'it is told');
    expect(await unheard).toEqual({kind: 'silent'});
    expect(await mallory.ask('clawother', 'hello', {timeoutMs: 5_000})).toEqual({kind: 'absent'});
    await mallory.close();
  });

  it('hears why there is no answer when the key of the model is missing, and the gateway is ready all the same', async ({
    stage,
  }) => {
    writeFileSync(join(stage.claw.state, '.env'), '');
    stage.claw.write(stage.config());
    stage.claw.gateway();
    await stage.comes('clawmain');
    expect((await stage.get('/readyz')).status).toBe(200);
    const alice = await stage.person('alice');
    expect(await alice.ask('clawmain', 'the word is tovanilu', {timeoutMs: 10_000})).toMatchObject({
      text: 'clawmain here: I cannot answer, the environment variable STUB_KEY is not set.',
    });
    await alice.close();
  });
});

describe('a gateway that is stopped', () => {
  it('says goodbye at once when it is idle, and ends with 0', async ({stage}) => {
    stage.claw.write(stage.config());
    const gateway = stage.claw.gateway();
    await stage.comes('clawmain');
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    await until(() => stage.chat.online().length === 0, 'it has left');
    expect(readdirSync(stage.claw.state)).not.toContain('gateway.lock');
  });

  it('finishes a turn first, and says that it drains', async ({stage}) => {
    stage.claw.write(stage.config());
    const gateway = stage.claw.gateway();
    await stage.comes('clawmain');
    const alice = await stage.person('alice');
    const answer = alice.ask('clawmain', 'take 3 s: what is new?', {timeoutMs: 15_000});
    await until(
      async () => JSON.parse(await stage.status()).channelAccounts.irc[0].lastInboundAt !== null,
      'it is asked',
    );
    gateway.child.kill('SIGTERM');
    await until(async () => (await stage.probe()) === 'draining', 'it drains');
    expect(JSON.parse((await stage.get('/readyz')).body)).toMatchObject({
      ready: false,
      failing: ['gateway-draining'],
    });
    expect((await stage.get('/healthz')).status).toBe(200);
    expect(await answer).toMatchObject({kind: 'answer'});
    expect(await gateway.ended).toBe(0);
    await alice.close();
  });

  it('while it starts ends as well', async ({stage}) => {
    stage.claw.write(stage.config());
    const gateway = stage.claw.gateway();
    await until(async () => (await stage.probe()) === 'starting', 'it listens');
    gateway.child.kill('SIGTERM');
    await once(gateway.child, 'exit');
    expect(await gateway.ended).toBe(0);
  });
});
