import {describe, expect, test} from 'vitest';
import {textOf, type Line} from '../../../../src/screens/line.js';
import {watchLayout} from '../../../../src/screens/watch/view/layout.js';
import {emptyView} from '../../../../src/screens/watch/view/state.js';
import {
  conflictSample,
  failoverSample,
  pausedSample,
  recoveringSample,
  silentSample,
  timeline,
  wellSample,
} from '../model/samples.js';
import {behindBy2, primaryHost, standbyHost, watching} from '../model/sample-parts.js';
import {draw, situations, sizes, sizeWords, widest} from './drawing.js';

describe.each(sizes.map((size) => [sizeWords(size), size] as const))('at %s', (_, size) => {
  test.each(Object.keys(situations))('%s fits, with the verdict, the split and the way out', (name) => {
    const {body, bottom, lines, text} = draw(situations[name]!(), size);
    expect(widest(lines), text).toBeLessThanOrEqual(size.columns);
    expect(body.length).toBe(size.rows - 1);
    expect(bottom).toHaveLength(1);
    expect(text).toContain(situations[name]!().verdict.words);
    expect(text).toMatch(/split [●▲?] (disjoint|conflict|unknown)/);
    expect(text).toContain('q quit');
    expect(text).toMatch(/PRIMARY[^]*STANDBY/);
  });

  test('while something goes on its stage and its clock are in sight', () => {
    const {text} = draw(failoverSample('starting'), size);
    expect(text).toMatch(/▲ Taking over {2}0:24/);
    expect(text).toMatch(/▸ gateway getting ready +\+24 s/);
  });

  test('a host that is silent says how old its data is', () => {
    expect(draw(silentSample('primary'), size).text).toContain('data 1 min old');
  });
});

/** Everything that the view is for, as it is said at 80×24. */
const said = {
  well: [
    'failover-wizard · default',
    '● Protected',
    'If the primary died now you would be reachable again in about 21 s',
    /^ workspace \d+ min old\./m,
    'PRIMARY  claw-main  100.64.0.11',
    'STANDBY  claw-backup  100.64.0.12',
    'gateway   ● running   12 d 4 h',
    'gateway   ○ asleep   as it should be',
    /health {4}● ok {3}4 ms {2}[▁▂▃▄▅▆▇█]{10,}/,
    'monitor   ● watching   next probe 3 s',
    /version {3}2026\.9\.6 .*version {3}2026\.9\.6/,
    '● discord  connected',
    '● slack    connected',
    'owns      ○ telegram  not connected',
    'heartbeat ● sent 2 min ago',
    'load 0.31   mem 1.1/4.0 GB   disk 38%',
    'load 0.02   mem 0.3/2.0 GB   disk 21%',
    'workspace pushed 3 min ago',
    'workspace synced 2 min ago, same',
    'clock     +12 ms   no reboot due',
    'clock     −3 ms   no reboot due',
    'split ● disjoint   last drill 11 d ago, 19.4 s, passed   next due in 19 d',
    'timeline ─',
    'The workspace was brought up to date: 2 commits.',
    'f take over',
    'p pause',
  ],
  suspect: [/monitor {3}▲ suspect, \d+ of \d+ s/, '✖ unreachable', '▸ verdict'],
  starting: [
    'gateway   ▲ starting',
    'monitor   ▲ promoting',
    '✔ verdict: host lost',
    '+17.1 s',
    'usually 27 s',
    '· channel connected',
    'b give back',
  ],
  'taken over': ['▲ Standby is active', /takeover ─+ ● taken over in [\d.]+ s/, '● telegram  connected'],
  recovering: ['monitor   ▲ recovering 12/30 s', 'giving back ─', '▸ stay', '12 of 30 s'],
  paused: ['▲ paused, 18 min left:', 'kernel update', 'p resume'],
  conflict: ['✖ Not protected: split conflict', 'split ▲ conflict telegram backup'],
  'primary silent': ['▲ data 1 min old', '▲ reconnecting, try 3 · next in 4 s', 'The connection was lost:'],
  reading: ['· Reading …', 'connecting …', 'split ? unknown'],
} satisfies Record<string, readonly (string | RegExp)[]>;

describe('at 80×24 nothing of what the view is for is missing', () => {
  test.each(Object.entries(said))('%s', (name, wanted) => {
    const {text} = draw(situations[name]!(), {columns: 80, rows: 24});
    for (const each of wanted) {
      if (typeof each === 'string') expect(text).toContain(each);
      else expect(text).toMatch(each);
    }
  });
});

describe('wide terminals use their room', () => {
  const {text} = draw(wellSample(), {columns: 120, rows: 40});
  test.each([
    'clawd#4711',
    '@claw_backup_bot',
    'load 0.31 on 4 cores',
    'disk 38% of 48 GB',
    'commit a1b2c3d, 6 min old',
    'same commit   a1b2c3d',
    'host up 21 d',
    'user unit',
    'dead-man',
  ])('120 columns have room for %s', (words) => expect(text).toContain(words));

  test('commits that the copy lacks are counted', () => {
    const sample = wellSample({standby: standbyHost({workspace: behindBy2})});
    expect(draw(sample, {columns: 120, rows: 40}).text).toContain('synced 4 min ago, 2 commits behind');
    expect(draw(sample, {columns: 80, rows: 24}).text).toContain('synced 4 min ago, 2 behind');
  });

  test('from 160 columns on the timeline stands beside the panes, and the stages do not take its place', () => {
    const {body} = draw(failoverSample('starting'), {columns: 160, rows: 30});
    const row = body.map(textOf).find((line) => line.includes('PRIMARY'))!;
    expect(row).toMatch(/PRIMARY.*STANDBY.*▸timeline/);
    const text = body.map(textOf).join('\n');
    expect(text).toContain('▸ gateway getting ready');
    expect(text).toContain('The workspace was brought up to');
  });

  test('with room to spare, the answers of the primary are drawn as a chart', () => {
    const {text} = draw(wellSample(), {columns: 200, rows: 50});
    expect(text).toMatch(/answers of the primary ─+ usual 5 ms, slowest 21 ms, none missed/);
    expect(text).toMatch(/60 probes ago +now/);
  });
});

test('under 80 columns the panes stand one above the other, with as much as fits', () => {
  const {body} = draw(wellSample(), {columns: 60, rows: 20});
  const rows = body.map(textOf);
  expect(rows.find((row) => row.includes('PRIMARY'))).not.toContain('STANDBY');
  const text = rows.join('\n');
  for (const words of [
    'gateway ● running   12 d 4 h',
    'health ● ok   4 ms',
    'discord ● connected, slack ● connected',
    'workspace pushed 3 min ago',
    'gateway ○ asleep',
    'monitor ● watching',
    'telegram ○ not connected',
    'workspace synced 2 min ago, same',
    'drill 11 d ago, passed   due in 19 d',
    'The workspace was brought up to date:',
  ])
    expect(text).toContain(words);
});

test.each([
  [39, 24],
  [80, 9],
])('%d×%d is too small for anything but how to get on', (columns, rows) => {
  const {body, bottom} = watchLayout({...emptyView, sample: wellSample(), timeline: []}, {columns, rows});
  expect(body.map(textOf)).toEqual(['enlarge to 40×10 or more'.slice(0, columns)]);
  expect(bottom).toEqual([]);
});

describe('a host that is not heard', () => {
  const {body} = draw(silentSample('primary'), {columns: 80, rows: 24});
  const bar = (line: Line) => line.findIndex(({text}) => text.includes('│'));
  const left = (label: string) => {
    const line = body.find((each) => textOf(each).startsWith(` ${label}`))!;
    return line.slice(0, bar(line));
  };
  test('has its pane dim, and the other one is as ever', () => {
    expect(
      left('version')
        .filter(({text}) => text.trim() !== '')
        .every(({dim}) => dim),
    ).toBe(true);
    const line = body.find((each) => textOf(each).includes('│ monitor'))!;
    expect(line.slice(bar(line)).some(({tone}) => tone === 'good')).toBe(true);
  });
  test('keeps the health that the standby sees bright', () => {
    expect(left('health').some(({tone, text}) => tone === 'good' && text.includes('ok'))).toBe(true);
  });
  test('that was never heard says only how the connection goes', () => {
    const link = {
      ...primaryHost().link,
      state: 'lost',
      silentMs: null,
      attempt: 2,
      retryInMs: 8000,
      error: 'No route to host',
    } as const;
    const {text} = draw(wellSample({primary: primaryHost({link})}), {columns: 80, rows: 24});
    expect(text).toContain('▲ connecting, try 2 · next in 8 s');
    expect(text).toContain('No route to host');
    expect(text.split('\n').filter((line) => line.startsWith(' version'))).toEqual([]);
  });
});

describe('what has the arrows is marked, not only coloured', () => {
  test.each([
    ['timeline', /^▸timeline/m],
    ['primary', /^▸PRIMARY/m],
    ['standby', /│▸STANDBY/m],
  ] as const)('%s', (focus, mark) => {
    const {text} = draw(wellSample(), {columns: 80, rows: 24}, {focus});
    expect(text).toMatch(mark);
    expect(text.match(/▸/g)).toHaveLength(1);
  });
});

describe('the lower part', () => {
  const size = {columns: 80, rows: 24};
  test('is the stages while something goes on, and the timeline again when something is looked for in it', () => {
    expect(draw(failoverSample('starting'), size).text).not.toContain('timeline');
    expect(draw(failoverSample('starting'), size, {filter: 'workspace'}).text).toContain('timeline');
    expect(draw(failoverSample('starting'), size, {anchor: 'k12'}).text).toContain('newer below');
  });
  test('shows what was told under the stages where there are rows', () => {
    expect(draw(failoverSample('starting'), {columns: 80, rows: 36}).text).toMatch(
      /▸ gateway getting ready[^]*▸timeline[^]*brought up to date/,
    );
  });
  test('says in the heading how it ended', () => {
    expect(draw(failoverSample('blocked'), size).text).toMatch(
      /takeover ─+ ✖ blocked: the standby could not/,
    );
  });
  test('a note takes the place of the keys for a moment', () => {
    const {bottom} = draw(wellSample(), size, {note: 'Copied.'});
    expect(textOf(bottom[0]!)).toBe(' Copied.');
  });
  test('what is typed for the filter stands at the bottom, with how to keep and clear it', () => {
    const {bottom} = draw(wellSample(), size, {typing: true, filter: 'host:standby'});
    expect(textOf(bottom[0]!)).toMatch(/^ \/ host:standby█ +Enter keep +Esc clear/);
  });
});

test('a sentence that is longer than its rows ends in a sign that it was cut', () => {
  const sentence = 'The monitor holds a takeover back because of this and that. '.repeat(8);
  const {text} = draw(wellSample({verdict: {...wellSample().verdict, sentence}}), {columns: 80, rows: 24});
  expect(text.split('\n')[3]).toMatch(/…$/);
});

test('a pair that was never tested, that pings nobody, and of which nothing is known says so', () => {
  const {text} = draw(
    wellSample({
      drill: null,
      heartbeat: null,
      health: null,
      monitor: {known: false, reason: 'no state yet'},
      primary: primaryHost({
        version: null,
        workspace: null,
        load: null,
        memoryBytes: null,
        diskBytes: null,
        clockOffsetMs: null,
        rebootPending: null,
        accounts: {unknown: 'config not readable'},
        gateway: {unknown: 'no systemd'},
      }),
    }),
    {columns: 80, rows: 24},
  );
  for (const words of [
    'never tested',
    'nobody is pinged',
    'nobody has looked',
    '? no state yet',
    '? config not readable',
    '? no systemd',
    'not a git checkout',
    'load ?   mem ?   disk ?',
    'version   not known',
  ])
    expect(text).toContain(words);
});

test('what is wrong with a host carries a sign, not only a colour', () => {
  const {text} = draw(
    wellSample({
      primary: primaryHost({
        rebootPending: true,
        clockOffsetMs: 9000,
        load: 12,
        diskBytes: {total: 100, free: 3},
        version: '2026.9.5',
        workspace: {...primaryHost().workspace!, pushFailed: 'diverged: two histories'},
      }),
      heartbeat: {name: 'dead-man', agoMs: 400_000, error: 'HTTP 500'},
      drill: {
        kind: 'drill',
        agoMs: 40 * 86_400_000,
        tookMs: 20_000,
        result: 'failed',
        passed: false,
        fault: 'kill',
        dueInMs: -10 * 86_400_000,
      },
    }),
    {columns: 120, rows: 40},
  );
  for (const words of [
    '▲ reboot due',
    '▲ +9.0 s',
    '▲ load 12.00',
    '▲ disk 97%',
    '▲ 2026.9.5   the standby has 2026.9.6',
    '▲ push failed',
    '▲ sent 6 min ago, failed: HTTP 500',
    '▲ last drill 40 d ago, 20.0 s, failed',
    '▲ due again',
  ])
    expect(text).toContain(words);
});

test('what the monitor says is wrong stands in the pane, beside its state', () => {
  const monitor = watching({
    calm: false,
    notReady: 'the model does not answer',
    disk: 'ENOSPC',
    primaryNotReady: 'discord is not connected',
  });
  const {text} = draw(wellSample({monitor}), {columns: 120, rows: 40});
  expect(text).toContain('▲ the model does not answer');
  expect(text).toContain('▲ its disk takes nothing: ENOSPC');
  expect(text).toContain('▲ discord is not connected');
});

test('on a low terminal what matters least goes first', () => {
  const {text} = draw(wellSample(), {columns: 80, rows: 14});
  expect(text).toContain('● running');
  expect(text).toContain('● watching');
  expect(text).toContain('● ok');
  expect(text).not.toContain('clock');
});

test('the footer offers what can be asked: the way back while the standby is in charge', () => {
  const keys = (sample: ReturnType<typeof wellSample>) =>
    textOf(draw(sample, {columns: 80, rows: 24}).bottom[0]!);
  expect(keys(wellSample())).toContain('f take over');
  expect(keys(recoveringSample())).toContain('b give back');
  expect(keys(recoveringSample())).not.toContain('take over');
  expect(keys(pausedSample())).toContain('p resume');
  expect(keys(conflictSample())).toContain('p pause');
});

test('an empty timeline says so', () => {
  expect(draw(wellSample(), {columns: 80, rows: 24}, {}, []).text).toContain('Nothing has happened yet.');
  expect(draw(wellSample(), {columns: 80, rows: 24}, {filter: 'zzz'}, timeline(9)).text).toContain(
    'Nothing like that has happened.',
  );
});
