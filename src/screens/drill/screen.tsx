import {useInput, useWindowSize} from 'ink';
import {useSyncExternalStore} from 'react';
import type {DrillView} from '../../drill/events.js';
import {actionFor} from '../keys.js';
import type {Terminal} from '../terminal.js';
import {mount} from '../watch/live/mount.js';
import {Screen} from '../watch/live/screen.js';
import type {WatchSample} from '../watch/model/sample.js';
import {drillLayout} from './layout.js';

/** What the screen of a drill shows. */
export interface DrillShown {
  view: DrillView;
  /** The newest line that was said. */
  said: string;
}

export interface DrillScreenOptions {
  /** Gives the same object until a listener was told. */
  shown: () => DrillShown;
  subscribe: (listener: () => void) => () => void;
  sample: () => WatchSample;
  /** Ages grow. */
  tick: () => void;
  onInterrupt: () => void;
  /** Ends it. */
  signal: AbortSignal;
  /** Default: the process's own. */
  terminal?: Terminal;
}

/** A drill on the screen until `signal`. @throws what broke the drawing */
export function drillScreen({signal, tick, terminal = process, ...rest}: DrillScreenOptions): Promise<void> {
  return mount(<DrillApp {...rest} />, {terminal, signal, tick});
}

function DrillApp({
  shown,
  subscribe,
  sample,
  onInterrupt,
}: Pick<DrillScreenOptions, 'shown' | 'subscribe' | 'sample' | 'onInterrupt'>) {
  const {view, said} = useSyncExternalStore(subscribe, shown);
  const seen = useSyncExternalStore(subscribe, sample);
  const size = useWindowSize();
  useInput((input, key) => {
    if (actionFor(['exercise'], input, key) === 'interrupt') onInterrupt();
  });
  const {body, bottom} = drillLayout(view, {sample: seen, nowMs: seen.atMs, said}, size);
  return <Screen body={body} bottom={bottom} />;
}
