import {describe, expect, test} from 'vitest';
import {
  afterDial,
  afterLine,
  afterReading,
  unknownClock,
  type HostClock,
} from '../../../../src/screens/watch/model/clock.js';

/** Lines of a host whose clock is `offsetMs` ahead, each so many ms on its way, 2 s apart. */
const lines = (clock: HostClock, offsetMs: number, delays: readonly number[], fromMs = 0): HostClock =>
  delays.reduce((known, delayMs, index) => {
    const sentMs = fromMs + index * 2_000;
    return afterLine(known, sentMs + offsetMs, sentMs + delayMs);
  }, clock);

describe('the offset of a clock', () => {
  test('is not known before anything was said', () => {
    expect(unknownClock.offsetMs).toBeNull();
  });
  test('is what a line says, less the quickest way here, while nothing was measured', () => {
    expect(lines(unknownClock, 500, [80, 40, 900]).offsetMs).toBe(460);
  });
  test('is that of a reading until a line has come', () => {
    expect(afterReading(unknownClock, 576).offsetMs).toBe(576);
    expect(lines(afterReading(unknownClock, 576), 500, [4]).offsetMs).toBe(496);
    expect(afterReading(lines(unknownClock, 500, [4]), 576).offsetMs).toBe(496);
  });
  test('follows a clock that is set forward at once, and one that is set back within five lines', () => {
    const known = lines(unknownClock, 0, [40, 40, 40, 40, 40]);
    expect(lines(known, 3_600_000, [40]).offsetMs).toBe(3_600_000 - 40);
    expect(lines(known, -3_600_000, [40, 40, 40, 40, 40]).offsetMs).toBe(-3_600_000 - 40);
  });
  test('is kept over a lost connection, and the lines before are not believed any more', () => {
    const again = afterDial(lines(unknownClock, 100, [40, 40, 40, 40, 40]));
    expect(again.offsetMs).toBe(60);
    expect(lines(again, -5_000, [40]).offsetMs).toBe(-5_040);
  });
  test('takes five numbers however long the lines go on', () => {
    expect(
      lines(
        unknownClock,
        0,
        Array.from({length: 1000}, () => 40),
      ).newest,
    ).toHaveLength(5);
  });
});
