import {existsSync, readFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {
  armDeadMan,
  armedFor,
  deadManLeft,
  disarmDeadMan,
  leftOf,
  spanS,
  undoFile,
} from '../../../src/drill/dead-man.js';
import {faults} from '../../../src/drill/faults.js';
import {parseMark, type DrillMark} from '../../../src/drill/record.js';
import {controlOf} from '../../../src/gateway/control.js';
import type {Host} from '../../../src/ssh/host.js';
import {layout} from '../../../src/templates/layout.js';
import {runningPrimary} from '../../phases/facts.js';
import {localHost} from '../../plan/local-host.js';
import {FakeBin} from './fake-bin.js';

describe('a span as systemd writes it', () => {
  it.each([
    ['5.006s', 5.006],
    ['4min 5s', 245],
    ['2d 3h 4min 5.5s', 183_845.5],
    ['1w 1d', 691_200],
    ['1month 2us', 2_629_800.000_002],
    ['1y', 31_557_600],
    ['250ms', 0.25],
    [' 9min 59.9s ', 599.9],
  ])('%j is %d s', (text, s) => expect(spanS(text)).toBeCloseTo(s, 6));

  it.each(['', 'infinity', '5', 's', '5 s', '-5s', '1e3s', '5parsec', '5s x', '5constructor', '0x5s'])(
    '%j is none',
    (text) => expect(spanS(text)).toBeNull(),
  );
});

describe('how long it is until the timer runs', () => {
  const shown = (state: string, next: string, up = '1234.56 5000.00') =>
    `ActiveState=${state}\nNextElapseUSecMonotonic=${next}\n${up}\n`;
  it.each([
    ['is what lies between now and then', shown('active', '30min 34.56s'), 600],
    ['is negative where it is late', shown('active', '20min'), -34.56],
    ['is unknown where none is armed', shown('inactive', 'infinity'), null],
    ['is unknown where it has run', shown('active', 'infinity'), null],
    ['is unknown where it is no timer', shown('active', ''), null],
    ['is unknown where the host does not say how long it is up', shown('active', '20min', ''), null],
    ['is unknown where it is being armed', shown('activating', '20min'), null],
    ['is unknown where nothing is said', '', null],
  ])('%s', (_, text, s) => {
    const left = leftOf(text);
    if (s === null) expect(left).toBeNull();
    else expect(left).toBeCloseTo(s, 3);
  });
});

describe('for how long the timer was armed', () => {
  const shown = (next: string, since: string, up = '1234.56 5000.00') =>
    `ActiveState=active\nNextElapseUSecMonotonic=${next}\nActiveEnterTimestampMonotonic=${since}\n${up}\n`;
  it.each([
    ['is what lies between that and its run', shown('30min 34.56s', '1234560000'), 600],
    [
      'is the same in a container, which is up for less long than its host',
      shown('1w', '604200000000', '5.00 5.00'),
      600,
    ],
    ['is what is left where it is not said since when', shown('30min 34.56s', ''), 600],
    ['is what is left where that is 0', shown('30min 34.56s', '0'), 600],
    ['is unknown where it does not run any more', shown('infinity', '1234560000'), null],
    ['is unknown where it is not active', shown('30min', '1234560000').replace('=active', '=inactive'), null],
  ])('%s', (_, text, s) => {
    const forS = armedFor(text);
    if (s === null) expect(forS).toBeNull();
    else expect(forS).toBeCloseTo(s, 3);
  });
});

const mark: DrillMark = {
  id: '2026-11-20T1400',
  fault: 'hang',
  startedAt: '2026-11-20T14:00:00.000Z',
  who: `o'neil "$(touch pwned)"`,
  machine: 'laptop',
};
const origin = {pairName: 'home', version: '1.2.3'};
const control = controlOf(runningPrimary())!;
const input = {control, port: 18_789, primary: '100.64.0.11', standby: '100.64.0.12'};

let bin: FakeBin;
beforeEach(() => {
  bin = new FakeBin({
    systemctl: `case "$*" in
show*) printf 'ActiveState=%s\\nNextElapseUSecMonotonic=%s\\n' "$(cat "$0.state" 2>/dev/null || echo inactive)" "$(cat "$0.next" 2>/dev/null)"; cat "$0.since" 2>/dev/null || : ;;
stop*) rm -f "$0.state" ;;
is-active*) cat "$0.state" 2>/dev/null || echo inactive ;;
*is-active*) echo active ;;
esac`,
    // Nobody waits here.
    sleep: '',
    runuser: 'shift 3; exec "$@"',
    'systemd-run': `d=$(dirname "$0"); echo active >"$d/systemctl.state"
for a in "$@"; do case "$a" in --on-active=*) up=$(cut -d. -f1 /proc/uptime); echo "$((up + \${a#*=}))s" >"$d/systemctl.next" ;; esac; done`,
  });
});
afterEach(() => bin.remove());

/** This machine, with its files in the folder of the stand-ins. */
function primary(): Host {
  const local = localHost({PATH: `${bin.folder}:${process.env['PATH']}`});
  const here = (text: string) => text.replaceAll(layout.drillRun, `${bin.folder}/run`);
  return {
    ...local,
    script: ({label, text}, options) => local.script({label, text: here(text)}, options),
    run: (argv, options) =>
      local.run(
        argv.map((word) => here(word)),
        options,
      ),
  };
}
const stopped = ['stop', 'is-active'].map(
  (verb) => `systemctl <${verb}> <openclaw-failover-drill-revert.timer>`,
);
const arm = (afterS = 600) => armDeadMan(primary(), {origin, mark, undo: faults.hang.undo(input), afterS});

describe('arming the timer', () => {
  it('leaves what anybody can read and run, and whose it is, for root alone', async () => {
    await arm();
    const read = (name: string) => readFileSync(`${bin.folder}/run/${name}`, 'utf8');
    expect(parseMark(read('drill.json'))).toEqual(mark);
    expect(read('undo.sh')).toBe(
      undoFile(origin, mark, faults.hang.undo(input)).replaceAll(layout.drillRun, `${bin.folder}/run`),
    );
    expect(existsSync('pwned')).toBe(false);
    expect(bin.calls.find((each) => each.startsWith('systemd-run'))).toMatch(
      /<--unit=openclaw-failover-drill-revert> <--on-active=600> .*<--collect> .*<\/bin\/sh> <[^>]*\/run\/undo\.sh>$/,
    );
  });

  it('takes an older one away first', async () => {
    await arm();
    const first = bin.calls.findIndex((each) => each.startsWith('systemctl <stop> <openclaw-failover-drill'));
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThan(bin.calls.findIndex((each) => each.startsWith('systemd-run')));
  });

  it('is seen by how long it is until then', async () => {
    await arm(300);
    expect(await deadManLeft(primary())).toBeGreaterThan(297);
    expect(await deadManLeft(primary())).toBeLessThanOrEqual(301);
  });

  it.each([
    ['is not seen afterwards', 'true'],
    [
      'is seen for another time',
      `d=$(dirname "$0"); echo active >"$d/systemctl.state"; echo 99y >"$d/systemctl.next"`,
    ],
  ])('that %s is an error, and nothing of it is left', async (_, body) => {
    bin.put('systemd-run', body);
    await expect(arm()).rejects.toThrow(/not seen to be armed; without it nothing is left broken/);
    expect(existsSync(`${bin.folder}/run`)).toBe(false);
    expect(bin.calls.slice(-2)).toEqual(stopped);
  });

  it('is judged by one clock: that of a container may be its own', async () => {
    // As systemd says it, far from what /proc/uptime is here.
    bin.put(
      'systemd-run',
      `d=$(dirname "$0"); echo active >"$d/systemctl.state"; echo '4y 10min' >"$d/systemctl.next"
echo ActiveEnterTimestampMonotonic=126230400000000 >"$d/systemctl.since"`,
    );
    await arm(600);
    await expect(arm(300)).rejects.toMatchObject({detail: 'It would run in 600 s, not in 300 s.'});
  });

  it('that systemd refuses is an error', async () => {
    bin.put('systemd-run', 'echo "Failed to start transient timer unit." >&2; exit 1');
    await expect(arm()).rejects.toThrow(
      /^Could not arm the timer that undoes the drill by itself on the standby/,
    );
  });
});

describe('what the timer runs', () => {
  it('takes the fault back, notes when, and may run again', async () => {
    await arm();
    for (const _ of [1, 2]) {
      const before = bin.calls.length;
      expect(bin.run(readFileSync(`${bin.folder}/run/undo.sh`, 'utf8')).code).toBe(0);
      expect(bin.calls.slice(before).filter((each) => each.startsWith('systemctl <--user>'))).toEqual(
        ['kill> <--signal=SIGCONT', 'reset-failed', 'start', 'is-active'].map(
          (verb) => `systemctl <--user> <${verb}> <openclaw-gateway.service>`,
        ),
      );
    }
    expect(readFileSync(`${bin.folder}/run/fired`, 'utf8')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n$/);
  });

  it('that fails is tried again for five minutes, and is not said to have been done', async () => {
    await arm();
    bin.put('systemctl', '[ "$2" != start ] || exit 5');
    expect(bin.run(readFileSync(`${bin.folder}/run/undo.sh`, 'utf8')).code).toBe(1);
    expect(bin.calls.filter((each) => each === 'sleep <10>')).toHaveLength(29);
    expect(existsSync(`${bin.folder}/run/fired`)).toBe(false);
  });

  it('that works at the third time has done it', async () => {
    await arm();
    bin.put(
      'systemctl',
      `case "$2" in
start) echo >>"$0.tries"; [ "$(wc -l <"$0.tries")" -ge 3 ] || exit 5 ;;
is-active) echo active ;;
esac`,
    );
    expect(bin.run(readFileSync(`${bin.folder}/run/undo.sh`, 'utf8')).code).toBe(0);
    expect(bin.calls.filter((each) => each === 'sleep <10>')).toHaveLength(2);
    expect(existsSync(`${bin.folder}/run/fired`)).toBe(true);
  });

  it.each([
    ['is noted where the rule is gone', 1, 0],
    ['is not where it is still in force', 0, 1],
  ])('of a cut network %s', (_, list, code) => {
    bin.put('nft', `[ "$1" = delete ] || exit ${list}`);
    bin.put('ip', '');
    const text = undoFile(origin, mark, faults.partition.undo(input)).replaceAll(layout.drillRun, bin.folder);
    expect(bin.run(text).code).toBe(code);
    expect(existsSync(`${bin.folder}/fired`)).toBe(code === 0);
  });

  it('is told apart from an older one: arming forgets when that ran', async () => {
    await arm();
    bin.run(readFileSync(`${bin.folder}/run/undo.sh`, 'utf8'));
    await arm();
    expect(existsSync(`${bin.folder}/run/fired`)).toBe(false);
  });

  it('is taken away with everything that it left', async () => {
    await arm();
    expect(await disarmDeadMan(primary())).toBeNull();
    expect(existsSync(`${bin.folder}/run`)).toBe(false);
    expect(bin.calls.slice(-2)).toEqual(stopped);
  });

  it('says when it had run', async () => {
    await arm();
    bin.run(readFileSync(`${bin.folder}/run/undo.sh`, 'utf8'));
    expect(await disarmDeadMan(primary())).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(await disarmDeadMan(primary())).toBeNull();
  });

  it('that is still armed is an error, and keeps what it needs', async () => {
    await arm();
    bin.put('systemctl', '[ "$1" != is-active ] || echo active');
    await expect(disarmDeadMan(primary())).rejects.toThrow(
      /^Could not take the timer away that undoes the drill/,
    );
    expect(existsSync(`${bin.folder}/run/undo.sh`)).toBe(true);
  });
});
