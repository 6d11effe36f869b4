import type {EventName, Level, MonitorEvent} from '../../../src/monitor/events.js';
import type {Message, Teller} from '../../../src/monitor/tell/message.js';
import type {Listener} from '../../../src/monitor/tell/targets.js';

export const teller: Teller = {pair: 'default', host: 'claw-standby'};
export const boot = 'b00tb00t-1';
export const startMs = Date.parse('2026-03-01T02:00:00Z');

/** An event `atS` seconds after the start. */
export function eventAt(
  atS: number,
  seq: number,
  event: EventName,
  level: Level = 'alert',
  say = `${event} happened.`,
): MonitorEvent {
  return {
    time: new Date(startMs + atS * 1000).toISOString(),
    ms: atS * 1000,
    boot,
    seq,
    event,
    level,
    from: 'watching',
    to: 'watching',
    evidence: {role: {want: 'standby', seq: 1}, promotions: 0},
    durations: {inStateMs: 1},
    say,
  };
}

export const stampAt = (atS: number) => ({boot, ms: atS * 1000, wallMs: startMs + atS * 1000});

export const hook: Listener = {
  name: 'hook',
  kind: 'webhook',
  level: 'alert',
  url: 'FAILOVER_NOTIFY_HOOK_URL',
};
export const everything: Listener = {...hook, name: 'everything', level: 'info'};

export const messageNo = (no: number, level: Level = 'alert'): Message => ({
  id: `b-${no}`,
  time: new Date(startMs).toISOString(),
  pair: 'default',
  host: 'h',
  level,
  event: 'promoted',
  title: `Title ${no}`,
  what: `What ${no}.`,
  why: 'Why.',
  advice: 'Advice.',
  act: false,
});
