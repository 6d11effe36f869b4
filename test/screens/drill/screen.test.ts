import type {ReactNode} from 'react';
import {afterEach, expect, test, vi} from 'vitest';
import {drillScreen, type DrillShown} from '../../../src/screens/drill/screen.js';
import {renderIn} from '../../harness/terminal.js';
import {wellSample} from '../watch/model/samples.js';
import {drillView, stopping} from './views.js';

/** What would be drawn on the terminal of the tests. */
const mounted = vi.hoisted(() => ({node: undefined as ReactNode}));
vi.mock('../../../src/screens/watch/live/mount.js', () => ({
  mount: async (node: ReactNode) => void (mounted.node = node),
}));

let terminal: ReturnType<typeof renderIn> | undefined;
afterEach(() => terminal?.app.unmount());

test('a drill is drawn as it goes on, fills the terminal, and hears Ctrl+C alone', async () => {
  const sample = wellSample();
  let shown: DrillShown = {view: drillView(), said: ''};
  const listeners = new Set<() => void>();
  const onInterrupt = vi.fn();
  await drillScreen({
    shown: () => shown,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sample: () => sample,
    tick: () => undefined,
    onInterrupt,
    signal: new AbortController().signal,
  });
  const {frame, keys, app} = (terminal = renderIn(mounted.node, {columns: 80, rows: 24}));
  expect(frame()).toHaveLength(24);
  expect(frame()[1]).toMatch(/^ The gateway of the standby is started +0:04/);
  expect(frame().at(-1)).toContain('Ctrl+C take it back and leave');
  await keys('q', 'c', '\r');
  expect(onInterrupt).not.toHaveBeenCalled();
  await keys('\u0003');
  expect(onInterrupt).toHaveBeenCalledTimes(1);
  shown = {view: stopping(), said: ''};
  for (const listener of listeners) listener();
  await app.waitUntilRenderFlush();
  expect(frame()[1]).toContain('Taking the fault back');
  expect(frame().at(-1)).toContain('Ctrl+C leave at once');
  expect(frame()).toHaveLength(24);
});
