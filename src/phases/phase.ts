import type {Split, SplitConflict} from '../channels/types.js';
import type {HostFacts} from '../facts/types.js';
import type {Pair} from '../pair/schema.js';
import type {Change} from '../plan/change.js';
import type {Secret} from '../secret.js';
import type {HostName} from '../ssh/host.js';

export type PhaseId = 'provision' | 'install' | 'config' | 'monitor' | 'disable' | 'test';

/** How the operator's machine reaches the SSH server of a host. */
export interface Reached {
  /** What the name of the host stands for, IPv4 first; none behind a jump host, where it means nothing to others. */
  addresses: string[];
  port: number;
  /** The pinned keys of the server, `TYPE BASE64` each. */
  hostKeys: string[];
}

/** Everything a phase may look at. Nothing in it waits or changes. */
export interface PlanInput {
  pair: Pair;
  primary: HostFacts;
  standby: HostFacts;
  split: Split;
  /** Conflicts of the primary with the account that the standby is to have (or has). */
  planned: SplitConflict[];
  /** Secrets the operator supplied in this run, by the name they get in the standby's env file. */
  secrets: Readonly<Record<string, Secret>>;
  /** Public key line that may log in as `openclaw` on the standby. */
  operatorKey?: string;
  /** Absent where nobody was reached. */
  reached?: Readonly<Record<HostName, Reached>>;
  /** Texts of the programs that are copied to hosts (built bundles). */
  programs: {monitor: string; accounts: string};
  /** This program's version, for headers and the manifest. */
  version: string;
}

/** Something the operator should know before anything is applied; `blocks` stops the phase that needs it. */
export interface Finding {
  id: string;
  host: 'primary' | 'standby';
  level: 'info' | 'warning' | 'blocks';
  /** One sentence. */
  sentence: string;
  /** What the wizard will do about it, or what the operator can do. */
  fix?: string;
}

export interface Phase {
  id: PhaseId;
  number: 1 | 2 | 3 | 4 | 5 | 6;
  title: string;
  /** What is wrong with the hosts for this phase (wrong OS, too little memory, gateway by hand). */
  findings?(input: PlanInput): Finding[];
  /** What differs, in the order in which it is applied. Pure. */
  plan(input: PlanInput): Iterable<Change>;
}
