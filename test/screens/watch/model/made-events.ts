import type {EventTold} from '../../../../src/sampler/told.js';

/** An event that a test says the rest of; time and monotonic time go with its number. */
export function event(differing: Partial<EventTold> = {}): EventTold {
  const {seq = 1} = differing;
  return {
    atMs: seq * 1_000,
    ms: seq * 1_000,
    boot: 'b1',
    seq,
    event: 'workspace',
    level: 'info',
    from: 'watching',
    to: 'watching',
    say: `Event ${seq}.`,
    durations: {},
    reason: null,
    connected: null,
    ...differing,
  };
}
