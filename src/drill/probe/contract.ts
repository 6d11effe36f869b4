import type {Pair} from '../../pair/schema.js';

/** What a probe is told. */
export interface ProbeAsk {
  /** Name of the pair. */
  pair: string;
  /** Word that only an answer to this question can hold. */
  nonce: string;
  /** What the standby's bot is called on its channel; its account's name where the channel has none for it. */
  bot: string;
  channel: Pick<Pair['channel'], 'type' | 'account' | 'settings'>;
  /** Ends it early. */
  signal: AbortSignal;
  /** Hears how it goes, a line at a time, cleaned. */
  onLine: (line: string) => void;
}

/**
 * How a probe ended. Times are epoch ms of this machine, each taken when it happened. `reason` is a sentence, `detail`
 * one line that may be empty.
 */
export type ProbeEnd =
  | {ok: true; askedAtMs: number; answeredAtMs: number; detail: string}
  | {ok: false; reason: string; detail: string};

/** Sends the bot a message and waits for its answer, for as long as the pair says. Never throws. */
export type Probe = (ask: ProbeAsk) => Promise<ProbeEnd>;

/** characters of a detail that are kept; it becomes part of a report. */
export const longestDetail = 500;
