export const probeClasses = [
  'ok',
  'starting',
  'draining',
  'http-bad',
  'wrong-service',
  'hung',
  'refused',
  'unreachable',
  'own-network-bad',
] as const;
/** What one health request of the primary means. */
export type ProbeClass = (typeof probeClasses)[number];

export interface ProbeResult {
  class: ProbeClass;
  /** ms, whole request */
  tookMs: number;
  /** One short line for a person: status, error code. */
  detail: string;
}

/** Whether this host itself is online. */
export interface WitnessResult {
  alive: boolean;
  /** Who answered, or why nobody did. */
  by: string;
}

/** The gateway unit of this host, as systemd tells it. */
export interface UnitView {
  state: 'running' | 'starting' | 'stopping' | 'stopped' | 'failed' | 'unknown';
  /** systemd's Result, e.g. `exit-code`; the reason when unknown. */
  result: string;
  /** Exit code of the main process. */
  exitCode: number;
}

/** The standby's own gateway over HTTP. */
export interface GatewayView {
  /** Answers /healthz. */
  live: boolean;
  /** Answers /readyz with ready. */
  ready: boolean;
}

/** The channel account as the gateway told it to the verify job. */
export interface ChannelView {
  connected: boolean;
  /** One short line: lifecycle, last error. */
  detail: string;
  /** Sequence of the role under which it was seen. */
  seq: number;
  /** epoch ms of this host at which the gateway says that it connected; absent: it does not say. For figures only. */
  connectedAtMs?: number;
}

export type RoleName = 'active' | 'standby';

/** The monitor's wish for this host. `none`: nothing is asked yet (after a reboot, until the primary was probed). */
export interface Role {
  want: RoleName | 'none';
  seq: number;
  /** Whatever runs is killed first: a gateway that hangs would be waited for as if it drained. */
  kill?: true;
}

/** What root did about a wish. */
export interface Handled {
  role: RoleName;
  seq: number;
  /** Exit code of the start or stop. */
  code: number;
  /** What root found in the way, one line: `port 18789 is held by nginx (pid 812)`. */
  why?: string;
}

/** Results of the jobs that run as the gateway's user; `way-out` is the monitor's own, made while all is well. */
export interface WorkReport {
  job: 'sync' | 'handback' | 'handback-push' | 'prepare' | 'secrets' | 'warm' | 'way-out';
  /** ISO time, as the job wrote it. */
  at: string;
  result: string;
  /** One short line. */
  detail: string;
}

/** The gateway's unit on the primary, as systemd there tells it. `absent`: no unit runs it (a container, by hand). */
export type PrimaryUnit =
  'active' | 'activating' | 'deactivating' | 'inactive' | 'failed' | 'absent' | 'unknown';

/** What the primary says of itself over the forced command: one line of JSON, untrusted until parsed. */
export interface PrimaryReport {
  unit: PrimaryUnit;
  /** systemd's Result, e.g. `exit-code`, `start-limit-hit`, `success`. */
  result: string;
  /** Exit code of the main process that ended last; 78 is a config or login that OpenClaw refuses. */
  exitCode: number;
  /** Restarts by systemd since the unit was last started by somebody. */
  restarts: number;
  /** Boot id of the primary: another one means that it rebooted. */
  bootId: string;
  /** s since the primary's boot. */
  uptimeS: number;
  /** The gateway's answer on the primary's own loopback (or the address it is bound to). */
  loopback: 'ok' | 'starting' | 'draining' | 'bad' | 'hung' | 'refused' | 'unknown';
  /** Where something listens on the gateway's port. */
  listens: 'private' | 'loopback' | 'all' | 'nowhere' | 'unknown';
  /** What its /readyz says, once it has started. Absent from the report of an older setup, as the next two. */
  ready?: 'yes' | 'no' | 'unknown';
  /** Channels and other parts that /readyz names as failing, comma-separated. */
  failing?: string;
  /** Channels that OpenClaw does not start (it has crashed too often): /readyz may say ready all the same. */
  suppressed?: string;
}

/** What came of asking the primary for its report. */
export type Asked =
  /** `path`: the way on which SSH answered. */
  | {kind: 'report'; report: PrimaryReport; path: 'private' | 'public'; tookMs: number}
  /** The SSH server answers, and the key or the command is refused: the host lives, the report is not to be had. */
  | {kind: 'refused'; path: 'private' | 'public'; detail: string}
  /** An SSH server answers, and goes no further in time: the host is starved, or large packets are lost on the way. */
  | {kind: 'slow'; path: 'private' | 'public'; detail: string}
  /** Somebody else answers there: another host key than the one that setup pinned. Nothing it says counts. */
  | {kind: 'other-host'; detail: string}
  /** Its kernel takes connections and nothing speaks on them, on no path: frozen, or starved. */
  | {kind: 'mute'; detail: string}
  /** No SSH on either path. */
  | {kind: 'silent'; detail: string}
  /** Not set up, or the program here failed: nothing is known from it. */
  | {kind: 'unavailable'; detail: string};

/** Everybody who was asked on suspicion, at the same time. Bounded by the settings' timeout. */
export interface Interrogation {
  asked: Asked;
  /** TCP to the primary's SSH port on its public address; null: there is no such address. */
  publicPath: {alive: boolean; detail: string} | null;
  /** The way out of this host. */
  witness: WitnessResult;
}
