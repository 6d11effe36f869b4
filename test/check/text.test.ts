import {describe, expect, it} from 'vitest';
import {checkReport} from '../../src/check/report.js';
import type {Seen} from '../../src/check/seen.js';
import {checkText} from '../../src/check/view/text.js';
import {lineWidth, textOf} from '../../src/screens/line.js';
import {layout, units} from '../../src/templates/layout.js';
import {lost} from '../screens/watch/model/sample-parts.js';
import {edited, finishedInput, seenOf, seenWell, withFacts, withHost, without} from './finished.js';

const notify = [{kind: 'command' as const, path: '/usr/local/bin/tell', level: 'warning' as const}];
const firewall = {
  known: true as const,
  value: {installed: true, enabled: true, closed: true, rules: []},
};
const unit = `/etc/systemd/system/${units.gateway}`;

/** Not even a tip. */
function perfect(): Seen {
  const seen = withFacts(seenWell({notify}), 'primary', {firewall});
  return {...seen, live: {...seen.live!, telling: {targets: [], problem: null}}};
}
const lines = (seen: Seen, {columns = 79, verbose = false} = {}) =>
  checkText(checkReport(seen), {columns, verbose});
const text = (seen: Seen, options = {}) => lines(seen, options).map(textOf).join('\n');
/** As text that no end of a line interrupts. */
const wide = {columns: 400};

function manyFaults(): Seen {
  const input = finishedInput();
  edited(input, 'standby', unit);
  edited(input, 'primary', `${layout.lib}/workspace-push`);
  input.standby.units[units.monitor]!.dropIns = [
    '/etc/systemd/system/openclaw-health-monitor.service.d/override.conf',
  ];
  input.standby.units[units.syncTimer]!.activeState = 'failed';
  input.standby.memory.availableBytes = 1e8;
  input.standby.disks = {'/opt': {totalBytes: 9e9, freeBytes: 1e8, readOnly: false}};
  return seenOf(input);
}

it('of a pair that is well it is short: one sentence and three lines', () => {
  const all = text(perfect());
  expect(all.split('\n').filter((line) => line.trim() !== '')).toHaveLength(6);
  expect(all).toMatch(
    /^failover-wizard check · default +20 Nov, \d\d:21\n● Protected\. If the primary died now/,
  );
  expect(all).toMatch(/\nSetup would change +✔ nothing\n/);
  expect(all).toMatch(/\nChanged since setup +✔ nothing; setup last wrote there on 13 Nov, \d\d:21\n/);
  expect(all).toMatch(/\nChecks +✔ \d\d checks, all well$/);
});

it('a tip is told, and still all is well', () => {
  const all = text({...perfect(), pair: {...perfect().pair, notify: []}});
  expect(all).toMatch(/Checks +✔ \d\d checks: \d\d well, 1 tip\n/);
  expect(all).toMatch(/\n {2}▸ tip: Nobody is told[^]*\n {4}→ failover-wizard setup --notify/);
});

describe('what is not as it should be', () => {
  it('stands under the three lines, worst first, each with what to do', () => {
    const all = text(manyFaults(), wide);
    expect(all).toMatch(/Setup would change +▲ 3 things on the primary and the standby; failover-wizard/);
    expect(all).toMatch(/Changed since setup +▲ 4 things\n/);
    expect(all).toMatch(/Checks +✖ \d\d checks: \d\d well, 1 problem, 2 warnings, \d tips?\n/);
    expect(all).toMatch(/✖ problem: Only 95 MB[^]*▲ warning: [^]*▸ tip: /);
    expect(all).toMatch(
      /4 Health monitor {3}2 changes\n {2}on the standby\n {3}· .*openclaw\.service\n {5}changed since setup wrote it/,
    );
    expect(all).toMatch(
      /▲ standby: \/etc\/systemd\/system\/openclaw\.service was changed \(20 Nov, \d\d:21\)/,
    );
    expect(all).toMatch(/override\.conf\n {4}→ See it: systemctl cat/);
    // What mends most of it is said once.
    expect(all.match(/puts it back as it was/g)).toHaveLength(1);
    expect(all).toContain('--verbose shows what differs');
  });

  it('--verbose also shows the lines that differ, and what is well', () => {
    const all = text(manyFaults(), {verbose: true});
    expect(all).toContain('-by hand');
    expect(all).not.toContain('--verbose shows');
    expect(all).toMatch(/✔ well: The split is disjoint/);
  });

  it('another version is told apart from a hand', () => {
    const all = text(seenOf({...finishedInput(), version: '0.2.0'}));
    expect(all).toContain('failover-wizard 0.2.0 writes it otherwise than 0.1.0 did');
    expect(all).toMatch(/Changed since setup +✔ nothing/);
  });

  it('a later version is not told to be put back by an older one', () => {
    const input = {...finishedInput(), version: '0.0.9'};
    const all = text(seenOf(input), wide);
    expect(all).toMatch(/Setup would change .* they were set up by a later version than this \(0\.0\.9\)\n/);
    expect(all).toMatch(
      /monitor on the standby is of failover-wizard 0\.1\.0, and this is 0\.0\.9\.\n.*up to date/,
    );
  });

  it('files whose contents were not noted are told', () => {
    const input = finishedInput();
    const old = JSON.parse(input.standby.files[layout.manifest]!.content!) as {files: {sha256?: string}[]};
    delete old.files[0]!.sha256;
    edited(input, 'standby', layout.manifest, JSON.stringify(old));
    expect(text(seenOf(input))).toMatch(/\? standby: what setup wrote into 1 file was not noted/);
  });
});

it('a host that does not answer is one line for all that is not known of it, and hides nothing else', () => {
  const dark = without(
    withHost(withFacts(manyFaults(), 'standby', {}), 'primary', {link: lost(75_000, 'no route to it')}),
    'primary',
  );
  const all = text(dark, wide);
  expect(all).toMatch(/Setup would change +\? not known: the primary was not read\n/);
  expect(all).toMatch(/Changed since setup +▲ 3 things; not known: the primary was not read\n/);
  expect(all).toMatch(/\? not known: the primary was not read \(no route to it\): split, /);
  expect(all.match(/no route to it/g)!.length).toBeLessThanOrEqual(2);
  expect(all).toContain('✖ problem: Only 95 MB');
});

it.each([40, 79, 99])('nothing is wider than %d columns', (columns) => {
  for (const seen of [perfect(), manyFaults(), without(manyFaults(), 'primary')])
    for (const line of lines(seen, {columns}))
      expect(lineWidth(line), textOf(line)).toBeLessThanOrEqual(columns);
});
