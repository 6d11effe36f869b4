import {freshMemory, type Memory} from '../../src/monitor/memory.js';
import type {Saved} from '../../src/monitor/state-file.js';

/** The standby's state.json in the shape that the monitor writes it in; the type keeps the two together. */
export function savedState(
  memory: Partial<Memory> = {},
  noTakeoverUntil: string | null = null,
): Record<string, unknown> {
  const saved: Saved = {
    version: 2,
    header: 'h',
    time: '2026-05-01T10:00:00.000Z',
    since: '2026-05-01T10:00:00.000Z',
    boot: 'b',
    say: 's',
    noTakeoverUntil,
    outbox: [],
    retold: {},
    memory: {...freshMemory(1), ...memory},
  };
  return {...saved};
}
