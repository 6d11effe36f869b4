import type {ChannelView, GatewayView, Handled, Interrogation, ProbeResult, UnitView} from './evidence.js';

/** One thing that was seen, or the passing of time. Everything the decision ever hears comes as one of these. */
export type Happening =
  | {on: 'start'; rebooted: boolean}
  | {on: 'tick'}
  /** The host stood still for so long. */
  | {on: 'gap'; ms: number}
  /** `startedMs`: when the request was sent. */
  | {on: 'probe'; startedMs: number; probe: ProbeResult}
  /** `startedMs`: when they were asked. */
  | {on: 'answers'; startedMs: number; answers: Interrogation}
  | {on: 'unit'; unit: UnitView; handled: Handled | null}
  | {on: 'gateway'; gateway: GatewayView}
  | {on: 'channel'; channel: ChannelView}
  | {on: 'pause'; untilMs: number; why: string; id: string}
  | {on: 'resume'}
  | {on: 'failback'}
  /** An operator wants the standby to take over now. */
  | {on: 'promote'; why: string}
  /** The newest takeover was made on purpose. */
  | {on: 'tested'};

export type HappeningName = Happening['on'];
