import {existsSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {Abort, Exit} from '../../src/errors.js';
import {drillReport} from '../../src/drill/report.js';
import {runDrill} from '../../src/drill/run.js';
import {stage} from './engine/stage.js';

vi.mock('node:timers/promises', () => import('./engine/virtual-time.js'));

let on: ReturnType<typeof stage>;
beforeEach(() => void (on = stage()));
afterEach(() => on.leave());

const run = (options: Partial<typeof on.options> = {}) =>
  runDrill(on.parts, {...on.options, ...options}, on.port);
const ran = (word: string) => on.machines.ran.filter((each) => each.includes(word));
const checks = () => on.events.flatMap((event) => (event.type === 'checks' ? [event] : []));
const redOnes = () => checks()[0]?.checks.flatMap(({sign, id}) => (sign === 'stop' ? [id] : []));
function nothingBroken() {
  expect(ran('drill: ')).toEqual([]);
  expect(ran('primary: arm')).toEqual([]);
  expect(existsSync(on.files.drillRunning)).toBe(false);
  expect(ran('release the lock')).toHaveLength(ran('take the lock').length);
}

/** Something of the standby that a drill can be forced past: its config. */
const badConfig = (from = 0) => {
  let asked = 0;
  on.machines.wrong = (label) => label.includes('config validate') && (asked += 1) > from;
};

describe('a red checklist', () => {
  it('keeps a drill from being made, and nobody is even asked', async () => {
    on.monitor.live({pausedMs: 300_000, pausedWhy: 'an update'});
    const confirm = vi.spyOn(on.port, 'confirm');
    expect(await run()).toMatchObject({none: 'red'});
    expect(redOnes()).toEqual(['monitor']);
    expect(checks()).toMatchObject([{goes: false}]);
    expect(confirm).not.toHaveBeenCalled();
    nothingBroken();
  });

  it('is not gone past with --force where harm may be done', async () => {
    on.monitor.live({pausedMs: 300_000});
    expect(await run({force: true})).toMatchObject({none: 'red'});
    nothingBroken();
  });

  it('is gone past with --force where the drill may just fail; the report says so', async () => {
    badConfig();
    expect(await run()).toMatchObject({none: 'red'});
    nothingBroken();
    const report = drillReport.parse(await run({force: true}));
    expect(report.preflight.forced).toBe(true);
    expect(report.verdict).toMatchObject({
      result: 'remarks',
      remarks: ['It was made against a red check (--force).'],
    });
  });

  it.each([
    ['one that may be forced', false, () => badConfig(1)],
    ['one that may be forced, with --force for something else', true, () => badConfig(1)],
    [
      'one that may not',
      true,
      () => (on.port.confirm = async () => (on.monitor.live({state: 'suspect', bad: 1}), true)),
    ],
  ])('that turned red after it was agreed to, %s: nothing is broken', async (_, force, turn) => {
    turn();
    expect(await run({force})).toMatchObject({none: 'red'});
    expect(checks().map(({goes}) => goes)).toEqual([true, false]);
    nothingBroken();
  });
});

const held = JSON.stringify({
  who: 'anna',
  machine: 'desk',
  pid: 7,
  nonce: '123e4567-e89b-42d3-a456-426614174000',
  when: '2026-11-20T13:59:00.000Z',
  why: 'setup',
});

describe('somebody who', () => {
  it('only looks breaks nothing, and is not asked', async () => {
    const confirm = vi.spyOn(on.port, 'confirm');
    expect(await run({dryRun: true})).toEqual({none: 'not-wanted'});
    expect(confirm).not.toHaveBeenCalled();
    expect(checks()).toMatchObject([
      {goes: true, impact: [expect.stringContaining('Stops'), expect.any(String), expect.any(String)]},
    ]);
    nothingBroken();
  });

  it('does not type the name of the pair breaks nothing', async () => {
    on.port.confirm = async () => false;
    expect(await run()).toEqual({none: 'not-wanted'});
    expect(ran('take the lock')).toEqual([]);
    nothingBroken();
  });

  it.each(['primary', 'standby'] as const)(
    'has the lock of the %s is named in the checklist',
    async (host) => {
      on.machines.holder = {[host]: held};
      expect(await run()).toMatchObject({none: 'red'});
      expect(redOnes()).toEqual(['alone']);
      expect(JSON.stringify(checks())).toContain('anna@desk since 2026-11-20T13:59:00.000Z (setup)');
      nothingBroken();
    },
  );

  it.each(['primary', 'standby'] as const)(
    'took the lock of the %s meanwhile is named, and nothing is broken',
    async (host) => {
      on.machines.holder = {[host]: held};
      on.machines.holderSeen = false;
      const error = await run().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Abort);
      expect((error as Abort).message).toBe(
        `The ${host} is locked: anna@desk since 2026-11-20T13:59:00.000Z (setup).`,
      );
      expect(ran('drill: ')).toEqual([]);
      expect(ran('release the lock')).toHaveLength(host === 'primary' ? 1 : 0);
    },
  );

  it.each([
    ['while both hosts are looked at', () => (on.machines.onCommand = () => on.stop.abort())],
    ['before the name of the pair is typed', () => (on.port.confirm = async () => (on.stop.abort(), true))],
  ])('leaves %s breaks nothing', async (_, leave) => {
    leave();
    await expect(run()).rejects.toMatchObject({
      exit: Exit.interrupted,
      message: 'Left. Nothing was broken by it.',
    });
    nothingBroken();
  });
});

describe('before a checklist can be made', () => {
  it.each([
    [
      'a host that was never read',
      () => (on.parts.facts = (host) => (host === 'standby' ? undefined : on.facts.primary)),
      /^The standby could not be read/,
    ],
    [
      'a gateway that was started by hand',
      () =>
        (on.parts.facts = (host) => ({
          ...on.facts[host],
          gateway: {known: true, value: {form: 'foreground', active: true, listeners: []}},
        })),
      /cannot be stopped and started by a drill/,
    ],
    ['a primary that is out of reach', () => (on.machines.lost = 1), /connection to the primary was lost/],
  ])('%s is an error', async (_, spoil, message) => {
    spoil();
    await expect(run()).rejects.toThrow(message);
    nothingBroken();
  });
});
