import {describe, expect, test} from 'vitest';
import {lineWidth, textOf} from '../../../../src/screens/line.js';
import type {GatewayTold} from '../../../../src/sampler/told.js';
import {footerKeys} from '../../../../src/screens/keys.js';
import type {AccountSample, HealthSample, HostSample} from '../../../../src/screens/watch/model/sample.js';
import {accountsItem} from '../../../../src/screens/watch/view/accounts.js';
import {barLines} from '../../../../src/screens/watch/view/bar.js';
import {chartLines, scaleFor} from '../../../../src/screens/watch/view/chart.js';
import {keysThatFit} from '../../../../src/screens/watch/view/footer.js';
import {gatewayItem} from '../../../../src/screens/watch/view/gateway.js';
import {heading} from '../../../../src/screens/watch/view/heading.js';
import {healthItem, sparkline} from '../../../../src/screens/watch/view/health.js';
import {clockWords, ledgerLines, tenths} from '../../../../src/screens/watch/view/ledger.js';
import {tryWords} from '../../../../src/screens/watch/view/link.js';
import {monitorItem} from '../../../../src/screens/watch/view/monitor.js';
import {paneTitle} from '../../../../src/screens/watch/view/pane.js';
import {workspaceItem} from '../../../../src/screens/watch/view/workspace.js';
import {failoverSample, nowMs, pausedSample, wellSample} from '../model/samples.js';
import {
  asleep,
  conflictSplit,
  healthy,
  lost,
  primaryHost,
  running,
  standbyHost,
  up,
  watching,
} from '../model/sample-parts.js';

describe('the sparkline', () => {
  test('is one column per probe, as high as the answer took beside the slowest, and marks silence', () => {
    expect(sparkline([40, 20, 0, null])).toBe('█▄▁✖');
    expect(sparkline([])).toBe('');
  });
  test('shows the newest where there is not room for all, beside the slowest of those', () => {
    expect(sparkline([900, 40, 40, 20], 3)).toBe('██▄');
  });
  test('a quiet network looks quiet', () => expect(sparkline([1, 2, 1])).toBe('▁▁▁'));
});

describe('health', () => {
  const row = (differing: Partial<HealthSample>, columns = 27) =>
    healthItem(wellSample({health: healthy({history: [4, 4, 4, 4, 4, 4], ...differing})}))
      .rows(columns)
      .map(textOf);
  const bad = {well: false, detail: 'connect ECONNREFUSED'} as const;
  test.each([
    [{}, '● ok   4 ms  ▂▂▂▂▂▂'],
    [{...bad, class: 'refused'}, '✖ refused  ▂▂▂▂▂▂'],
    [{...bad, class: 'http-bad'}, '✖ answers an error  ▂▂▂▂▂▂'],
    [{...bad, class: 'wrong-service'}, '✖ not a gateway  ▂▂▂▂▂▂'],
    [{...bad, class: 'draining'}, '▲ draining  ▂▂▂▂▂▂'],
    [{...bad, class: 'own-network-bad'}, '▲ standby offline  ▂▂▂▂▂▂'],
    [{agoMs: 24_000}, '● ok   4 ms   24 s ago'],
  ] as const)('%j is %s', (differing, words) => expect(row(differing)[0]).toContain(words));
  test('what the probe said has a row of its own where there is room', () => {
    expect(row(bad, 47)[1]).toBe('connect ECONNREFUSED');
    expect(row(bad, 27)).toHaveLength(1);
  });
});

describe('the gateway', () => {
  const primary = (told: Partial<GatewayTold>) =>
    textOf(gatewayItem(wellSample(), primaryHost({gateway: {...running, ...told}})).rows(60)[0]!);
  test.each([
    [{}, '● running   12 d 4 h   user unit'],
    [{restarts: 3}, '● running   12 d 4 h   3 restarts   user unit'],
    [{state: 'starting', upS: null}, '▲ starting   user unit'],
    [{state: 'stopped', result: 'success', upS: null}, '✖ stopped   user unit'],
    [{state: 'failed', result: 'exit-code', upS: null}, '✖ failed, exit-code   user unit'],
    [{state: 'absent'}, '✖ there is none'],
    [{state: 'unknown'}, '? state not known'],
  ] as const)('of the primary, %j', (told, words) => expect(primary(told)).toBe(words));

  const standby = (told: Partial<GatewayTold>, monitor = watching()) =>
    textOf(gatewayItem(wellSample({monitor}), standbyHost({gateway: {...asleep, ...told}})).rows(60)[0]!);
  test.each([
    ['asleep', {}, watching(), '○ asleep   as it should be'],
    ['running uncalled', {state: 'running', upS: 3}, watching(), '▲ running   not asked for'],
    ['warm', {state: 'running', upS: 3}, watching({warm: true}), '○ asleep   warm, its channel off'],
    ['failed', {state: 'failed', result: 'exit-code'}, watching(), '✖ failed, exit-code'],
    ['in charge', {state: 'running', upS: 40}, watching({state: 'active'}), '● running   40 s   system unit'],
    ['wanted, not there', {}, watching({state: 'promoting'}), '▲ not started yet'],
  ] as const)('of the standby, %s', (_, told, monitor, words) => expect(standby(told, monitor)).toBe(words));
  test('that runs while nobody knows what is wanted is no fault', () => {
    const sample = wellSample({monitor: {known: false, reason: 'x'}});
    const host = standbyHost({gateway: {...running, form: 'system-unit'}});
    expect(textOf(gatewayItem(sample, host).rows(27)[0]!)).toBe('● running   12 d 4 h');
  });
});

describe('accounts', () => {
  const account = (differing: Partial<AccountSample>): AccountSample => ({
    channel: 'irc',
    account: 'main',
    enabled: true,
    identity: 'main@irc.example.org',
    state: 'connected',
    why: null,
    ...differing,
  });
  const rows = (accounts: readonly AccountSample[], columns = 60, sample = wellSample()) =>
    accountsItem(sample, primaryHost({accounts}), {rows: 8, from: 0}).rows(columns).map(textOf);
  test.each([
    [{}, '● irc  connected  main@irc.example.org'],
    [{state: 'unsteady'}, '▲ irc  unsteady  main@irc.example.org'],
    [{state: 'off', why: 'bad password'}, '✖ irc  not connected  main@irc.example.org  bad password'],
    [{state: 'unknown'}, '? irc  not known  main@irc.example.org'],
    [{state: null}, '? irc  not asked  main@irc.example.org'],
    [{state: 'untold'}, '· irc  not told yet  main@irc.example.org'],
  ] as const)('%j is %s', (differing, words) => expect(rows([account(differing)])).toEqual([words]));
  test('an error is worth more than a name where only one has room', () => {
    expect(rows([account({state: 'off', why: 'bad password'})], 38)).toEqual([
      '✖ irc  not connected  bad password',
    ]);
  });
  test('two accounts of a channel are told apart, and stand in columns', () => {
    const two = [account({}), account({account: 'ops', state: 'off'}), account({channel: 'slack'})];
    expect(rows(two, 27)).toEqual([
      '● irc main  connected',
      '✖ irc ops   not connected',
      '● slack     connected',
    ]);
  });
  test('a long name gives way to the state', () => {
    expect(rows([account({channel: 'a-channel-with-a-long-name', state: 'off'})], 27)).toEqual([
      '✖ a-channel…  not connected',
    ]);
  });
  test('many of which nothing was told yet are not counted as down', () => {
    const brief = (state: AccountSample['state']) => {
      const accounts = ['a', 'b', 'c'].map((channel) => account({channel, state}));
      return textOf(accountsItem(wellSample(), primaryHost({accounts}), {rows: 1, from: 0}).brief);
    };
    expect(brief('untold')).toBe('· not told yet');
    expect(brief('off')).toBe('▲ 0 of 3 connected');
  });
  test('those that are disabled are not shown; none is told', () => {
    expect(rows([account({enabled: false})])).toEqual(['none']);
  });
  const standby = (state: AccountSample['state'], monitor = watching()) =>
    textOf(
      accountsItem(wellSample({monitor}), standbyHost({accounts: [account({state, identity: null})]}), {
        rows: 1,
        from: 0,
      }).rows(40)[0]!,
    );
  test('the standby’s account is at rest while it sleeps, and what the monitor sees while it is in charge', () => {
    expect(standby(null)).toMatch(/^○ irc {2}not connected/);
    expect(standby(null, watching({state: 'active', channelConnected: true}))).toMatch(/^● irc {2}connected/);
    expect(standby(null, watching({state: 'active', channelConnected: false}))).toMatch(/^✖ irc {2}not conn/);
    expect(standby('off', watching({state: 'active', channelConnected: true}))).toMatch(/^✖ irc {2}not conn/);
  });
});

describe('the workspace', () => {
  const workspaces = {primary: primaryHost().workspace!, standby: standbyHost().workspace!};
  const row = (host: 'primary' | 'standby', differing: object, columns = 27) => {
    const whole = {...workspaces[host], ...differing};
    const sample = host === 'primary' ? primaryHost({workspace: whole}) : standbyHost({workspace: whole});
    return textOf(workspaceItem(sample).rows(columns)[0]!);
  };
  test.each([
    ['primary', {}, 'pushed 3 min ago'],
    ['primary', {dirty: 2}, 'pushed 3 min ago'],
    ['primary', {syncAgeMs: 4_000_000}, '▲ pushed 1 h ago'],
    ['primary', {syncAgeMs: null}, '▲ never pushed'],
    ['primary', {pushFailed: 'no route'}, '▲ push failed'],
    ['standby', {}, 'synced 2 min ago, same'],
    ['standby', {behind: {commits: 1, atLeast: false}}, 'synced 2 min ago, 1 behind'],
    ['standby', {behind: {commits: 50, atLeast: true}}, 'synced 2 min ago, 50+ behind'.slice(0, 27)],
    ['standby', {behind: null}, 'synced 2 min ago'],
  ] as const)('%s %j is %s', (host, differing, words) =>
    expect(row(host, differing)).toContain(words.slice(0, 26)),
  );
  test('that was not told yet is not called none', () => {
    const words = (given: HostSample['workspace']) =>
      textOf(workspaceItem(primaryHost({workspace: given})).rows(27)[0]!);
    expect(words({unknown: 'not told yet'})).toBe('not told yet');
    expect(words(null)).toBe('not a git checkout');
  });
  test('wide panes count in words and name the commit', () => {
    expect(row('standby', {behind: {commits: 2, atLeast: false}}, 60)).toBe(
      'synced 2 min ago, 2 commits behind   a1b2c3d, 6 min old',
    );
    expect(row('primary', {dirty: 1}, 60)).toContain('1 file changed');
  });
});

describe('the monitor', () => {
  test('counts in its own words, and a long reason goes on in a second row', () => {
    expect(monitorItem(pausedSample()).rows(27).map(textOf)).toEqual([
      '▲ paused, 18 min left:',
      '  kernel update',
    ]);
    const words = `paused, 18 min left: ${'a very long reason '.repeat(8)}`;
    const rows = monitorItem(wellSample({monitor: watching({words, calm: false})})).rows(27);
    expect(rows).toHaveLength(2);
    expect(textOf(rows[1]!)).toMatch(/…$/);
  });
  test('that does not run says so', () => {
    expect(textOf(monitorItem(wellSample({monitor: watching({running: false})})).brief)).toBe(
      '✖ not running',
    );
  });
});

describe('the name of a pane', () => {
  test.each([
    [{}, 37, 'PRIMARY  claw-main  100.64.0.11'],
    [{hostname: 'ip-172-31-4-12.eu-central-1.compute.internal'}, 37, 'PRIMARY  ip-172-31-4-12…  100.64.0.11'],
    [{hostname: null, address: null}, 37, 'PRIMARY'],
  ] as const)('%j in %d columns', (differing, columns, words) => {
    expect(textOf(paneTitle(primaryHost(differing), columns)).trimEnd()).toBe(words);
  });
  test('has the age of the data at its right, whole', () => {
    const title = textOf(paneTitle(primaryHost({link: lost(24_000, 'x')}), 37));
    expect(title).toMatch(/^PRIMARY {2}claw-main +▲ data 24 s old$/);
    expect(title).toHaveLength(37);
  });
});

test.each([
  [{...up}, 'connected, and says nothing'],
  [{...up, state: 'lost', attempt: 3, retryInMs: 4000}, 'reconnecting, try 3 · next in 4 s'],
  [{...up, state: 'connecting', attempt: 3}, 'reconnecting, try 3 …'],
  [{...up, state: 'connecting', silentMs: null, attempt: 1}, 'connecting …'],
  [{...up, state: 'connecting', silentMs: null, attempt: 4}, 'connecting, try 4 …'],
] as const)('%j is told as %s', (link, words) => expect(tryWords(link)).toBe(words));

describe('the bar', () => {
  const rows = (columns: number, differing = {}) => barLines(wellSample(differing), columns).map(textOf);
  test('says less where it is narrow, and gives the split a row of its own at last', () => {
    expect(rows(78)).toEqual(['split ● disjoint   last drill 11 d ago, 19.4 s, passed   next due in 19 d']);
    expect(rows(58)).toEqual(['split ● disjoint   drill 11 d ago, passed   due in 19 d']);
    expect(rows(50)[0]).toBe('split ● disjoint');
    expect(barLines(wellSample(), 38, 1).map(textOf)).toEqual(['split ● disjoint']);
  });
  test.each([
    [{result: 'remarks'}, 'last drill 11 d ago, 19.4 s, passed with remarks'],
    [{result: 'failed', tookMs: null}, '▲ last drill 11 d ago, failed'],
    [{kind: 'test', fault: null}, 'tested 11 d ago, 19.4 s, passed'],
  ] as const)('%j is told as %s', (differing, words) => {
    const drill = {...wellSample().drill!, ...differing};
    expect(rows(90, {drill})[0]).toBe(`split ● disjoint   ${words}   next due in 19 d`);
  });
  test('a conflict is named', () => {
    expect(rows(78, {split: conflictSplit})[0]).toMatch(/^split ▲ conflict telegram backup/);
  });
});

describe('the stages', () => {
  const {ledger} = failoverSample('starting');
  const rows = (columns: number, most: number, given = ledger!) =>
    ledgerLines(given, {columns, rows: most, nowMs}).map(textOf);
  test('have the time of day, the elapsed time, and what is usual for what goes on', () => {
    expect(rows(78, 9)[1]).toMatch(/^✔ first bad probe +\d\d:\d\d:\d\d\.\d +\+5\.0 s/);
    expect(rows(78, 9).find((row) => row.startsWith('▸'))).toMatch(/\+24 s +usually 27 s/);
  });
  test('have the usual time of all of them where it is wide', () => {
    expect(rows(118, 9)[4]).toMatch(/\+17\.4 s +usually 17 s/);
  });
  test('run with the clock', () => {
    const later = ledgerLines(ledger!, {columns: 78, rows: 9, nowMs: nowMs + 5000}).map(textOf);
    expect(later.find((row) => row.startsWith('▸'))).toContain('+29 s');
    expect(clockWords(ledger, nowMs + 60_000)).toBe('1:24');
  });
  test('that take longer than usual are told with the usual time and a colour', () => {
    const beganMs = nowMs - 60_000;
    const stages = [
      {name: 'slow', state: 'done', atMs: beganMs + 40_000, sinceMs: 40_000, usualMs: 10_000, note: ''},
      {name: 'next', state: 'running', atMs: null, sinceMs: null, usualMs: 62_000, note: ''},
    ] as const;
    const line = ledgerLines({...ledger!, beganMs, stages}, {columns: 78, rows: 9, nowMs})[0]!;
    expect(textOf(line)).toContain('usually 10 s');
    expect(line.some(({tone, text}) => tone === 'warn' && text.includes('+40.0 s'))).toBe(true);
  });
  test('of which there are too many keep what runs and what comes next', () => {
    const few = rows(78, 4);
    expect(few).toHaveLength(4);
    expect(few[0]).toMatch(/^… \d stages before$/);
    expect(few.some((row) => row.startsWith('▸'))).toBe(true);
    expect(few.at(-1)).toMatch(/^·/);
    expect(rows(78, 1)[0]).toMatch(/^▸/);
  });
  test('that have ended have no clock', () => {
    const {ledger: ended} = failoverSample('taken-over');
    expect(clockWords(ended, nowMs)).toBe('');
    expect(rows(78, 9, ended!).some((row) => row.startsWith('▸'))).toBe(false);
  });
  test('a time of day to a tenth of a second', () => {
    expect(tenths(nowMs + 250)).toMatch(/^\d\d:\d\d:33\.2$/);
  });
});

test('a heading has its words at both ends, and fills its columns', () => {
  const line = heading([{text: 'timeline'}], [{text: '3 newer'}], 40);
  expect(textOf(line)).toMatch(/^timeline ─+ 3 newer ──$/);
  expect(lineWidth(line)).toBe(40);
  expect(lineWidth(heading([{text: 'x'.repeat(30)}], [{text: 'y'.repeat(30)}], 40))).toBeLessThanOrEqual(40);
});

describe('the footer', () => {
  const fit = (columns: number) => textOf(keysThatFit(footerKeys(['live']), columns));
  test('has air at 80 columns, with what matters', () => {
    expect(fit(78)).toMatch(
      /^Tab pane {2,3}l logs {2,3}p pause {2,3}f take over {2,3}d drill {2,3}c check {2,3}\? help {2,3}q quit$/,
    );
  });
  test('gives up what matters least where it is narrow, and never how to leave', () => {
    for (const columns of [118, 78, 58, 38, 20, 8]) {
      expect(fit(columns)).toContain('q quit');
      expect(fit(columns).length).toBeLessThanOrEqual(columns);
    }
    expect(fit(38)).toContain('? help');
  });
});

describe('the chart', () => {
  test.each([
    [20, 20],
    [21, 30],
    [4, 5],
    [0, 1],
    [700, 1000],
  ])('%d ms end an axis of %d ms', (ms, top) => expect(scaleFor(ms)).toBe(top));
  test('marks probes without an answer, and counts them', () => {
    const lines = chartLines(failoverSample('starting'), 100, 9).map(textOf);
    expect(lines[0]).toMatch(/\d+ missed, seen by the standby/);
    expect(lines.at(-2)).toContain('✖✖✖');
    expect(lines).toHaveLength(9);
  });
  test('is left out where there is no room and where nothing is known', () => {
    expect(chartLines(wellSample(), 100, 5)).toEqual([]);
    expect(chartLines(wellSample({health: null}), 100, 12)).toEqual([]);
  });
});
