import type {HostFacts} from '../facts/types.js';
import type {GatewayControl} from '../gateway/control.js';
import type {MonitorSettings} from '../monitor/settings.js';
import type {Pair} from '../pair/schema.js';
import type {PairFiles} from '../pair/paths.js';
import type {WatchStore} from '../screens/watch/model/store.js';
import type {Host, HostName} from '../ssh/host.js';
import type {PreflightCheck} from './checks.js';
import type {HostClocks} from './clocks.js';
import type {Expected} from './expect.js';
import type {FaultInput} from './faults.js';
import type {DrillMark} from './record.js';
import type {DrillReport, FaultName, StageId} from './report.js';

/** What a drill looks and acts through. */
export interface DrillParts {
  pair: Pair;
  files: PairFiles;
  /** Of this program. */
  version: string;
  /** The live view of the pair, which both hosts keep telling. */
  store: Pick<WatchStore, 'subscribe' | 'snapshot' | 'events' | 'live' | 'settings' | 'settled' | 'tick'>;
  /** The connections, made anew where they were lost. */
  sources: Readonly<Record<HostName, () => Promise<Host>>>;
  facts: (host: HostName) => HostFacts | undefined;
  /** Sends the bot of the standby a real message; undefined: none is sent. */
  ask: AskBot | undefined;
  /** Earlier drills with this fault: ms since the fault at which they reached a stage. */
  usual: (fault: FaultName, stage: StageId) => number | null;
  now: () => number;
  /** Keeps a report, before it is forgotten that there was a drill. */
  keep: (report: DrillReport) => Promise<void>;
  /** Runs when the program is ended from outside; returns how to take that back. */
  onLeaving: (act: () => Promise<void>) => () => void;
}

/** A real message and its answer. Times are epoch ms of this machine. */
export type AskBot = (how: {
  signal: AbortSignal;
  onLine: (line: string) => void;
}) => Promise<{ok: true; answeredAtMs: number; detail: string} | {ok: false; detail: string}>;

/** A drill that nothing stands against, before anything is broken. */
export interface DrillPlan {
  mark: DrillMark;
  fault: FaultName;
  input: FaultInput;
  control: GatewayControl;
  expected: Expected;
  settings: MonitorSettings;
  targets: DrillReport['targets'];
  /** s until the primary undoes it by itself. */
  revertS: number;
  clocks: HostClocks;
  checks: readonly PreflightCheck[];
  /** A word of this boot of the primary. */
  boot: string;
  /** It was begun against a red check. */
  forced: boolean;
  /** Somebody is told of takeovers. */
  told: boolean;
}

/** How the workspaces stood when the fault was made. */
export interface WorkspaceBefore {
  /** ms; of the copy that the standby starts from. */
  rpoMs: number | null;
  behind: number | null;
  dirty: number | null;
}
