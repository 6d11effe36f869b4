import {describe, expect, test} from 'vitest';
import {lineWidth, textOf} from '../../../src/screens/line.js';
import {enlarge, isTooSmall} from '../../../src/screens/size.js';
import {reduce} from '../../../src/screens/setup/reducer.js';
import {mainScreen} from '../../../src/screens/setup/layout.js';
import {firstLine, pageLines} from '../../../src/screens/setup/pages.js';
import {stepWindow} from '../../../src/screens/setup/phase-lines.js';
import type {StepView} from '../../../src/screens/setup/view.js';
import {conflict, deployKey, pluginFailure, unknown} from '../recorded.js';
import {choiceRows, found, moments, viewAfter} from './moments.js';

const sizes = [
  [80, 24],
  [120, 40],
  [60, 20],
  [40, 10],
  [200, 60],
  [79, 23],
] as const;

function screenOf(name: string, columns: number, rows: number) {
  const view = moments[name]!;
  const {body, status, footer} = mainScreen(view, {columns, rows}, choiceRows(view));
  return {
    lines: [...body, ...status, footer],
    body: body.map(textOf),
    status: status.map(textOf),
    footer: textOf(footer),
  };
}

describe.each(sizes)('at %dx%d', (columns, rows) => {
  test.each(Object.keys(moments))('%s fits, with its choice, footer and badge', (name) => {
    const {lines, body, footer} = screenOf(name, columns, rows);
    for (const line of lines) expect(lineWidth(line), textOf(line)).toBeLessThanOrEqual(columns);
    expect(lines.length + choiceRows(moments[name]!)).toBeLessThanOrEqual(rows);
    expect(footer).toContain('p plan');
    expect(footer).toContain('? help');
    expect(body.slice(0, 2).join('\n')).toContain('split ');
  });
});

describe('at 80x24', () => {
  const at = (name: string) => screenOf(name, 80, 24);
  test('the phase in hand shows its steps, its clock, and what its command says', () => {
    const {body, status} = at('running');
    expect(body).toContain(' ▸ 2 Install OpenClaw                                           2 of 6     0:36');
    expect(body.filter((line) => line.startsWith('     '))).toHaveLength(6);
    expect(body).toContain(' standby $ openclaw plugins install @openclaw/irc');
    expect(body).toContain('   Downloading @openclaw/irc@2026.9.6 …');
    expect(status[0]).toMatch(/^ about \d+ min left/);
  });

  test('all six phases are there', () => {
    for (const number of [1, 2, 3, 4, 5, 6])
      expect(at('running').body.join('\n')).toMatch(new RegExp(`^ . ${number} `, 'm'));
  });

  test('one line per host says what was found', () => {
    expect(at('found').body.slice(1, 3)).toEqual([
      ' primary  root@203.0.113.10   Debian 12 · OpenClaw 2026.9.6 · gateway up 12 d',
      ' standby  root@203.0.113.20   Debian 12 · 2 cores · 2.0 GB · 38 GB free',
    ]);
  });

  test('a failure shows its sentence, the end of the detail, and everything to try', () => {
    const text = at('failed').body.join('\n');
    expect(text).toContain(`✖ ${pluginFailure.sentence} (on the standby)`);
    expect(text).toContain('connectivity.');
    for (const next of pluginFailure.next) expect(text).toContain(`try: ${next}`);
  });

  test('a key that is waited for stands whole at the left edge', () => {
    const {body, footer} = at('waiting');
    const from = body.findIndex((line) => line.startsWith('ssh-ed25519'));
    expect(body.slice(from, from + 2).join(' ')).toBe(deployKey);
    expect(body.join('\n')).toContain('waiting 0:06 of 15:00');
    expect(footer).toContain('y copy');
  });

  test('measures stand beside what was expected, and a late one says so', () => {
    const text = at('measuring').body.join('\n');
    expect(text).toMatch(/channel account connected +39\.9 s +55\.0 s$/m);
    expect(text).toMatch(/standby back to sleep +79\.3 s +75\.0 s {2}▲ late/);
  });

  test('a running test shows the stage it waits for with its clock, what is to come, and what was said last', () => {
    const text = at('testing').body.join('\n');
    expect(text).toMatch(/gateway ready … +31\.0 s +51\.0 s$/m);
    expect(text).toMatch(/standby back to sleep +75\.0 s$/m);
    expect(text).toContain('The standby takes over.');
    expect(text).not.toContain('GET http');
    const long = moments['testing']!;
    const said = {host: 'standby', line: `The primary is gone. ${'x'.repeat(300)}`, command: false} as const;
    const {body, status} = mainScreen({...long, log: [...long.log, said]}, {columns: 80, rows: 24}, 0);
    const shown = [...body, ...status].map(textOf).join('\n');
    for (const {stage} of long.stages) expect(shown).toContain(stage);
    expect(shown).toContain('The primary is gone.');
    expect(shown.match(/^ [✔▸·–✖] \d /gm)).toHaveLength(6);
  });

  test('a test that is tried again begins anew', () => {
    const again = reduce(moments['testing']!, {type: 'stages', stages: [{stage: 'noticed'}]});
    expect(again).toMatchObject({measures: [], stages: [{stage: 'noticed'}]});
    expect(again.testFromMs).toBeUndefined();
  });

  test('stopping is said, and what a second Ctrl+C does', () => {
    const {status, footer} = at('stopping');
    expect(status).toEqual([' Finishing the step in hand … Ctrl+C again leaves at once.']);
    expect(footer).toContain('Ctrl+C leaves at once');
  });

  test('the summary fits with all six phases and all measures', () => {
    const text = at('finished').body.join('\n');
    expect(text).toContain('● The pair default is set up. It took 6:12.');
    expect(text.match(/ ✔ \d /g)).toHaveLength(6);
    expect(text).toContain('standby back to sleep');
  });
});

test('a tall screen goes on with the log of earlier steps', () => {
  expect(screenOf('running', 120, 40).body.join('\n')).toContain('standby $ openclaw plugins install');
});

describe('the split stays in sight', () => {
  test.each([
    ['conflict', conflict, '▲ conflict irc backup'],
    ['unknown', unknown, '? unknown: primary:'],
  ])('%s', (_, split, words) => {
    const view = viewAfter(...found, {type: 'split', split, at: 'before'});
    for (const [columns, rows] of sizes) {
      const text = mainScreen(view, {columns, rows}, 0).body.slice(0, 2).map(textOf).join('\n');
      expect(text).toContain(words);
    }
  });
});

describe('too many steps', () => {
  const steps = Array.from({length: 12}, (_, index): StepView => ({
    change: {id: `${index}`, host: 'standby', kind: 'file', title: `step ${index}`, disruptive: false},
    status: index < 5 ? 'done' : index === 5 ? 'running' : 'waiting',
  }));
  test.each([1, 2, 3, 4, 6, 8, 11, 12, 20])(
    'in %d rows the one in hand is shown, and the rest is counted',
    (rows) => {
      const lines = stepWindow(steps, 0, 60, rows).map(textOf);
      expect(lines.length).toBeLessThanOrEqual(rows);
      expect(lines.join('\n')).toContain('step 5');
      const shown = lines.filter((line) => line.includes('step ')).length;
      const counted = lines
        .flatMap((line) => [...line.matchAll(/(\d+) (?:done|more)/g)])
        .reduce((sum, [, n]) => sum + Number(n), 0);
      if (rows >= 4) expect(shown + counted).toBe(12);
    },
  );
});

describe('pages', () => {
  test.each([38, 78, 118])('no line is wider than %d columns', (columns) => {
    for (const page of ['plan', 'log', 'split', 'help'] as const) {
      for (const line of pageLines(moments.waiting!, page, columns))
        expect(lineWidth(line)).toBeLessThanOrEqual(columns);
    }
  });
  test('the plan says what is not planned yet', () => {
    const text = pageLines(moments.running!, 'plan', 100).map(textOf).join('\n');
    expect(text).toContain('2 Install OpenClaw   6 changes');
    expect(text).toContain('6 Test   not planned yet: it depends on what comes before');
  });
  test('the plan opens at the phase in hand, everything else at its beginning', () => {
    const lines = pageLines(moments.running!, 'plan', 78);
    const at = firstLine(moments.running!, 'plan', lines);
    expect(at).toBeGreaterThan(5);
    expect(textOf(lines[at]!)).toMatch(/^2 Install OpenClaw/);
    expect(firstLine(moments.running!, 'help', lines)).toBe(0);
    expect(firstLine(moments.start!, 'plan', pageLines(moments.start!, 'plan', 78))).toBe(0);
  });
  test('a conflict says which phase is still to end it, until that phase is over', () => {
    const view = {...moments.running!, split: conflict};
    const text = (one: typeof view) => pageLines(one, 'split', 100).map(textOf).join('\n');
    expect(text(view)).toContain('Phase 5, Disable the channel on the primary, is still to come');
    const over = view.phases.map((phase) => ({...phase, status: 'skipped' as const}));
    expect(text({...view, phases: over})).not.toContain('still to come');
  });
  test('the log has each command and what it said', () => {
    expect(pageLines(moments.running!, 'log', 100).map(textOf)).toEqual([
      'standby $ openclaw plugins install @openclaw/irc',
      'standby   Downloading @openclaw/irc@2026.9.6 …',
    ]);
  });
});

test('a terminal that is too small is told what is enough, in its width', () => {
  expect(isTooSmall({columns: 39, rows: 24})).toBe(true);
  expect(isTooSmall({columns: 80, rows: 9})).toBe(true);
  expect(isTooSmall({columns: 40, rows: 10})).toBe(false);
  expect(lineWidth(enlarge({columns: 12, rows: 3}))).toBeLessThanOrEqual(12);
});
