import {describe, expect, test} from 'vitest';
import {lineWidth, textOf} from '../../../src/screens/line.js';
import {watchLayout} from '../../../src/screens/watch/layout.js';
import {sparkline} from '../../../src/screens/watch/pane.js';
import {toSample, type Reading} from '../../../src/screens/watch/sample.js';
import {account} from '../facts.js';
import {conflict, disjoint} from '../recorded.js';
import {savedState} from '../saved-state.js';
import {watchFacts} from '../watch-facts.js';

const nowMs = 1_700_000_000_000;
const reading = (host: 'primary' | 'standby', more = {}, differing: Partial<Reading> = {}): Reading => ({
  facts: watchFacts(host, more, nowMs),
  readMs: nowMs - 2000,
  health: [4, 4, 60, null],
  ...differing,
});
const events = Array.from({length: 30}, (_, index) => ({
  atMs: nowMs - index * 1000,
  host: 'standby' as const,
  sentence: `event ${index}`,
}));

const situations = {
  well: {primary: reading('primary'), standby: reading('standby')},
  active: {
    primary: reading('primary', {down: true}),
    standby: reading('standby', {down: true, state: 'active'}),
  },
  primarySilent: {
    primary: reading('primary', {}, {error: 'no route to host', readMs: nowMs - 90_000}),
    standby: reading('standby'),
  },
  nothing: {primary: {health: []}, standby: {health: [], error: 'connection refused'}},
} satisfies Record<string, Record<'primary' | 'standby', Reading>>;

const draw = (
  readings: Record<'primary' | 'standby', Reading>,
  columns: number,
  rows: number,
  split = disjoint,
) => watchLayout(toSample({pair: 'default', readings, split, nowMs}), events, {columns, rows});

test("a warm standby's gateway sleeps, and one that nobody asked for does not", () => {
  const runs = watchFacts('standby', {down: true, state: 'active'}, nowMs);
  const textWith = (retold: Record<string, unknown>) => {
    const state = {known: true as const, value: {...savedState({state: 'watching'}), retold}};
    const standby: Reading = {facts: {...runs, monitorState: state}, readMs: nowMs - 2000, health: [4]};
    return draw({primary: reading('primary'), standby}, 120, 40)
      .body.map(textOf)
      .join('\n');
  };
  expect(textWith({warm: {at: 'x', result: 'asleep'}})).toMatch(/asleep\s+warm, its channel is off/);
  expect(textWith({})).toContain('not asked for');
});

describe.each([
  [80, 24],
  [120, 40],
  [60, 20],
  [40, 10],
] as const)('at %dx%d', (columns, rows) => {
  test.each(Object.keys(situations) as (keyof typeof situations)[])(
    '%s fits, with verdict and split',
    (name) => {
      const {body, bottom} = draw(situations[name], columns, rows, conflict);
      for (const line of [...body, ...bottom])
        expect(lineWidth(line), textOf(line)).toBeLessThanOrEqual(columns);
      expect(body.length + bottom.length).toBeLessThanOrEqual(rows);
      const text = body.map(textOf).join('\n');
      expect(text).toMatch(/Not protected|Standby is active/);
      expect(text).toContain('split ▲ conflict');
      expect(textOf(bottom[0]!)).toContain('q quit');
    },
  );
});

describe('at 80x24', () => {
  const text = (name: keyof typeof situations) => draw(situations[name], 80, 24).body.map(textOf).join('\n');
  test('two panes stand side by side with what matters', () => {
    expect(text('well')).toMatch(/gateway +● running +12 d 4 h +│ gateway +○ asleep/);
    expect(text('well')).toMatch(/health +● ok +4 ms .*│ monitor +● watching/);
    expect(text('well')).toContain('load 0.31  mem 1.1/4.0 GB  disk 38%');
    expect(text('well')).toContain('workspace same, synced 2 min ago');
    expect(text('well')).toContain('event 0');
  });
  test('a refusal is told from silence', () => {
    const probe = (error: string) => ({target: '100.64.0.11 18789', status: 0, tookMs: 2, body: '', error});
    const health = (error: string) => {
      const standby = {...watchFacts('standby'), probe: probe(error)};
      return draw({...situations.well, standby: {...situations.well.standby, facts: standby}}, 80, 24)
        .body.map(textOf)
        .find((line) => line.includes('health'));
    };
    expect(
      health("curl: (7) Failed to connect to 100.64.0.11 port 18789 after 0 ms: Couldn't connect to server"),
    ).toContain('✖ refused');
    expect(health('connect ECONNREFUSED 100.64.0.11:18789')).toContain('✖ refused');
    expect(health('curl: (28) Connection timed out after 2001 milliseconds')).toContain('✖ silent');
  });
  test('a silent primary keeps its pane, dimmed and with its age, and the health the standby sees', () => {
    expect(text('primarySilent')).toMatch(/PRIMARY .*1 min ago/);
    expect(text('primarySilent')).toContain('✖ does not answer: no route to host');
    const body = draw(situations.primarySilent, 80, 24).body;
    const version = body.find((line) => textOf(line).startsWith(' version'))!;
    expect(version.slice(1, 3).every((part) => part.dim)).toBe(true);
    expect(textOf(body.find((line) => textOf(line).includes('health'))!)).toContain('● ok');
  });
  test('a host that was never read says why', () => {
    expect(text('nothing')).toContain('✖ does not answer: connection refu');
    expect(text('nothing')).toContain('reading …');
  });
});

test('more accounts than there is room for are counted', () => {
  const facts = watchFacts('primary', {}, nowMs);
  const accounts = Array.from({length: 7}, (_, index) => account('irc', `nick${index}`, `n${index}@irc`));
  const primary = {...situations.well.primary, facts: {...facts, accounts: {known: true as const, accounts}}};
  const at = (columns: number, rows: number) =>
    draw({...situations.well, primary}, columns, rows)
      .body.map(textOf)
      .join('\n');
  expect(at(80, 24)).toMatch(/irc nick0[^]*irc nick1[^]*… 5 more/);
  expect(at(60, 30)).toContain('irc nick0   and 6 more');
  expect(at(120, 40)).toContain('irc nick6');
});

test('the sparkline is one column per reading and marks silence', () => {
  expect(sparkline([20, 10, 0, null])).toBe('█▄▁✖');
  expect(sparkline([])).toBe('');
});
