import type {HostName} from '../ssh/host.js';

/** What makes an account the same account: a keyed hash of it, and text that may be shown. */
export interface Identity {
  /** Keyed hash (hex) of the canonical identity, e.g. of `irc:irc.example.org:6667/clawmain`. */
  fp: string;
  /** Not secret; e.g. `clawmain@irc.example.org:6667`, `bot 123456789`. */
  label: string;
}

export interface CredentialFact {
  /** Field path inside the account, e.g. `token`, `nickserv.password`. */
  field: string;
  /** Keyed hash (hex) of the resolved value; absent when unresolved. */
  fp?: string;
  /** Why it could not be resolved (exec or store reference, unreadable file). */
  unresolved?: string;
  /** Where the value came from. */
  from: 'inline' | 'env' | 'file' | 'exec' | 'store' | 'state';
}

/** One channel account as a config (and its environment) gives it. */
export interface AccountFact {
  channel: string;
  account: string;
  /** Whether a gateway started now would log it in. */
  enabled: boolean;
  identity?: Identity;
  credentials: CredentialFact[];
  /** Set when the account cannot be compared at all, with the reason. */
  unknown?: string;
}

/** Accounts of one host: none, some, or unknown with the reason. */
export type Accounts = {known: true; accounts: AccountFact[]} | {known: false; reason: string};

export interface SplitConflict {
  channel: string;
  /** Account name on each node; the same login may carry two names. */
  primaryAccount: string;
  standbyAccount: string;
  /** What is the same: the identity, or a credential's field. */
  because: 'identity' | 'credential';
  /** One sentence naming it exactly, e.g. `irc account "backup" (clawbak@…) is enabled on both nodes.` */
  sentence: string;
}

export type Split =
  | {state: 'disjoint'; primary: AccountFact[]; standby: AccountFact[]}
  | {state: 'conflict'; conflicts: SplitConflict[]; primary: AccountFact[]; standby: AccountFact[]}
  | {state: 'unknown'; reasons: {host: HostName; reason: string}[]};
