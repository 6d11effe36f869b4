import {describe, expect, test} from 'vitest';
import type {DrillView} from '../../../src/drill/events.js';
import {drillLayout} from '../../../src/screens/drill/layout.js';
import {lineWidth, textOf} from '../../../src/screens/line.js';
import type {Size} from '../../../src/screens/size.js';
import {failoverSample, silentSample, wellSample} from '../watch/model/samples.js';
import {drillView, longStop, nearlyDone, nowMs, stopping, timeline} from './views.js';

const sizes: readonly Size[] = [
  {columns: 80, rows: 24},
  {columns: 120, rows: 40},
  {columns: 60, rows: 20},
  {columns: 40, rows: 10},
];

function draw(view: DrillView, size: Size, {sample = wellSample(), said = ''} = {}) {
  const {body, bottom} = drillLayout(view, {sample, nowMs, said}, size);
  const lines = [...body, ...bottom];
  return {body, bottom, lines, text: lines.map(textOf).join('\n')};
}

const views = {'a takeover': drillView, 'a long stop': longStop, 'nearly done': nearlyDone, stopping};
/** What is drawn of it first, and its clock. */
const now: Record<keyof typeof views, [doing: RegExp, badge: RegExp, left: RegExp]> = {
  'a takeover': [/The gateway of the standby is s(?:tarted)?.* 0:04/, /drill {2}0:38/, /8:32/],
  'a long stop': [/The gateway of the primary fini.* 3:03/, /drill/, /8:32/],
  'nearly done': [/The standby gives back .* 0:42/, /drill {2}2:20/, /nothing is left to undo|leave$/],
  stopping: [/Taking the fault back +0:01/, /taking it back {2}0:38/, /8:32/],
};

describe.each(sizes.map((size) => [`${size.columns}×${size.rows}`, size] as const))('at %s', (_, size) => {
  test.each(Object.keys(views) as (keyof typeof views)[])(
    '%s fits, with what goes on, its clock, when it undoes itself and the way out',
    (name) => {
      const {body, bottom, lines, text} = draw(views[name](), size);
      expect(Math.max(...lines.map(lineWidth)), text).toBeLessThanOrEqual(size.columns);
      expect(body.length + bottom.length, text).toBeLessThanOrEqual(size.rows);
      expect(bottom).toHaveLength(1);
      const [doing, badge, left] = now[name];
      expect(text).toMatch(doing);
      expect(text).toMatch(badge);
      expect(textOf(bottom[0]!)).toMatch(/Ctrl\+C/);
      expect(textOf(bottom[0]!)).toMatch(left);
    },
  );

  test('the stage that is waited for is in sight, however many were reached', () => {
    expect(draw(nearlyDone(), size).text).toMatch(/▸ at rest/);
    expect(draw(drillView(), size).text).toMatch(/▸ gateway started/);
    expect(draw(longStop(), size).text).toMatch(/▸ stop asked for/);
  });

  test('a host that is silent, and a takeover in the sample, break nothing', () => {
    for (const sample of [silentSample('both'), failoverSample('connecting')]) {
      const {lines, text} = draw(drillView(), size, {sample});
      expect(Math.max(...lines.map(lineWidth)), text).toBeLessThanOrEqual(size.columns);
      expect(lines.length).toBeLessThanOrEqual(size.rows);
    }
  });

  test('what it is called, and words of hosts, steer no terminal', () => {
    const view = drillView({pair: 'a\u001b[2Jb', doing: 'x\u0007\u001b]0;y\u0007 z'});
    // oxlint-disable-next-line no-control-regex
    expect(draw(view, size, {said: '\u001b[31mhello\u001b[0m'}).text).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f]/,
    );
  });
});

test('what was said last stands below where there is room', () => {
  expect(draw(drillView(), {columns: 120, rows: 40}, {said: 'asked as ops'}).text).toContain('asked as ops');
  expect(draw(drillView(), {columns: 40, rows: 10}, {said: 'asked as ops'}).text).not.toContain(
    'asked as ops',
  );
});

test('both hosts are in sight at 80×24', () => {
  const {text} = draw(drillView(), {columns: 80, rows: 24});
  expect(text).toMatch(/PRIMARY[^]*STANDBY/);
  expect(text).toContain('stages');
});

test('the way out says what it does, the first time and the second', () => {
  const size = {columns: 80, rows: 24};
  expect(draw(drillView(), size).text).toContain('Ctrl+C take it back and leave');
  expect(draw(stopping(), size).text).toContain('Ctrl+C leave at once');
  expect(draw(drillView(), size).text).toContain('the primary undoes it by itself in 8:32');
  expect(draw(drillView(), {columns: 60, rows: 20}).text).toContain('undone by itself in 8:32');
});

test('whether there is a timer is said where it fits', () => {
  const size = {columns: 80, rows: 24};
  expect(draw(nearlyDone(), size).text).toContain('the timer is disarmed: nothing is left to undo');
  expect(draw({...longStop(), revertAtMs: null}, size).text).toContain('nothing is broken yet');
});

test('a probe that was bad before the gateway had let go of its port has its time', () => {
  const view = drillView({timeline: timeline(nowMs - 38_000, {fault: 0, 'first-bad': -300})});
  expect(draw(view, {columns: 80, rows: 24}).text).toMatch(/first bad probe +−0\.3 s/);
});

test('before the fault it says so', () =>
  expect(draw(longStop(), {columns: 80, rows: 24}).text).toContain('since the fault, which is not made yet'));

test.each([[{columns: 39, rows: 10}], [{columns: 40, rows: 9}]])('at %j it asks for more', (size) => {
  const {lines, text} = draw(drillView(), size);
  expect(lines).toHaveLength(1);
  expect(text).toMatch(/^enlarge to 40×10/);
});
