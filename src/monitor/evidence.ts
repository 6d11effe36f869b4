/** What one health request of the primary means. */
export type ProbeClass =
  | 'ok'
  | 'starting'
  | 'draining'
  | 'http-bad'
  | 'wrong-service'
  | 'hung'
  | 'refused'
  | 'unreachable'
  | 'own-network-bad';

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
}

export type RoleName = 'active' | 'standby';

/** The monitor's wish for this host. `none`: nothing is asked yet (after a reboot, until the primary was probed). */
export interface Role {
  want: RoleName | 'none';
  seq: number;
}

/** What root did about a wish. */
export interface Handled {
  role: RoleName;
  seq: number;
  /** Exit code of the start or stop. */
  code: number;
}

/** Results of the jobs that run as the gateway's user. */
export interface WorkReport {
  job: 'sync' | 'handback' | 'handback-push';
  /** ISO time, as the job wrote it. */
  at: string;
  result: string;
  /** One short line. */
  detail: string;
}
