import type {EventName} from './events.js';
import type {Happening} from './happening.js';
import type {Memory} from './memory.js';
import type {MonitorSettings} from './settings.js';

/**
 * One line of record.jsonl, the flight recorder: everything that the decision heard around a suspicion, a takeover and
 * a give-back, so that the very same decision can be made again elsewhere, with these settings or with others. Times
 * are monotonic ms of the host.
 */
export type RecordLine =
  | {
      on: 'begin';
      version: 1;
      /** ISO, for people. */
      time: string;
      ms: number;
      /** Random per boot of the host. */
      boot: string;
      settings: MonitorSettings;
      /** What was known before the first line that follows. */
      memory: Memory;
    }
  /** `event`: that of the row that fired; absent: none did. Ticks are here only when one did. */
  | {on: 'heard'; ms: number; seen: Happening; event?: EventName}
  /** Other settings from here on. */
  | {on: 'settings'; ms: number; settings: MonitorSettings}
  /** The loop told something by itself, which takes a number in the sequence. */
  | {on: 'remark'; ms: number}
  /** It went on, and was too long to keep: what comes until the next change of state is not here. */
  | {on: 'cut'; ms: number; say: string}
  /** All is quiet again: nothing more belongs to it. */
  | {on: 'end'; ms: number};

/** The settings by name: what may ever be added around them is nobody's business here. */
export function settingsKept(s: MonitorSettings): MonitorSettings {
  const {pair, profile, primary, gateway, channel, failback, standby, witnesses, probe, onPartition} = s;
  const {holds, bootGraceMs, thresholds, promotion, demotion, interrogation} = s;
  return {
    pair,
    profile,
    primary,
    gateway,
    channel,
    failback,
    standby,
    witnesses,
    probe,
    onPartition,
    holds,
    bootGraceMs,
    thresholds,
    promotion,
    demotion,
    interrogation,
  };
}
