/** What was read of this machine; no secret, no key and no fingerprint of one is in it. */
export interface Readings {
  platform: NodeJS.Platform;
  /** Linux inside Windows. */
  wsl: boolean;
  home: string;
  node: {version: string; path: string; range: string; fits: boolean};
  ssh: SshReadings;
  /** `git --version`; undefined: there is none. */
  git: string | undefined;
  terminal: TerminalReadings;
  folders: readonly FolderReading[];
  pairs: readonly PairReading[];
  /** bytes free where logs and reports go; undefined: the system does not say. */
  freeBytes: number | undefined;
  clock: {nowMs: number; synchronised: boolean | undefined};
  schedule: ScheduleReading;
  desktop: {there: boolean; helper: string | undefined};
  /** Empty unless it was asked to knock. */
  hosts: readonly HostReading[];
}

export interface SshReadings {
  /** `OpenSSH_9.2p1`; undefined: no ssh program. */
  version: string | undefined;
  /** Why `ssh -G` failed; undefined: it works, or there is no ssh. */
  configError: string | undefined;
  agent: AgentReading;
  keys: readonly KeyReading[];
  /** Mode of `~/.ssh`; undefined: there is none. */
  folderMode: number | undefined;
  knownHosts: {path: string; state: 'readable' | 'absent' | 'unreadable'; why?: string};
}

export type AgentReading =
  | {state: 'none'}
  | {state: 'silent'; why: string}
  /** Keys by their type, as `ssh-add -l` names them: `ED25519`, `RSA`, `ED25519-SK`. */
  | {state: 'answers'; types: readonly string[]}
  /** There is a socket, and no ssh-add that could ask. */
  | {state: 'unasked'};

export interface KeyReading {
  path: string;
  mode: number;
  kind: 'plain' | 'encrypted' | 'security-key' | 'unreadable';
}

export interface TerminalReadings {
  /** stdin, stdout and stderr are all one. */
  interactive: boolean;
  columns: number | undefined;
  rows: number | undefined;
  /** bits; 1: none. */
  colourBits: number;
  noColour: boolean;
  term: string | undefined;
  /** The locale that says which characters there are; undefined: none is set. */
  locale: string | undefined;
  inside: 'tmux' | 'screen' | undefined;
  windowsTerminal: boolean;
}

export interface FolderReading {
  what: 'config' | 'state';
  path: string;
  /** undefined: not there yet. */
  mode: number | undefined;
  /** Why nothing can be written; undefined: it can be, or it can be made. */
  refused: string | undefined;
  /** Files of ours that others may read. */
  open: readonly string[];
}

export type PairReading =
  | {name: string; state: 'valid'; primary: ReachedReading; standby: ReachedReading}
  | {name: string; state: 'broken'; why: string; next: readonly string[]}
  /** A folder without a saved pair: pinned keys of one that was begun. */
  | {name: string; state: 'begun'};

export interface ReachedReading {
  /** As the operator names it. */
  ssh: string;
  identityFile?: string;
}

export interface ScheduleReading {
  /** What could remind of drills here, the first choice first. */
  forms: readonly string[];
  /** Pairs that have a schedule. */
  of: readonly string[];
}

export interface HostReading {
  /** `primary of lab`, or the host that was named. */
  who: string;
  target: string;
  /** Whose pinned keys count. */
  pair: string;
  seen:
    | {
        state: 'answers';
        banner: string;
        key: string;
        /** What is known of this key; when it is not the known one, who knows another. */
        known: 'pinned' | 'known' | 'new' | 'revoked' | {not: 'answers' | 'pair' | 'known_hosts'};
        /** Its name in known_hosts. */
        keyName: string;
        ms: number;
      }
    | {state: 'silent'; why: string}
    | {state: 'indirect'; by: string};
}
