// Whoever waits for the bot: somebody in the chat, and a look at the gateway's own word that it is ready.

import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import type {Stage} from '../../test/lab/faults/stage.js';
import {until} from '../../test/lab/host-state.js';
import {monotonicMs} from '../../test/lab/inside.js';
import {IrcClient} from '../../test/lab/irc-client.js';
import {layout} from '../../src/templates/layout.js';

/** Not alice: a test may be she at the same time. */
export const observerNick = 'watcher';
const lookEveryMs = 50;
const askEveryMs = 1_000;
const readyProgram = fileURLToPath(new URL('ready.mjs', import.meta.url));

/** Monotonic ms; absent: not in time. */
export interface Seen {
  ready?: number;
  online?: number;
  answer?: number;
}

export class Observer {
  private constructor(
    private readonly stage: Stage,
    private readonly chat: IrcClient,
  ) {}

  static async of(stage: Stage): Promise<Observer> {
    // The nick of the last run is free again when the chat server has noticed.
    const enter = () => IrcClient.connect({nick: observerNick}).catch(() => undefined);
    return new Observer(stage, await until(`${observerNick} can enter the chat`, 60_000, enter));
  }

  leave(): void {
    this.chat.close();
  }

  /** The primary's bot is in the chat, and the standby's is not. */
  async isAtRest(): Promise<boolean> {
    const {primary, standby} = this.stage.places.nicks;
    const seen = await this.chat.online(primary, standby);
    return seen.has(primary) && !seen.has(standby);
  }

  /** Waits for the standby's gateway, its bot, and the bot's first answer, until that moment (monotonic ms). */
  async follow(endMs: number): Promise<Seen> {
    const [ready, there] = await Promise.all([this.ready(endMs), this.there(endMs)]);
    return {...ready, ...there};
  }

  private async there(endMs: number): Promise<Seen> {
    const {standby: nick} = this.stage.places.nicks;
    while (!(await this.chat.online(nick)).has(nick)) {
      if (monotonicMs() > endMs) return {};
      await sleep(lookEveryMs);
    }
    const online = monotonicMs();
    const answered = await this.chat.ask(nick, {
      timeoutMs: Math.max(1, endMs - online),
      repeatMs: askEveryMs,
    });
    return {online, ...(answered && {answer: monotonicMs()})};
  }

  private async ready(endMs: number): Promise<Seen> {
    const {gateway} = JSON.parse((await this.stage.standby.inside.read(layout.monitorSettings)) ?? '');
    const url = `http://${gateway.address}:${gateway.port}/readyz`;
    const argv = [process.execPath, readyProgram, url, String(endMs)];
    const ran = await this.stage.standby.host.netns(argv, {
      timeoutMs: Math.round(endMs - monotonicMs()) + 5_000,
    });
    return ran.stdout === '' ? {} : {ready: Number(ran.stdout)};
  }
}
