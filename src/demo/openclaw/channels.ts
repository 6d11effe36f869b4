import {hostFiles} from '../../channels/program/files.js';
import {installedPlugins} from '../../channels/program/openclaw.js';
import type {Tree} from '../../channels/program/plain-object.js';
import {accountsOf, sameAccount, type Account} from './accounts.js';
import type {Loaded} from './config.js';
import {IrcAccount, type Question} from './irc-account.js';

/** Channels that need no plugin. */
const shipped: ReadonlySet<string> = new Set(['telegram']);

interface Around {
  log: (text: string) => void;
  answer: (question: Question) => Promise<string | undefined>;
}

interface Running {
  account: Account;
  irc: IrcAccount | undefined;
  /** Why it is not started. */
  why: string | null;
}

/** The channel accounts of a running gateway. */
export class Channels {
  readonly #known = new Map<string, Running>();

  constructor(private readonly around: Around) {}

  /** What is on in this config runs afterwards; what is off, gone or another than before has said goodbye. */
  async apply(loaded: Loaded): Promise<void> {
    const plugins = installedPlugins(loaded.around.stateDir, hostFiles);
    const all = accountsOf(loaded);
    const wanted = all.filter(({channel}) => shipped.has(channel) || plugins[channel] !== undefined);
    for (const channel of new Set(all.map((one) => one.channel)))
      if (!wanted.some((one) => one.channel === channel))
        this.around.log(
          `[${channel}] not loaded: its plugin is not installed (plugins install @openclaw/${channel})`,
        );
    const gone = [...this.#known].filter(
      ([key, {account}]) => !wanted.some((one) => keyOf(one) === key && sameAccount(one, account)),
    );
    await Promise.all(
      gone.map(async ([key, {irc}]) => {
        this.#known.delete(key);
        await irc?.stop();
      }),
    );
    for (const account of wanted) if (!this.#known.has(keyOf(account))) this.#add(account);
  }

  #add(account: Account): void {
    const {channel, id, enabled, irc: settings} = account;
    const log = (text: string) => this.around.log(`[${channel}] [${id}] ${text}`);
    const why =
      channel === 'irc' ? (settings ? null : 'host and nick are not set') : 'this stand-in speaks IRC only';
    const irc = settings ? new IrcAccount(settings, {...this.around, log}) : undefined;
    this.#known.set(keyOf(account), {account, irc, why});
    if (!enabled) return;
    if (irc) irc.start();
    else log(`not started: ${why}`);
  }

  /** Starts those that are on and do not run. @throws Error when there are none of that name */
  start(channel: string, id?: string): Tree {
    const meant = [...this.#known.values()].filter(
      ({account}) => account.channel === channel && (id === undefined || account.id === id),
    );
    if (meant.length === 0)
      throw new Error(`unknown channel or account: ${channel}${id === undefined ? '' : ` ${id}`}`);
    const started = meant.filter(({account, irc}) => account.enabled && irc && !irc.view.running);
    for (const {irc} of started) irc?.start();
    return {
      channel,
      started: meant.some(({irc}) => irc?.view.running),
      accounts: started.map(({account}) => account.id),
    };
  }

  /** The answer to `channels.status`. */
  status(): Tree {
    const channelAccounts: Record<string, Tree[]> = {};
    for (const {account, irc, why} of this.#known.values()) {
      const {channel, id, enabled, irc: settings} = account;
      const off = {running: false, connected: false, lifecycle: 'stopped', lastError: why};
      const entry = {accountId: id, enabled, configured: settings !== undefined, ...(irc?.view ?? off)};
      (channelAccounts[channel] ??= []).push(entry);
    }
    const channels = Object.fromEntries(
      Object.entries(channelAccounts).map(([channel, list]) => [
        channel,
        {configured: true, running: list.some(({running}) => running)},
      ]),
    );
    return {ts: Date.now(), channelOrder: Object.keys(channels), channels, channelAccounts};
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#known.values()].map(({irc}) => irc?.stop()));
  }
}

const keyOf = ({channel, id}: Account) => `${channel} ${id}`;
