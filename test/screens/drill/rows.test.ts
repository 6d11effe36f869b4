import {describe, expect, it} from 'vitest';
import {checkLines, impactLines} from '../../../src/screens/drill/check-lines.js';
import {drillSentences, nothingSaidOfDrill} from '../../../src/screens/drill/said.js';
import {ledgerOfDrill} from '../../../src/screens/drill/stage-rows.js';
import {faultNames} from '../../../src/drill/report.js';
import {stagesFor} from '../../../src/drill/stages.js';
import {lineWidth, textOf} from '../../../src/screens/line.js';
import {drillView, longStop, nearlyDone, nowMs, timeline} from './views.js';

describe('the stages of a drill as rows', () => {
  it('are those that were reached, the one that is waited for, and those that are to come', () => {
    const {stages} = ledgerOfDrill(drillView());
    expect(stages.map(({name, state}) => [name, state]).slice(0, 7)).toEqual([
      ['primary stopped', 'done'],
      ['first bad probe', 'done'],
      ['suspect, asked around', 'done'],
      ['verdict', 'done'],
      ['gateway started', 'running'],
      ['gateway ready', 'waiting'],
      ['bot connected', 'waiting'],
    ]);
    expect(stages.filter(({state}) => state === 'running')).toHaveLength(1);
    expect(stages[3]).toMatchObject({sinceMs: 33_400, atMs: nowMs - 4_600});
    expect(stages[6]).toMatchObject({usualMs: 51_400, note: 'promised within 71 s'});
  });

  it('stand in the order in which they were reached', () => {
    const faultAtMs = nowMs - 60_000;
    const times = timeline(faultAtMs, {fault: 0, 'first-bad': 5_000, undone: 9_000, asked: 12_000});
    const names = ledgerOfDrill(drillView({faultAtMs, timeline: times})).stages.map(({name}) => name);
    expect(names.slice(0, 5)).toEqual([
      'primary stopped',
      'first bad probe',
      'fault undone',
      'suspect, asked around',
      'verdict',
    ]);
  });

  it('have what nobody waited for in them once it was reached', () => {
    const names = ledgerOfDrill(nearlyDone()).stages.map(({name}) => name);
    expect(names).toContain('handed back');
    expect(new Set(names).size).toBe(names.length);
    expect(ledgerOfDrill(drillView()).stages.map(({name}) => name)).not.toContain('handed back');
  });

  it('say how long the stop took, which was before the fault', () => {
    const faultAtMs = nowMs - 10_000;
    const view = drillView({
      faultAtMs,
      timeline: timeline(faultAtMs, {stopping: -183_000, fault: 0}),
      ahead: stagesFor('stop', 'takeover', {message: false, told: false}),
    });
    expect(ledgerOfDrill(view).stages[0]).toMatchObject({
      name: 'stop asked for',
      sinceMs: null,
      note: 'it took 3:03 to stop',
    });
  });

  it('begin with what goes on where nothing is broken yet', () => {
    const {beganMs, stages} = ledgerOfDrill(longStop());
    expect(beganMs).toBe(nowMs - 183_000);
    expect(stages[0]).toMatchObject({name: 'stop asked for', state: 'running', atMs: nowMs - 183_000});
    expect(stages.slice(1).every(({state}) => state === 'waiting')).toBe(true);
  });

  it.each(faultNames)('call a %s by its name', (fault) => {
    const ahead = stagesFor(fault, 'takeover', {message: false, told: false});
    const names = ledgerOfDrill(drillView({fault, ahead})).stages.map(({name}) => name);
    expect(names).not.toContain('primary down');
  });
});

describe('what is said in lines', () => {
  it('is each stage once, in the order of its time, and what is waited for then', () => {
    const first = drillSentences(nothingSaidOfDrill, drillView());
    expect(first.lines).toEqual([
      'primary stopped',
      'first bad probe +2.4 s',
      'suspect, asked around +2.8 s',
      'verdict +33.4 s',
      'the gateway of the standby is started …',
    ]);
    const faultAtMs = nowMs - 38_000;
    const more = {...drillView().timeline, ...timeline(faultAtMs, {started: 34_000})};
    const second = drillSentences(first.said, drillView({timeline: more}));
    expect(second.lines).toEqual(['gateway started +34.0 s (usually 33.7 s)']);
    expect(drillSentences(second.said, drillView({timeline: more})).lines).toEqual([]);
  });

  it('is not every second that is counted', () => {
    const doing = (s: number) => `the standby must keep still for ${s} s more`;
    const first = drillSentences(nothingSaidOfDrill, drillView({doing: doing(40)}));
    expect(first.lines).toContain(`${doing(40)} …`);
    expect(drillSentences(first.said, drillView({doing: doing(39)})).lines).toEqual([]);
    const until = (time: string) => `it does so by itself at ${time}; trying again`;
    const second = drillSentences(first.said, drillView({doing: until('14:02:11')}));
    expect(drillSentences(second.said, drillView({doing: until('14:02:12')})).lines).toEqual([]);
  });

  it('has the note of a stage, and what came before the fault with its sign', () => {
    const faultAtMs = nowMs - 10_000;
    const times = {
      stopping: {atMs: faultAtMs - 2_000, note: ''},
      fault: {atMs: faultAtMs, note: ''},
      told: {atMs: faultAtMs + 9_000, note: 'ntfy'},
    };
    expect(
      drillSentences(nothingSaidOfDrill, drillView({faultAtMs, timeline: times, doing: ''})).lines,
    ).toEqual(['stop asked for −2.0 s', 'primary stopped', 'told +9.0 s (ntfy)']);
  });
});

describe('the checklist', () => {
  const checks = [
    {id: 'a', sign: 'ok', say: 'Both hosts are reachable.'},
    {id: 'b', sign: 'warn', say: 'Nobody is told.', next: 'setup --notify'},
    {
      id: 'c',
      sign: 'stop',
      say: 'OpenClaw does not accept the config of the standby, for a reason that is long.',
      next: 'Run setup.',
      forceable: true,
    },
    {id: 'd', sign: 'stop', say: 'The failover is paused.'},
  ] as const;

  it('is a sign and a sentence each, with what to do under it', () => {
    expect(checkLines(checks, 100, false).map(textOf)).toEqual([
      '✔ Both hosts are reachable.',
      '▲ Nobody is told.',
      '  → setup --notify',
      '✖ OpenClaw does not accept the config of the standby, for a reason that is long.',
      '  → Run setup.',
      '  → To make the drill all the same: --force',
      '✖ The failover is paused.',
    ]);
  });

  it('does not name --force to whoever gave it', () =>
    expect(checkLines(checks, 100, true).map(textOf).join('\n')).not.toContain('--force'));

  it.each([40, 60, 80])('fits into %i columns, and loses no word', (columns) => {
    const lines = [
      ...checkLines(checks, columns, false),
      ...impactLines([`Stops the gateway ${'of the primary '.repeat(9)}.`], columns),
    ];
    expect(Math.max(...lines.map(lineWidth))).toBeLessThanOrEqual(columns);
    const words = lines.map(textOf).join(' ').split(/\s+/);
    for (const {say} of checks) for (const word of say.split(' ')) expect(words).toContain(word);
  });

  it('steers no terminal', () => {
    const lines = checkLines([{id: 'x', sign: 'stop', say: 'a\u001b[2Jb\nc', next: 'd\u0007'}], 80, false);
    // oxlint-disable-next-line no-control-regex
    for (const line of lines) expect(textOf(line)).not.toMatch(/[\u0000-\u001f]/);
  });
});
