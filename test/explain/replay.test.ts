import {describe, expect, test} from 'vitest';
import {parseRecord} from '../../src/explain/parse.js';
import {replay} from '../../src/explain/replay.js';
import {decideWith, table} from '../../src/monitor/machine.js';
import {rules} from '../../src/monitor/verdict.js';
import type {Outcome} from '../simulator/run.js';
import {played} from './recorded.js';

const eventsOf = ({world}: Outcome) => new Map(world.standby.events.map((e) => [`${e.boot} ${e.seq}`, e]));

/** What the replays decided, as the lines that the monitor has logged of the same decisions. */
function decidedIn(outcome: Outcome) {
  const known = eventsOf(outcome);
  const replays = parseRecord(outcome.world.standby.record).map((segment) => replay(segment));
  const lines = replays.flatMap(({segment, steps}) =>
    steps
      .filter(({decision}) => decision.row)
      .map(({ms, decision: {memory, from, row, sentence}}) => {
        const logged = known.get(`${segment.boot} ${memory.sequence}`);
        const mine = {event: row!.event, from, to: memory.state, say: sentence, ms: Math.round(ms)};
        const {event, from: was, to, say, ms: atMs} = logged ?? {};
        return [mine, {event, from: was, to, say, ms: atMs}] as const;
      }),
  );
  return {replays, lines};
}

describe('a replay with the settings of the record', () => {
  test.each([
    ['a stop that an operator takes back in time', '4@20000+12000#1', 'cleared'],
    ['a host that is gone', '21@20000+x#1', 'promoted'],
    ['a partition', '23@20000+200000#1', 'trouble'],
    ['this host is cut off', '27@20000+90000#1', 'trouble'],
    ['a dead primary in a pause', 'pause@12000+90000#1 2@20000+200000#1', 'held'],
    ['a primary that comes and goes', '37b:30@20000+1200000#1', 'primary-gone'],
    ['a monitor that is killed in the middle', '21@20000+200000#1 40@26000+0#2', 'promoted'],
    ['a host that reboots while active', '21@20000+400000#1 44@120000+0#2', 'resuming'],
  ])('%s: decides exactly what was decided, down to its sentences', async (_what, faults, has) => {
    const outcome = await played(faults);
    const {replays, lines} = decidedIn(outcome);
    expect(outcome.world.told.map(({event}) => event.event)).toContain(has);
    expect(replays.length).toBeGreaterThan(0);
    for (const {faithful} of replays) expect(faithful).toBe(true);
    for (const [mine, logged] of lines) expect(mine).toEqual(logged);
    expect(lines.length).toBeGreaterThan(1);
  });

  test('so it does over 60 sequences that dice have drawn, and every change of state is in it', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      // oxlint-disable-next-line no-await-in-loop
      const outcome = await played(seed);
      const {replays, lines} = decidedIn(outcome);
      const unlogged = lines.filter(([, logged]) => logged.event === undefined);
      // A full disk takes no events either; what it took is the same.
      for (const [mine, logged] of lines) if (logged.event) expect(mine, `seed ${seed}`).toEqual(logged);
      expect(unlogged.length, `seed ${seed}`).toBe(0);
      expect(
        replays.every(({faithful}) => faithful),
        `seed ${seed}`,
      ).toBe(true);
    }
  }, 120_000);

  test('another rule is noticed: the replay says that it is not the recorded one', async () => {
    const outcome = await played('21@20000+x#1');
    const hasty = decideWith(
      table,
      rules.map((rule) => ({...rule, looks: 1, holdMs: () => 1})),
    );
    const replays = parseRecord(outcome.world.standby.record).map((segment) => replay(segment, hasty));
    expect(replays.map(({faithful}) => faithful)).toContain(false);
  });
});
