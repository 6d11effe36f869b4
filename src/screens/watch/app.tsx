import {useInput, useWindowSize} from 'ink';
import {useState, useSyncExternalStore} from 'react';
import {Frame} from '../frame.js';
import {actionFor, helpKeys, type Action} from '../keys.js';
import {span, wrapLine, type Line} from '../line.js';
import {Lines} from '../lines.js';
import {Page} from '../page.js';
import {enlarge, isTooSmall} from '../size.js';
import {splitBadge, splitPage} from '../split-words.js';
import {watchLayout} from './layout.js';
import type {WatchEvent, WatchSample} from './sample.js';

/** What the screen reads: the sample of now and the events, told about anew when either changes. */
export interface WatchSource {
  subscribe(listener: () => void): () => void;
  snapshot(): {sample: WatchSample; events: readonly WatchEvent[]};
  refresh(): void;
}

interface WatchAppProps {
  readonly source: WatchSource;
  readonly onLeave: () => void;
}

type PageName = 'split' | 'help';

function helpLines(columns: number): Line[] {
  const words =
    'The live view reads both hosts again and again and changes nothing. Protected means: the monitor watches, ' +
    'it reaches the primary, and the split lets the standby log in.';
  return [
    ...wrapLine([span(words)], columns),
    [],
    ...helpKeys(['watch']).map(({keys, help}): Line => [span(`${keys.padEnd(12)} ${help}`)]),
  ];
}

/** The live view, or a page over it. */
export function WatchApp({source, onLeave}: WatchAppProps) {
  const {sample, events} = useSyncExternalStore(source.subscribe, source.snapshot);
  const size = useWindowSize();
  const [page, setPage] = useState<PageName>();
  const onAction = (action: Action) => {
    if (action === 'quit' || action === 'interrupt') onLeave();
    else if (action === 'refresh') source.refresh();
    else if (action === 'back') setPage(undefined);
    else if (action === 'split' || action === 'help') setPage(action === page ? undefined : action);
  };
  if (page !== undefined && !isTooSmall(size)) {
    const lines = page === 'split' ? splitPage(sample.split) : helpLines(size.columns - 2);
    const wrapped = lines.flatMap((line) => wrapLine(line, size.columns - 2));
    return (
      <Page title={page} over="watch" badge={splitBadge(sample.split)} lines={wrapped} onAction={onAction} />
    );
  }
  return <Live sample={sample} events={events} onAction={onAction} />;
}

function Live({
  sample,
  events,
  onAction,
}: {
  readonly sample: WatchSample;
  readonly events: readonly WatchEvent[];
  readonly onAction: (action: Action) => void;
}) {
  const size = useWindowSize();
  useInput((input, key) => {
    const action = actionFor(['watch'], input, key);
    if (action !== undefined) onAction(action);
  });
  if (isTooSmall(size)) {
    return (
      <Frame bottom={[]}>
        <Lines lines={[enlarge(size)]} />
      </Frame>
    );
  }
  const {body, bottom} = watchLayout(sample, events, size);
  return (
    <Frame bottom={bottom}>
      <Lines lines={body} />
    </Frame>
  );
}
