import {expect, test} from 'vitest';
import type {SetupSummary} from '../../../src/plan/events.js';
import {textOf} from '../../../src/screens/line.js';
import {paint} from '../../../src/screens/theme.js';
import {standingLines, summaryLines} from '../../../src/screens/setup/summary.js';
import {conflict} from '../recorded.js';
import {finished, installRunning, moments, provisionDone, viewAfter} from './moments.js';

const text = (summary: Partial<SetupSummary>) =>
  summaryLines({...finished, ...summary})
    .map((line) => paint(line, false))
    .join('\n');

test('a finished pair: every phase, every measure, the split, the hosts, and the live view', () => {
  const lines = summaryLines(finished, moments.found).map(textOf).join('\n');
  expect(lines).toContain('● The pair default is set up. It took 6:12.');
  expect(lines).toMatch(/✔ 5 Disable the channel on the primary +3 changes +41 s/);
  expect(lines).toMatch(/gateway ready +39\.8 s +51\.0 s/);
  expect(lines).toContain('The split is disjoint');
  expect(lines).toContain('root@203.0.113.10   Debian 12 · OpenClaw 2026.9.6');
  expect(lines).toMatch(/failover-wizard watch$/);
});

test('a run that found nothing to do says so and how long it looked', () => {
  const phases = finished.phases.map((phase) => ({...phase, status: 'unchanged' as const, changes: 0}));
  const said = text({nothingToDo: true, phases, measures: [], tookMs: 900});
  expect(said).toContain('● Nothing to do: the pair default is finished. Looked at in 0.9 s.');
  expect(said.match(/nothing to do$/gm)).toHaveLength(6);
});

test('what is missing is named by number', () => {
  const phases = finished.phases.map((phase, index) =>
    index > 3 ? {...phase, status: 'skipped' as const} : phase,
  );
  expect(text({phases, complete: false})).toContain(
    '▲ The pair default is not finished: phases 5, 6 not done.',
  );
});

test('a conflict is never called finished', () => {
  const said = text({split: conflict});
  expect(said).toContain('not finished: the split is not settled');
  expect(said).toContain('irc account "backup" (clawbak@irc.example.org:6667) is enabled on both nodes.');
});

test('another pair than the default is named in the commands', () => {
  expect(text({pair: 'home'})).toContain('failover-wizard watch --pair home');
});

test('where things stand after a stop', () => {
  const lines = standingLines(viewAfter(...provisionDone, ...installRunning))
    .map(textOf)
    .join('\n');
  expect(lines).toMatch(/✔ 1 Provision the standby/);
  expect(lines).toMatch(/▸ 2 Install OpenClaw +2 of 6 changes/);
  expect(lines).toContain('goes on from here');
  expect(standingLines(viewAfter()).map(textOf)).toEqual(['Nothing was changed.']);
});
